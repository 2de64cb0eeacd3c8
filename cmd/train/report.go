package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strings"

	"cigogne/internal/lang"
)

// wrong is the share of a set of a language that may be answered wrongly.
func (o options) wrong(l lang.Lang) float64 {
	if l == lang.French {
		return o.french
	}
	return o.english
}

// bounds are how far an answer must be believed.
type bounds struct {
	sure   map[lang.Lang]float64 // to be given
	held   map[lang.Lang]float64 // for a plan that a model wrote to be given
	likely float64               // for readings to be shown: the right one is among the three best as often as not
}

// report says, for each set, what the answers of folds that were not learnt
// from are worth: every one forced, and where only so many may be wrong. The
// bound of a language is that of its set where wrong answers are hardest to tell.
func report(all shown, o options) (string, bounds) {
	var b strings.Builder
	sets := map[string][]answered{}
	var names []string
	for _, a := range all.alone {
		if len(sets[a.set]) == 0 {
			names = append(names, a.set)
		}
		sets[a.set] = append(sets[a.set], a)
	}
	sort.Strings(names)
	found := bounds{sure: map[lang.Lang]float64{}}
	fmt.Fprintf(&b, "Answers over tables and databases that the weights were not learnt from (%d folds).\n", o.folds)
	for _, s := range names {
		list := sets[s]
		var right, third, listed, asked int
		for _, a := range list {
			if a.kind == "refusal" {
				continue
			}
			asked++
			right += count(a.right)
			third += count(a.third)
			listed += count(a.listed)
		}
		fmt.Fprintf(&b, "\n%s: %d questions, %d of them to be refused\n  right plan listed %.3f, first %.3f, among the first three %.3f\n", s, len(list), len(list)-asked, ratio(listed, asked), ratio(right, asked), ratio(third, asked))
		for _, limit := range []float64{0.02, 0.04, 0.06, 0.08, 0.12} {
			t := threshold(list, limit)
			r, w, ref := tally(list, func(answered) float64 { return t })
			fmt.Fprintf(&b, "  wrong %.3f: right %.3f, with refusals %.3f (believed %.2f or more)\n", ratio(w, len(list)), ratio(r, len(list)), ratio(r+ref, len(list)), t)
		}
	}
	byLang := map[lang.Lang][]answered{} // a threshold is of a language: one set alone has few wrong answers to go by
	for _, a := range all.alone {
		byLang[a.lang] = append(byLang[a.lang], a)
	}
	for l, list := range byLang {
		found.sure[l] = threshold(list, o.wrong(l))
	}
	sure := func(a answered) float64 { return found.sure[a.lang] }
	found.likely = asOften(all.alone, sure)
	fmt.Fprintf(&b, "\nAnswered when believed %.2f (French), %.2f (English) or more, readings shown from %.2f:\n", found.sure[lang.French], found.sure[lang.English], found.likely)
	for _, s := range names {
		r, w, ref := tally(sets[s], sure)
		shown, third := 0, 0
		for _, a := range sets[s] {
			if a.kind != "refusal" && a.believed < sure(a) && a.believed >= found.likely {
				shown++
				third += count(a.third)
			}
		}
		n := len(sets[s])
		fmt.Fprintf(&b, "  %s: right %.3f, with refusals %.3f, wrong %.3f; readings shown %.3f, the right one among them %.3f\n", s, ratio(r, n), ratio(r+ref, n), ratio(w, n), ratio(shown, n), ratio(third, n))
	}
	found.held = map[lang.Lang]float64{}
	for _, l := range slices.Backward(slices.Sorted(maps.Keys(found.sure))) {
		found.held[l] = reportHeld(&b, all.written, l, o.changed)
	}
	reportReal(&b, all, found)
	return b.String(), found
}

// reportReal says what the plans that a model did write add to the questions
// that it was asked.
func reportReal(b *strings.Builder, all shown, found bounds) {
	real := map[*example]written{}
	for _, w := range all.written {
		if w.real {
			real[w.example] = w
		}
	}
	type sums struct{ n, wrote, wroteRight, aloneRight, aloneWrong, right, wrong int }
	bySet := map[string]*sums{}
	for _, a := range all.alone {
		if !a.example.Asked {
			continue
		}
		s := bySet[a.set]
		if s == nil {
			s = &sums{}
			bySet[a.set] = s
		}
		s.n++
		w, has := real[a.example]
		s.wrote += count(has)
		s.wroteRight += count(has && w.right)
		sure := a.believed >= found.sure[a.lang]
		s.aloneRight += count(sure && a.right)
		s.aloneWrong += count(sure && !a.right)
		held := !sure && has && w.believed >= found.held[a.lang]
		s.right += count(sure && a.right || held && w.right)
		s.wrong += count(sure && !a.right || held && !w.right)
	}
	for _, name := range slices.Sorted(maps.Keys(bySet)) {
		s := bySet[name]
		fmt.Fprintf(b, "\nWith what a model wrote for %d questions of %s (a plan for %.3f, right %.3f):\n  right %.3f, wrong %.3f; without it %.3f, %.3f\n", s.n, name,
			ratio(s.wrote, s.n), ratio(s.wroteRight, s.n), ratio(s.right, s.n), ratio(s.wrong, s.n), ratio(s.aloneRight, s.n), ratio(s.aloneWrong, s.n))
	}
}

// threshold is the belief from which no more than so many of a set are wrong.
func threshold(list []answered, limit float64) float64 {
	list = append([]answered(nil), list...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].believed > list[j].believed })
	wrong, at := 0, 1.0
	for _, a := range list {
		wrong += count(!a.right)
		if float64(wrong) > limit*float64(len(list)) {
			break
		}
		at = a.believed
	}
	return at
}

// tally counts what is right and wrong from a belief on, and what is refused
// rightly.
func tally(list []answered, sure func(answered) float64) (right, wrong, refused int) {
	for _, a := range list {
		switch {
		case a.believed < sure(a):
			refused += count(a.kind == "refusal")
		case a.right:
			right++
		default:
			wrong++
		}
	}
	return right, wrong, refused
}

// asOften is the belief down to which readings are shown: where those that have
// the right one among the three best outnumber the others by most.
func asOften(all []answered, sure func(answered) float64) float64 {
	var list []answered
	for _, a := range all {
		if a.believed < sure(a) {
			list = append(list, a)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].believed > list[j].believed })
	ahead, most, at := 0, 0, 1.0
	for _, a := range list {
		ahead += 2*count(a.third) - 1
		if ahead > most {
			most, at = ahead, a.believed
		}
	}
	return at
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// showErrors prints what was answered wrongly in the fold that may be read while
// forms are written; the others are left to measure.
func showErrors(out io.Writer, all []answered, folds int) {
	list := append([]answered(nil), all...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].believed > list[j].believed })
	for _, a := range list {
		if fold(a.example.Group, folds) != 0 || a.right || a.chosen < 0 || a.kind == "refusal" {
			continue
		}
		said := "listed"
		if !a.listed {
			said = "not listed"
		}
		fmt.Fprintf(out, "%.2f %s %s %s\n   gave %s\n", a.believed, said, a.example.ID, a.example.Text, a.example.Options[a.chosen].Plan)
		for _, o := range a.example.Options {
			if o.Right {
				fmt.Fprintf(out, "   want %s\n", o.Plan)
				break
			}
		}
	}
}

package main

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/propose"
	"cigogne/internal/plan/rules"
)

// written is a plan that a model is played to have written, the one that was
// meant or that with one thing changed, or one that a model did write.
type written struct {
	example  *example
	set      string
	kind     string // of change; "" for the plan that was meant
	real     bool   // a model wrote it
	never    bool   // it contradicts the question
	option   int
	right    bool
	weight   float64
	features []judge.Feature
	believed float64
}

// back is the kind of change that undoes one of another kind.
var back = map[string]string{propose.Added: propose.Dropped, propose.Void: propose.Dropped, propose.Dropped: propose.Added}

// writtenFor plays the plans of a question, and says how each stands by weights
// learnt from other folds. What is one change away from a changed plan is taken
// to be the plan that was meant, its other changes of that kind, and changes of
// other kinds that cost what they cost the plan that was meant.
func (d data) writtenFor(e *example, first, second []float64) []written {
	out := d.real(e, first, second)
	meant := -1
	for i, o := range e.Options {
		if o.Gold && (meant < 0 || o.Corrupt) {
			meant = i
		}
	}
	if meant < 0 {
		return out
	}
	rights := map[string]bool{}
	for _, o := range e.Options {
		if o.Right {
			rights[o.Answer] = true
		}
	}
	before := scores(e, first, false)
	best := map[string]float64{}   // by kind, of the changes of what was meant
	runner := map[string]float64{} // the second best, for the best one itself
	for i, o := range e.Options {
		if o.Edit == "" || o.Against {
			continue
		}
		b, ok := best[o.Edit]
		switch s := before[i]; {
		case !ok:
			best[o.Edit] = s
		case s > b:
			best[o.Edit], runner[o.Edit] = s, b
		default:
			if x, ok := runner[o.Edit]; !ok || s > x {
				runner[o.Edit] = s
			}
		}
	}
	st := d.judged(e, first, second)
	all := scores(e, second, true)
	top := 0.0
	var firstAnswer string
	among := map[string]bool{}
	if st.chosen >= 0 {
		top, firstAnswer = all[st.chosen], e.Options[st.chosen].Answer
		for _, a := range st.answers {
			among[a] = true
		}
	}
	var played []written
	add := func(i int, kind string) {
		o := e.Options[i]
		h := judge.Held{Lang: rules.Languages(e.Text, lang.French), Score: all[i], Best: top, Margins: map[string]float64{}, First: o.Answer == firstAnswer, Among: among[o.Answer], Agree: e.voice(o.Answer)}
		for k, s := range best {
			h.Margins[k] = before[meant] - s
		}
		if kind != "" {
			delete(h.Margins, kind)
			undo := kind
			if b := back[kind]; b != "" {
				undo = b
			}
			h.Margins[undo] = before[i] - before[meant]
			sibling := best[kind]
			if sibling == before[i] {
				var ok bool
				if sibling, ok = runner[kind]; !ok {
					sibling = before[i] - 6
				}
			}
			if m := before[i] - sibling; undo == kind {
				h.Margins[kind] = min(h.Margins[kind], m)
			}
		}
		aspects, own := d.spelt(e, o)
		w := written{example: e, set: e.Set, kind: kind, option: i, right: kind == "", never: o.Against, weight: 1, features: judge.HeldFeatures(h, aspects, own)}
		played = append(played, w)
	}
	add(meant, "")
	n := 0
	for i, o := range e.Options {
		if o.Edit != "" && !rights[o.Answer] {
			add(i, o.Edit)
			if !o.Against {
				n++
			}
		}
	}
	for i := range played[1:] {
		played[i+1].weight = 1 / float64(max(1, n))
	}
	return append(out, played...)
}

// real is the plan that a model wrote for a question, as decide holds it.
func (d data) real(e *example, first, second []float64) []written {
	at := slices.IndexFunc(e.Options, func(o option) bool { return o.Written })
	if at < 0 {
		return nil
	}
	o := e.Options[at]
	h := judge.Held{Lang: rules.Languages(e.Text, lang.French), Score: scores(e, second, true)[at], Margins: map[string]float64{}, Agree: e.voice(o.Answer)}
	worth, before := e.worth(first), scores(e, first, false)[at]
	for _, n := range o.Near {
		m := before
		for _, g := range n.Shared {
			m -= worth[g]
		}
		for _, x := range n.Own {
			m -= first[x.Feature] * float64(x.Value)
		}
		if have, ok := h.Margins[n.Kind]; !ok || m < have {
			h.Margins[n.Kind] = m
		}
	}
	if st := d.judged(e, first, second); st.chosen >= 0 {
		h.Best = scores(e, second, true)[st.chosen]
		h.First, h.Among = st.answers[0] == o.Answer, slices.Contains(st.answers, o.Answer)
	}
	aspects, own := d.spelt(e, o)
	return []written{{example: e, set: e.Set, option: at, real: true, right: o.Right, never: o.Against, weight: 1, features: judge.HeldFeatures(h, aspects, own)}}
}

// spelt names the aspects and own features of an option.
func (d data) spelt(e *example, x option) (aspects []string, own []judge.Feature) {
	for _, g := range slices.Concat(x.Shared, x.Result) {
		for _, f := range e.Groups[g] {
			if n, ok := strings.CutSuffix(d.names[f], "&any"); ok {
				aspects = append(aspects, n)
			}
		}
	}
	for _, f := range x.Own {
		own = append(own, judge.Feature{Name: d.names[f.Feature], Value: float64(f.Value)})
	}
	return aspects, own
}

// reportHeld says, for each language and share of changed plans answered, how
// many of the plans that were meant are answered, and returns the belief from
// which that is the share allowed.
func reportHeld(b *strings.Builder, list []written, l lang.Lang, allowed float64) float64 {
	var ws []written
	total := map[string]int{}
	against := 0
	for _, w := range list {
		if langOf(w.set) == l && !w.real {
			against += count(w.kind == "" && w.never)
			ws = append(ws, w)
			total[w.kind]++
		}
	}
	sort.SliceStable(ws, func(i, j int) bool { return ws[i].believed > ws[j].believed })
	fmt.Fprintf(b, "\nWhere a model wrote what was meant, or that with one thing changed (%s, %d plans meant, %d of them held to contradict the question):\n", l, total[""], against)
	found := 1.0
	for _, limit := range []float64{.01, .02, .03, .05, .08} {
		given, rate, at := map[string]int{}, 0.0, 1.0
		for _, w := range ws {
			given[w.kind]++
			if w.kind != "" {
				rate += 1 / float64(total[w.kind]*(len(total)-1))
			}
			if rate > limit {
				break
			}
			at = w.believed
		}
		fmt.Fprintf(b, "  changed answered %.2f: meant answered %.3f (believed %.3f or more)\n", limit, ratio(given[""], total[""]), at)
		if limit == allowed {
			found = at
			for _, k := range slices.Sorted(maps.Keys(total)) {
				if k != "" {
					fmt.Fprintf(b, "    %-16s %.3f of %d\n", k, ratio(given[k], total[k]), total[k])
				}
			}
		}
	}
	return found
}

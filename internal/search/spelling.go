package search

import (
	"sort"
	"strings"
	"unicode"

	"cigogne/internal/search/embed"
	"cigogne/internal/territory"
)

// A word of a question that neither the catalogue nor the built-in table nor a
// list of communes holds is most likely a slip: a letter left out or put in, two
// swapped, one for another. Then the word of the catalogue that is one slip away
// is meant, the commonest where there are several; of a long word, one that is two
// slips away where none is one.

const (
	shortestSlip = 5   // letters of a stem: of shorter ones, too many are one slip apart
	longWord     = 9   // letters of a stem from which on two slips still tell which word is meant
	leastHeld    = 2   // datasets that hold the word meant: a slip of theirs is rarer
	slipScale    = 0.9 // of what the word meant would weigh; .5 to 1 do as well, see TestSlipScores
)

// respell puts the stems that are meant in the place of slips, and tells whether
// there was any.
func (x *Index) respell(ts []token) (any bool) {
	if x.literal {
		return false
	}
	for i := range ts {
		if meant, ok := x.meant(ts[i]); ok {
			ts[i].stem, ts[i].fold, ts[i].slip = meant, meant, true
			any = true
		}
	}
	return any
}

// respelt is a text with the stems that are meant in the place of slips.
func (x *Index) respelt(text string) string {
	ts := x.stems.tokens(text)
	if !x.respell(ts) {
		return text
	}
	var b strings.Builder
	last := 0
	for _, t := range ts {
		if t.slip {
			b.WriteString(text[last:t.start] + t.stem)
			last = t.end
		}
	}
	b.WriteString(text[last:])
	return b.String()
}

// meant is the stem that a word is a slip of.
func (x *Index) meant(t token) (stem string, ok bool) {
	if len(t.stem) < shortestSlip || strings.ContainsFunc(t.stem, func(r rune) bool { return !unicode.IsLetter(r) }) || x.knows(t) {
		return "", false
	}
	for slips := 1; slips <= 2; slips++ {
		if slips == 2 && len(t.stem) < longWord {
			break
		}
		most := 0
		for i := range x.shelves {
			likely(&x.shelves[i], t.stem, slips, func(term string, df int) {
				if df >= leastHeld && df > most {
					stem, most = term, df
				}
			})
		}
		if most > 0 {
			return stem, true
		}
	}
	return "", false
}

// knows tells whether a word is one.
func (x *Index) knows(t token) bool {
	if _, ok := x.term(t.stem); ok {
		return true
	}
	if _, ok := x.term("+" + t.fold); ok {
		return true
	}
	if n, _ := x.thesaurus.at([]string{t.stem}); n > 0 || len(territory.France().Named(t.fold)) > 0 {
		return true
	}
	table, err := embed.Builtin()
	return err != nil || table.Known(t.fold)
}

// likely calls f for the terms of a shelf that are so many slips, one or two, from
// a stem, and begin as it does: who errs seldom errs there.
func likely(s *shelf, stem string, slips int, f func(term string, df int)) {
	w := s.words
	n := w.len()
	first := stem[:1]
	for i := sort.Search(n, func(i int) bool { return string(w.term(i)) >= first }); i < n; i++ {
		term := w.term(i)
		if len(term) == 0 || term[0] != first[0] {
			return
		}
		if d := len(term) - len(stem); d < -slips || d > slips {
			continue
		}
		if oneSlip(string(term), stem) || slips == 2 && twoSlips(string(term), stem) {
			f(string(term), u32(s.dfs, i))
		}
	}
}

// twoSlips tells whether two words differ by two slips: what follows their first
// difference is one slip apart, whichever that difference is.
func twoSlips(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	if len(a) == 0 || len(b) == 0 {
		return len(a)+len(b) == 2
	}
	near := func(x, y string) bool { return x == y || oneSlip(x, y) }
	return near(a[1:], b) || near(a, b[1:]) || near(a[1:], b[1:]) ||
		len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && near(a[2:], b[2:])
}

// oneSlip tells whether two words differ by a letter, or by two that are swapped.
// They are folded: a letter is a byte.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return false // the same
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	return swapped || a[i+1:] == b[i+1:]
}

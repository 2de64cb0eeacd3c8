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
// is meant, the commonest where there are several.

const (
	shortestSlip = 5   // letters of a stem: of shorter ones, too many are one slip apart
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
	most := 0
	for i := range x.shelves {
		s := &x.shelves[i]
		x.likely(s, t.stem, func(term string, df int) {
			if df >= leastHeld && df > most {
				stem, most = term, df
			}
		})
	}
	return stem, most > 0
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

// likely calls f for the terms of a shelf that are one slip from a stem, and
// begin as it does: who errs seldom errs there.
func (x *Index) likely(s *shelf, stem string, f func(term string, df int)) {
	w := s.words
	n := w.len()
	first := stem[:1]
	for i := sort.Search(n, func(i int) bool { return string(w.term(i)) >= first }); i < n; i++ {
		term := w.term(i)
		if len(term) == 0 || term[0] != first[0] {
			return
		}
		if d := len(term) - len(stem); d < -1 || d > 1 {
			continue
		}
		if oneSlip(string(term), stem) {
			f(string(term), u32(s.dfs, i))
		}
	}
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

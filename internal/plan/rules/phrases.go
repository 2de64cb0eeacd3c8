package rules

import (
	"slices"
	"sort"
)

// parting are small words that keep what stands before and after them apart:
// "rail in transport" is not rail transport.
var parting = map[string]bool{"in": true, "dans": true, "within": true, "par": true, "by": true, "sur": true, "on": true, "pour": true, "for": true}

// phrases finds what the words tokens[i:i+k] name exactly.
func (s *schema) phrases(get func(from, to int) *span, weigh func(*span, float64), tokens []token, norms []string, i int, known stems) {
	k := len(tokens)
	content := float64(contentWords(tokens))
	if content == 0 {
		return
	}
	bonus := 0.25 * float64(k-1)
	mark := func(w float64, set func(*span)) {
		sp := get(i, i+k)
		set(sp)
		weigh(sp, w)
	}
	for j, kk := range keysOf(tokens, norms) {
		s.cellsNamed(kk, tokens, func(each float64) float64 { return each*content + bonus - 0.1*float64(j) }, mark)
		if s.scope[kk] {
			w := 1.6*content + bonus
			if s.Annotation != nil { // the whole table, before any cell that a piece of its name is: the Grand Est before Grand
				w = 2.05*float64(k) + bonus
			}
			mark(w, func(sp *span) { sp.scope = true })
		}
		if ids := s.lifts[kk]; len(ids) > 0 {
			mark(2*content+bonus, func(sp *span) { sp.lifts = ids })
		}
		if id, ok := s.absent[kk]; ok {
			mark(1.9*content+bonus, func(sp *span) { sp.absent = id + 1 })
		}
		if id, ok := s.lacks[kk]; ok {
			mark(2.1*content+bonus, func(sp *span) { sp.lacks = id + 1 })
		}
		if id, ok := s.asks[kk]; ok {
			mark(2.1*content+bonus, func(sp *span) { sp.ask = id + 1 })
		}
	}
	for _, f := range s.formsOf(tokens, known) {
		for _, ref := range s.names[f] {
			mark((1.3+0.5*ref.strength)*content+bonus, func(sp *span) { sp.names(ref) })
		}
		if s.entity[f] {
			mark(1.8*content+bonus, func(sp *span) { sp.entity = true })
		}
	}
}

// keysOf are the keys that some words are looked up by: as they stand, else as the
// place whose people they call, or without their small words.
func keysOf(tokens []token, norms []string) []string {
	k := len(tokens)
	keyed := []string{key(norms)}
	if k == 1 && demonyms[norms[0]] != "" {
		keyed = append(keyed, demonyms[norms[0]])
	}
	if k > 1 && !tokens[0].stop && !tokens[k-1].stop && !slices.ContainsFunc(tokens, func(t token) bool { return parting[t.Fold] || around[t.Fold] }) {
		if short := key(withoutSmall(norms)); short != keyed[0] {
			keyed = append(keyed, short)
		}
	}
	return keyed
}

// cellsNamed marks the cells that a key is the whole of, and those that it is a part of;
// weight says what the key weighs, at so much for each word.
func (s *schema) cellsNamed(kk string, tokens []token, weight func(each float64) float64, mark func(float64, func(*span))) {
	ids := s.called(kk)
	if s.Annotation != nil && kinds(tokens) { // a name that is a kind and small words
		ids = slices.DeleteFunc(slices.Clone(ids), func(id int) bool { return s.placeNames(s.val(id).col) })
	}
	if len(ids) > 0 {
		w := weight(2)
		if slices.ContainsFunc(ids, func(id int) bool { return s.val(id).named }) {
			w += 0.1
		}
		mark(w, func(sp *span) { sp.vals = appendNew(sp.vals, ids) })
	}
	if ids := s.parts[kk]; len(ids) > 0 {
		mark(weight(1.7), func(sp *span) { sp.parts = appendNew(sp.parts, ids) })
	}
}

// formsOf are the forms of some words that a column or the rows may be called by.
func (s *schema) formsOf(tokens []token, known stems) []string {
	k := len(tokens)
	words := make([]string, k)
	for j, t := range tokens {
		words[j] = t.Fold
	}
	all := known.forms(words)
	if k > 1 && !tokens[0].stop && !tokens[k-1].stop {
		if s.Annotation == nil {
			all = append(all, known.forms(compound(words))...)
		} else {
			if !slices.ContainsFunc(tokens, func(t token) bool { return t.Fold == "et" || t.Fold == "and" }) {
				all = append(all, known.forms(withoutSmall(words))...)
			}
		}
	}
	if s.Annotation == nil {
		all = append(all, s.acronym(words)...)
	}
	if k == 1 {
		all = slices.DeleteFunc(all, func(f string) bool { return s.initials[f] && f != words[0] })
	}
	return all
}

// names adds a column that a span may name, once, by the strongest of its names.
func (sp *span) names(ref nameRef) {
	if at := slices.IndexFunc(sp.cols, func(r nameRef) bool { return r.col == ref.col }); at >= 0 {
		sp.cols[at].strength = max(sp.cols[at].strength, ref.strength)
		return
	}
	sp.cols = append(sp.cols, ref)
}

// appendNew adds what is not there yet.
func appendNew[T comparable](to, more []T) []T {
	for _, v := range more {
		if !slices.Contains(to, v) {
			to = append(to, v)
		}
	}
	return to
}

// partials finds cells that hold some of the words ("transport ferroviaire"
// for "Transport ferroviaire régional de voyageurs"), and cells a typing
// mistake away, for words that nothing names exactly.
func (s *schema) partials(get func(from, to int) *span, weigh func(*span, float64), tokens []token, at []map[int]*span) {
	n := len(tokens)
	exact := func(i int) bool {
		for _, sp := range at[i] {
			if len(sp.vals) > 0 || sp.entity || sp.scope || len(sp.ops) > 0 || sp.absent > 0 || sp.ask > 0 {
				return true
			}
			for _, c := range sp.cols {
				if c.strength >= 0.9 {
					return true
				}
			}
		}
		return false
	}
	for i := range n {
		if tokens[i].stop || tokens[i].isNum && s.Annotation != nil {
			continue
		}
		ids := s.having(tokens[i].norm)
		words := 1
		for j := i + 1; ; j++ {
			if len(ids) > 0 && !tokens[j-1].stop {
				kept := s.usable(ids, words)
				if kinds(tokens[i:j]) { // "CC", "communautés de communes" are a kind, not the one of them whose name is short
					kept = slices.DeleteFunc(kept, func(id int) bool { return s.placeNames(s.val(id).col) })
				}
				if len(kept) > 0 && (words > 1 || !exact(i)) {
					sp := get(i, j)
					sp.partial = kept
					cover := float64(words) / float64(len(withoutSmall(s.val(kept[0]).words)))
					weigh(sp, (1.0+0.5*cover)*float64(words)+0.1*float64(j-i-1))
				}
			}
			if j >= n || len(ids) == 0 {
				break
			}
			if tokens[j].stop {
				continue
			}
			ids = intersect(ids, s.having(tokens[j].norm))
			words++
		}
		if len(at[i]) == 0 || at[i][i+1] == nil && !exact(i) {
			if close := s.misspelt(tokens[i]); len(close) > 0 {
				sp := get(i, i+1)
				sp.fuzzy = close
				weigh(sp, 0.9)
			}
		}
	}
}

// usable keeps the values a partial mention may stand for. A place or a person
// is not named by a piece of its name that is also another's: "Poissy" is not
// Carrières-sous-Poissy.
func (s *schema) usable(ids []int, words int) []int {
	var kept []int
	for _, id := range ids {
		v := s.val(id)
		total := len(withoutSmall(v.words))
		if s.note(v.col).Level != "" && !v.named {
			total = len(withoutLinks(v.words))
		}
		if s.placeNames(v.col) && total > words && !epciRest(v.words, words) {
			continue
		}
		kept = append(kept, id)
	}
	if len(kept) > 1 { // those covered best come first
		sort.SliceStable(kept, func(a, b int) bool {
			return len(withoutSmall(s.val(kept[a]).words)) < len(withoutSmall(s.val(kept[b]).words))
		})
	}
	return kept
}

func intersect(a, b []int) []int {
	var out []int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			out = append(out, a[i])
			i++
			j++
		}
	}
	return out
}

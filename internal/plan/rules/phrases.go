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
	keyed := []string{key(norms)}
	if k == 1 && demonyms[norms[0]] != "" {
		keyed = append(keyed, demonyms[norms[0]])
	}
	if k > 1 && !tokens[0].stop && !slices.ContainsFunc(tokens, func(t token) bool { return parting[t.Fold] || around[t.Fold] }) {
		if short := key(withoutSmall(norms)); short != keyed[0] && !tokens[k-1].stop {
			keyed = append(keyed, short)
		}
	}
	for j, kk := range keyed {
		less := 0.1 * float64(j)
		ids := s.values[kk]
		if s.Annotation != nil && kinds(tokens) { // a name that is a kind and small words
			ids = slices.DeleteFunc(slices.Clone(ids), func(id int) bool { return s.placeNames(s.vals[id].col) })
		}
		if len(ids) > 0 {
			sp := get(i, i+k)
			sp.vals = appendNew(sp.vals, ids)
			w := 2*content + bonus - less
			for _, id := range ids {
				if s.vals[id].named {
					w += 0.1
					break
				}
			}
			weigh(sp, w)
		}
		if ids := s.parts[kk]; len(ids) > 0 {
			sp := get(i, i+k)
			sp.parts = appendNew(sp.parts, ids)
			weigh(sp, 1.7*content+bonus-less)
		}
		if s.scope[kk] {
			sp := get(i, i+k)
			sp.scope = true
			if s.Annotation != nil { // the whole table, before any cell that a piece of its name is: the Grand Est before Grand
				weigh(sp, 2.05*float64(k)+bonus)
			} else {
				weigh(sp, 1.6*content+bonus)
			}
		}
		if ids := s.lifts[kk]; len(ids) > 0 {
			sp := get(i, i+k)
			sp.lifts = ids
			weigh(sp, 2*content+bonus)
		}
		if id, ok := s.absent[kk]; ok {
			sp := get(i, i+k)
			sp.absent = id + 1
			weigh(sp, 1.9*content+bonus)
		}
		if id, ok := s.lacks[kk]; ok {
			sp := get(i, i+k)
			sp.lacks = id + 1
			weigh(sp, 2.1*content+bonus)
		}
		if id, ok := s.asks[kk]; ok {
			sp := get(i, i+k)
			sp.ask = id + 1
			weigh(sp, 2.1*content+bonus)
		}
	}
	words := make([]string, k)
	for j, t := range tokens {
		words[j] = t.Fold
	}
	all := known.forms(words)
	if k > 1 && !tokens[0].stop && !tokens[k-1].stop {
		if s.Annotation == nil {
			all = append(all, known.forms(compound(words))...)
		} else {
			all = append(all, known.forms(withoutSmall(words))...)
		}
	}
	if s.Annotation == nil {
		all = append(all, s.acronym(words)...)
	}
	for _, f := range all {
		for _, ref := range s.names[f] {
			sp := get(i, i+k)
			if at := slices.IndexFunc(sp.cols, func(r nameRef) bool { return r.col == ref.col }); at >= 0 {
				sp.cols[at].strength = max(sp.cols[at].strength, ref.strength)
			} else {
				sp.cols = append(sp.cols, ref)
			}
			weigh(sp, (1.3+0.5*ref.strength)*content+bonus)
		}
		if s.entity[f] {
			sp := get(i, i+k)
			sp.entity = true
			weigh(sp, 1.8*content+bonus)
		}
	}
}

func appendNew(to, ids []int) []int {
	for _, id := range ids {
		if !slices.Contains(to, id) {
			to = append(to, id)
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
		ids := s.postings[tokens[i].norm]
		words := 1
		for j := i + 1; ; j++ {
			if len(ids) > 0 && !tokens[j-1].stop {
				kept := s.usable(ids, words)
				if kinds(tokens[i:j]) { // "CC", "communautés de communes" are a kind, not the one of them whose name is short
					kept = slices.DeleteFunc(kept, func(id int) bool { return s.placeNames(s.vals[id].col) })
				}
				if len(kept) > 0 && (words > 1 || !exact(i)) {
					sp := get(i, j)
					sp.partial = kept
					cover := float64(words) / float64(len(withoutSmall(s.vals[kept[0]].words)))
					weigh(sp, (1.0+0.5*cover)*float64(words)+0.1*float64(j-i-1))
				}
			}
			if j >= n || len(ids) == 0 {
				break
			}
			if tokens[j].stop {
				continue
			}
			ids = intersect(ids, s.postings[tokens[j].norm])
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
		v := s.vals[id]
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
			return len(withoutSmall(s.vals[kept[a]].words)) < len(withoutSmall(s.vals[kept[b]].words))
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

package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// rowNames finds the row that a name in the singular stands for: "le musée
// lorrain" is the musée historique lorrain, not every museum of Lorraine. Names
// of places are found by their own rules.
func (s *schema) rowNames(get func(from, to int) *span, weigh func(*span, float64), tokens []token) {
	label := s.col(s.a.Entity.Label)
	if s.Annotation == nil || label < 0 || s.placeNames(label) {
		return
	}
	for i := range tokens {
		if !s.oneRow(tokens, i) {
			continue
		}
		var ids []int
		for j := i + 1; j < len(tokens); j++ {
			if tokens[j].stop {
				continue
			}
			of := slices.DeleteFunc(slices.Clone(s.having(tokens[j].norm)), func(id int) bool { return s.val(id).col != label })
			if ids = both(ids, of); len(ids) == 0 {
				break
			}
			said := tokens[i : j+1]
			if tokens[i+1].stop && s.placed(said[1:]) { // the museum of Colmar
				continue
			}
			sp := get(i, j+1)
			sp.partial = ids
			weigh(sp, 2.2*float64(contentWords(said))+0.1*float64(len(said)))
		}
	}
}

// both is what is in two lists; nil is no list yet.
func both(ids, more []int) []int {
	if ids == nil {
		return more
	}
	return intersect(ids, more)
}

// oneRow tells whether a word says in the singular what a row is, after an article
// that means one that is known, or first of all.
func (s *schema) oneRow(tokens []token, i int) bool {
	if !s.rowWord(tokens[i]) || strings.HasSuffix(tokens[i].Fold, "s") || strings.HasSuffix(tokens[i].Fold, "x") || i+1 == len(tokens) {
		return false
	}
	return i == 0 || slices.Contains([]string{"le", "la", "l", "du", "au", "the"}, tokens[i-1].Fold)
}

func (s *schema) rowWord(t token) bool {
	return slices.ContainsFunc(forms([]string{t.Fold}), func(f string) bool { return s.entity[f] })
}

// placed tells whether words, links aside, are the name of a place.
func (s *schema) placed(tokens []token) bool {
	var norms []string
	for _, t := range tokens {
		if len(norms) > 0 || !t.stop {
			norms = append(norms, t.norm)
		}
	}
	return slices.ContainsFunc(s.called(key(norms)), func(id int) bool { return s.placeNames(s.val(id).col) })
}

// whereabouts shows where rows are, for who asks "où".
func (c *composer) whereabouts() {
	label := c.s.col(c.s.a.Entity.Label)
	if c.hasOp(opWhere) && label >= 0 && len(c.r.measures)+len(c.r.show) == 0 && (c.r.entity || len(c.r.on(label)) > 0) {
		c.r.show = c.s.where()
	}
}

// where lists the columns that say where a row is.
func (s *schema) where() []int {
	var cols []int
	for _, name := range s.a.Entity.Where {
		if col := s.col(name); col >= 0 {
			cols = append(cols, col)
		}
	}
	return cols
}

// namesakes tells whether several rows bear a name that is asked for, in a table
// that has a row for each thing.
func (w *writer) namesakes(label int) bool {
	if w.s.year >= 0 {
		return false
	}
	return slices.ContainsFunc(w.on(label), func(x cond) bool {
		return slices.ContainsFunc(w.s.t.Columns[label].Values, func(v dataset.Value) bool { return v.Count > 1 && slices.Contains(x.vals, any(v.Text)) })
	})
}

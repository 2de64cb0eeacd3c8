package model

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// words are the stems of a text, each once.
func words(text string, l lang.Lang) []string {
	var out []string
	for _, w := range lang.Words(text) {
		for _, f := range strings.Fields(w.Fold) {
			if s := lang.Stem(f, l); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// named is what a question names of a table, by its words alone: what the model
// is to see of it first. It decides nothing.
type named struct {
	asked map[string]bool // stems of the question
	l     lang.Lang
}

func newNamed(question string, l lang.Lang) named {
	n := named{map[string]bool{}, l}
	for _, w := range words(question, l) {
		if utf8.RuneCountInString(w) > 2 || w[0] >= '0' && w[0] <= '9' {
			n.asked[w] = true
		}
	}
	return n
}

// shared counts the words of the question among those of a text.
func (n named) shared(text string) (shared, of int) {
	all := words(text, n.l)
	for _, w := range all {
		if n.asked[w] {
			shared++
		}
	}
	return shared, len(all)
}

// column scores how much of a column's name, as its header or its annotation
// has it, the question says: 0 to 1.
func (n named) column(col dataset.Column, note dataset.ColumnNote) float64 {
	best := 0.0
	for _, name := range append([]string{col.Name, note.Label.In(n.l)}, note.Words.All()...) {
		if shared, of := n.shared(name); of > 0 {
			best = max(best, float64(shared)/float64(of))
		}
	}
	return best
}

// common is the share of a column's cells above which a word tells none of them
// apart from the others.
const common = 0.2

// cells lists the cells of a column that the question names, most of its words
// first, then the shortest; at most a few.
func (n named) cells(col dataset.Column, most int) []string {
	type found struct {
		text    string
		shared  int
		whole   bool
		surplus int
	}
	seen := map[string]int{}
	var hits []found
	for _, v := range col.Values {
		all := words(v.Text, n.l)
		f := found{text: v.Text}
		for _, w := range all {
			if n.asked[w] {
				f.shared++
				seen[w]++
			}
		}
		if f.shared > 0 {
			f.whole, f.surplus = f.shared == len(all), len(all)-f.shared
			hits = append(hits, f)
		}
	}
	hits = slices.DeleteFunc(hits, func(f found) bool {
		if f.whole || len(col.Values) < 10 {
			return false
		}
		for _, w := range words(f.text, n.l) {
			if n.asked[w] && float64(seen[w]) <= common*float64(len(col.Values)) {
				return false
			}
		}
		return true
	})
	slices.SortStableFunc(hits, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.shared, a.shared), cmp.Compare(a.surplus, b.surplus))
	})
	var out []string
	for _, f := range hits[:min(len(hits), most)] {
		out = append(out, f.text)
	}
	return out
}

// table scores how much a table knows of what is asked.
func (n named) table(c plan.Candidate) float64 {
	known := map[string]bool{}
	know := func(text string) {
		for _, w := range words(text, n.l) {
			if n.asked[w] {
				known[w] = true
			}
		}
	}
	know(c.Name(n.l))
	if c.Annotation != nil {
		for _, w := range append(c.Annotation.Entity.Words.All(), c.Annotation.Scope.Words...) {
			know(w)
		}
	}
	for _, col := range c.Table.Columns {
		note := noteOf(c, col.Name)
		know(col.Name + " " + note.Label.In(n.l) + " " + strings.Join(note.Words.All(), " "))
		for _, cell := range n.cells(col, maxNamed) {
			know(cell)
		}
	}
	return c.Score + float64(len(known))
}

func noteOf(c plan.Candidate, column string) dataset.ColumnNote {
	if c.Annotation != nil {
		for _, n := range c.Annotation.Column {
			if strings.EqualFold(n.Name, column) {
				return n
			}
		}
	}
	return dataset.ColumnNote{}
}

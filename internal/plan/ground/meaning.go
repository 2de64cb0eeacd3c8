package ground

import (
	"slices"

	"cigogne/internal/dataset"
)

// weighWords counts the headers that have each word, and places the words of
// headers of several in the space of vectors one by one.
func (t *Table) weighWords() {
	for _, c := range t.Columns {
		for i, w := range c.Words {
			if !slices.Contains(c.Words[:i], w) {
				t.shared[w]++
			}
		}
	}
	if t.vectors == nil {
		return
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		content := bare(c.Words)
		if len(content) < 2 {
			continue
		}
		for _, w := range content {
			if len(w) > 2 && t.shared[w] <= maxShared && !named([]string{w}) && !countless[w] {
				if v := t.vectors.Vector(w); v != nil {
					c.apart = append(c.apart, v)
				}
			}
		}
	}
}

// countless are the words of headers that say how a figure is made and not of what.
var countless = map[string]bool{"nombre": true, "numero": true, "code": true, "total": true, "taux": true, "type": true, "date": true, "identifiant": true, "number": true, "id": true}

// apiece is what a header whose one word is near counts for, beside one that is
// near as a whole.
const apiece = 0.9

// nearness is how close a word is to a header, as a whole or to one word of it.
func (c Column) nearness(v []float32) float64 {
	s := Near(v, c.Vector)
	for _, w := range c.apart {
		s = max(s, apiece*Near(v, w))
	}
	return s
}

// meanings finds headers near a word or two in the space of vectors.
func (g *Ground) meanings() {
	g.Nearest = make([]float64, len(g.Table.Columns))
	g.Likes = make([][]float64, len(g.Tokens))
	if g.Table.vectors == nil {
		return
	}
	for i, t := range g.Tokens {
		if t.Small || t.IsNum || len(t.Fold) < 3 {
			continue
		}
		v := g.Table.vectors.Vector(t.Fold)
		g.Likes[i] = make([]float64, len(g.Table.Columns))
		for _, c := range g.Table.Columns {
			s := c.nearness(v)
			g.Likes[i][c.Index] = s
			g.Nearest[c.Index] = max(g.Nearest[c.Index], s)
			if s >= near && !g.has(i, c.Index) {
				g.Columns = append(g.Columns, Mention{From: i, To: i + 1, Col: c.Index, How: Meaning, Strength: s})
			}
		}
		g.meantCells(i, v)
	}
}

// sensed is a cell in the space of vectors.
type sensed struct {
	cellRef
	vector []float32
}

// Cells are looked at by what they mean where a column has few.
const (
	maxSensed    = 40  // different cells of a column
	maxAllSensed = 400 // of a table
	nearCell     = 0.5 // how close a word must be to a cell
)

// sense places the cells of columns of few words in the space of vectors.
func (t *Table) sense() {
	if t.vectors == nil {
		return
	}
	for _, c := range t.Columns {
		if c.Type != dataset.Text || c.Distinct > maxSensed || c.Codes || c.Role.Label() || c.Placed() || c.Reads != "" {
			continue
		}
		for v, value := range c.Values {
			if len(t.senses) == maxAllSensed {
				return
			}
			if len(value.Text) < 4 {
				continue
			}
			if vector := t.vectors.Vector(value.Text); vector != nil {
				t.senses = append(t.senses, sensed{cellRef{c.Index, v}, vector})
			}
		}
	}
}

// meantCells finds, in each column, the cell nearest to a word that is no word of
// a cell nor of a header: houses, Maison.
func (g *Ground) meantCells(i int, v []float32) {
	t := g.Tokens[i]
	if len(g.Table.parts[t.Norm]) > 0 || len(t.Senses) > 0 || v == nil {
		return
	}
	best := Mention{Col: -1}
	put := func() {
		if best.Col >= 0 {
			g.Cells = append(g.Cells, best)
		}
	}
	for _, s := range g.Table.senses {
		if s.col != best.Col && best.Col >= 0 {
			put()
			best = Mention{Col: -1}
		}
		if d := Near(v, s.vector); d >= nearCell && d > best.Strength {
			best = Mention{From: i, To: i + 1, Col: s.col, Cells: []string{g.Table.Columns[s.col].Values[s.val].Text}, How: Meaning, Strength: d}
		}
	}
	put()
}

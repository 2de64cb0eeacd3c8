package propose

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// worthOf is a rough worth of how a cell was found, for the beam alone.
var worthOf = map[ground.How]float64{ground.Exact: 1, ground.Part: 0.75, ground.Some: 0.6, ground.Spelt: 0.5, ground.Flag: 0.35, ground.Initials: 0.4, ground.Within: 0.9, ground.Called: 0.6, ground.Meaning: 0.7}

// cellConds turns mentions of cells into conditions, and their opposites.
func cellConds(g *ground.Ground) []cond {
	var out []cond
	for _, m := range g.Cells {
		c := g.Table.Columns[m.Col]
		if c.Distinct+min(c.Nulls, 1) < 2 || c.Type == dataset.Date || c.Type == dataset.DateTime { // holds of every row; days are days
			continue
		}
		worth := cellWorth(g, m)
		if t := g.Tokens[m.From]; m.To == m.From+1 && t.Year && begins(m.Cells, t.Text) { // months written as text: 2023-01
			out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: query.Starts, Values: []any{t.Text}}, from: m.From, to: m.To, worth: 0.9, cell: true})
			continue
		}
		within := cond{Filter: query.Filter{Column: c.Name, Op: query.Contains, Values: []any{g.Within(m.From, m.To)}}, from: m.From, to: m.To, worth: worth + 0.02, cell: true}
		if m.How == ground.Some {
			out = append(out, within)
		}
		values := cellValues(g, m)
		if len(values) == 0 || m.How == ground.Some && len(values) > 12 {
			continue
		}
		eq := cond{Filter: query.Filter{Column: c.Name, Op: query.Eq, Values: values}, from: m.From, to: m.To, worth: worth, cell: true}
		if m.How == ground.Within {
			eq.Op = query.Starts
		}
		out = append(out, opposites(g, m, eq)...)
		if m.How == ground.Part && len(m.Cells) == 1 {
			within.worth = worth - 0.05
			out = append(out, within)
		}
	}
	return out
}

// cellWorth is what a mention of cells is worth by how it was found and what else
// its words may be.
func cellWorth(g *ground.Ground, m ground.Mention) float64 {
	worth := worthOf[m.How]*(0.6+0.4*m.Strength) + 0.25*float64(content(g, m.From, m.To)-1)
	if beside(g, m) {
		worth += 0.3
	}
	switch {
	case m.How == ground.Flag:
		if said(g, m, m.Col) { // the words of the header themselves
			worth += 0.25
		}
	case m.How == ground.Initials && !said(g, m, -1):
		worth += 0.3 // nothing else is known of the word
	case columnToo(g, m):
		worth -= 0.5
	case m.How != ground.Exact && namesColumn(g, m):
		worth -= 0.3
	}
	if m.To == m.From+1 {
		worth -= otherwise(g, m)
	}
	return worth
}

// otherwise is how much less a mention of one word is worth for what else that may
// say: a number, a sum, a column.
func otherwise(g *ground.Ground, m ground.Mention) float64 {
	c, t, less := g.Table.Columns[m.Col], g.Tokens[m.From], 0.0
	if t.IsNum && !t.Year && !beside(g, m) {
		less += 0.5
	}
	if m.How == ground.Flag {
		return less
	}
	if !t.Name && t.Is(ground.SumOf, ground.AvgOf, ground.MaxOf, ground.MinOf, ground.CountOf, ground.MedianOf) {
		less += 0.4 // "total" asks for a sum more often than for a cell that says it
	}
	if c.Numeric() && g.InName(m.From) && c.Role != dataset.Year { // 2015 of a column 2015
		less += 0.4
	}
	return less
}

// said tells whether a word of a mention stands in a header: in that of one
// column, or of any, -1, or in a whole cell.
func said(g *ground.Ground, m ground.Mention, col int) bool {
	for i := m.From; i < m.To; i++ {
		if slices.ContainsFunc(g.Columns, func(c ground.Mention) bool {
			return (col < 0 || c.Col == col) && c.From <= i && i < c.To && slices.ContainsFunc(g.Table.Columns[c.Col].Words, func(w string) bool { return ground.Norm(w) == g.Tokens[i].Norm })
		}) {
			return true
		}
		if col < 0 && slices.ContainsFunc(g.Cells, func(c ground.Mention) bool { return c.How == ground.Exact && c.From <= i && i < c.To }) {
			return true
		}
	}
	return false
}

// cellValues are the values of a condition on the cells of a mention; none where
// its column is of numbers and the words are none.
func cellValues(g *ground.Ground, m ground.Mention) []any {
	c := g.Table.Columns[m.Col]
	switch {
	case m.How == ground.Within:
		return []any{m.Cells[0]}
	case m.How == ground.Flag && c.Type == dataset.Boolean:
		return []any{true}
	case c.Type.Numeric():
		if v, ok := numberOf(m, g); ok {
			return []any{v}
		}
		return nil
	}
	var out []any
	for _, text := range m.Cells {
		out = append(out, text)
	}
	return out
}

// opposites are a condition and its contrary, each worth what the words around
// it say.
func opposites(g *ground.Ground, m ground.Mention, eq cond) []cond {
	ne := eq
	ne.Op = query.Ne
	switch {
	case eq.Op != query.Eq || !g.Has(ground.Not, ground.Missing):
		return []cond{eq}
	case g.LeftOut(m):
		eq.worth, ne.worth = eq.worth-0.2, eq.worth+0.1
	case m.How == ground.Flag && nearNot(g, m):
	default:
		ne.worth -= 0.3
	}
	out := []cond{ne, eq}
	if c := g.Table.Columns[m.Col]; m.How == ground.Flag && c.Nulls > 0 { // no, and not "not known"
		if no := otherThan(c, eq.Values); len(no) > 0 {
			other := eq
			other.Values, other.worth = no, ne.worth+0.01
			out = append(out, other)
		}
	}
	return out
}

// nearNot tells whether a negation stands within a few words before a mention.
func nearNot(g *ground.Ground, m ground.Mention) bool {
	for i := max(0, m.From-4); i < m.From; i++ {
		if g.Tokens[i].Is(ground.Not) {
			return true
		}
	}
	return false
}

// otherThan are the values of a column of yes and no that mean no.
func otherThan(c ground.Column, yes []any) []any {
	switch {
	case c.Type == dataset.Boolean:
		return []any{false}
	case c.Type.Numeric():
		return []any{0.0}
	}
	var out []any
	for _, v := range c.Values {
		if !slices.Contains(yes, any(v.Text)) {
			out = append(out, v.Text)
		}
	}
	return out
}

// begins tells whether all of several cells begin with a text.
func begins(cells []string, text string) bool {
	return len(cells) > 1 && !slices.ContainsFunc(cells, func(cell string) bool { return !strings.HasPrefix(cell, text) })
}

// numberOf reads the value of a mention over a numeric column.
func numberOf(m ground.Mention, g *ground.Ground) (any, bool) {
	if m.How == ground.Flag {
		return 1.0, true
	}
	if t := g.Tokens[m.From]; t.IsNum && m.To == m.From+1 {
		return t.Plain, true
	}
	return nil, false
}

func content(g *ground.Ground, from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if !g.Tokens[i].Small {
			n++
		}
	}
	return n
}

// beside tells whether the column of a mention of cells is named next to it.
func beside(g *ground.Ground, m ground.Mention) bool {
	return slices.ContainsFunc(g.Columns, func(c ground.Mention) bool {
		return c.Col == m.Col && c.How != ground.Meaning && (c.To <= m.From && m.From-c.To <= 2 || c.From >= m.To && c.From-m.To <= 1)
	})
}

// columnToo tells whether the words of a mention of cells name a column too.
func columnToo(g *ground.Ground, m ground.Mention) bool {
	return slices.ContainsFunc(g.Columns, func(c ground.Mention) bool {
		return c.How == ground.Exact && c.From <= m.From && c.To >= m.To
	})
}

// namesColumn tells whether the words of a mention of cells are in a column's name.
func namesColumn(g *ground.Ground, m ground.Mention) bool {
	return slices.ContainsFunc(g.Columns, func(c ground.Mention) bool {
		return c.How == ground.Piece && c.From <= m.From && c.To >= m.To
	})
}

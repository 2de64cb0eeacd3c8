package table

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// roleOf says what a column is for, from its header and its profile.
func roleOf(c *column, p *dataset.Column, t *dataset.Table) dataset.Role {
	distinct := t.Rows > 1 && p.Nulls == 0 && p.Distinct == t.Rows
	switch p.Type {
	case dataset.Date, dataset.DateTime:
		return dataset.Time
	case dataset.Boolean:
		return dataset.Dimension
	case dataset.Integer:
		return integerRole(c, p, t.Rows, distinct)
	case dataset.Number:
		return numberRole(c, p, t.Rows, distinct)
	}
	return textRole(c, t.Rows-p.Nulls, distinct)
}

// integerRole tells whole numbers that name or order things from quantities.
func integerRole(c *column, p *dataset.Column, rows int64, distinct bool) dataset.Role {
	switch {
	case c.year:
		return dataset.Year
	case c.unit != "" && !c.hint.place():
		return dataset.Measure
	case c.hint.id(c.name) && distinct:
		return dataset.Key
	case c.hint.id(c.name), c.hint.code():
		return dataset.Code
	case c.hint.place():
		return dataset.Geometry
	case c.dated:
		return dataset.Dimension
	case c.tally.grouped == 0 && c.hint.label() && scanFloat(p.Min) >= 0: // no code is below zero
		return dataset.Code
	case c.hint.any(rankWords), c.hint.only(partWords), c.hint.only(calendarWords):
		return dataset.Dimension
	}
	return numberRole(c, p, rows, distinct)
}

// numberRole tells coordinates and running numbers from quantities.
func numberRole(c *column, p *dataset.Column, rows int64, distinct bool) dataset.Role {
	switch {
	case c.unit != "" && !c.hint.place():
		return dataset.Measure
	case c.hint.place():
		return dataset.Geometry
	case distinct && rows >= 5 && (c.tally.steps == rows-1 || len(c.hint.words) == 0):
		return dataset.Key // rows numbered one after another
	}
	return dataset.Measure
}

// textRole tells texts that name, code, place or describe things.
func textRole(c *column, filled int64, distinct bool) dataset.Role {
	tl := &c.tally
	mean := tl.runes / max(1, tl.filled-tl.missing)
	switch {
	case filled == 0:
		return dataset.Dimension
	case tl.geos*2 > tl.filled || c.hint.place() && tl.geos > 0:
		return dataset.Geometry
	case tl.links*2 > tl.filled, mean > 80, tl.longestT > 400 && mean > 40:
		return dataset.FreeText
	case c.hint.id(c.name) && distinct:
		return dataset.Key
	case c.code || c.hint.code(), c.hint.id(c.name):
		return dataset.Code
	}
	return dataset.Dimension
}

// settleRoles makes what only the whole table can tell: a pair x, y is a
// place; the first text distinct on every row names the rows.
func settleRoles(s *survey, t *dataset.Table) {
	settlePoint(s, t)
	settleSeries(s, t)
	if slices.ContainsFunc(t.Columns, func(c dataset.Column) bool { return c.Role == dataset.Key && c.Type == dataset.Text }) {
		return
	}
	for i := range t.Columns {
		p := &t.Columns[i]
		if p.Type == dataset.Text && p.Role == dataset.Dimension && t.Rows > 1 && p.Nulls == 0 && p.Distinct == t.Rows && s.columns[i].tally.named*2 > t.Rows {
			p.Role = dataset.Key
			return
		}
	}
}

// settlePoint makes a place of two columns that are called x and y.
func settlePoint(s *survey, t *dataset.Table) {
	var x, y *dataset.Column
	for i := range t.Columns {
		p, h := &t.Columns[i], &s.columns[i].hint
		if !p.Type.Numeric() || len(h.words) != 1 {
			continue
		}
		switch h.words[0] {
		case "x", "long":
			x = p
		case "y", "lat":
			y = p
		}
	}
	if x != nil && y != nil {
		x.Role, y.Role = dataset.Geometry, dataset.Geometry
	}
}

// settleSeries makes whole numbers names where they stand in a numbered series of
// columns whose others hold short names: Line_1 (7bis), Line_2 (13).
func settleSeries(s *survey, t *dataset.Table) {
	stems := map[string][]int{}
	for i := range t.Columns {
		if words := s.columns[i].hint.words; len(words) > 1 && len(lastWord(s.columns[i].hint)) <= 2 && allDigits(lastWord(s.columns[i].hint)) {
			stem := strings.Join(words[:len(words)-1], " ")
			stems[stem] = append(stems[stem], i)
		}
	}
	for _, series := range stems {
		named := slices.ContainsFunc(series, func(i int) bool {
			p := &t.Columns[i]
			return p.Type == dataset.Text && p.Distinct > 1 && s.columns[i].tally.longestT <= seriesCell
		})
		for _, i := range series {
			if p := &t.Columns[i]; len(series) > 2 && named && p.Type == dataset.Integer && p.Role == dataset.Measure && p.Unit == "" {
				p.Role = dataset.Code
			}
		}
	}
}

// seriesCell bounds the names of a numbered series: lines, lots, classes.
const seriesCell = 6

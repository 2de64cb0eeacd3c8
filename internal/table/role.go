package table

import (
	"slices"

	"cigogne/internal/dataset"
)

// roleOf says what a column is for, from its header and its profile.
func roleOf(c *column, p *dataset.Column, t *dataset.Table) dataset.Role {
	filled := t.Rows - p.Nulls
	distinct := t.Rows > 1 && p.Nulls == 0 && p.Distinct == t.Rows
	tl := &c.tally
	switch p.Type {
	case dataset.Date, dataset.DateTime:
		return dataset.Time
	case dataset.Boolean:
		return dataset.Dimension
	case dataset.Integer, dataset.Number:
		switch {
		case c.year:
			return dataset.Year
		case c.unit != "" && !c.hint.place():
			return dataset.Measure
		case c.hint.id(c.name) && p.Type == dataset.Integer:
			if distinct {
				return dataset.Key
			}
			return dataset.Code
		case c.hint.code() && p.Type == dataset.Integer:
			return dataset.Code
		case c.hint.place():
			return dataset.Geometry
		case p.Type == dataset.Integer && tl.grouped == 0 && c.hint.label():
			return dataset.Code
		case p.Type == dataset.Integer && (c.hint.any(rankWords) || c.hint.only(partWords) || c.hint.only(calendarWords)):
			return dataset.Dimension
		case distinct && t.Rows >= 5 && (tl.steps == t.Rows-1 || len(c.hint.words) == 0):
			return dataset.Key // rows numbered one after another
		}
		return dataset.Measure
	}
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
	case c.code || c.hint.code():
		return dataset.Code
	case c.hint.id(c.name):
		return dataset.Code
	}
	return dataset.Dimension
}

// settleRoles makes what only the whole table can tell: a pair x, y is a
// place; the first text distinct on every row names the rows.
func settleRoles(s *survey, t *dataset.Table) {
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

package query

import (
	"fmt"
	"slices"

	"cigogne/internal/dataset"
)

// manyRows is from where on the rows of a table are not all to be ranked: the engine
// would hold each of them.
const manyRows = 200_000

// reaches tells whether the rows that stay are told by the value that the last of
// them reaches: those of a list that is long, by a column that is never empty.
func (p *Plan) reaches(t *dataset.Table) bool {
	if !p.ranked() || p.Offset > 0 || p.Shift != 0 || p.Tally || t.Rows < manyRows || len(p.Joins)+len(p.GroupBy)+len(p.Measures)+len(p.Having) > 0 || p.Derived != nil {
		return false
	}
	by := p.OrderBy[0]
	if len(p.OrderBy) > 1 || by.Column == "" || by.Measure > 0 {
		return false
	}
	return t.Column(by.Column).Nulls == 0 || slices.ContainsFunc(p.Where, func(f Filter) bool { return f.Column == by.Column && f.Op == NotNull })
}

// reach writes the condition that a row is one of the first, or equals the last of
// them.
func (w *writer) reach(p *Plan, t *dataset.Table) {
	by := w.cell(t, p.OrderBy[0].Column, p.OrderBy[0].As)
	of, op := "max", " <= "
	if p.OrderBy[0].Desc {
		of, op = "min", " >= "
	}
	if len(p.Where) > 0 {
		w.str(" AND ")
	} else {
		w.str(" WHERE ")
	}
	w.str(by, op, "(SELECT ", of, "(x) FROM (SELECT ", by, " AS x")
	w.from(p)
	w.where(p, t)
	w.str(" ORDER BY ")
	w.order(p, t)
	w.str(fmt.Sprintf(" LIMIT %d))", p.Limit))
}

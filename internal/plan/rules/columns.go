package rules

import (
	"slices"

	"cigogne/internal/query"
)

// columnDifference reads one quantity less another: "recettes de fonctionnement
// moins dépenses de fonctionnement", and the two that the annotation says the
// balance is made of.
func (c *composer) columnDifference() bool {
	r := c.r
	if c.s.Annotation == nil || !c.hasOp(opDifference, opMinus) {
		return false
	}
	unit := func(col int) string { return c.s.note(col).Unit }
	switch b := c.s.a.Balance; {
	case len(r.measures) == 2 && unit(r.measures[0]) == unit(r.measures[1]):
		r.minus = slices.Clone(r.measures)
	case b.Column != "" && (c.balanceSaid() || !c.s.differs(r)): // of both sections together, where both are named
		if col := c.s.col(b.Column); col >= 0 && c.balanceSaid() && len(r.on(col)) == 0 {
			r.conds = append([]cond{{col: col, op: query.Eq, vals: []any{b.Of, b.Less}, pos: -1}}, r.conds...)
		}
	case len(r.measures) == 0 && c.balanceSaid() && c.s.col(b.Of) >= 0 && c.s.col(b.Less) >= 0 && !c.s.differs(r):
		r.minus = []int{c.s.col(b.Of), c.s.col(b.Less)}
	}
	if len(r.minus) > 0 && c.hasOp(opEvolution) && c.s.year >= 0 {
		r.group = appendOnce(r.group, c.s.year)
	}
	return len(r.minus) > 0
}

// balanceSaid tells whether a balance is asked for by its name.
func (c *composer) balanceSaid() bool {
	return slices.ContainsFunc(c.tokens, func(t token) bool { return balances[t.Fold] })
}

var balances = wordSet("solde soldes excedent excedents deficit deficits balance surplus")

// columnDifference writes the sum of one column less that of another, over the
// same rows.
func (w *writer) columnDifference() {
	var of []query.Measure
	for _, col := range w.minus {
		of = append(of, query.Measure{Agg: query.Sum, Column: w.name(col), Label: w.s.note(col).Label.In(w.l)})
	}
	for _, g := range w.show {
		if name := w.name(g); !slices.Contains(w.p.GroupBy, name) {
			w.p.GroupBy = append(w.p.GroupBy, name)
		}
	}
	w.p.Measures = of
	w.p.Derived = &query.Derived{Op: query.Difference, Of: 1, Over: 2}
	if len(w.p.GroupBy) > 0 && !slices.Contains(w.p.GroupBy, w.yearName()) {
		w.p.OrderBy = []query.Order{{Measure: len(of) + 1, Desc: true}}
	}
}

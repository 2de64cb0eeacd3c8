package rules

import (
	"slices"

	"cigogne/internal/query"
)

// columnShare reads a share of one quantity in another: "part des entrées
// gratuites dans les musées du Bas-Rhin", "quelle part des dépenses de
// fonctionnement sont des charges de personnel". The part is a measure that the
// annotation says is one of the other, or of the one it says. A share of a
// place ("part du Bas-Rhin dans les entrées gratuites") is not one.
func (c *composer) columnShare() {
	r, at := c.r, c.ops[opShare]
	whole := func(part int) int { return c.s.col(c.s.note(part).Of) }
	if len(r.measures) == 2 {
		a, b := r.measures[0], r.measures[1]
		switch {
		case whole(a) == b:
			r.partOf = []int{a, b}
		case whole(b) == a:
			r.partOf = []int{b, a}
		}
	} else if len(r.measures) == 1 && whole(r.measures[0]) >= 0 {
		next := c.near(at, 1)
		for next >= 0 && len(c.spans[next].ops) > 0 && len(c.spans[next].cols) == 0 {
			next = c.near(next, 1)
		}
		if c.column(next, c.isMeasure) == r.measures[0] || c.column(c.near(at, -1), c.isMeasure) == r.measures[0] {
			r.partOf = []int{r.measures[0], whole(r.measures[0])}
		}
	}
	if len(r.partOf) == 0 {
		return
	}
	for i := range r.conds {
		r.conds[i].part = false
	}
	if c.hasOp(opEvolution) && c.s.year >= 0 {
		r.group = appendOnce(r.group, c.s.year)
	}
}

// columnShare writes the sum of the part over the sum of the whole, over the
// same rows.
func (w *writer) columnShare() {
	sum := func(col int) query.Measure {
		return query.Measure{Agg: query.Sum, Column: w.name(col), Label: w.s.note(col).Label.In(w.l)}
	}
	part, whole := w.partOf[0], w.partOf[1]
	for _, g := range w.show {
		if name := w.name(g); !slices.Contains(w.p.GroupBy, name) {
			w.p.GroupBy = append(w.p.GroupBy, name)
		}
	}
	w.p.Measures = []query.Measure{sum(part), sum(whole)}
	w.p.Where = append(w.p.Where, query.Filter{Column: w.name(part), Op: query.NotNull}, query.Filter{Column: w.name(whole), Op: query.NotNull})
	w.p.Derived = &query.Derived{Op: query.Share, Of: 1, Over: 2}
	if len(w.p.GroupBy) > 0 && !slices.Contains(w.p.GroupBy, w.yearName()) {
		w.p.OrderBy = []query.Order{{Measure: len(w.p.Measures) + 1, Desc: true}}
	}
}

// yearName is the column of years, "" where there is none.
func (w *writer) yearName() string {
	if w.s.year < 0 {
		return ""
	}
	return w.name(w.s.year)
}

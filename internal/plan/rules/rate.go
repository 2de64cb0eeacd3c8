package rules

import (
	"slices"

	"cigogne/internal/query"
)

// rate divides one column of figures by another: "élèves par classe", where
// the rows have the number of either.
func (r *reader) rate(d *draft) []way {
	if !r.s.titled || d.best != nil || len(d.having) > 0 || d.count != nil && d.count.head >= 0 {
		return nil
	}
	over := slices.IndexFunc(d.groups, r.figures)
	of := slices.IndexFunc(d.asks, func(a ask) bool { return r.figures(a.col) })
	if over < 0 || of < 0 || d.asks[of].col == d.groups[over] || len(d.asks) > 1 {
		return nil
	}
	switch d.asks[of].agg {
	case "", auto, query.Sum, query.Avg:
	default:
		return nil
	}
	p := &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds),
		Measures: []query.Measure{r.measure(query.Sum, d.asks[of].col), r.measure(query.Sum, d.groups[over])},
		Derived:  &query.Derived{Op: query.Ratio, Of: 1, Over: 2}}
	for k, g := range d.groups {
		if k != over {
			p.GroupBy = append(p.GroupBy, r.name(g))
		}
	}
	r.each(d)
	return []way{{plan: p, cost: 0.1}}
}

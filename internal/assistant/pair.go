package assistant

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// alike is what two figures of one table have in common and apart.
type alike struct {
	measure          query.Measure
	common, one, two []query.Filter
}

// comparable tells what two answers of one figure each differ in.
func comparable(one, two plan.Outcome) (alike, bool) {
	if !figureOf(one.Plan) || !figureOf(two.Plan) || one.Plan.Table != two.Plan.Table {
		return alike{}, false
	}
	m, n := one.Plan.Measures[0], two.Plan.Measures[0]
	if m.Agg != n.Agg || m.Column != n.Column || m.As != n.As || len(m.Once) > 0 {
		return alike{}, false
	}
	x := alike{measure: query.Measure{Agg: m.Agg, Column: m.Column, As: m.As}}
	same := func(in []query.Filter, f query.Filter) bool {
		return slices.ContainsFunc(in, func(g query.Filter) bool { return sameFilter(f, g) })
	}
	for _, f := range filtersOf(one.Plan) {
		if same(filtersOf(two.Plan), f) {
			x.common = append(x.common, f)
		} else {
			x.one = append(x.one, f)
		}
	}
	for _, f := range filtersOf(two.Plan) {
		if !same(x.common, f) {
			x.two = append(x.two, f)
		}
	}
	return x, len(x.one) > 0 && len(x.two) > 0
}

func sameFilter(f, g query.Filter) bool {
	return f.Than == nil && g.Than == nil && f.Column == g.Column && f.Op == g.Op && f.As == g.As && fmt.Sprint(f.Values) == fmt.Sprint(g.Values)
}

// figureOf tells whether a plan is one figure of one measure.
func figureOf(p *query.Plan) bool {
	return p != nil && len(p.Measures) == 1 && !p.Grouped() && p.Derived == nil && !p.Tally && p.Shift == 0 && len(p.Having) == 0
}

// pair is what the last two figures have in common and apart, or those that the
// last answer compared.
func (t turn) pair() (alike, bool) {
	p := t.out.Plan
	if d := p.Derived; d != nil && d.Op == query.Difference && len(p.Measures) == 2 && !p.Grouped() && d.Of > 0 && d.Over > 0 {
		one, two := p.Measures[d.Of-1], p.Measures[d.Over-1]
		return alike{query.Measure{Agg: one.Agg, Column: one.Column, As: one.As}, p.Where, one.Where, two.Where}, len(one.Where) > 0 && len(two.Where) > 0
	}
	if x, ok := ranked(p); ok {
		return x, true
	}
	return comparable(t.earlier, t.out)
}

// ranked is what two figures that a plan ranks have in common and apart.
func ranked(p *query.Plan) (alike, bool) {
	if len(p.Measures) != 1 || len(p.GroupBy) != 1 || p.Derived != nil || len(p.Having) > 0 || len(p.OrderBy) == 0 {
		return alike{}, false
	}
	for i, f := range p.Where {
		if f.Column == p.GroupBy[0] && f.Op == query.Eq && len(f.Values) == 2 && f.Than == nil {
			m := p.Measures[0]
			side := func(v any) []query.Filter {
				return []query.Filter{{Column: f.Column, Op: query.Eq, Values: []any{v}}}
			}
			return alike{query.Measure{Agg: m.Agg, Column: m.Column, As: m.As}, slices.Delete(slices.Clone(p.Where), i, i+1), side(f.Values[0]), side(f.Values[1])}, true
		}
	}
	return alike{}, false
}

// difference is what lies between the last two figures: the later less the
// earlier where they are of two years, else the first less the second.
func difference(t turn) *query.Plan {
	x, ok := t.pair()
	if !ok {
		return nil
	}
	one, two := x.measure, x.measure
	one.Where, two.Where = x.one, x.two
	one.Label, two.Label = labelOf(x.one), labelOf(x.two)
	if one.Label == "" || two.Label == "" || one.Label == two.Label {
		return nil
	}
	if year := yearColumn(t.out.Candidate); year != nil && len(x.one) == 1 && x.one[0].Column == year.Name && one.Label < two.Label {
		one, two = two, one
	}
	return &query.Plan{Table: t.out.Plan.Table, Measures: []query.Measure{one, two}, Where: x.common, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}
}

// labelOf is what sets a figure apart: "Metz", "Nancy 2021".
func labelOf(filters []query.Filter) string {
	var parts []string
	for _, f := range filters {
		if f.Op != query.Eq || f.Than != nil || len(f.Values) != 1 {
			return ""
		}
		parts = append(parts, literal(f.Values[0]))
	}
	return strings.Join(parts, " ")
}

// larger ranks the last two figures, where they differ in one column's value.
func larger(t turn, most bool) *query.Plan {
	x, ok := t.pair()
	if !ok || len(x.one) != 1 || len(x.two) != 1 || x.one[0].Column != x.two[0].Column || x.one[0].Op != query.Eq || x.two[0].Op != query.Eq {
		return nil
	}
	both := query.Filter{Column: x.one[0].Column, Op: query.Eq, Values: slices.Concat(x.one[0].Values, x.two[0].Values)}
	return &query.Plan{Table: t.out.Plan.Table, Measures: []query.Measure{x.measure}, GroupBy: []string{both.Column}, Where: append(slices.Clone(x.common), both), OrderBy: []query.Order{{Measure: 1, Desc: most}}}
}

package rules

import (
	"slices"

	"cigogne/internal/query"
)

// does tells whether the plan does what a word asks. Words whose work leaves
// no mark on a plan (list, which, and) are always done.
func (g *guard) does(o op) bool {
	return g.figures(o) && g.arranges(o) && g.changes(o) && g.bounds(o)
}

// figures is does of the words for an aggregate.
func (g *guard) figures(o op) bool {
	switch o {
	case opCount:
		return g.agg(query.Count, query.CountDistinct, query.Sum) || g.p.Tally || len(g.p.Columns) > 0
	case opAvg:
		return g.agg(query.Avg) || g.derives(query.Ratio)
	case opMedian:
		return g.agg(query.Median)
	case opMax, opMost:
		return g.agg(query.Max) || g.ranked(true)
	case opMin, opLeast:
		return g.agg(query.Min) || g.ranked(false)
	}
	return true
}

// arranges is does of the words for an order, groups, and what is kept of rows.
func (g *guard) arranges(o op) bool {
	p := g.p
	switch o {
	case opFirst, opLast:
		return p.Limit > 0 && len(p.OrderBy) > 0
	case opNext, opPrevious:
		return p.Shift != 0
	case opGroup:
		return p.Grouped() || len(p.Columns) > 1
	case opDistinct:
		return p.Distinct || p.Grouped() || g.agg(query.CountDistinct)
	case opSort, opAsc, opDesc, opAlpha:
		return len(p.OrderBy) > 0
	}
	return true
}

// changes is does of the words that one figure is set against another by.
func (g *guard) changes(o op) bool {
	byTime := g.s.year >= 0 && slices.Contains(g.p.GroupBy, g.s.t.Columns[g.s.year].Name)
	switch o {
	case opShare:
		return g.derives(query.Share, query.ShareOfTotal)
	case opGrowth, opEvolution:
		return g.derives(query.Growth, query.Difference) || byTime
	case opDifference, opMinus:
		return g.derives(query.Difference)
	case opCompare:
		return g.p.Grouped() || g.p.Derived != nil
	case opPerCapita:
		return g.derives(query.Ratio)
	}
	return true
}

// bounds is does of the words that bound a figure or time.
func (g *guard) bounds(o op) bool {
	switch o {
	case opNot:
		return g.compares(query.Ne, query.Null, query.Le, query.Ge)
	case opMoreThan, opAfter:
		return g.compares(query.Gt, query.Ge, query.Between)
	case opLessThan, opBefore:
		return g.compares(query.Lt, query.Le, query.Between)
	case opAtLeast, opSince:
		return g.compares(query.Ge, query.Gt, query.Between) || g.derives(query.Growth, query.Difference)
	case opAtMost, opUntil:
		return g.compares(query.Le, query.Lt, query.Between) || g.derives(query.Growth, query.Difference)
	case opBetween:
		return g.compares(query.Between, query.Ge) || g.derives(query.Growth, query.Difference)
	case opMissing:
		return g.compares(query.Null, query.Lt)
	case opFilled:
		return g.compares(query.Null, query.NotNull)
	case opContains, opStarts:
		return g.compares(query.Contains, query.Starts)
	}
	return true
}

func (g *guard) agg(as ...query.Agg) bool {
	return slices.ContainsFunc(g.p.Measures, func(m query.Measure) bool { return slices.Contains(as, m.Agg) })
}

func (g *guard) derives(ds ...query.DerivedOp) bool {
	return g.p.Derived != nil && slices.Contains(ds, g.p.Derived.Op)
}

// compares tells whether a filter, or a bound on a group, is one of the operators.
func (g *guard) compares(ops ...query.Op) bool {
	return slices.ContainsFunc(filters(g.p), func(f query.Filter) bool { return slices.Contains(ops, f.Op) }) ||
		slices.ContainsFunc(g.p.Having, func(h query.Having) bool { return slices.Contains(ops, h.Op) })
}

func (g *guard) ranked(desc bool) bool {
	return g.p.Limit > 0 && slices.ContainsFunc(g.p.OrderBy, func(x query.Order) bool { return x.Desc == desc && (x.Column != "" || x.Measure > 0) })
}

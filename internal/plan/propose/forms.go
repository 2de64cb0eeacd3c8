package propose

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// form writes plans of one kind over a set of conditions.
type form struct {
	name        string // for those who read a golden file
	run         func(p *pool, s set, emit emitter)
	conditional bool // what it writes depends on the conditions
}

// forms in the order they are tried.
var forms = []form{
	{"count", counts, false},
	{"aggregate", aggregates, false},
	{"list", lists, false},
	{"order", orders, false},
	{"group", groups, false},
	{"share of groups", groupShares, false},
	{"two columns", twoColumns, false},
	{"tally", tallies, false},
	{"share", shares, true},
	{"two sides", sides, true},
	{"beside", besides, true},
	{"verdict", verdicts, true},
}

// unless is a cost where something is not so.
func unless(so bool, cost float64) float64 {
	if so {
		return 0
	}
	return cost
}

// counts: how many rows, how many different cells.
func counts(p *pool, s set, emit emitter) {
	asked := unless(p.g.Has(ground.CountOf), 0.4)
	emit(asked, query.Plan{Measures: []query.Measure{{Agg: query.Count}}})
	different := unless(p.g.Has(ground.Distinct), 0.2)
	groups := p.groups
	if l := p.g.Table.Label; l >= 0 && !slices.Contains(groups, l) {
		groups = append(slices.Clone(groups), l)
	}
	for _, col := range append(slices.Clone(groups), p.unnamedGroups(3)...) {
		if c := p.column(col); c.Role != dataset.Measure || p.g.Has(ground.Distinct) {
			emit(asked+different+p.price(col), query.Plan{Measures: []query.Measure{{Agg: query.CountDistinct, Column: c.Name}}})
		}
	}
	for _, m := range p.spans() {
		emit(asked, query.Plan{Measures: []query.Measure{m}})
	}
}

// aggs lists the aggregates that words ask for, those that are often meant
// without a word last.
func (p *pool) aggs() (said, all []query.Agg) {
	for _, x := range []struct {
		agg    query.Agg
		senses []ground.Sense
	}{{query.Sum, []ground.Sense{ground.SumOf}}, {query.Avg, []ground.Sense{ground.AvgOf}}, {query.Max, []ground.Sense{ground.MaxOf, ground.Most, ground.Last}}, {query.Min, []ground.Sense{ground.MinOf, ground.Least, ground.First}}, {query.Median, []ground.Sense{ground.MedianOf}}} {
		if p.g.Has(x.senses...) {
			said = append(said, x.agg)
			all = append(all, x.agg)
		} else if x.agg == query.Sum {
			all = append(all, x.agg)
		}
	}
	return said, all
}

func (p *pool) measure(agg query.Agg, col int) query.Measure {
	return query.Measure{Agg: agg, Column: p.nameOf(col), As: p.column(col).Reads}
}

// whole is what the cells of a column come to where no word says how: their sum,
// or the mean of what is never added up.
func (p *pool) whole(col int) query.Measure {
	if p.column(col).Additivity == dataset.Never {
		return p.measure(query.Avg, col)
	}
	return p.measure(query.Sum, col)
}

// aggregates: a sum, mean, median, largest or smallest; two at once.
func aggregates(p *pool, s set, emit emitter) {
	said, all := p.aggs()
	plain := unless(!p.g.Has(ground.CountOf), 0.2) + unless(len(said) > 0, 0.2)
	p.perSpan(emit)
	for _, col := range p.computed() {
		p.aggregated(col, plain+p.price(col), said, all, emit)
	}
	if len(p.values) > 1 && p.mentioned(p.values[0]) && p.mentioned(p.values[1]) {
		for _, a := range all {
			for _, b := range all {
				emit(plain+0.3+unless(a == b, 0.2), query.Plan{Measures: []query.Measure{p.measure(a, p.values[0]), p.measure(b, p.values[1])}})
			}
		}
	}
}

// perSpan: the mean of a year, of a month, is the sum of all by how many there are.
func (p *pool) perSpan(emit emitter) {
	if !p.g.Has(ground.AvgOf) {
		return
	}
	for _, per := range p.spans() {
		for _, col := range p.values[:min(len(p.values), 3)] {
			emit(p.price(col), query.Plan{Measures: []query.Measure{p.measure(query.Sum, col), per}, Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}})
		}
		emit(0.2, query.Plan{Measures: []query.Measure{{Agg: query.Count}, per}, Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}})
	}
}

// aggregated writes what a column comes to, one way each, then all those that are
// said at once.
func (p *pool) aggregated(col int, cost float64, said, all []query.Agg, emit emitter) {
	c := p.column(col)
	var both []query.Measure
	for _, agg := range all {
		if c.Dated() && agg != query.Max && agg != query.Min {
			continue
		}
		if agg == query.Sum && c.Additivity == dataset.Never { // refused: the mean is what is left
			if !slices.Contains(all, query.Avg) {
				emit(cost+0.3, query.Plan{Measures: []query.Measure{p.measure(query.Avg, col)}})
			}
			continue
		}
		emit(cost+unless(slices.Contains(said, agg) || len(said) == 0, 0.3), query.Plan{Measures: []query.Measure{p.measure(agg, col)}})
	}
	for _, agg := range said {
		both = append(both, p.measure(agg, col))
	}
	if len(said) > 1 && !c.Dated() {
		emit(cost+0.1, query.Plan{Measures: both})
	}
}

// computed are the columns to aggregate: numbers, then days for first and last.
func (p *pool) computed() []int {
	out := slices.Clone(p.values)
	for _, col := range p.sorts {
		if c := p.column(col); (c.Dated() || c.Role == dataset.Year) && !slices.Contains(out, col) {
			out = append(out, col)
		}
	}
	return out
}

// tallies: how many groups there are whose figure compares with a number; how
// many rows there are a group.
func tallies(p *pool, s set, emit emitter) {
	if !p.g.Has(ground.CountOf) && !p.g.Has(ground.AvgOf) {
		return
	}
	for _, by := range p.groupings() {
		figures := p.figures(by.cols)
		for _, f := range figures[:min(len(figures), 4)] {
			p.having(by.cost+f.cost, query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: f.measures}, func(cost float64, q query.Plan, kept ...string) {
				q.Tally = true
				emit(cost, q, kept...)
			})
		}
		if p.g.Has(ground.AvgOf) && len(by.cols) == 1 && by.as == nil {
			emit(0.2+by.cost, query.Plan{Measures: []query.Measure{{Agg: query.Count}, {Agg: query.CountDistinct, Column: by.cols[0]}}, Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}})
		}
	}
}

// besides: the row after or before the one that is named.
func besides(p *pool, s set, emit emitter) {
	if len(s.conds) == 0 || !p.g.Has(ground.Next, ground.Previous, ground.After, ground.Before) {
		return
	}
	for i, col := range p.shown[:min(len(p.shown), 3)] {
		for _, shift := range []int{1, -1} {
			emit(0.3+0.1*float64(i), query.Plan{Columns: []string{p.nameOf(col)}, Shift: shift})
		}
	}
	if len(s.conds) == 1 { // the column of the cell itself
		for _, shift := range []int{1, -1} {
			emit(0.3, query.Plan{Columns: []string{s.conds[0].Column}, Shift: shift})
		}
	}
}

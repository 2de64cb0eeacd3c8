package propose

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// form writes plans of one kind over a set of conditions.
type form struct {
	name string // for those who read a golden file
	run  func(p *pool, s set, emit func(query.Plan))
}

// forms in the order they are tried.
var forms = []form{
	{"count", counts},
	{"aggregate", aggregates},
	{"list", lists},
	{"order", orders},
	{"group", groups},
	{"share", shares},
	{"difference", differences},
	{"beside", besides},
	{"tally", tallies},
	{"verdict", verdicts},
}

// counts: how many rows, how many different cells.
func counts(p *pool, s set, emit func(query.Plan)) {
	emit(query.Plan{Measures: []query.Measure{{Agg: query.Count}}})
	for _, col := range p.groups {
		if c := p.column(col); c.Role != dataset.Measure || p.g.Has(ground.Distinct) {
			emit(query.Plan{Measures: []query.Measure{{Agg: query.CountDistinct, Column: c.Name}}})
		}
	}
	for _, m := range p.spans() {
		emit(query.Plan{Measures: []query.Measure{m}})
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

// aggregates: a sum, mean, median, largest or smallest; two at once.
func aggregates(p *pool, s set, emit func(query.Plan)) {
	said, all := p.aggs()
	if p.g.Has(ground.AvgOf) { // a year, a month: the sum of all by how many there are
		for _, per := range p.spans() {
			for _, col := range p.values[:min(len(p.values), 3)] {
				emit(query.Plan{Measures: []query.Measure{p.measure(query.Sum, col), per}, Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}})
			}
			emit(query.Plan{Measures: []query.Measure{{Agg: query.Count}, per}, Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}})
		}
	}
	for _, col := range p.computed() {
		for _, agg := range all {
			if p.column(col).Dated() && agg != query.Max && agg != query.Min {
				continue
			}
			emit(query.Plan{Measures: []query.Measure{p.measure(agg, col)}})
		}
		if len(said) > 1 {
			var both []query.Measure
			for _, agg := range said {
				both = append(both, p.measure(agg, col))
			}
			if !p.column(col).Dated() {
				emit(query.Plan{Measures: both})
			}
		}
	}
	if len(p.values) > 1 && p.mentioned(p.values[0]) && p.mentioned(p.values[1]) {
		for _, a := range all {
			for _, b := range all {
				emit(query.Plan{Measures: []query.Measure{p.measure(a, p.values[0]), p.measure(b, p.values[1])}})
			}
		}
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

// lists: cells as they are, each once or not.
func lists(p *pool, s set, emit func(query.Plan)) {
	for _, cols := range p.projections() {
		emit(query.Plan{Columns: cols, Distinct: true})
		emit(query.Plan{Columns: cols})
	}
}

// projections are the columns that may be listed together: those named outright
// in the order of the words, all but one of them, each, and with the column that
// names the rows.
func (p *pool) projections() [][]string {
	var out [][]string
	add := func(cols []int) {
		names := p.names(cols)
		if len(cols) > 0 && !slices.ContainsFunc(out, func(have []string) bool { return slices.Equal(have, names) }) {
			out = append(out, names)
		}
	}
	all := p.inOrder()
	if len(all) > 0 {
		add(all[:1])
	}
	add(all)
	for i := range all { // the one that is sorted or filtered by
		add(slices.Delete(slices.Clone(all), i, i+1))
	}
	for _, col := range p.shown[:min(len(p.shown), 6)] {
		add([]int{col})
	}
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			add([]int{all[i], all[j]})
		}
	}
	if l := p.g.Table.Label; l >= 0 && !slices.Contains(all, l) {
		for _, col := range all {
			add([]int{l, col})
		}
	}
	return out[:min(len(out), 18)]
}

// inOrder lists the columns named outright by the place of their name.
func (p *pool) inOrder() []int {
	list := slices.DeleteFunc(slices.Clone(p.named), func(n named) bool { return !p.mentioned(n.col) })
	slices.SortStableFunc(list, func(a, b named) int { return a.at - b.at })
	var out []int
	for _, n := range list[:min(len(list), 5)] {
		out = append(out, n.col)
	}
	return out
}

func (p *pool) names(cols []int) []string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = p.nameOf(c)
	}
	return out
}

// orders: the rows with the most, the least, the first, the last; a sorted list.
func orders(p *pool, s set, emit func(query.Plan)) {
	superlative := p.g.Has(ground.Most, ground.Least, ground.First, ground.Last, ground.MaxOf, ground.MinOf, ground.Gt, ground.Lt, ground.Or)
	sorted := p.g.Has(ground.Sort, ground.Asc, ground.Desc, ground.Alpha)
	if !superlative && !sorted && len(p.limits) == 0 {
		return
	}
	projections := p.projections()
	for _, cols := range projections[:min(len(projections), 10)] {
		for _, o := range p.keys() {
			if len(cols) == 1 && cols[0] == o.Column && !sorted {
				continue
			}
			for _, desc := range []bool{true, false} {
				o.Desc = desc
				plan := query.Plan{Columns: cols, OrderBy: []query.Order{o}}
				if sorted {
					emit(plan)
				}
				if !superlative && len(p.limits) == 0 {
					continue
				}
				plan.Limit = 1
				emit(plan)
				for _, k := range p.limits {
					plan.Limit = k
					emit(plan)
				}
				for _, n := range p.ranks {
					if superlative || sorted {
						plan.Limit, plan.Offset = 1, n-1
						emit(plan)
					}
				}
			}
		}
	}
}

// keys are what rows may be sorted by: named columns, and their order in the file.
func (p *pool) keys() []query.Order {
	var out []query.Order
	for _, col := range p.sorts {
		c := p.column(col)
		if c.Type == dataset.Text && c.Reads == "" && !p.g.Has(ground.Sort, ground.Asc, ground.Desc, ground.Alpha) {
			continue
		}
		out = append(out, query.Order{Column: c.Name, As: c.Reads})
	}
	if p.g.Has(ground.First, ground.Last) {
		out = append(out, query.Order{})
	}
	return out
}

package propose

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// groups: a figure for each cell of a column, the cells with the most and the
// least, those with more than so many.
func groups(p *pool, s set, emit func(query.Plan)) {
	for _, by := range p.groupings() {
		figures := p.groupMeasures(by.cols)
		for _, m := range figures {
			plan := query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: []query.Measure{m}}
			emit(plan)
			p.ranked(plan, s, emit)
			p.having(plan, emit)
		}
		if said, _ := p.aggs(); len(said) > 1 || len(said) == 1 && p.g.Has(ground.CountOf) {
			for i := range figures[:min(len(figures), 4)] { // two figures a group
				for j := i + 1; j < min(len(figures), 4); j++ {
					emit(query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: []query.Measure{figures[i], figures[j]}})
				}
			}
		}
	}
}

// grouping is what rows are grouped by.
type grouping struct {
	cols []string
	as   []query.As
}

// groupings are the columns to group by, alone and in twos, and parts of days.
func (p *pool) groupings() []grouping {
	var out []grouping
	cols := slices.Clone(p.groups)
	if l := p.g.Table.Label; l >= 0 && !slices.Contains(cols, l) && len(cols) < maxGroups {
		cols = append(cols, l)
	}
	out = append(out, p.dayParts()...)
	for _, c := range p.g.Table.Columns { // "qui", "lequel": not named at all
		if len(cols) >= 2 {
			break
		}
		if c.Type == dataset.Text && c.Distinct > 1 && c.Distinct*2 < p.g.Table.Table.Rows && c.Role == dataset.Dimension && !slices.Contains(cols, c.Index) {
			cols = append(cols, c.Index)
		}
	}
	for _, c := range cols {
		if p.column(c).Role != dataset.Measure || p.column(c).Distinct < 30 {
			out = append(out, grouping{cols: []string{p.nameOf(c)}})
		}
	}
	if len(cols) > 1 && p.mentioned(cols[0]) && p.mentioned(cols[1]) {
		out = append(out, grouping{cols: p.names(cols[:2])})
	}
	return out
}

// dayParts groups the first columns of days by the part that a word names.
func (p *pool) dayParts() []grouping {
	var out []grouping
	for _, t := range p.g.Tokens {
		as := t.Part
		if as == "" {
			continue
		}
		n := 0
		for _, c := range p.g.Table.Columns {
			if c.Dated() && n < 2 {
				n++
				out = append(out, grouping{cols: []string{c.Name}, as: []query.As{as}})
			}
		}
	}
	return out
}

// spans count the different years, quarters or months of the days, where a word
// names them; different years of a column of years.
func (p *pool) spans() []query.Measure {
	var out []query.Measure
	for _, by := range p.dayParts() {
		out = append(out, query.Measure{Agg: query.CountDistinct, Column: by.cols[0], As: by.as[0]})
	}
	if slices.ContainsFunc(p.g.Tokens, func(t ground.Token) bool { return t.Part == query.AsYear }) {
		for _, c := range p.g.Table.Columns {
			if c.Role == dataset.Year {
				out = append(out, query.Measure{Agg: query.CountDistinct, Column: c.Name})
			}
		}
	}
	return out
}

func (p *pool) groupMeasures(by []string) []query.Measure {
	out := []query.Measure{{Agg: query.Count}}
	_, all := p.aggs()
	for _, col := range p.values[:min(len(p.values), 3)] {
		if slices.Contains(by, p.nameOf(col)) {
			continue
		}
		for _, agg := range all {
			out = append(out, p.measure(agg, col))
		}
	}
	for _, col := range p.groups[:min(len(p.groups), 3)] {
		if !slices.Contains(by, p.nameOf(col)) && p.g.Has(ground.Distinct, ground.CountOf) {
			out = append(out, query.Measure{Agg: query.CountDistinct, Column: p.nameOf(col)})
		}
	}
	return out
}

// ranked orders groups by their figure.
func (p *pool) ranked(plan query.Plan, s set, emit func(query.Plan)) {
	superlative := p.g.Has(ground.Most, ground.Least, ground.Common, ground.Rare, ground.MaxOf, ground.MinOf, ground.Gt, ground.Lt)
	sorted := p.g.Has(ground.Sort, ground.Asc, ground.Desc)
	if !superlative && !sorted && len(p.limits) == 0 {
		return
	}
	for _, name := range plan.GroupBy { // rows that have no cell there are no winner
		if p.column(indexOf(p.g, name)).Nulls > 0 {
			if plan.Where == nil {
				plan.Where = s.filters()
			}
			plan.Where = append(plan.Where, query.Filter{Column: name, Op: query.NotNull})
		}
	}
	for _, desc := range []bool{true, false} {
		plan.OrderBy = []query.Order{{Measure: 1, Desc: desc}}
		plan.Limit = 1
		if superlative {
			emit(plan)
		}
		for _, k := range p.limits {
			plan.Limit = k
			emit(plan)
		}
		if sorted {
			plan.Limit = 0
			emit(plan)
		}
		for _, n := range p.ranks {
			if superlative || sorted {
				plan.Limit, plan.Offset = 1, n-1
				emit(plan)
				plan.Offset = 0
			}
		}
	}
}

// having keeps the groups whose figure compares with a number of the question.
func (p *pool) having(plan query.Plan, emit func(query.Plan)) {
	for i, t := range p.g.Tokens {
		if !t.IsNum || t.Year {
			continue
		}
		for _, op := range opsAt(p.g, i) {
			if op != query.Ne {
				plan.Having = []query.Having{{Measure: 1, Op: op, Value: t.Num}}
				emit(plan)
			}
		}
	}
}

// tallies: how many groups there are whose figure compares with a number; how
// many rows there are a group.
func tallies(p *pool, s set, emit func(query.Plan)) {
	if !p.g.Has(ground.CountOf) && !p.g.Has(ground.AvgOf) {
		return
	}
	for _, by := range p.groupings() {
		p.having(query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: []query.Measure{{Agg: query.Count}}}, func(q query.Plan) {
			q.Tally = true
			emit(q)
		})
		if p.g.Has(ground.AvgOf) && len(by.cols) == 1 && by.as == nil {
			emit(query.Plan{Measures: []query.Measure{{Agg: query.Count}, {Agg: query.CountDistinct, Column: by.cols[0]}}, Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}})
		}
	}
}

// shares: the part of the rows, or of a sum, that one of the conditions keeps;
// the part of each group.
func shares(p *pool, s set, emit func(query.Plan)) {
	if !p.g.Has(ground.Share) {
		return
	}
	figures := []query.Measure{{Agg: query.Count}}
	for _, col := range p.values[:min(len(p.values), 3)] {
		figures = append(figures, p.measure(query.Sum, col))
	}
	filters := s.filters()
	for _, m := range figures {
		for i, f := range filters {
			of := m
			of.Where = []query.Filter{f}
			rest := slices.Delete(slices.Clone(filters), i, i+1)
			emit(query.Plan{Where: orNone(rest), Measures: []query.Measure{of, m}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}})
		}
		if len(filters) > 1 {
			of := m
			of.Where = filters
			emit(query.Plan{Where: none, Measures: []query.Measure{of, m}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}})
		}
		for _, by := range p.groupings() {
			emit(query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: []query.Measure{m}, Derived: &query.Derived{Op: query.ShareOfTotal, Of: 1}})
		}
	}
	if len(p.values) > 1 { // one column in a hundred of another
		for _, pair := range [][2]int{{p.values[0], p.values[1]}, {p.values[1], p.values[0]}} {
			emit(query.Plan{Measures: []query.Measure{p.measure(query.Sum, pair[0]), p.measure(query.Sum, pair[1])}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}})
		}
	}
}

// none marks a plan whose conditions are all within its measures.
var none = []query.Filter{}

func orNone(list []query.Filter) []query.Filter {
	if len(list) == 0 {
		return none
	}
	return list
}

// differences: of the figures of two cells of one column, of the largest and
// the smallest, of two columns.
func differences(p *pool, s set, emit func(query.Plan)) {
	if !p.g.Has(ground.Gap, ground.Change, ground.Trend, ground.Times, ground.Most, ground.Least, ground.Gt, ground.Lt, ground.Share) {
		return
	}
	ops := []query.DerivedOp{query.Difference}
	if p.g.Has(ground.Share, ground.Change, ground.Trend) {
		ops = append(ops, query.Growth)
	}
	if p.g.Has(ground.Times) {
		ops = append(ops, query.Ratio)
	}
	for _, op := range ops {
		for _, col := range p.values[:min(len(p.values), 3)] {
			if op == query.Difference {
				emit(query.Plan{Measures: []query.Measure{p.measure(query.Max, col), p.measure(query.Min, col)}, Derived: &query.Derived{Op: op, Of: 1, Over: 2}})
			}
		}
		if len(p.values) > 1 {
			for _, pair := range [][2]int{{p.values[0], p.values[1]}, {p.values[1], p.values[0]}} {
				emit(query.Plan{Measures: []query.Measure{p.measure(query.Sum, pair[0]), p.measure(query.Sum, pair[1])}, Derived: &query.Derived{Op: op, Of: 1, Over: 2}})
			}
		}
		p.sides(s, op, emit)
	}
}

// sides compares the figures of two values of one column.
func (p *pool) sides(s set, op query.DerivedOp, emit func(query.Plan)) {
	p.pairs(s, func(rest []query.Filter, of, over query.Measure) {
		emit(query.Plan{Where: rest, Measures: []query.Measure{of, over}, Derived: &query.Derived{Op: op, Of: 1, Over: 2}})
	})
}

// pairs lists the figures of two values of one column, both ways round.
func (p *pool) pairs(s set, each func(rest []query.Filter, of, over query.Measure)) {
	for i, a := range s.conds {
		for j, b := range s.conds {
			if i == j || a.Column != b.Column || a.Op != b.Op {
				continue
			}
			rest := set{}
			for k, c := range s.conds {
				if k != i && k != j {
					rest.conds = append(rest.conds, c)
				}
			}
			figures := []query.Measure{{Agg: query.Count}}
			for _, col := range p.values[:min(len(p.values), 3)] {
				figures = append(figures, p.measure(query.Sum, col))
				if p.g.Has(ground.AvgOf) {
					figures = append(figures, p.measure(query.Avg, col))
				}
			}
			for _, m := range figures {
				of, over := m, m
				of.Where, over.Where = []query.Filter{a.Filter}, []query.Filter{b.Filter}
				each(orNone(rest.filters()), of, over)
			}
		}
	}
}

// besides: the row after or before the one that is named.
func besides(p *pool, s set, emit func(query.Plan)) {
	if len(s.conds) == 0 || !p.g.Has(ground.Next, ground.Previous, ground.After, ground.Before) {
		return
	}
	for _, col := range p.shown[:min(len(p.shown), 3)] {
		for _, shift := range []int{1, -1} {
			emit(query.Plan{Columns: []string{p.nameOf(col)}, Shift: shift})
		}
	}
	if len(s.conds) == 1 { // the column of the cell itself
		for _, shift := range []int{1, -1} {
			emit(query.Plan{Columns: []string{s.conds[0].Column}, Shift: shift})
		}
	}
}

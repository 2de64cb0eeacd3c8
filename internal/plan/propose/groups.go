package propose

import (
	"slices"
	"sort"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// groups: a figure for each cell of a column, the cells with the most and the
// least, those with more than so many.
func groups(p *pool, s set, emit emitter) {
	plain := unless(p.g.Has(ground.Each, ground.By, ground.Trend), 0.25)
	for _, by := range p.groupings() {
		figures := p.figures(by.cols)
		for _, f := range figures {
			cost := by.cost + f.cost
			q := query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: f.measures}
			emit(cost+plain, q)
			p.ranked(cost, q, emit)
			p.having(cost, q, emit)
		}
		if said, _ := p.aggs(); len(said) > 1 || len(said) == 1 && p.g.Has(ground.CountOf) {
			for i := range figures[:min(len(figures), 4)] { // two figures a group
				for j := i + 1; j < min(len(figures), 4); j++ {
					emit(by.cost+plain+figures[i].cost+figures[j].cost+0.1, query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: slices.Concat(figures[i].measures, figures[j].measures)})
				}
			}
		}
	}
}

// grouping is what rows are grouped by.
type grouping struct {
	cols []string
	as   []query.As
	cost float64
}

// groupings are the columns to group by, alone and in twos, and parts of days.
func (p *pool) groupings() []grouping {
	out := p.dayParts()
	cols := slices.Clone(p.groups)
	if l := p.g.Table.Label; l >= 0 && !slices.Contains(cols, l) {
		cols = append(cols, l)
	}
	for _, col := range p.unnamedGroups(2) { // "qui", "lequel": not named at all
		if !slices.Contains(cols, col) {
			cols = append(cols, col)
		}
	}
	for i, col := range cols {
		c := p.column(col)
		if c.Role == dataset.Measure && c.Distinct >= 30 {
			continue
		}
		cost := p.price(col) + 0.04*float64(i)
		if c.Role == dataset.Measure || c.Dated() {
			cost += 0.3
		}
		out = append(out, grouping{cols: []string{c.Name}, cost: cost})
	}
	if len(cols) > 1 && p.mentioned(cols[0]) && p.mentioned(cols[1]) {
		out = append(out, grouping{cols: p.names(cols[:2]), cost: 0.3})
	}
	return out
}

// unnamedGroups are columns of words that repeat themselves and that no word
// names outright, those nearest to a word first.
func (p *pool) unnamedGroups(most int) []int {
	var out []int
	for _, c := range p.g.Table.Columns {
		if c.Type == dataset.Text && c.Distinct > 1 && c.Distinct*2 < p.g.Table.Table.Rows && c.Role == dataset.Dimension && !slices.Contains(p.groups, c.Index) {
			out = append(out, c.Index)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return p.g.Nearest[out[i]] > p.g.Nearest[out[j]]+0.05 })
	return out[:min(len(out), most)]
}

// dayParts groups the first columns of days by the part that a word names, and
// by a column that holds years or months itself.
func (p *pool) dayParts() []grouping {
	var out []grouping
	for _, t := range p.g.Tokens {
		as := t.Part
		if as == "" {
			continue
		}
		n := 0
		for _, c := range p.g.Table.Columns {
			switch {
			case c.Dated() && n < 2:
				n++
				out = append(out, grouping{cols: []string{c.Name}, as: []query.As{as}, cost: 0.1 * float64(n-1)})
			case as == query.AsYear && c.Role == dataset.Year, as == query.AsMonth && c.Kind == dataset.KindMonth:
				out = append(out, grouping{cols: []string{c.Name}})
			}
		}
	}
	if len(out) == 0 && p.g.Has(ground.Trend, ground.Change, ground.Each) { // "à chaque recensement"
		for _, c := range p.g.Table.Columns {
			if c.Role == dataset.Year {
				out = append(out, grouping{cols: []string{c.Name}, cost: 0.3})
			}
		}
	}
	return out
}

// spans count the different years, quarters or months of the days, where a word
// names them; different years of a column of years.
func (p *pool) spans() []query.Measure {
	var out []query.Measure
	if !slices.ContainsFunc(p.g.Tokens, func(t ground.Token) bool { return t.Part != "" }) {
		return nil
	}
	for _, by := range p.dayParts() {
		m := query.Measure{Agg: query.CountDistinct, Column: by.cols[0]}
		if len(by.as) > 0 {
			m.As = by.as[0]
		}
		out = append(out, m)
	}
	return out
}

// figure is what may be asked of each group.
type figure struct {
	measures []query.Measure
	cost     float64
}

// maxFigures is how many figures are tried for each group.
const maxFigures = 9

// figures are the figures that may be asked of groups, cheapest first.
func (p *pool) figures(by []string) []figure {
	named := len(p.values) > 0 && p.mentioned(p.values[0]) && !slices.Contains(by, p.nameOf(p.values[0]))
	out := []figure{{[]query.Measure{{Agg: query.Count}}, unless(p.g.Has(ground.CountOf) || !named, 0.25)}}
	_, all := p.aggs()
	for _, col := range p.values[:min(len(p.values), 4)] {
		if slices.Contains(by, p.nameOf(col)) {
			continue
		}
		for _, agg := range all {
			cost := p.price(col) + p.aggCost(agg)
			if agg == query.Sum && p.column(col).Additivity == dataset.Never {
				agg = query.Avg
			}
			out = append(out, figure{[]query.Measure{p.measure(agg, col)}, cost})
		}
	}
	for _, col := range p.groups[:min(len(p.groups), 3)] {
		if !slices.Contains(by, p.nameOf(col)) && p.g.Has(ground.Distinct, ground.CountOf) {
			out = append(out, figure{[]query.Measure{{Agg: query.CountDistinct, Column: p.nameOf(col)}}, p.price(col) + unless(p.g.Has(ground.Distinct), 0.3)})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].cost < out[j].cost })
	return out[:min(len(out), maxFigures)]
}

// aggCost is what an aggregate of groups costs: "most" asks for an order of them
// more often than for the largest of each, a mean that is said is no sum.
func (p *pool) aggCost(agg query.Agg) float64 {
	switch agg {
	case query.Max, query.Min:
		return 0.25
	case query.Sum:
		return unless(p.g.Has(ground.SumOf) || !p.g.Has(ground.AvgOf, ground.MedianOf), 0.25)
	}
	return 0
}

// ranked orders groups by their figure, the last of them.
func (p *pool) ranked(cost float64, q query.Plan, emit emitter) {
	at := len(q.Measures)
	if q.Derived != nil {
		at++
	}
	var kept []string
	for _, name := range q.GroupBy { // rows that have no cell there are no winner
		if p.column(indexOf(p.g, name)).Nulls > 0 {
			kept = append(kept, name)
		}
	}
	extents := p.extents()
	for _, desc := range []bool{true, false} {
		turn := p.turn(desc, indexOf(p.g, q.Measures[0].Column))
		for _, e := range extents {
			q.OrderBy, q.Limit, q.Offset = []query.Order{{Measure: at, Desc: desc}}, e.limit, e.offset
			emit(cost+turn+e.cost, q, kept...)
		}
	}
}

// having keeps the groups whose figure compares with a number of the question.
func (p *pool) having(cost float64, q query.Plan, emit emitter) {
	for i, t := range p.g.Tokens {
		if !t.IsNum || t.Year || p.g.InName(i) {
			continue
		}
		for j, op := range opsAt(p.g, i) {
			if op != query.Ne {
				q.Having = []query.Having{{Measure: 1, Op: op, Value: t.Num}}
				emit(cost+0.1*float64(j)+unless(op != query.Eq, 0.3), q)
			}
		}
	}
}

// groupShares: the part of a sum that each group has.
func groupShares(p *pool, s set, emit emitter) {
	if !p.g.Has(ground.Share) {
		return
	}
	for _, by := range p.groupings() {
		for _, m := range p.counted() {
			emit(0.1+by.cost+m.cost, query.Plan{GroupBy: by.cols, GroupAs: by.as, Measures: m.measures, Derived: &query.Derived{Op: query.ShareOfTotal, Of: 1}})
		}
	}
}

// counted are the rows and what they add up to.
func (p *pool) counted() []figure {
	named := len(p.values) > 0 && p.mentioned(p.values[0])
	out := []figure{{[]query.Measure{{Agg: query.Count}}, unless(!named || p.g.Has(ground.CountOf), 0.15)}}
	for _, col := range p.values[:min(len(p.values), 4)] {
		out = append(out, figure{[]query.Measure{p.whole(col)}, p.price(col)})
		if p.g.Has(ground.AvgOf) && p.column(col).Additivity != dataset.Never {
			out = append(out, figure{[]query.Measure{p.measure(query.Avg, col)}, p.price(col)})
		}
	}
	return out
}

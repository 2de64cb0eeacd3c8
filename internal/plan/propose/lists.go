package propose

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// costed is columns that may be listed together, with what that costs.
type costed struct {
	cols []int
	cost float64
}

// lists: cells as they are, each once or not.
func lists(p *pool, s set, emit emitter) {
	plain := unless(!p.g.Has(ground.CountOf, ground.SumOf, ground.AvgOf, ground.MedianOf), 0.4)
	for _, x := range p.projections() {
		names := p.names(x.cols)
		emit(plain+x.cost, query.Plan{Columns: names, Distinct: true})
		emit(plain+x.cost+0.05, query.Plan{Columns: names})
	}
}

// projections are the columns that may be listed together: those named outright
// in the order of the words, all but one of them, each, and with the column that
// names the rows.
func (p *pool) projections() []costed {
	var out []costed
	add := func(cost float64, cols ...int) {
		if len(cols) > 0 && !slices.ContainsFunc(out, func(have costed) bool { return slices.Equal(have.cols, cols) }) {
			out = append(out, costed{cols, cost})
		}
	}
	all := p.inOrder()
	if len(all) > 0 {
		add(0, all[:1]...)
	}
	for i, col := range p.asked() {
		add(0.05+0.05*float64(i), col)
	}
	for i, col := range p.shown[:min(len(p.shown), 6)] {
		add(0.1*float64(i), col)
	}
	add(0.15, all...)
	for i := range all { // the one that is sorted or filtered by
		add(0.2, slices.Delete(slices.Clone(all), i, i+1)...)
	}
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			add(0.2+0.05*float64(i+j-1), all[i], all[j])
		}
	}
	if l := p.g.Table.Label; l >= 0 && !slices.Contains(all, l) {
		for i, col := range slices.Concat(all, p.asked()) {
			if col != l {
				add(0.25+0.05*float64(i), l, col)
			}
		}
	}
	return out[:min(len(out), 24)]
}

// asked are the columns that a word asks for without naming them: places for
// "où", days and years for "quand".
func (p *pool) asked() []int {
	var out []int
	for _, c := range p.g.Table.Columns {
		if len(out) < 3 && (p.g.Has(ground.Where) && c.Placed() || p.g.Has(ground.When) && (c.Dated() || c.Role == dataset.Year || c.Yearly())) {
			out = append(out, c.Index)
		}
	}
	return out
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
func orders(p *pool, s set, emit emitter) {
	extents := p.extents()
	if len(extents) == 0 {
		return
	}
	projections := p.projections()
	sorted := p.g.Has(ground.Sort, ground.Asc, ground.Desc, ground.Alpha)
	for _, k := range p.keys() {
		for _, x := range p.beside(k.col, projections) {
			if len(x.cols) == 1 && x.cols[0] == k.col && !sorted {
				continue
			}
			names := p.names(x.cols)
			for _, desc := range []bool{true, false} {
				o := k.Order
				o.Desc = desc
				for _, e := range extents {
					emit(k.cost+x.cost+p.turn(desc, k.col)+e.cost, query.Plan{Columns: names, OrderBy: []query.Order{o}, Limit: e.limit, Offset: e.offset})
				}
			}
		}
	}
}

// beside are the columns that may be listed where rows are sorted by one: others
// alone, and with it.
func (p *pool) beside(key int, projections []costed) []costed {
	var out []costed
	var with []costed
	for _, x := range projections[:min(len(projections), 14)] {
		if len(x.cols) == 1 && x.cols[0] != key && key >= 0 && len(with) < 3 && !(p.column(x.cols[0]).Role == dataset.Measure) {
			with = append(with, costed{[]int{x.cols[0], key}, x.cost + 0.15})
		}
		if len(x.cols) == 1 && p.column(x.cols[0]).Role == dataset.Measure {
			x.cost += 0.15
		}
		out = append(out, x)
	}
	for _, w := range with {
		if !slices.ContainsFunc(out, func(x costed) bool { return slices.Equal(x.cols, w.cols) }) {
			out = append(out, w)
		}
	}
	return out
}

// extent is how many rows are kept, and after how many.
type extent struct {
	limit, offset int
	cost          float64
}

// extents are how many rows may be meant: the first of an order, the k first, the
// n-th, all of them; none where nothing is said of an order.
func (p *pool) extents() []extent {
	superlative := p.g.Has(ground.Most, ground.Least, ground.First, ground.Last, ground.MaxOf, ground.MinOf, ground.Gt, ground.Lt, ground.Or, ground.Common, ground.Rare)
	sorted := p.g.Has(ground.Sort, ground.Asc, ground.Desc, ground.Alpha)
	if !superlative && !sorted && len(p.limits) == 0 && len(p.ranks) == 0 {
		return nil
	}
	var out []extent
	for _, n := range p.ranks {
		out = append(out, extent{1, n - 1, 0})
	}
	for i, k := range p.limits {
		out = append(out, extent{k, 0, 0.1*float64(i) + unless(superlative, 0.1)})
	}
	if sorted {
		out = append(out, extent{0, 0, 0.1})
	}
	if superlative {
		out = append(out, extent{1, 0, 0.2 * float64(min(1, len(p.limits)+len(p.ranks)))})
	}
	return out
}

// turn is what a direction costs: that of the words, nothing.
func (p *pool) turn(desc bool, key int) float64 {
	down, up := p.g.Has(ground.Most, ground.MaxOf, ground.Desc, ground.Gt, ground.Common), p.g.Has(ground.Least, ground.MinOf, ground.Asc, ground.Alpha, ground.Lt, ground.Rare)
	if key < 0 || p.column(key).Dated() || p.column(key).Role == dataset.Year || p.column(key).Yearly() {
		down, up = down || p.g.Has(ground.Last), up || p.g.Has(ground.First)
	} else {
		down = down || p.g.Has(ground.First, ground.Last)
	}
	switch {
	case down == up:
		return unless(desc, 0.1)
	case desc != down:
		return 0.35
	}
	return 0
}

// sortKey is a column that rows may be sorted by; -1: their order in the file.
type sortKey struct {
	query.Order
	col  int
	cost float64
}

// keys are what rows may be sorted by: named columns, and their order in the file.
func (p *pool) keys() []sortKey {
	var out []sortKey
	for _, col := range p.sorts {
		c := p.column(col)
		if c.Type == dataset.Text && c.Reads == "" && !p.g.Has(ground.Sort, ground.Asc, ground.Desc, ground.Alpha) {
			continue
		}
		cost := p.price(col)
		if c.Type != dataset.Text && c.Role == dataset.Code || c.Role == dataset.Key {
			cost += 0.3
		}
		if c.Dated() && p.g.Has(ground.First, ground.Last) {
			cost -= 0.2
		}
		out = append(out, sortKey{query.Order{Column: c.Name, As: c.Reads}, col, cost})
	}
	if p.g.Has(ground.First, ground.Last) {
		out = append(out, sortKey{query.Order{}, -1, 0.3})
	}
	return out
}

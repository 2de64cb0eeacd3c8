package assistant

import (
	"fmt"
	"slices"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// behind says which year figures were observed in, where their column lags the
// years of its rows (a legal population is that of a census three years
// earlier), and that years too near each other are not quite comparable.
func behind(c plan.Candidate, p *query.Plan, a *answer.Answer) {
	year := yearColumn(c)
	if year == nil {
		return
	}
	for i := range c.Annotation.Column {
		n := &c.Annotation.Column[i]
		if n.Lag == nil || !reads(p, n.Name) {
			continue
		}
		years := yearsRead(p, year)
		if len(years) == 0 {
			return
		}
		first, last := years[0], years[len(years)-1]
		from, l := n.Lag.From.In(a.Lang), a.Lang
		if first == last {
			a.Assumptions = append(a.Assumptions, texts.Say(l, "assistant.figure_in_force_in", "year", last, "from", from, "counted", last-n.Lag.Years))
			return
		}
		a.Assumptions = append(a.Assumptions, texts.Say(l, "assistant.figures_in_force_each_year_years", "from", from, "n", n.Lag.Years, "first", first, "first_counted", first-n.Lag.Years, "last", last, "last_counted", last-n.Lag.Years))
		if last-first < n.Lag.Apart {
			a.Caveats = append(a.Caveats, n.Lag.Near.In(l))
		}
		return
	}
}

// reads tells whether figures or cells of the column are shown.
func reads(p *query.Plan, column string) bool {
	return slices.Contains(p.Columns, column) || slices.ContainsFunc(p.Measures, func(m query.Measure) bool { return m.Column == column })
}

// yearsRead lists the years that a plan reads of a table with a column of years, in order.
func yearsRead(p *query.Plan, year *dataset.Column) []int {
	sets := [][]query.Filter{p.Where}
	for _, m := range p.Measures {
		if len(m.Where) > 0 {
			sets = append(sets, slices.Concat(p.Where, m.Where))
		}
	}
	if len(sets) > 1 && len(sets) > len(p.Measures) { // every measure has years of its own
		sets = sets[1:]
	}
	var read []int
	for _, y := range yearsOf(year) {
		in := func(f query.Filter) bool { return f.Column != year.Name || f.Than != nil || keeps(f, float64(y)) }
		if slices.ContainsFunc(sets, func(fs []query.Filter) bool {
			return !slices.ContainsFunc(fs, func(f query.Filter) bool { return !in(f) })
		}) {
			read = append(read, y)
		}
	}
	return read
}

// keeps tells whether a filter on a number keeps it.
func keeps(f query.Filter, v float64) bool {
	value := func(i int) float64 {
		var x float64
		if i < len(f.Values) {
			_, _ = fmt.Sscan(literal(f.Values[i]), &x)
		}
		return x
	}
	is := func(i int) bool { return value(i) == v }
	switch f.Op {
	case query.Eq, query.Ne:
		found := false
		for i := range f.Values {
			found = found || is(i)
		}
		return found == (f.Op == query.Eq)
	case query.Lt:
		return v < value(0)
	case query.Le:
		return v <= value(0)
	case query.Gt:
		return v > value(0)
	case query.Ge:
		return v >= value(0)
	case query.Between:
		return v >= value(0) && v <= value(1)
	}
	return true
}

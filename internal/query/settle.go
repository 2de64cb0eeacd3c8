package query

import (
	"slices"
	"strconv"

	"cigogne/internal/dataset"
)

// Settle returns the plan with what its tables know of themselves: a parent's
// value repeated on its rows is counted once (Measure.Once), rows that are
// totals of others are left out, or kept in place of their parts, and one level
// of several is kept. What it adds is a part of the plan, shown and replayed
// like the rest; a plan that speaks of a column is left its word, and a settled
// plan is settled already.
func Settle(p *Plan, tables Tables) *Plan {
	if p == nil || tables(p.Table) == nil {
		return p
	}
	t := Joined(tables(p.Table), p.Joins, tables)
	out := *p
	out.Joins = slices.Clone(p.Joins)
	for i := range out.Joins {
		out.Joins[i].Of = Settle(out.Joins[i].Of, tables)
	}
	out.Where = slices.Clone(p.Where)
	for i := range out.Where {
		out.Where[i].Than = Settle(out.Where[i].Than, tables)
	}
	out.Having = slices.Clone(p.Having)
	for i := range out.Having {
		out.Having[i].Than = Settle(out.Having[i].Than, tables)
	}
	out.Measures = slices.Clone(p.Measures)
	for i := range out.Measures {
		if m := &out.Measures[i]; m.As == "" && adds(m.Agg) {
			m.settle(t.Column(m.Column))
		}
	}
	if p.Derived != nil {
		d := *p.Derived
		d.Per = Settle(d.Per, tables)
		out.Derived = &d
	}
	if p.Shift != 0 {
		return &out // places in the file are of all its rows
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if f := out.apart(c); f != nil {
			out.Where = append(out.Where, *f)
		}
	}
	return &out
}

// settle has a parent's value, repeated on its rows, counted once.
func (m *Measure) settle(c *dataset.Column) {
	if c != nil && c.Type.Numeric() && len(c.Within) > 0 {
		m.Once = c.Within
	}
}

func adds(a Agg) bool { return a == Sum || a == Avg || a == Median }

// apart is the filter that keeps totals from their parts, or one level from
// another, where the plan says nothing of it.
func (p *Plan) apart(c *dataset.Column) *Filter {
	switch {
	case len(c.Totals) > 0:
		if p.picks(c.Name) || p.names(c) {
			return nil
		}
		if c.Whole != "" && !p.uses(c.Name) {
			return &Filter{Column: c.Name, Op: Eq, Values: cells(c, []string{c.Whole})}
		}
		return &Filter{Column: c.Name, Op: Ne, Values: cells(c, c.Totals)}
	case len(c.Levels) > 1:
		if p.uses(c.Name) || p.picks(c.Name) || slices.ContainsFunc(c.Within, p.picks) {
			return nil
		}
		return &Filter{Column: c.Name, Op: Eq, Values: cells(c, c.Levels[len(c.Levels)-1:])}
	}
	return nil
}

// picks tells whether the plan keeps cells of a column that it names.
func (p *Plan) picks(column string) bool {
	return slices.ContainsFunc(p.Where, func(f Filter) bool {
		return f.Column == column && (f.Op == Eq || f.Op == Contains || f.Op == Starts)
	})
}

// names tells whether the plan names a total of a column, to keep it or not.
func (p *Plan) names(c *dataset.Column) bool {
	filters := slices.Clone(p.Where)
	for _, m := range p.Measures {
		filters = append(filters, m.Where...)
	}
	return slices.ContainsFunc(filters, func(f Filter) bool {
		return f.Column == c.Name && slices.ContainsFunc(f.Values, func(v any) bool { return slices.Contains(c.Totals, literalCell(v)) })
	})
}

func literalCell(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return literal(v)
}

// uses tells whether a column has a part in the plan.
func (p *Plan) uses(column string) bool {
	in := func(filters []Filter) bool {
		return slices.ContainsFunc(filters, func(f Filter) bool { return f.Column == column || f.Other == column })
	}
	return in(p.Where) || slices.Contains(p.GroupBy, column) || slices.Contains(p.Columns, column) ||
		slices.ContainsFunc(p.Measures, func(m Measure) bool { return m.Column == column || in(m.Where) }) ||
		slices.ContainsFunc(p.OrderBy, func(o Order) bool { return o.Column == column })
}

// cells are texts of a profile as values of the column's type.
func cells(c *dataset.Column, texts []string) []any {
	out := make([]any, len(texts))
	for i, s := range texts {
		out[i] = s
		switch c.Type {
		case dataset.Integer, dataset.Number:
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				out[i] = v
			}
		case dataset.Boolean:
			out[i] = s == "true"
		}
	}
	return out
}

package replay

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/territory"
)

// Rename is a territory that a kept answer calls by the name it bore then.
type Rename struct {
	Was string `json:"was"`
	Now string `json:"now"`
}

// renames leads the names of a kept answer to those that today's tables have
// for the same territories.
type renames struct {
	today []plan.Candidate
	led   []Rename // those that were led
}

// plan returns p with the names it filters on led to today's.
func (r *renames) plan(p *query.Plan) *query.Plan {
	if p == nil {
		return nil
	}
	out := *p
	filters := func(in []query.Filter) []query.Filter {
		list := slices.Clone(in)
		for i, f := range list {
			list[i].Than = r.plan(f.Than)
			list[i].Values = slices.Clone(f.Values)
			for k, v := range f.Values {
				list[i].Values[k] = r.cell(p.Table, f.Column, v)
			}
		}
		return list
	}
	out.Where = filters(p.Where)
	out.Measures = slices.Clone(p.Measures)
	for i, m := range out.Measures {
		out.Measures[i].Where = filters(m.Where)
	}
	if p.Derived != nil {
		d := *p.Derived
		d.Per = r.plan(d.Per)
		out.Derived = &d
	}
	return &out
}

// rows returns the rows of p's result with the names that they show led to
// today's.
func (r *renames) rows(p *query.Plan, rows [][]any) [][]any {
	shown := slices.Concat(p.GroupBy, p.Columns)
	if p.Tally || len(shown) == 0 {
		return rows
	}
	out := make([][]any, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for k := range min(len(shown), len(row)) {
			out[i][k] = r.cell(p.Table, shown[k], row[k])
		}
	}
	return out
}

// cell is what today's column has for a cell that it had.
func (r *renames) cell(table, column string, v any) any {
	was, ok := v.(string)
	at := slices.IndexFunc(r.today, func(c plan.Candidate) bool { return c.Table.ID == table })
	if !ok || at < 0 {
		return v
	}
	col, level := r.today[at].Table.Column(column), levelOf(r.today[at].Annotation, column)
	if level == "" || col == nil || has(col, was) {
		return v
	}
	now := ""
	for _, u := range territory.Home().Find(was) {
		older := slices.ContainsFunc(u.Older, func(n territory.Name) bool { return lang.Fold(n.Text) == lang.Fold(was) })
		if u.Level != level || u.Until > 0 || !older || !has(col, u.Name) {
			continue
		}
		if now != "" { // it was two's
			return v
		}
		now = u.Name
	}
	if now == "" {
		return v
	}
	if led := (Rename{was, now}); !slices.Contains(r.led, led) {
		r.led = append(r.led, led)
	}
	return now
}

// levelOf is the level of the territories that a column names, "" where it
// names none.
func levelOf(a *dataset.Annotation, column string) string {
	if a == nil {
		return ""
	}
	for _, n := range a.Column {
		if n.Name == column {
			return n.Level
		}
	}
	return ""
}

func has(c *dataset.Column, cell string) bool {
	return slices.ContainsFunc(c.Values, func(v dataset.Value) bool { return v.Text == cell })
}

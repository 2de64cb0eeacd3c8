package main

import (
	"slices"

	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// corrupted lists plans that are a right one with one thing changed that nobody
// asked for: what a judge has to tell from the right one, and what a model that
// errs writes. Not all of them give another result.
func corrupted(p *query.Plan, t *ground.Table) []*query.Plan {
	c := corrupter{t: t, plan: p}
	c.filters()
	c.measures()
	c.columns()
	c.order()
	return c.out
}

type corrupter struct {
	t    *ground.Table
	plan *query.Plan
	out  []*query.Plan
}

// with adds a copy of the plan that change has worked on.
func (c *corrupter) with(change func(p *query.Plan)) {
	p := *c.plan
	p.Columns, p.GroupBy, p.GroupAs = slices.Clone(p.Columns), slices.Clone(p.GroupBy), slices.Clone(p.GroupAs)
	p.Where, p.OrderBy = slices.Clone(p.Where), slices.Clone(p.OrderBy)
	p.Measures, p.Having = slices.Clone(p.Measures), slices.Clone(p.Having)
	if p.Derived != nil {
		d := *p.Derived
		p.Derived = &d
	}
	change(&p)
	c.out = append(c.out, &p)
}

// other is a column like another one, not among those left out; "" where there is none.
func (c *corrupter) other(name string, numeric bool) string {
	for _, k := range c.t.Columns {
		if k.Name != name && k.Numeric() == numeric && !slices.Contains(c.plan.Columns, k.Name) && !slices.Contains(c.plan.GroupBy, k.Name) {
			return k.Name
		}
	}
	return ""
}

func (c *corrupter) numeric(name string) bool {
	i := slices.IndexFunc(c.t.Columns, func(k ground.Column) bool { return k.Name == name })
	return i >= 0 && c.t.Columns[i].Numeric()
}

var flipped = map[query.Op][]query.Op{query.Gt: {query.Lt, query.Ge}, query.Lt: {query.Gt, query.Le}, query.Ge: {query.Le, query.Gt}, query.Le: {query.Ge, query.Lt}, query.Eq: {query.Ne}, query.Ne: {query.Eq}, query.Null: {query.NotNull}, query.NotNull: {query.Null}}

// filters flips operators, drops conditions, takes other cells, adds a null filter.
func (c *corrupter) filters() {
	for i, f := range c.plan.Where {
		for _, op := range flipped[f.Op] {
			c.with(func(p *query.Plan) { p.Where[i].Op = op })
		}
		c.with(func(p *query.Plan) { p.Where = slices.Delete(p.Where, i, i+1) })
		if k := c.t.Table.Column(f.Column); f.Op == query.Eq && k != nil && len(k.Values) > 1 && len(f.Values) == 1 {
			for _, v := range k.Values[:2] {
				if text, ok := f.Values[0].(string); ok && v.Text != text {
					c.with(func(p *query.Plan) { p.Where[i].Values = []any{v.Text} })
					break
				}
			}
		}
	}
	for i, h := range c.plan.Having {
		for _, op := range flipped[h.Op] {
			c.with(func(p *query.Plan) { p.Having[i].Op = op })
		}
	}
	for _, k := range c.t.Columns {
		if k.Nulls > 0 && !slices.ContainsFunc(c.plan.Where, func(f query.Filter) bool { return f.Column == k.Name }) {
			c.with(func(p *query.Plan) { p.Where = append(p.Where, query.Filter{Column: k.Name, Op: query.NotNull}) })
			break
		}
	}
}

var turned = map[query.Agg]query.Agg{query.Sum: query.Avg, query.Avg: query.Sum, query.Max: query.Min, query.Min: query.Max, query.Median: query.Avg}

// measures takes another aggregate, another column, a sum for a count, and
// swaps the sides of a derived figure.
func (c *corrupter) measures() {
	for i, m := range c.plan.Measures {
		if agg, ok := turned[m.Agg]; ok {
			c.with(func(p *query.Plan) { p.Measures[i].Agg = agg })
		}
		if m.Column != "" {
			if o := c.other(m.Column, c.numeric(m.Column)); o != "" {
				c.with(func(p *query.Plan) { p.Measures[i].Column, p.Measures[i].As = o, "" })
			}
		}
		if m.Agg == query.Count && m.Column == "" {
			if o := c.other("", true); o != "" {
				c.with(func(p *query.Plan) { p.Measures[i] = query.Measure{Agg: query.Sum, Column: o, Where: m.Where} })
			}
			if o := c.other("", false); o != "" {
				c.with(func(p *query.Plan) {
					p.Measures[i] = query.Measure{Agg: query.CountDistinct, Column: o, Where: m.Where}
				})
			}
		}
	}
	if d := c.plan.Derived; d != nil && d.Over > 0 {
		c.with(func(p *query.Plan) { p.Derived.Of, p.Derived.Over = d.Over, d.Of })
	}
}

// columns lists and groups by others, drops the group, turns distinct.
func (c *corrupter) columns() {
	for i, name := range c.plan.Columns {
		if o := c.other(name, c.numeric(name)); o != "" {
			c.with(func(p *query.Plan) { p.Columns[i] = o })
		}
		if len(c.plan.Columns) > 1 {
			c.with(func(p *query.Plan) { p.Columns = slices.Delete(p.Columns, i, i+1) })
		}
	}
	if len(c.plan.Columns) > 0 {
		c.with(func(p *query.Plan) { p.Distinct = !p.Distinct })
		if o := c.other("", true); o != "" {
			c.with(func(p *query.Plan) { p.Columns = append(p.Columns, o) })
		}
	}
	if len(c.plan.GroupBy) == 1 && len(c.plan.GroupAs) == 0 {
		if o := c.other(c.plan.GroupBy[0], false); o != "" {
			c.with(func(p *query.Plan) { p.GroupBy[0] = o })
		}
		if len(c.plan.OrderBy)+len(c.plan.Having) == 0 && !c.plan.Tally {
			c.with(func(p *query.Plan) { p.GroupBy = nil })
		}
	}
}

// order turns the direction, sorts by another column, keeps more rows or fewer.
func (c *corrupter) order() {
	for i, o := range c.plan.OrderBy {
		c.with(func(p *query.Plan) { p.OrderBy[i].Desc = !o.Desc })
		if o.Column != "" {
			if other := c.other(o.Column, c.numeric(o.Column)); other != "" {
				c.with(func(p *query.Plan) { p.OrderBy[i].Column, p.OrderBy[i].As = other, "" })
			}
		}
	}
	if c.plan.Limit > 0 {
		c.with(func(p *query.Plan) { p.Limit++ })
		c.with(func(p *query.Plan) { p.Limit = 0 })
	}
}

package judge

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// role is what a column does in a plan.
type role string

const (
	listed   role = "list"
	measured role = "measure"
	grouped  role = "group"
	sorted   role = "order"
	filtered role = "filter"
)

// use is a column in a role.
type use struct {
	role role
	col  int
	agg  query.Agg // of a measured column
}

// parts is a plan taken apart for weighing.
type parts struct {
	plan    *query.Plan
	uses    []use
	filters []query.Filter // those of the plan, then those of its measures
	aspects []string       // what the plan does, each to be held against the words
}

func columnOf(t *ground.Table, name string) int {
	for i, c := range t.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// takeApart lists the parts of a plan.
func takeApart(p *query.Plan, t *ground.Table) parts {
	d := parts{plan: p}
	add := func(r role, name string, agg query.Agg) {
		if i := columnOf(t, name); i >= 0 {
			d.uses = append(d.uses, use{r, i, agg})
		}
	}
	for _, c := range p.Columns {
		add(listed, c, "")
	}
	for _, c := range p.GroupBy {
		add(grouped, c, "")
	}
	d.filters = append(d.filters, p.Where...)
	for _, m := range p.Measures {
		add(measured, m.Column, m.Agg)
		d.filters = append(d.filters, m.Where...)
	}
	for _, o := range p.OrderBy {
		add(sorted, o.Column, "")
	}
	d.aspects = slices.Concat(aspectsOf(p), orderKind(p, t), shownKinds(p, t))
	return d
}

// aspectsOf names what a plan does, piece by piece and as a whole.
func aspectsOf(p *query.Plan) []string {
	frame, agg, order, limit := frameOf(p), aggregatesOf(p), orderOf(p), limitOf(p)
	derived, having := "none", "none"
	if p.Derived != nil {
		derived = string(p.Derived.Op)
	}
	if len(p.Having) > 0 {
		having = string(p.Having[0].Op)
	}
	out := []string{"frame=" + frame, "agg=" + agg, "frame=" + frame + "/" + agg, "order=" + order, "order=" + order + "/" + limit, "derived=" + derived, "having=" + having,
		"head=" + strings.Join([]string{frame, agg, order, limit, derived, having}, "/")}
	if p.Distinct {
		out = append(out, "distinct")
	} else if frame == "list" {
		out = append(out, "repeated")
	}
	if p.Tally {
		out = append(out, "tally")
	}
	if p.Shift != 0 {
		out = append(out, fmt.Sprintf("shift=%d", p.Shift))
	}
	out = append(out, fmt.Sprintf("listed=%d", min(len(p.Columns), 4)), fmt.Sprintf("groups=%d", len(p.GroupBy)), fmt.Sprintf("filters=%d", min(len(p.Where), 3)))
	for _, as := range p.GroupAs {
		out = append(out, "group as="+string(as))
	}
	if p.Offset > 0 {
		out = append(out, "offset")
	}
	return append(out, filterAspects(p)...)
}

// frameOf tells whether a plan lists cells, or computes figures of groups or of all rows.
func frameOf(p *query.Plan) string {
	switch {
	case len(p.Columns) > 0:
		return "list"
	case p.Grouped():
		return "group"
	}
	return "agg"
}

// aggregatesOf names how the figures of a plan are computed: "sum+count".
func aggregatesOf(p *query.Plan) string {
	var out []string
	for _, m := range p.Measures {
		agg := string(m.Agg)
		if m.Agg == query.Count && m.Column != "" {
			agg += "cells"
		}
		out = append(out, agg)
	}
	return strings.Join(out, "+")
}

// orderOf names the direction of a plan's first order, and whether it is of a figure
// or of the rows as they stand.
func orderOf(p *query.Plan) string {
	if len(p.OrderBy) == 0 {
		return "none"
	}
	o, order := p.OrderBy[0], "asc"
	if o.Desc {
		order = "desc"
	}
	switch {
	case o.Measure > 0:
		order += ".figure"
	case o.Column == "":
		order += ".rows"
	}
	return order
}

// limitOf tells one row, some, or all.
func limitOf(p *query.Plan) string {
	switch {
	case p.Limit == 1:
		return "1"
	case p.Limit > 1:
		return "k"
	}
	return "all"
}

// shownKinds names what the cells that a plan lists or groups by are: "qui",
// "quand" and "où" ask for one kind each.
func shownKinds(p *query.Plan, t *ground.Table) []string {
	var out []string
	for _, part := range []struct {
		does string
		cols []string
	}{{"lists ", p.Columns}, {"groups by ", p.GroupBy}} {
		for n, name := range part.cols {
			i := columnOf(t, name)
			if i < 0 || n > 1 {
				continue
			}
			a := part.does + kindOfColumn(t, i)
			if n > 0 {
				a += " too"
			}
			out = append(out, a)
		}
	}
	return out
}

// kindOfColumn tells days, years, numbers, names of the rows, codes and words apart.
func kindOfColumn(t *ground.Table, i int) string {
	switch c := t.Columns[i]; {
	case c.Dated():
		return "days"
	case c.Role == dataset.Year:
		return "years"
	case isPlace(c.Kind):
		return "places"
	case i == t.Label:
		return "names"
	case c.Numeric():
		return "numbers"
	case c.Role == dataset.Code:
		return "codes"
	}
	return "words"
}

func isPlace(k dataset.Kind) bool {
	switch k {
	case dataset.KindCommuneName, dataset.KindDepartmentName, dataset.KindRegionName, dataset.KindCountryName, dataset.KindAddress:
		return true
	}
	return false
}

// orderKind names the direction of an order with what it sorts: days, numbers, words.
func orderKind(p *query.Plan, t *ground.Table) []string {
	if len(p.OrderBy) == 0 || p.OrderBy[0].Column == "" {
		return nil
	}
	i := columnOf(t, p.OrderBy[0].Column)
	if i < 0 {
		return nil
	}
	kind, dir := "words", "asc"
	switch c := t.Columns[i]; {
	case c.Dated() || c.Role == dataset.Year:
		kind = "days"
	case c.Numeric():
		kind = "numbers"
	}
	if p.OrderBy[0].Desc {
		dir = "desc"
	}
	return []string{"sorts " + kind + " " + dir}
}

// filterAspects names the comparisons of a plan, each once.
func filterAspects(p *query.Plan) []string {
	var out []string
	seen := map[string]bool{}
	add := func(list []query.Filter, where string) {
		for _, f := range list {
			a := where + string(f.Op)
			if f.Than != nil {
				a += "/plan"
			}
			if f.Other != "" {
				a += "/column"
			}
			if len(f.Values) > 1 && f.Op == query.Eq {
				a += "/several"
			}
			if !seen[a] {
				seen[a] = true
				out = append(out, a)
			}
		}
	}
	add(p.Where, "where=")
	for _, m := range p.Measures {
		add(m.Where, "within=")
	}
	return out
}

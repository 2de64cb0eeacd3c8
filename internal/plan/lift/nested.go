package lift

import (
	"slices"

	"cigogne/internal/query"
)

// nested lifts a SELECT from another, as far as one plan says both.
func (s *scope) nested(n *selection) (*query.Plan, error) {
	inner, err := s.query(n.From.Subquery)
	if err != nil {
		return nil, err
	}
	if inner.Limit > 0 || inner.Derived != nil || inner.Tally || len(inner.Columns)+len(inner.GroupBy) == 0 {
		return nil, unsupported("a SELECT from some rows of another, or from one figure")
	}
	inner.OrderBy = nil
	alone := len(n.Select) == 1 && n.Where == nil && len(n.Groups) == 0 && n.Having == nil && len(n.Modifiers) == 0
	switch {
	case alone && n.Select[0].rows():
		return counted(inner), nil
	case alone && inner.Grouped():
		return s.ofGroups(n.Select[0], n.From.Subquery.Node, inner)
	case inner.Distinct:
		return s.once(n, inner)
	}
	return nil, unsupported("a SELECT from another, other than a figure of its rows")
}

// rows tells count(*).
func (e *expr) rows() bool {
	if !e.call("count_star", "count") || e.Distinct || e.Filter != nil {
		return false
	}
	if len(e.Children) == 0 {
		return true
	}
	_, ok := e.Children[0].constant()
	return ok
}

// counted is the number of rows of a plan.
func counted(p *query.Plan) *query.Plan {
	switch {
	case p.Grouped():
		p.Tally = true
	case p.Distinct:
		p.GroupBy, p.Columns, p.Distinct, p.Tally = p.Columns, nil, false, true
		p.Measures = []query.Measure{{Agg: query.Count}}
	default:
		p.Columns, p.Measures = nil, []query.Measure{{Agg: query.Count}}
	}
	return p
}

// ofGroups reads the average, the greatest or the least of a figure of groups:
// avg(n) of (SELECT g, count(*) AS n … GROUP BY g) is the count over the number
// of groups.
func (s *scope) ofGroups(e *expr, of *selection, p *query.Plan) (*query.Plan, error) {
	bad := unsupported("%s of the figures of groups", describe(e))
	if !e.call("avg", "mean", "max", "min") || len(e.Children) != 1 || !isColumn(e.Children[0]) || len(p.Measures) != 1 || len(p.Having) > 0 {
		return nil, bad
	}
	name := e.Children[0].Names[len(e.Children[0].Names)-1]
	if !slices.ContainsFunc(of.Select, func(x *expr) bool { return x.Alias == name && x.Class == "FUNCTION" }) {
		return nil, bad
	}
	if !e.call("avg", "mean") {
		p.OrderBy, p.Limit = []query.Order{{Measure: 1, Desc: e.call("max")}}, 1
		return p, nil
	}
	table := s.tables[slices.IndexFunc(s.tables, func(t Table) bool { return t.ID == p.Table })]
	if len(p.GroupBy) != 1 || table.Column(p.GroupBy[0]).Nulls > 0 || p.Measures[0].Agg != query.Count && p.Measures[0].Agg != query.Sum {
		return nil, bad
	}
	p.Measures = append(p.Measures, query.Measure{Agg: query.CountDistinct, Column: p.GroupBy[0]})
	p.GroupBy, p.Derived = nil, &query.Derived{Op: query.Ratio, Of: 1, Over: 2}
	return p, nil
}

// once reads sum(x) of (SELECT DISTINCT k, x …): x is added up once for each k.
func (s *scope) once(n *selection, inner *query.Plan) (*query.Plan, error) {
	outer := *n
	i := slices.IndexFunc(s.tables, func(t Table) bool { return t.ID == inner.Table })
	outer.From = &relation{Type: "BASE_TABLE", Table: s.tables[i].name()}
	p, err := s.query(&statement{&outer})
	if err != nil {
		return nil, err
	}
	if len(p.Measures) == 0 {
		return nil, unsupported("a SELECT of the distinct rows of another")
	}
	named := slices.Clone(p.GroupBy)
	for _, f := range p.Where {
		named = append(named, f.Column)
	}
	for j := range p.Measures {
		m := &p.Measures[j]
		named = append(named, m.Column)
		switch m.Agg {
		case query.Sum, query.Avg, query.Median:
			m.Once = slices.DeleteFunc(slices.Clone(inner.Columns), func(c string) bool { return c == m.Column })
		case query.Count:
			return nil, unsupported("a count of the distinct rows of another, beside other figures")
		}
	}
	if slices.ContainsFunc(named, func(c string) bool { return !slices.Contains(inner.Columns, c) }) {
		return nil, unsupported("a column that the SELECT within does not give")
	}
	p.Where = append(inner.Where, p.Where...)
	return p, nil
}

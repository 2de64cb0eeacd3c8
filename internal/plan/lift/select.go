package lift

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// scope lifts one SELECT after another of a statement; table is that of the one
// in hand.
type scope struct {
	*Lifter
	ctx    context.Context
	tables []Table
	table  Table
}

// query lifts a SELECT. It is read in a scope of its own.
func (s *scope) query(st *statement) (*query.Plan, error) {
	n := st.Node
	switch {
	case n == nil || n.Type != "SELECT_NODE":
		return nil, unsupported("UNION, INTERSECT or EXCEPT")
	case len(n.With.Map) > 0:
		return nil, unsupported("WITH")
	case n.Qualify != nil:
		return nil, unsupported("QUALIFY")
	case len(n.Sets) > 1:
		return nil, unsupported("GROUPING SETS")
	}
	inner := &scope{Lifter: s.Lifter, ctx: s.ctx, tables: s.tables, table: Table{Table: &dataset.Table{}}}
	switch n.From.Type {
	case "BASE_TABLE":
		i := slices.IndexFunc(s.tables, func(t Table) bool { return strings.EqualFold(t.name(), n.From.Table) })
		if i < 0 {
			return nil, &Unknown{n.From.Table}
		}
		inner.table = s.tables[i]
	case "SUBQUERY":
		return inner.nested(n)
	case "EMPTY":
	default:
		return nil, unsupported("%s", strings.ToLower(strings.ReplaceAll(n.From.Type, "_", " ")))
	}
	b := &builder{scope: inner, node: n, plan: &query.Plan{Table: inner.table.ID}}
	return b.build()
}

// derivedAt stands for the place of the derived figure among the measures until
// all of these are known.
const derivedAt = -1

// builder fills the plan of one SELECT.
type builder struct {
	*scope
	node  *selection
	plan  *query.Plan
	cells bool // figures are made of the cells of one row
}

func (b *builder) build() (*query.Plan, error) {
	var err error
	if b.plan.Where, err = b.conditions(b.node.Where, false); err != nil {
		return nil, err
	}
	if err := b.groups(); err != nil {
		return nil, err
	}
	if err := b.items(); err != nil {
		return nil, err
	}
	if err := b.having(b.node.Having); err != nil {
		return nil, err
	}
	if err := b.modifiers(); err != nil {
		return nil, err
	}
	if err := b.settle(); err != nil {
		return nil, err
	}
	return b.plan, nil
}

// item finds what a position or an alias of the SELECT list stands for.
func (b *builder) item(e *expr) (*expr, error) {
	if e.Class == "CONSTANT" {
		n, _ := number(e.Value.scalar())
		if i := int(n); i >= 1 && i <= len(b.node.Select) {
			return b.node.Select[i-1], nil
		}
		return nil, unsupported("the position %v", e.Value.scalar())
	}
	if e.Class == "COLUMN_REF" && len(e.Names) == 1 {
		for _, x := range b.node.Select {
			if x.Alias != "" && strings.EqualFold(x.Alias, e.Names[0]) {
				return x, nil
			}
		}
	}
	return e, nil
}

func (b *builder) groups() error {
	if b.node.Aggregates == "FORCE_AGGREGATES" { // GROUP BY ALL
		for _, e := range b.node.Select {
			if o, err := b.operand(e); err == nil && o != nil {
				b.node.Groups = append(b.node.Groups, e)
			}
		}
	}
	for _, g := range b.node.Groups {
		e, err := b.item(g)
		if err != nil {
			return err
		}
		o, err := b.operand(e)
		if err != nil {
			return err
		}
		if o == nil || !o.plain() || o.as != "" || o.fold && !o.distinctFolded() {
			return unsupported("GROUP BY %s", describe(e))
		}
		if !slices.Contains(b.plan.GroupBy, o.Name) {
			b.plan.GroupBy = append(b.plan.GroupBy, o.Name)
		}
	}
	return nil
}

// items reads the SELECT list.
func (b *builder) items() error {
	var columns []string
	for _, e := range b.node.Select {
		switch {
		case e.Class == "STAR":
			if string(e.Exclude) != "[]" && len(e.Exclude) > 0 || string(e.Replace) != "[]" && len(e.Replace) > 0 || e.Columns {
				return unsupported("* EXCLUDE or REPLACE")
			}
			for _, c := range b.table.Table.Columns {
				columns = append(columns, c.Name)
			}
			continue
		case e.Class == "CASE":
			if err := b.verdict(e); err != nil {
				return err
			}
			continue
		}
		o, err := b.operand(e)
		if err != nil {
			return err
		}
		if o != nil {
			if !o.plain() {
				return unsupported("a part of a column in the list")
			}
			columns = append(columns, o.Name)
			continue
		}
		if _, err := b.add(e); err != nil {
			return err
		}
	}
	return b.columns(columns)
}

// columns places the columns of the list: groups, cells, or the row that has the
// greatest or least value.
func (b *builder) columns(columns []string) error {
	p := b.plan
	switch {
	case len(p.GroupBy) > 0:
		if err := b.dependent(columns); err != nil {
			return err
		}
		slices.SortStableFunc(p.GroupBy, func(x, y string) int { return place(columns, x) - place(columns, y) })
	case len(p.Measures) == 0:
		p.Columns = unique(columns)
	case b.cells: // as many groups as rows: see settle
		p.GroupBy = unique(columns)
	case len(columns) > 0:
		return b.extreme(columns)
	}
	return nil
}

func place(list []string, x string) int {
	if i := slices.Index(list, x); i >= 0 {
		return i
	}
	return len(list)
}

func unique(list []string) []string {
	var out []string
	for _, x := range list {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// extreme reads SELECT name, max(x) FROM t as SQLite does, and those who learnt
// SQL from it: the row that has the greatest x.
func (b *builder) extreme(columns []string) error {
	p := b.plan
	m := p.Measures[0]
	if len(p.Measures) > 1 || p.Derived != nil || m.Agg != query.Max && m.Agg != query.Min || len(m.Where) > 0 || len(b.node.Modifiers) > 0 {
		return unsupported("columns beside an aggregate, without GROUP BY")
	}
	p.Measures = nil
	p.Columns = unique(append(columns, m.Column))
	p.OrderBy, p.Limit = []query.Order{{Column: m.Column, As: m.As, Desc: m.Agg == query.Max}}, 1
	return nil
}

// add puts the figure of an expression into the plan and gives its number:
// derivedAt for the derived one.
func (b *builder) add(e *expr) (int, error) {
	t, err := b.term(e)
	if err != nil {
		return 0, err
	}
	if t == nil {
		return 0, unsupported("%s in the list", describe(e))
	}
	if t, err = b.joined(t); err != nil {
		return 0, err
	}
	f, err := t.figure()
	if err != nil {
		return 0, err
	}
	b.cells = b.cells || f.cells
	return b.place(f)
}

// place gives the measures of a figure their numbers in the plan.
func (b *builder) place(f *figure) (int, error) {
	at := make([]int, len(f.measures))
	for i, m := range f.measures {
		at[i] = slices.IndexFunc(b.plan.Measures, func(have query.Measure) bool { return reflect.DeepEqual(have, m) }) + 1
		if at[i] == 0 {
			b.plan.Measures = append(b.plan.Measures, m)
			at[i] = len(b.plan.Measures)
		}
	}
	if f.derived == nil {
		return at[0], nil
	}
	d := *f.derived
	d.Of = at[d.Of-1]
	if d.Over > 0 {
		d.Over = at[d.Over-1]
	}
	if b.plan.Derived != nil && !reflect.DeepEqual(*b.plan.Derived, d) {
		return 0, unsupported("two computed figures")
	}
	b.plan.Derived = &d
	return derivedAt, nil
}

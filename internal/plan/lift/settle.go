package lift

import (
	"fmt"
	"reflect"
	"slices"

	"cigogne/internal/query"
)

// joined gives the figures of SELECTs within a term a place in this one: each
// becomes a measure with its own conditions.
func (b *builder) joined(t *term) (*term, error) {
	if t == nil {
		return nil, nil
	}
	var subs []*query.Plan
	t.subs(&subs)
	if len(subs) == 0 {
		return t, nil
	}
	if len(b.plan.GroupBy) > 0 {
		return b.ofTotal(t)
	}
	for _, p := range subs {
		if b.plan.Table == "" {
			b.plan.Table = p.Table
			b.table = b.tables[slices.IndexFunc(b.tables, func(x Table) bool { return x.ID == p.Table })]
		}
		if p.Table != b.plan.Table || !single(p) {
			return nil, unsupported("a computation with this (SELECT …)")
		}
	}
	t = t.inlined(b.plan.Where)
	b.plan.Where = nil
	return t, nil
}

// single tells whether a plan is one measure, or one cell, and nothing more.
func single(p *query.Plan) bool {
	one := len(p.Measures) == 1 && len(p.Columns) == 0 || len(p.Columns) == 1 && len(p.Measures) == 0
	return one && !p.Grouped() && len(p.Having) == 0 && p.Derived == nil && p.Limit <= 1 && len(p.OrderBy) == 0 && !p.Tally
}

func (t *term) subs(list *[]*query.Plan) {
	if t == nil {
		return
	}
	if t.one != nil {
		*list = append(*list, t.one)
	}
	t.l.subs(list)
	t.r.subs(list)
}

// inlined replaces the SELECTs within a term by measures; outer are the
// conditions of the other measures, which stand on their own then.
func (t *term) inlined(outer []query.Filter) *term {
	if t == nil {
		return nil
	}
	out := *t
	out.l, out.r = t.l.inlined(outer), t.r.inlined(outer)
	switch {
	case t.one != nil:
		m := query.Measure{Agg: query.Max}
		if len(t.one.Measures) == 1 {
			m = t.one.Measures[0]
		} else {
			m.Column = t.one.Columns[0] // DuckDB refuses several rows: it is the only one
		}
		m.Where = append(append([]query.Filter{}, t.one.Where...), m.Where...)
		out.one, out.measure = nil, &m
	case t.measure != nil:
		m := *t.measure
		m.Where = append(append([]query.Filter{}, outer...), m.Where...)
		out.measure = &m
	}
	return &out
}

// ofTotal reads 100 * count(*) / (SELECT count(*) …) of groups: a share of the
// total, where the SELECT is over the same rows.
func (b *builder) ofTotal(t *term) (*term, error) {
	k, core := t.scaled()
	if core.op == '/' && core.l.measure != nil && core.r.one != nil {
		p, m := core.r.one, core.l.measure
		same := p.Table == b.plan.Table && len(p.Measures) == 1 && reflect.DeepEqual(p.Measures[0], *m) && reflect.DeepEqual(p.Where, b.plan.Where)
		adds := m.Agg == query.Count || m.Agg == query.Sum
		if same && adds && !p.Grouped() && p.Limit == 0 && p.Derived == nil {
			return &term{op: '*', l: &term{number: &k}, r: &term{op: '/', l: core.l, r: &term{whole: m}}}, nil
		}
	}
	return nil, unsupported("a computation with this (SELECT …)")
}

// common moves the conditions that every measure has to the plan's own.
func (b *builder) common() {
	p := b.plan
	if len(p.Measures) == 0 || p.Grouped() || p.Derived != nil && p.Derived.Over == 0 {
		return
	}
	for _, f := range slices.Clone(p.Measures[0].Where) {
		holds := func(m query.Measure) bool {
			return slices.ContainsFunc(m.Where, func(g query.Filter) bool { return reflect.DeepEqual(f, g) })
		}
		if slices.ContainsFunc(p.Measures, func(m query.Measure) bool { return !holds(m) }) {
			continue
		}
		for i := range p.Measures {
			m := &p.Measures[i]
			m.Where = slices.DeleteFunc(slices.Clone(m.Where), func(g query.Filter) bool { return reflect.DeepEqual(f, g) })
			if len(m.Where) == 0 {
				m.Where = nil
			}
		}
		p.Where = append(p.Where, f)
	}
}

// settle finishes the plan once all its figures are known.
func (b *builder) settle() error {
	p := b.plan
	if p.Table == "" {
		return unsupported("a SELECT without a table")
	}
	b.common()
	if len(p.GroupBy) > 0 && len(p.Measures) == 0 { // GROUP BY alone: each value once
		p.Columns, p.GroupBy, p.Distinct = p.GroupBy, nil, true
	}
	for i := range p.Having {
		if p.Having[i].Measure == derivedAt {
			p.Having[i].Measure = len(p.Measures) + 1
		}
	}
	for i := range p.OrderBy {
		if p.OrderBy[i].Measure == derivedAt {
			p.OrderBy[i].Measure = len(p.Measures) + 1
		}
	}
	if !p.Grouped() && len(p.Measures) > 0 { // one row: in no order
		p.OrderBy, p.Limit, p.Offset = nil, 0, 0
	}
	if b.cells {
		return b.oneRow()
	}
	return nil
}

// oneRow makes sure that each group of the plan is one row, so that its greatest
// cell is its cell.
func (b *builder) oneRow() error {
	p := b.plan
	rows, err := b.counted(&query.Plan{Table: p.Table, Where: p.Where, Measures: []query.Measure{{Agg: query.Count}}})
	if err != nil {
		return err
	}
	groups := 1
	if p.Grouped() {
		if groups, err = b.combinations(p.GroupBy); err != nil {
			return err
		}
	}
	if rows != groups {
		return unsupported("a computation on the cells of several rows")
	}
	return nil
}

// dependent adds the columns of the list that GROUP BY leaves out to the groups,
// where these are as many with them: the name beside its code.
func (b *builder) dependent(columns []string) error {
	for _, c := range columns {
		if slices.Contains(b.plan.GroupBy, c) {
			continue
		}
		without, err := b.combinations(b.plan.GroupBy)
		if err != nil {
			return err
		}
		wider := append(slices.Clone(b.plan.GroupBy), c)
		with, err := b.combinations(wider)
		if err != nil {
			return err
		}
		if with != without {
			return unsupported("a column outside GROUP BY: %s", c)
		}
		b.plan.GroupBy = wider
	}
	return nil
}

// combinations counts the groups that some columns make of the plan's rows.
func (b *builder) combinations(columns []string) (int, error) {
	return b.counted(&query.Plan{Table: b.plan.Table, Where: b.plan.Where, GroupBy: columns, Measures: []query.Measure{{Agg: query.Count}}, Tally: true})
}

func (b *builder) counted(p *query.Plan) (int, error) {
	if b.run == nil {
		return 0, unsupported("what the rows have to tell: they cannot be looked at")
	}
	rows, err := b.run(b.ctx, p)
	if err != nil {
		return 0, fmt.Errorf("count the rows of a plan: %w", err)
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return 0, fmt.Errorf("count the rows of a plan: %d rows", len(rows))
	}
	n, _ := number(rows[0][0])
	return int(n), nil
}

// verdict reads CASE WHEN a > b THEN 'yes' ELSE 'no' END.
func (b *builder) verdict(e *expr) error {
	bad := unsupported("CASE other than one comparison with two texts")
	if len(e.Checks) != 1 {
		return bad
	}
	yes, ok := said(e.Checks[0].Then)
	no, ok2 := said(e.Else)
	if !ok || !ok2 {
		return bad
	}
	when := e.Checks[0].When
	f, op, err := b.compared(when)
	if err != nil {
		return err
	}
	if f == nil { // of the cells of one row: is there a row where it holds?
		where, err := b.conditions(when, false)
		if err != nil {
			return err
		}
		b.cells, op = true, query.Gt
		f = &figure{measures: []query.Measure{{Agg: query.Count, Where: where}}, derived: &query.Derived{Op: query.Verdict, Of: 1, Value: new(float64)}}
	}
	holds := map[query.Op][3]bool{query.Gt: {true, false, false}, query.Ge: {true, true, false}, query.Eq: {false, true, false},
		query.Le: {false, true, true}, query.Lt: {false, false, true}, query.Ne: {true, false, true}}[op]
	for _, h := range holds {
		if h {
			f.derived.Says = append(f.derived.Says, yes)
		} else {
			f.derived.Says = append(f.derived.Says, no)
		}
	}
	_, err = b.place(f)
	return err
}

// compared reads the comparison of two figures; nil where it is of other things.
func (b *builder) compared(when *expr) (*figure, query.Op, error) {
	op, known := ops[when.Type]
	if when.Class != "COMPARISON" || !known {
		return nil, "", nil
	}
	l, err := b.term(when.Left)
	if l == nil || err != nil {
		return nil, "", ignoreUnknown(err)
	}
	r, err := b.term(when.Right)
	if r == nil || err != nil {
		return nil, "", ignoreUnknown(err)
	}
	if l.number != nil {
		l, r, op = r, l, mirrored[op]
	}
	both, err := b.joined(&term{op: '-', l: l, r: r})
	if err != nil {
		return nil, "", err
	}
	l, r = both.l, both.r
	if l.measure == nil || r.measure == nil && r.number == nil {
		return nil, "", nil
	}
	b.cells = b.cells || both.cells()
	f := &figure{measures: []query.Measure{*l.measure}, derived: &query.Derived{Op: query.Verdict, Of: 1}}
	if r.number != nil {
		f.derived.Value = r.number
	} else {
		f.measures, f.derived.Over = append(f.measures, *r.measure), 2
	}
	return f, op, nil
}

// ignoreUnknown lets a name that is no column be read as a text later on.
func ignoreUnknown(err error) error {
	if _, ok := err.(*Unknown); ok {
		return nil
	}
	return err
}

// said is a constant that an answer is told by.
func said(e *expr) (string, bool) {
	v, ok := e.constant()
	if !ok {
		return "", false
	}
	return fmt.Sprint(v), true
}

package lift

import (
	"reflect"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// term is a figure as an expression computes it: a leaf, or two terms and an
// operator.
type term struct {
	op      byte // '+', '-', '*', '/'; 0: a leaf
	l, r    *term
	measure *query.Measure // an aggregate
	cell    bool           // which stands for the cell of one row
	number  *float64       // a constant
	one     *query.Plan    // the one figure of a SELECT
	whole   *query.Measure // the sum of a measure over all groups
}

// term reads an expression as a figure; nil where it is none.
func (s *scope) term(e *expr) (*term, error) {
	if v, ok := e.constant(); ok {
		if n, isNumber := v.(int64); isNumber {
			f := float64(n)
			return &term{number: &f}, nil
		}
		if f, isNumber := v.(float64); isNumber {
			return &term{number: &f}, nil
		}
		return nil, nil
	}
	switch e.Class {
	case "CAST":
		if !isColumn(e.Child) {
			return s.term(e.Child)
		}
	case "OPERATOR":
		if (e.Type == "OPERATOR_COALESCE" || e.Type == "OPERATOR_NULLIF") && len(e.Children) == 2 {
			if v, ok := e.Children[1].constant(); ok {
				if n, isNumber := number(v); isNumber && n == 0 {
					return s.term(e.Children[0])
				}
			}
		}
		return nil, nil
	case "SUBQUERY":
		if e.SubqueryType != "SCALAR" {
			return nil, nil
		}
		p, err := s.query(e.Subquery)
		return &term{one: p}, err
	case "WINDOW":
		return s.total(e)
	case "FUNCTION":
		return s.computed(e)
	}
	return s.cell(e)
}

// cell is a column where a figure is wanted: it is that of the one row there is.
func (s *scope) cell(e *expr) (*term, error) {
	o, err := s.operand(e)
	if o == nil || err != nil || !o.plain() || o.fold {
		return nil, err
	}
	return &term{measure: &query.Measure{Agg: query.Max, Column: o.Name, As: o.as}, cell: true}, nil
}

func (s *scope) computed(e *expr) (*term, error) {
	switch {
	case e.call("+", "-", "*", "/") && len(e.Children) == 2:
		return s.binary(e)
	case e.call("round", "abs", "nullif", "@") && len(e.Children) > 0:
		return s.term(e.Children[0])
	}
	if m, err := s.aggregate(e); m != nil || err != nil {
		return m, err
	}
	return s.cell(e)
}

func (s *scope) binary(e *expr) (*term, error) {
	l, err := s.term(e.Children[0])
	if l == nil || err != nil {
		return nil, err
	}
	r, err := s.term(e.Children[1])
	if r == nil || err != nil {
		return nil, err
	}
	return &term{op: e.Function[0], l: l, r: r}, nil
}

// total is the sum of a measure over all groups: sum(count(*)) OVER ().
func (s *scope) total(e *expr) (*term, error) {
	if !strings.EqualFold(e.Function, "sum") || len(e.Partitions) > 0 || len(e.WindowOrders) > 0 || e.WindowFilter != nil || len(e.Children) != 1 {
		return nil, unsupported("the window function %s", e.Function)
	}
	t, err := s.term(e.Children[0])
	if err != nil {
		return nil, err
	}
	if t == nil || t.measure == nil || t.cell {
		return nil, unsupported("the window function %s", e.Function)
	}
	return &term{whole: t.measure}, nil
}

var aggregates = map[string]query.Agg{
	"count": query.Count, "count_star": query.Count, "count_if": query.Count, "countif": query.Count,
	"sum": query.Sum, "avg": query.Avg, "mean": query.Avg, "min": query.Min, "max": query.Max, "median": query.Median,
	"quantile": query.Median, "quantile_cont": query.Median,
}

// aggregate reads a call of an aggregate; nil where it is none.
func (s *scope) aggregate(e *expr) (*term, error) {
	agg, known := aggregates[strings.ToLower(e.Function)]
	if !known {
		return nil, nil
	}
	if len(e.OrderBys.Orders) > 0 {
		return nil, unsupported("an aggregate with an order")
	}
	where, err := s.conditions(e.Filter, false)
	if err != nil {
		return nil, err
	}
	m := &query.Measure{Agg: agg, Where: where}
	switch {
	case e.call("count_star") || e.call("count") && len(e.Children) == 0:
		return &term{measure: m}, nil
	case len(e.Children) == 0:
		return nil, unsupported("%s()", e.Function)
	case e.call("quantile", "quantile_cont"):
		if v, ok := e.Children[1].constant(); !ok || v != 0.5 {
			return nil, unsupported("a quantile other than the median")
		}
	case e.call("count_if", "countif"):
		f, err := s.conditions(e.Children[0], false)
		m.Where = append(m.Where, f...)
		return &term{measure: m}, err
	}
	return s.aggregated(m, e)
}

// aggregated reads what an aggregate is of: a column, a choice, a sum of columns.
func (s *scope) aggregated(m *query.Measure, e *expr) (*term, error) {
	of := e.Children[0]
	if _, ok := of.constant(); ok && m.Agg == query.Count && !e.Distinct { // count(1)
		return &term{measure: m}, nil
	}
	if of.Class == "CASE" {
		return s.choice(m, e)
	}
	o, err := s.operand(of)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return s.spread(m, e)
	}
	if !o.plain() || o.fold && !o.distinctFolded() {
		return nil, unsupported("%s of a part of a column", e.Function)
	}
	m.Column, m.As = o.Name, o.as
	switch {
	case e.Distinct && m.Agg == query.Count:
		m.Agg, m.As = query.CountDistinct, ""
	case e.Distinct && m.Agg != query.Min && m.Agg != query.Max:
		return nil, unsupported("%s(DISTINCT …)", e.Function)
	case m.Agg == query.Count:
		m.As = ""
		if o.Nulls == 0 {
			m.Column = "" // as count(*)
		}
	case m.As == "" && o.Type == dataset.Text && m.Agg != query.Min && m.Agg != query.Max:
		m.As = query.AsNumber
	}
	return &term{measure: m}, nil
}

// distinctFolded tells whether the cells stay as many with case and accents
// taken away.
func (o *operand) distinctFolded() bool {
	if !o.Complete() {
		return false
	}
	seen := map[string]bool{}
	for _, v := range o.Values {
		seen[bare(v.Text)] = true
	}
	return len(seen) == len(o.Values)
}

// choice reads sum(CASE WHEN … THEN x ELSE 0 END) and its kin: an aggregate of
// some rows. An average of 1 and 0 is a count over another.
func (s *scope) choice(m *query.Measure, e *expr) (*term, error) {
	c := e.Children[0]
	bad := unsupported("%s of a CASE other than one condition", e.Function)
	if len(c.Checks) != 1 {
		return nil, bad
	}
	rest, ok := c.Else.constant()
	none := c.Else == nil || c.Else.Class == "CONSTANT" && c.Else.Value != nil && c.Else.Value.Null
	zero, _ := number(rest)
	if !none && !(ok && zero == 0 && (m.Agg == query.Sum || m.Agg == query.Avg)) {
		return nil, bad
	}
	f, err := s.conditions(c.Checks[0].When, false)
	if err != nil {
		return nil, err
	}
	all := *m
	m.Where = append(append([]query.Filter{}, m.Where...), f...)
	then := c.Checks[0].Then
	v, ok := then.constant()
	n, _ := number(v)
	switch {
	case ok && n == 1 && m.Agg == query.Sum, ok && m.Agg == query.Count && !e.Distinct:
		m.Agg = query.Count
		return &term{measure: m}, nil
	case ok && (n == 1 || n == 100) && m.Agg == query.Avg && !none:
		m.Agg, all.Agg = query.Count, query.Count
		share := &term{op: '/', l: &term{measure: m}, r: &term{measure: &all}}
		return &term{op: '*', l: &term{number: &n}, r: share}, nil
	case ok, !none && m.Agg == query.Avg:
		return nil, bad
	}
	only := *e
	only.Children = []*expr{then}
	return s.aggregated(m, &only)
}

// spread reads sum(a + b) as sum(a) + sum(b), which it is where no cell is empty.
func (s *scope) spread(m *query.Measure, e *expr) (*term, error) {
	of := e.Children[0]
	if !of.call("+", "-") || len(of.Children) != 2 || m.Agg != query.Sum && m.Agg != query.Avg {
		return nil, unsupported("%s of %s", e.Function, describe(of))
	}
	var sides [2]*term
	for i, side := range of.Children {
		o, err := s.operand(side)
		if err != nil {
			return nil, err
		}
		if o == nil || o.Nulls > 0 || !o.Type.Numeric() {
			return nil, unsupported("%s of a sum of columns that have empty cells", e.Function)
		}
		one := *m
		one.Column = o.Name
		sides[i] = &term{measure: &one}
	}
	return &term{op: of.Function[0], l: sides[0], r: sides[1]}, nil
}

// figure is a term as a plan says it.
type figure struct {
	measures []query.Measure
	derived  *query.Derived // of measures, numbered from 1 within them; nil: the one measure
	cells    bool           // some measures stand for the cells of one row
}

// scaled takes the constant factors out of a term.
func (t *term) scaled() (float64, *term) {
	switch {
	case t.op == '*' && t.l.number != nil:
		k, rest := t.r.scaled()
		return k * *t.l.number, rest
	case t.op == '*' && t.r.number != nil:
		k, rest := t.l.scaled()
		return k * *t.r.number, rest
	case t.op == '/' && t.r.number != nil && *t.r.number != 0:
		k, rest := t.l.scaled()
		return k / *t.r.number, rest
	case t.op == '/':
		k, l := t.l.scaled()
		q, r := t.r.scaled()
		if q != 0 {
			return k / q, &term{op: '/', l: l, r: r}
		}
	}
	return 1, t
}

// cells tells whether a term reads the cells of one row.
func (t *term) cells() bool {
	return t != nil && (t.cell || t.op != 0 && (t.l.cells() || t.r.cells()))
}

// figure says a term as measures and what is derived from them.
func (t *term) figure() (*figure, error) {
	k, core := t.scaled()
	f := &figure{cells: t.cells()}
	if core.measure != nil && k == 1 {
		f.measures = []query.Measure{*core.measure}
		return f, nil
	}
	if core.op == '-' && k == 100 && core.r.number != nil && *core.r.number == 1 && core.l.ratio() { // 100 * (a / b - 1)
		return f.with(query.Growth, core.l.l, core.l.r)
	}
	var of, over *term
	switch {
	case core.op == '/' && k == 100 && (core.l.op == '-' && core.l.leaves()):
		of, over = core.l.l, core.l.r
		switch base := core.r; {
		case base.same(over):
			return f.with(query.Growth, of, over)
		case base.same(of): // a fall, told as a change
			return f.with(query.Growth, over, of)
		}
	case core.ratio() && core.r.whole != nil && k == 100 && core.l.measure != nil && reflect.DeepEqual(core.l.measure, core.r.whole):
		f.measures, f.derived = []query.Measure{*core.l.measure}, &query.Derived{Op: query.ShareOfTotal, Of: 1}
		return f, nil
	case core.ratio() && k == 100:
		return f.with(query.Share, core.l, core.r)
	case core.ratio() && k == 1:
		return f.with(query.Ratio, core.l, core.r)
	case core.op == '-' && core.leaves() && k == 1:
		return f.with(query.Difference, core.l, core.r)
	case core.op == '+' && core.leaves() && k == 1:
		return f.with(query.Total, core.l, core.r)
	}
	return nil, unsupported("this computation")
}

func (t *term) leaf() bool   { return t.measure != nil || t.whole != nil }
func (t *term) leaves() bool { return t.op != 0 && t.l.leaf() && t.r.leaf() }
func (t *term) ratio() bool  { return t.op == '/' && t.leaves() }

func (t *term) same(u *term) bool {
	return t.measure != nil && u.measure != nil && reflect.DeepEqual(t.measure, u.measure)
}

func (f *figure) with(op query.DerivedOp, of, over *term) (*figure, error) {
	if of.measure == nil || over.measure == nil {
		return nil, unsupported("this computation")
	}
	f.measures = []query.Measure{*of.measure, *over.measure}
	f.derived = &query.Derived{Op: op, Of: 1, Over: 2}
	return f, nil
}

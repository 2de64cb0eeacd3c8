package lift

import (
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
		n, isNumber := number(v)
		if _, isText := v.(string); isText || !isNumber {
			return nil, nil
		}
		return &term{number: &n}, nil
	}
	switch e.Class {
	case "CAST":
		if !isColumn(e.Child) {
			return s.term(e.Child)
		}
	case "OPERATOR":
		if e.orZero() {
			return s.term(e.Children[0])
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

// orZero tells coalesce(x, 0) and nullif(x, 0), which stand for x.
func (e *expr) orZero() bool {
	if e.Type != "OPERATOR_COALESCE" && e.Type != "OPERATOR_NULLIF" || len(e.Children) != 2 {
		return false
	}
	return e.Children[1].zero()
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
	return &term{measure: m}, o.settle(m, e.Distinct)
}

// settle makes an aggregate of a column what its cells allow.
func (o *operand) settle(m *query.Measure, distinct bool) error {
	extreme := m.Agg == query.Min || m.Agg == query.Max
	switch {
	case distinct && m.Agg == query.Count:
		m.Agg, m.As = query.CountDistinct, ""
	case distinct && !extreme:
		return unsupported("%s(DISTINCT …)", m.Agg)
	case m.Agg == query.Count:
		m.As = ""
		if o.Nulls == 0 {
			m.Column = "" // as count(*)
		}
	case m.As == "" && o.Type == dataset.Text && !extreme:
		m.As = query.AsNumber
	}
	return nil
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
	zero := c.Else.zero()
	if len(c.Checks) != 1 || !c.Else.null() && !zero || zero && m.Agg != query.Sum && m.Agg != query.Avg {
		return nil, bad
	}
	f, err := s.conditions(c.Checks[0].When, false)
	if err != nil {
		return nil, err
	}
	all := *m
	m.Where = append(append([]query.Filter{}, m.Where...), f...)
	then := c.Checks[0].Then
	v, constant := then.constant()
	if constant && !e.Distinct {
		n, _ := number(v)
		return ones(m, &all, n, zero, bad)
	}
	if zero && m.Agg == query.Avg {
		return nil, bad
	}
	only := *e
	only.Children = []*expr{then}
	return s.aggregated(m, &only)
}

// ones reads an aggregate of the number n on some rows: their count, or with 0 on
// the others and averaged, their part of all.
func ones(some, all *query.Measure, n float64, zero bool, otherwise error) (*term, error) {
	switch {
	case n == 1 && some.Agg == query.Sum, some.Agg == query.Count:
		some.Agg = query.Count
		return &term{measure: some}, nil
	case (n == 1 || n == 100) && some.Agg == query.Avg && zero:
		return portion(some, all, n), nil
	}
	return nil, otherwise
}

// portion is n times the count of some rows over that of all.
func portion(some, all *query.Measure, n float64) *term {
	some.Agg, all.Agg = query.Count, query.Count
	return &term{op: '*', l: &term{number: &n}, r: &term{op: '/', l: &term{measure: some}, r: &term{measure: all}}}
}

// null tells no value: no ELSE at all, or NULL.
func (e *expr) null() bool {
	return e == nil || e.Class == "CONSTANT" && e.Value != nil && e.Value.Null
}

// zero tells the number 0.
func (e *expr) zero() bool {
	v, ok := e.constant()
	n, isNumber := number(v)
	return ok && isNumber && n == 0
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

package lift

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// conditions reads an expression as filters that all hold; its contrary where
// negated. nil says nothing.
func (s *scope) conditions(e *expr, negated bool) ([]query.Filter, error) {
	if e == nil {
		return nil, nil
	}
	switch e.Class {
	case "CONJUNCTION":
		if (e.Type == "CONJUNCTION_AND") != negated {
			return s.all(e.Children, negated)
		}
		return s.either(e.Children, negated)
	case "COMPARISON":
		return s.comparison(e, negated)
	case "BETWEEN":
		return s.between(e, negated)
	case "OPERATOR":
		if e.Type == "OPERATOR_NOT" {
			return s.conditions(e.Children[0], !negated)
		}
		return s.operator(e, negated)
	case "FUNCTION":
		return s.pattern(e, negated)
	case "SUBQUERY":
		return s.among(e, negated)
	}
	return s.truth(e, negated)
}

// truth reads a constant that is true, or a boolean column.
func (s *scope) truth(e *expr, negated bool) ([]query.Filter, error) {
	if v, ok := e.constant(); ok && (v == true) != negated {
		return nil, nil
	}
	if o, err := s.operand(e); err == nil && o != nil && o.Type == dataset.Boolean {
		return []query.Filter{{Column: o.Name, Op: query.Eq, Values: []any{!negated}}}, nil
	}
	return nil, unsupported("the condition %s", describe(e))
}

func (s *scope) all(parts []*expr, negated bool) ([]query.Filter, error) {
	var out []query.Filter
	for _, p := range parts {
		f, err := s.conditions(p, negated)
		if err != nil {
			return nil, err
		}
		out = append(out, f...)
	}
	return out, nil
}

// either reads an OR: of values of one column.
func (s *scope) either(parts []*expr, negated bool) ([]query.Filter, error) {
	var out []query.Filter
	for _, p := range parts {
		f, err := s.conditions(p, negated)
		if err != nil {
			return nil, err
		}
		if len(f) != 1 {
			return nil, unsupported("an OR of several conditions each")
		}
		same := len(out) == 1 && out[0].Column == f[0].Column && out[0].As == f[0].As && out[0].Than == nil && f[0].Than == nil
		switch {
		case out == nil:
			out = f
		case same && out[0].Op == query.Eq && f[0].Op == query.Eq:
			out[0].Values = append(out[0].Values, f[0].Values...)
		default:
			return nil, unsupported("an OR other than values of one column")
		}
	}
	return out, nil
}

var ops = map[string]query.Op{
	"COMPARE_EQUAL": query.Eq, "COMPARE_NOTEQUAL": query.Ne, "COMPARE_LESSTHAN": query.Lt, "COMPARE_LESSTHANOREQUALTO": query.Le,
	"COMPARE_GREATERTHAN": query.Gt, "COMPARE_GREATERTHANOREQUALTO": query.Ge,
	"COMPARE_DISTINCT_FROM": query.Ne, "COMPARE_NOT_DISTINCT_FROM": query.Eq,
}

var mirrored = map[query.Op]query.Op{query.Lt: query.Gt, query.Le: query.Ge, query.Gt: query.Lt, query.Ge: query.Le, query.Eq: query.Eq, query.Ne: query.Ne}

var opposite = map[query.Op]query.Op{query.Lt: query.Ge, query.Ge: query.Lt, query.Gt: query.Le, query.Le: query.Gt, query.Eq: query.Ne, query.Ne: query.Eq}

func (s *scope) comparison(e *expr, negated bool) ([]query.Filter, error) {
	op, known := ops[e.Type]
	if !known {
		return nil, unsupported("the comparison %s", e.Type)
	}
	left, right := e.Left, e.Right
	if _, ok := left.constant(); ok || left.Class == "SUBQUERY" || left.Class == "COLUMN_REF" && s.text(left) != "" {
		left, right, op = right, left, mirrored[op]
	}
	if negated {
		op = opposite[op]
	}
	if left.call("position", "instr", "strpos") && len(left.Children) == 2 { // > 0, ≥ 1
		return s.found(left, op, right)
	}
	o, err := s.operand(left)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, unsupported("a comparison of %s", describe(left))
	}
	if right.Class == "SUBQUERY" && right.SubqueryType == "SCALAR" {
		return s.than(o, op, right.Subquery)
	}
	v, ok := right.constant()
	if !ok {
		if v = s.text(right); v == "" {
			if f := s.sideBySide(o, op, right); f != nil {
				return f, nil
			}
			return nil, unsupported("a comparison of a column with %s", describe(right))
		}
	}
	return o.compare(op, v)
}

// sideBySide compares two columns row by row; nil where they are no two plain
// columns of numbers, or of one type.
func (s *scope) sideBySide(o *operand, op query.Op, right *expr) []query.Filter {
	p, err := s.operand(right)
	if err != nil || p == nil || !o.plain() || !p.plain() || o.as != "" || p.as != "" || o.fold || p.fold {
		return nil
	}
	if o.Type != p.Type && !(o.Type.Numeric() && p.Type.Numeric()) {
		return nil
	}
	return []query.Filter{{Column: o.Name, Op: op, Other: p.Name}}
}

// text reads a name that is no column as the text it is: SQLite takes "Metz" for
// 'Metz', and so do those who learnt SQL from it.
func (s *scope) text(e *expr) string {
	if e.Class != "COLUMN_REF" || len(e.Names) != 1 {
		return ""
	}
	if _, err := s.column(e.Names); err == nil {
		return ""
	}
	return e.Names[0]
}

// found reads position(part IN text) > 0.
func (s *scope) found(e *expr, op query.Op, bound *expr) ([]query.Filter, error) {
	whole, piece := e.Children[0], e.Children[1]
	o, err := s.operand(whole)
	if err != nil {
		return nil, err
	}
	text, ok := piece.constant()
	v, _ := bound.constant()
	n, isNumber := number(v)
	if o == nil || !ok || !isNumber || !(op == query.Gt && n == 0 || op == query.Ge && n == 1 || op == query.Ne && n == 0) {
		return nil, unsupported("a place within a text")
	}
	return o.matching(like{text: fmt.Sprint(text), any: true, open: true}, false)
}

// than compares with the one figure of a SELECT.
func (s *scope) than(o *operand, op query.Op, sub *statement) ([]query.Filter, error) {
	p, err := s.query(sub)
	if err != nil {
		return nil, err
	}
	if len(p.Columns) == 1 && p.Limit == 0 {
		p.Limit = 1 // DuckDB refuses to compare with several
	}
	if !o.plain() {
		return nil, unsupported("a part of a column compared with a SELECT")
	}
	return []query.Filter{{Column: o.Name, Op: op, As: o.as, Than: p}}, nil
}

// among reads IN (SELECT …) where that yields one value.
func (s *scope) among(e *expr, negated bool) ([]query.Filter, error) {
	if e.SubqueryType != "ANY" || e.Comparison != "COMPARE_EQUAL" {
		return nil, unsupported("%s (SELECT …)", strings.ToLower(e.SubqueryType))
	}
	o, err := s.operand(e.Child)
	if err != nil {
		return nil, err
	}
	p, err := s.query(e.Subquery)
	if err != nil {
		return nil, err
	}
	if o == nil || !o.plain() || len(p.Columns)+len(p.Measures) != 1 || len(p.Columns) == 1 && p.Limit != 1 || p.Grouped() {
		return nil, unsupported("IN (SELECT …) of several values")
	}
	op := query.Eq
	if negated {
		op = query.Ne
	}
	return []query.Filter{{Column: o.Name, Op: op, As: o.as, Than: p}}, nil
}

var (
	equality  = map[query.Op]bool{query.Eq: true, query.Ne: true}
	emptiness = map[query.Op]query.Op{query.Eq: query.Null, query.Ne: query.NotNull} // = '', <> ''
)

// compare writes the filter of a column and a constant.
func (o *operand) compare(op query.Op, v any) ([]query.Filter, error) {
	text, isText := v.(string)
	equal := equality[op]
	switch {
	case o.part != "":
		return o.compareDay(op, v)
	case o.prefix > 0:
		return o.compareStart(op, text)
	case isText && text == "" && equal && o.emptyIsNull():
		return []query.Filter{{Column: o.Name, Op: emptiness[op]}}, nil
	case !isText && !equal && o.Type == dataset.Text && o.as == "":
		o.as = query.AsNumber // 5 < x, of a text column
	}
	values, err := o.value(v)
	if len(values) > 1 && !equal {
		values = []any{v}
	}
	return []query.Filter{{Column: o.Name, Op: op, As: o.as, Values: values}}, err
}

// compareStart compares the first characters of a text.
func (o *operand) compareStart(op query.Op, text string) ([]query.Filter, error) {
	if len([]rune(text)) != o.prefix || !equality[op] {
		return nil, unsupported("the beginning of a text compared with %q", text)
	}
	return o.matching(like{text: text, open: true}, op == query.Ne)
}

// emptyIsNull tells whether the empty text means an empty cell, which tables hold
// as null.
func (o *operand) emptyIsNull() bool {
	return o.as == "" && !slices.ContainsFunc(o.Values, func(x dataset.Value) bool { return x.Text == "" })
}

// compareDay compares a part of a day: the year, the month, or all but the hour.
func (o *operand) compareDay(op query.Op, v any) ([]query.Filter, error) {
	if n, ok := number(v); ok && o.part == month && n == float64(int(n)) {
		return []query.Filter{{Column: o.Name, Op: op, As: query.AsMonth, Values: []any{n}}}, nil
	}
	from, to, ok := o.part.period(v)
	if !ok {
		return nil, unsupported("a %s compared with %v", o.part, v)
	}
	bound := func(op query.Op, at time.Time) []query.Filter {
		return []query.Filter{{Column: o.Name, Op: op, As: o.as, Values: []any{at.Format(time.DateOnly)}}}
	}
	switch op {
	case query.Eq:
		return o.span(from, to), nil
	case query.Lt, query.Ge:
		return bound(op, from), nil
	case query.Le:
		return bound(query.Lt, to), nil
	case query.Gt:
		return bound(query.Ge, to), nil
	}
	return nil, unsupported("every %s but one", o.part)
}

// period is what a value of a part means: from a day up to another, which is left out.
func (p part) period(v any) (from, to time.Time, ok bool) {
	text, _ := v.(string)
	switch p {
	case year:
		n, isNumber := number(v)
		from = time.Date(int(n), 1, 1, 0, 0, 0, 0, time.UTC)
		return from, from.AddDate(1, 0, 0), isNumber && n == float64(int(n)) && n >= 0 && n <= 9998
	case yearMonth:
		from, err := time.Parse("2006-01", text)
		return from, from.AddDate(0, 1, 0), err == nil
	case wholeDay:
		from, err := time.Parse(time.DateOnly, text)
		return from, from.AddDate(0, 0, 1), err == nil
	}
	return from, to, false
}

// span keeps the days from one up to another, which is left out.
func (o *operand) span(from, to time.Time) []query.Filter {
	if o.Type == dataset.Date {
		return []query.Filter{{Column: o.Name, Op: query.Between, Values: []any{from.Format(time.DateOnly), to.AddDate(0, 0, -1).Format(time.DateOnly)}}}
	}
	return []query.Filter{
		{Column: o.Name, Op: query.Ge, As: o.as, Values: []any{from.Format(time.DateOnly)}},
		{Column: o.Name, Op: query.Lt, As: o.as, Values: []any{to.Format(time.DateOnly)}},
	}
}

func (s *scope) between(e *expr, negated bool) ([]query.Filter, error) {
	if negated {
		return nil, unsupported("NOT BETWEEN")
	}
	o, err := s.operand(e.Input)
	if err != nil {
		return nil, err
	}
	low, ok := e.Lower.constant()
	high, ok2 := e.Upper.constant()
	if o == nil || !ok || !ok2 {
		return nil, unsupported("BETWEEN other than two values")
	}
	if o.plain() {
		return o.within(low, high)
	}
	a, err := o.compare(query.Ge, low)
	if err != nil {
		return nil, err
	}
	b, err := o.compare(query.Le, high)
	return append(a, b...), err
}

// within keeps the cells from one value to another.
func (o *operand) within(low, high any) ([]query.Filter, error) {
	if _, isText := low.(string); !isText && o.Type == dataset.Text && o.as == "" {
		o.as = query.AsNumber
	}
	f := query.Filter{Column: o.Name, Op: query.Between, As: o.as, Values: []any{low, high}}
	if o.Type == dataset.Text && o.as == "" {
		return []query.Filter{f}, nil
	}
	for i, v := range f.Values {
		values, err := o.value(v)
		if err != nil {
			return nil, err
		}
		f.Values[i] = values[0]
	}
	return []query.Filter{f}, nil
}

// operator reads IN and IS NULL.
func (s *scope) operator(e *expr, negated bool) ([]query.Filter, error) {
	if len(e.Children) == 0 {
		return nil, unsupported("the operator %s", e.Type)
	}
	o, err := s.operand(e.Children[0])
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, unsupported("the condition %s", describe(e))
	}
	switch e.Type {
	case "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL":
		op := query.Null
		if (e.Type == "OPERATOR_IS_NOT_NULL") != negated {
			op = query.NotNull
		}
		return []query.Filter{{Column: o.Name, Op: op}}, nil
	case "COMPARE_IN", "COMPARE_NOT_IN":
		return s.in(o, e.Children[1:], (e.Type == "COMPARE_NOT_IN") != negated)
	}
	return nil, unsupported("the operator %s", e.Type)
}

func (s *scope) in(o *operand, list []*expr, negated bool) ([]query.Filter, error) {
	f := query.Filter{Column: o.Name, Op: query.Eq, As: o.as}
	if negated {
		f.Op = query.Ne
	}
	for _, x := range list {
		v, ok := x.constant()
		if !ok {
			if v = s.text(x); v == "" {
				return nil, unsupported("IN a list of other than values")
			}
		}
		one, err := o.compare(f.Op, v)
		if err != nil {
			return nil, err
		}
		if len(one) != 1 || one[0].Op != f.Op {
			return nil, unsupported("IN a list of years or patterns")
		}
		f.As, f.Values = one[0].As, append(f.Values, one[0].Values...)
	}
	return []query.Filter{f}, nil
}

package lift

import (
	"reflect"

	"cigogne/internal/query"
)

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
	switch {
	case core.measure != nil && k == 1:
		f.measures = []query.Measure{*core.measure}
		return f, nil
	case core.op == '/' && core.r.whole != nil && k == 100:
		if core.l.measure == nil || !reflect.DeepEqual(core.l.measure, core.r.whole) {
			return nil, errComputation
		}
		f.measures, f.derived = []query.Measure{*core.l.measure}, &query.Derived{Op: query.ShareOfTotal, Of: 1}
		return f, nil
	}
	for _, s := range shapes {
		if k != s.factor {
			continue
		}
		if of, over := s.read(core); of != nil && of.measure != nil && over.measure != nil {
			f.measures = []query.Measure{*of.measure, *over.measure}
			f.derived = &query.Derived{Op: s.op, Of: 1, Over: 2}
			return f, nil
		}
	}
	return nil, errComputation
}

var errComputation = unsupported("this computation")

// shapes are the computations that a plan has a word for, each with its constant
// factor. read gives the two figures, nil where a term is of another shape.
var shapes = []struct {
	op     query.DerivedOp
	factor float64
	read   func(*term) (of, over *term)
}{
	{query.Growth, 100, (*term).change},
	{query.Growth, 100, (*term).lessOne},
	{query.Share, 100, func(t *term) (*term, *term) { return t.sides('/') }},
	{query.Ratio, 1, func(t *term) (*term, *term) { return t.sides('/') }},
	{query.Difference, 1, func(t *term) (*term, *term) { return t.sides('-') }},
	{query.Total, 1, func(t *term) (*term, *term) { return t.sides('+') }},
}

// sides are the two measures of an operation.
func (t *term) sides(op byte) (*term, *term) {
	if t.op != op || t.l.measure == nil || t.r.measure == nil {
		return nil, nil
	}
	return t.l, t.r
}

// change reads (a - b) / b. (a - b) / a is the fall from a to b, told as the
// change that it is.
func (t *term) change() (*term, *term) {
	if t.op != '/' {
		return nil, nil
	}
	of, over := t.l.sides('-')
	switch {
	case of == nil:
		return nil, nil
	case t.r.same(over):
		return of, over
	case t.r.same(of):
		return over, of
	}
	return nil, nil
}

// lessOne reads a / b - 1.
func (t *term) lessOne() (*term, *term) {
	if t.op != '-' || t.r.number == nil || *t.r.number != 1 {
		return nil, nil
	}
	return t.l.sides('/')
}

func (t *term) same(u *term) bool {
	return t.measure != nil && reflect.DeepEqual(t.measure, u.measure)
}

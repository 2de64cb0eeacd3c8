package lift

import (
	"slices"
	"strings"

	"cigogne/internal/query"
)

func (b *builder) having(e *expr) error {
	switch {
	case e == nil:
		return nil
	case e.Class == "CONJUNCTION" && e.Type == "CONJUNCTION_AND":
		for _, c := range e.Children {
			if err := b.having(c); err != nil {
				return err
			}
		}
		return nil
	case e.Class == "BETWEEN":
		if err := b.bound(e.Input, query.Ge, e.Lower); err != nil {
			return err
		}
		return b.bound(e.Input, query.Le, e.Upper)
	case e.Class == "COMPARISON" && ops[e.Type] != "":
		if _, ok := e.Left.constant(); ok {
			return b.bound(e.Right, mirrored[ops[e.Type]], e.Left)
		}
		return b.bound(e.Left, ops[e.Type], e.Right)
	}
	if f, err := b.conditions(e, false); err == nil && b.onGroups(f) { // of the groups: as well before
		b.plan.Where = append(b.plan.Where, f...)
		return nil
	}
	return unsupported("HAVING %s", describe(e))
}

func (b *builder) onGroups(filters []query.Filter) bool {
	return !slices.ContainsFunc(filters, func(f query.Filter) bool { return !slices.Contains(b.plan.GroupBy, f.Column) })
}

func (b *builder) bound(e *expr, op query.Op, bound *expr) error {
	e, err := b.item(e)
	if err != nil {
		return err
	}
	v, ok := bound.constant()
	n, isNumber := number(v)
	if !ok || !isNumber {
		return unsupported("HAVING compared with other than a number")
	}
	at, err := b.add(e)
	if err != nil {
		return err
	}
	b.plan.Having = append(b.plan.Having, query.Having{Measure: at, Op: op, Value: n})
	return nil
}

func (b *builder) modifiers() error {
	for _, m := range b.node.Modifiers {
		var err error
		switch m.Type {
		case "DISTINCT_MODIFIER":
			if len(m.On) > 0 {
				return unsupported("DISTINCT ON")
			}
			b.plan.Distinct = len(b.plan.Columns) > 0
		case "ORDER_MODIFIER":
			err = b.order(m.Orders)
		case "LIMIT_MODIFIER":
			err = b.limit(m)
		default:
			return unsupported("%s", strings.ToLower(strings.ReplaceAll(m.Type, "_", " ")))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) limit(m modifier) error {
	for _, x := range []struct {
		e  *expr
		to *int
	}{{m.Limit, &b.plan.Limit}, {m.Offset, &b.plan.Offset}} {
		if x.e == nil {
			continue
		}
		v, ok := x.e.constant()
		n, isNumber := number(v)
		if !ok || !isNumber || n != float64(int(n)) {
			return unsupported("a LIMIT other than a number")
		}
		*x.to = int(n)
	}
	if b.plan.Limit == 0 {
		return unsupported("OFFSET without LIMIT, or LIMIT 0")
	}
	return nil
}

func (b *builder) order(orders []order) error {
	for _, o := range orders {
		e, err := b.item(o.Expr)
		if err != nil {
			return err
		}
		out := query.Order{Desc: o.Type == "DESCENDING"}
		c, err := b.operand(e)
		if err != nil {
			return err
		}
		switch {
		case c != nil && c.part == "" && c.prefix == 0:
			out.Column, out.As = c.Name, c.as
		case c != nil:
			return unsupported("ORDER BY a part of a column")
		default:
			if out.Measure, err = b.ranked(e); err != nil {
				return err
			}
		}
		b.plan.OrderBy = append(b.plan.OrderBy, out)
	}
	return nil
}

// ranked orders by a figure. Where the list has columns alone, it is made of the
// cells of each row.
func (b *builder) ranked(e *expr) (int, error) {
	at, err := b.add(e)
	if err != nil {
		return 0, err
	}
	if p := b.plan; len(p.Columns) > 0 {
		if !b.cells {
			return 0, unsupported("ORDER BY an aggregate, without GROUP BY")
		}
		p.GroupBy, p.Columns, p.Distinct = p.Columns, nil, false
	}
	return at, nil
}

package query

import (
	"fmt"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
)

func (w *writer) where(p *Plan, t *dataset.Table) {
	if len(p.Where) == 0 {
		return
	}
	w.str(" WHERE ")
	if p.Shift != 0 {
		w.str(fmt.Sprintf("rowid IN (SELECT rowid + %d FROM ", p.Shift), w.d.table(p.Table, t), " WHERE ")
		if !w.d.extended() {
			w.err = ErrFileOrder
		}
		w.filters(t, p.Where)
		w.str(") AND (") // those that follow a run of them come after its last one
		w.filters(t, p.Where)
		w.str(") IS NOT TRUE")
		return
	}
	w.filters(t, p.Where)
}

func (w *writer) filters(t *dataset.Table, filters []Filter) {
	w.list(len(filters), " AND ", func(i int) { w.filter(t, filters[i]) })
}

func (w *writer) filter(t *dataset.Table, f Filter) {
	c := t.Column(f.Column)
	name := w.cell(t, f.Column, f.As)
	value := func(i int) { w.typed(c, f.As, f.Values[i]) }
	switch f.Op {
	case Eq, Ne:
		not := ""
		if f.Op == Ne {
			w.str("(", name, " IS NULL OR ")
			not = "NOT "
		}
		if f.Other != "" {
			w.str(name, " ", sqlOp(f.Op), " ", w.d.column(t, f.Other))
		} else if f.Than != nil {
			w.str(name, " ", sqlOp(f.Op), " (")
			w.plan(f.Than, false)
			w.str(")")
		} else if len(f.Values) == 1 {
			w.str(name, " ", sqlOp(f.Op), " ")
			value(0)
		} else {
			w.str(name, " ", not, "IN (")
			w.list(len(f.Values), ", ", value)
			w.str(")")
		}
		if f.Op == Ne {
			w.str(")")
		}
	case Between:
		w.str(name, " BETWEEN ")
		value(0)
		w.str(" AND ")
		value(1)
	case Contains:
		w.within(w.d.contains(), func() { w.alike(name, f.Values[0]) })
	case Starts:
		w.within(around{"starts_with(", ")"}, func() { w.alike(name, f.Values[0]) })
	case Null:
		w.str(name, " IS NULL")
	case NotNull:
		w.str(name, " IS NOT NULL")
	default:
		w.str(name, " ", sqlOp(f.Op), " ")
		if f.Other != "" {
			w.str(w.d.column(t, f.Other))
		} else if f.Than != nil {
			w.str("(")
			w.plan(f.Than, false)
			w.str(")")
		} else {
			value(0)
		}
	}
}

// typed binds a value as the column's own type, so that no cast of the column
// hides an index or a mistake.
func (w *writer) typed(c *dataset.Column, as As, v any) {
	if f, ok := v.(float64); ok && (c.Type == dataset.Integer || as.Part()) && f == float64(int64(f)) {
		v = int64(f)
	}
	switch {
	case as.Part():
		w.arg(v)
	case c.Type == dataset.Date:
		w.as(dataset.Date, func() { w.arg(w.d.moment(v, dataset.Date)) })
	case c.Type == dataset.DateTime, as == AsDate:
		w.as(dataset.DateTime, func() { w.arg(w.d.moment(v, dataset.DateTime)) })
	default:
		w.arg(v)
	}
}

// as writes something cast to a type.
func (w *writer) as(kind dataset.Type, write func()) { w.within(w.d.cast(kind), write) }

// within writes something with what stands around it.
func (w *writer) within(a around, write func()) {
	w.str(a.before)
	write()
	w.str(a.after)
}

// alike writes a text and one to look for in it, without case and accents.
func (w *writer) alike(text string, part any) {
	w.str(w.d.folded().of(text), ", ")
	w.within(w.d.folded(), func() { w.as(dataset.Text, func() { w.arg(part) }) })
}

func (w *writer) arg(v any) {
	w.args = append(w.args, v)
	w.b.WriteString("?")
	w.text.WriteString(literal(v))
}

// literal writes a value as SQL.
func literal(v any) string {
	switch x := v.(type) {
	case string:
		return "'" + strings.ReplaceAll(x, "'", "''") + "'"
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func sqlOp(op Op) string {
	if op == Ne {
		return "<>"
	}
	return string(op)
}

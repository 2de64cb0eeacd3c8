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
		w.str(fmt.Sprintf("rowid IN (SELECT rowid + %d FROM ", p.Shift), Quote(p.Table), " WHERE ")
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
	name := cell(t, f.Column, f.As)
	value := func(i int) { w.typed(c, f.As, f.Values[i]) }
	switch f.Op {
	case Eq, Ne:
		not := ""
		if f.Op == Ne {
			w.str("(", name, " IS NULL OR ")
			not = "NOT "
		}
		if f.Other != "" {
			w.str(name, " ", sqlOp(f.Op), " ", Quote(f.Other))
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
		w.str("contains(lower(strip_accents(", name, ")), lower(strip_accents(")
		w.arg(f.Values[0])
		w.str("::VARCHAR)))")
	case Starts:
		w.str("starts_with(lower(strip_accents(", name, ")), lower(strip_accents(")
		w.arg(f.Values[0])
		w.str("::VARCHAR)))")
	case Null:
		w.str(name, " IS NULL")
	case NotNull:
		w.str(name, " IS NOT NULL")
	default:
		w.str(name, " ", sqlOp(f.Op), " ")
		if f.Other != "" {
			w.str(Quote(f.Other))
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
	w.arg(v)
	switch {
	case as.Part():
	case c.Type == dataset.Date:
		w.str("::DATE")
	case c.Type == dataset.DateTime, as == AsDate:
		w.str("::TIMESTAMP")
	}
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

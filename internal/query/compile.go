package query

import (
	"fmt"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
)

// Tables finds a table's profile by its ID; nil where there is none.
type Tables func(id string) *dataset.Table

// Output says what a column of the result holds.
type Output struct {
	Name    string // what a reader sees
	Column  string // the table's column it comes from, if one
	Agg     Agg    // of a measure
	Unit    string
	Measure bool // a number to read, not a label
	Derived bool
}

// Compiled is a plan as SQL: identifiers quoted, every value a bound parameter.
type Compiled struct {
	SQL     string
	Args    []any
	Text    string // the same with the values written in: for people, never run
	Outputs []Output
}

// Compile checks the plan against the profiles of its tables and writes it as
// one DuckDB SELECT. Errors are *PlanError.
func Compile(p *Plan, tables Tables) (*Compiled, error) {
	if err := Validate(p, tables); err != nil {
		return nil, err
	}
	return compile(p, tables, duck{})
}

func compile(p *Plan, tables Tables, d dialect) (*Compiled, error) {
	w := &writer{tables: tables, d: d}
	outputs := w.plan(p, true)
	if w.err != nil {
		return nil, w.err
	}
	return &Compiled{SQL: w.b.String(), Args: w.args, Text: w.text.String(), Outputs: outputs}, nil
}

// writer builds the text and its arguments in the order they are read.
type writer struct {
	b      strings.Builder
	text   strings.Builder
	args   []any
	tables Tables
	d      dialect
	err    error // what the dialect cannot say
}

func (w *writer) str(s ...string) {
	for _, x := range s {
		w.b.WriteString(x)
		w.text.WriteString(x)
	}
}

func (w *writer) list(n int, sep string, each func(i int)) {
	for i := range n {
		if i > 0 {
			w.str(sep)
		}
		each(i)
	}
}

// Quote writes an identifier so that nothing in it is read as SQL.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (w *writer) plan(p *Plan, named bool) []Output {
	t := Joined(w.tables(p.Table), p.Joins, w.tables)
	if p.ranksShares() || p.ranked() && !w.d.extended() && !p.reaches(t) {
		return w.outranked(p, t, named)
	}
	if p.Tally {
		w.str(`SELECT count(*) AS "count" FROM (`)
		defer w.str(")")
	}
	var alias func(int, Output) string
	if named {
		alias = func(_ int, o Output) string { return w.d.alias(t, o) }
	}
	outputs := w.selects(p, t, alias)
	w.from(p)
	w.where(p, t)
	reached := p.reaches(t)
	if reached {
		w.reach(p, t)
	}
	w.groups(p, t)
	if p.ranked() && !reached {
		w.str(" QUALIFY rank() OVER (ORDER BY ")
		w.order(p, t)
		w.str(fmt.Sprintf(") BETWEEN %d AND %d", p.Offset+1, p.Offset+p.Limit))
	}
	if p.Tally {
		return []Output{{Name: "count", Agg: Count, Measure: true}}
	}
	w.sorted(p, t)
	if p.Limit > 0 && !p.Ties {
		w.str(w.d.limit(p.Limit, p.Offset))
	}
	return outputs
}

// selects writes what a plan asks for, each with its name where it is read by
// someone (alias, of the output of that index, is not nil), and tells what each
// output is.
func (w *writer) selects(p *Plan, t *dataset.Table, alias func(i int, o Output) string) []Output {
	var outputs []Output
	names := map[string]int{}
	output := func(o Output, write func()) {
		if len(outputs) > 0 {
			w.str(", ")
		}
		names[o.Name]++
		if n := names[o.Name]; n > 1 {
			o.Name = fmt.Sprintf("%s (%d)", o.Name, n)
		}
		write()
		if alias != nil {
			w.str(" AS ", alias(len(outputs), o))
		}
		outputs = append(outputs, o)
	}
	w.str("SELECT ")
	if p.Distinct && w.d.extended() {
		w.str("DISTINCT ")
	}
	for i, c := range p.GroupBy {
		output(Output{Name: groupName(p, i), Column: c, Unit: t.Column(c).Unit}, func() { w.str(w.group(p, t, i)) })
	}
	for _, c := range p.Columns {
		output(Output{Name: c, Column: c, Unit: t.Column(c).Unit}, func() { w.str(w.d.column(t, c)) })
	}
	for _, m := range p.Measures {
		output(Output{Name: measureName(m), Column: m.Column, Agg: m.Agg, Unit: measureUnit(t, m), Measure: true}, func() { w.measure(t, m) })
	}
	if d := p.Derived; d != nil {
		output(Output{Name: string(d.Op), Unit: derivedUnit(p, t, d), Measure: true, Derived: true}, func() { w.derived(p, t, d) })
	}
	return outputs
}

// groups writes what rows are grouped by, and which groups are kept.
func (w *writer) groups(p *Plan, t *dataset.Table) {
	if len(p.GroupBy) > 0 {
		w.str(" GROUP BY ")
		w.list(len(p.GroupBy), ", ", func(i int) { w.str(w.group(p, t, i)) })
	} else if p.Distinct && !w.d.extended() {
		w.str(" GROUP BY ")
		w.columns(p, t, "")
	}
	if len(p.Having) == 0 {
		return
	}
	w.str(" HAVING ")
	w.list(len(p.Having), " AND ", func(i int) {
		h := p.Having[i]
		if h.Measure > len(p.Measures) {
			w.derived(p, t, p.Derived)
		} else {
			w.measure(t, p.Measures[h.Measure-1])
		}
		w.str(" ", sqlOp(h.Op), " ")
		if h.Than == nil {
			w.arg(h.Value)
			return
		}
		w.str("(")
		w.plan(h.Than, false)
		w.str(")")
	})
}

// sorted writes the order of the rows: the one that is asked for, else one that is
// the same each time.
func (w *writer) sorted(p *Plan, t *dataset.Table) {
	switch {
	case len(p.OrderBy) > 0:
		w.str(" ORDER BY ")
		w.order(p, t)
		for i := range p.GroupBy { // the same answer twice, in the same order
			w.str(", ", w.group(p, t, i))
		}
		if len(p.Columns) > 0 && !w.d.extended() { // no engine of several has an order of its own
			w.str(", ")
			w.columns(p, t, " NULLS LAST")
		}
	case len(p.GroupBy) > 0:
		w.str(" ORDER BY ")
		w.list(len(p.GroupBy), ", ", func(i int) { w.str(w.alphabetic(t, p.GroupBy[i], p.GroupedAs(i))) })
	case len(p.Columns) == 0:
	case !w.d.extended():
		if p.Limit > 0 && !p.Distinct && !single(p, t) {
			w.err = ErrFileOrder
		}
		w.str(" ORDER BY ")
		w.columns(p, t, " NULLS LAST")
	case p.Distinct:
		w.str(" ORDER BY ALL")
	default:
		w.str(" ORDER BY rowid")
	}
}

// columns writes what is listed, each followed by after.
func (w *writer) columns(p *Plan, t *dataset.Table, after string) {
	w.list(len(p.Columns), ", ", func(i int) { w.str(w.d.column(t, p.Columns[i]), after) })
}

// group writes what the i-th of GroupBy groups by.
func (w *writer) group(p *Plan, t *dataset.Table, i int) string {
	return w.cell(t, p.GroupBy[i], p.GroupedAs(i))
}

func (w *writer) order(p *Plan, t *dataset.Table) {
	w.list(len(p.OrderBy), ", ", func(i int) {
		o := p.OrderBy[i]
		switch {
		case o.Measure > len(p.Measures):
			w.derived(p, t, p.Derived)
		case o.Measure > 0:
			w.measure(t, p.Measures[o.Measure-1])
		case o.Column != "":
			w.str(w.cell(t, o.Column, o.As))
		default:
			w.str("rowid")
			if !w.d.extended() {
				w.err = ErrFileOrder
			}
		}
		if o.Desc {
			w.str(" DESC")
		}
		w.str(" NULLS LAST")
	})
}

func (w *writer) measure(t *dataset.Table, m Measure) {
	switch m.Agg {
	case Count:
		if m.Column == "" {
			w.str("count(*)")
		} else {
			w.str("count(", w.d.column(t, m.Column), ")")
		}
	case CountDistinct:
		w.str("count(DISTINCT ", w.d.column(t, m.Column), ")")
	default:
		w.d.aggregate(w, t, m)
		return
	}
	w.only(t, m)
}

// only narrows the rows of the aggregate just written.
func (w *writer) only(t *dataset.Table, m Measure) {
	if len(m.Where) > 0 {
		w.str(" FILTER (WHERE ")
		w.filters(t, m.Where)
		w.str(")")
	}
}

// change writes a difference, or how much of it there is a year.
func (w *writer) change(d *Derived, of, over func()) {
	less := func() {
		of()
		w.str(" - ")
		over()
	}
	if d.Years == 0 {
		less()
		return
	}
	w.within(w.d.real(), func() {
		w.str("(")
		less()
		w.str(")")
	})
	w.str(" / ", strconv.Itoa(d.Years))
}

// meanGrowth writes the growth a year that makes the whole growth when it is compounded.
func (w *writer) meanGrowth(d *Derived, of, over func()) {
	w.str(w.d.hundred(), " * (power(")
	w.within(w.d.real(), of)
	w.str(" / nullif(")
	over()
	w.str(", 0), 1.0 / ", strconv.Itoa(d.Years), ") - 1)")
}

func (w *writer) derived(p *Plan, t *dataset.Table, d *Derived) {
	of := func() { w.measure(t, p.Measures[d.Of-1]) }
	over := func() { w.measure(t, p.Measures[d.Over-1]) }
	switch d.Op {
	case Share:
		w.str(w.d.hundred(), " * ")
		of()
		w.str(" / nullif(")
		over()
		w.str(", 0)")
	case ShareOfTotal:
		w.str(w.d.hundred(), " * ")
		of()
		w.str(" / nullif(sum(")
		of()
		w.str(") OVER (), 0)")
	case Difference:
		w.change(d, of, over)
	case Total:
		of()
		w.str(" + ")
		over()
	case Verdict:
		w.str("CASE")
		for i, sign := range []string{" > ", " = ", " < "} {
			w.str(" WHEN ")
			of()
			w.str(sign)
			if d.Value != nil {
				w.arg(*d.Value)
			} else {
				over()
			}
			w.str(" THEN ")
			w.as(dataset.Text, func() { w.arg(d.Says[i]) })
		}
		w.str(" END")
	case Growth:
		if d.Years > 0 {
			w.meanGrowth(d, of, over)
			return
		}
		w.str(w.d.hundred(), " * (")
		of()
		w.str(" - ")
		over()
		w.str(") / nullif(")
		over()
		w.str(", 0)")
	case Ratio:
		if d.Scale > 0 {
			w.str(strconv.FormatFloat(d.Scale, 'f', -1, 64), " * ")
		}
		w.within(w.d.real(), of)
		w.str(" / nullif(")
		if d.Per != nil {
			w.str("(")
			w.plan(d.Per, false)
			w.str(")")
		} else {
			over()
		}
		w.str(", 0)")
	}
}

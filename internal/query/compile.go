package query

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
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
	w := &writer{tables: tables}
	outputs := w.plan(p, true)
	return &Compiled{SQL: w.b.String(), Args: w.args, Text: w.text.String(), Outputs: outputs}, nil
}

// writer builds the text and its arguments in the order they are read.
type writer struct {
	b      strings.Builder
	text   strings.Builder
	args   []any
	tables Tables
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
	if p.Tally {
		w.str(`SELECT count(*) AS "count" FROM (`)
		defer w.str(")")
	}
	outputs := w.selects(p, t, named)
	w.from(p)
	w.where(p, t)
	w.groups(p, t)
	if p.Ties && p.Limit > 0 && len(p.OrderBy) > 0 {
		w.str(" QUALIFY rank() OVER (ORDER BY ")
		w.order(p, t)
		w.str(fmt.Sprintf(") BETWEEN %d AND %d", p.Offset+1, p.Offset+p.Limit))
	}
	if p.Tally {
		return []Output{{Name: "count", Agg: Count, Measure: true}}
	}
	w.sorted(p, t)
	if p.Limit > 0 && !p.Ties {
		w.str(fmt.Sprintf(" LIMIT %d", p.Limit))
		if p.Offset > 0 {
			w.str(fmt.Sprintf(" OFFSET %d", p.Offset))
		}
	}
	return outputs
}

// selects writes what a plan asks for, each with its name where it is read by
// someone, and tells what each output is.
func (w *writer) selects(p *Plan, t *dataset.Table, named bool) []Output {
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
		if named {
			w.str(" AS ", Quote(o.Name))
		}
		outputs = append(outputs, o)
	}
	w.str("SELECT ")
	if p.Distinct {
		w.str("DISTINCT ")
	}
	for i, c := range p.GroupBy {
		output(Output{Name: groupName(p, i), Column: c, Unit: t.Column(c).Unit}, func() { w.str(w.group(p, t, i)) })
	}
	for _, c := range p.Columns {
		output(Output{Name: c, Column: c, Unit: t.Column(c).Unit}, func() { w.str(Quote(c)) })
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
	case len(p.GroupBy) > 0:
		w.str(" ORDER BY ")
		w.list(len(p.GroupBy), ", ", func(i int) { w.str(alphabetic(t, p.GroupBy[i], p.GroupedAs(i))) })
	case p.Distinct:
		w.str(" ORDER BY ALL")
	case len(p.Columns) > 0:
		w.str(" ORDER BY rowid")
	}
}

// group writes what the i-th of GroupBy groups by.
func (w *writer) group(p *Plan, t *dataset.Table, i int) string {
	return cell(t, p.GroupBy[i], p.GroupedAs(i))
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
			w.str(cell(t, o.Column, o.As))
		default:
			w.str("rowid")
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
			w.str("count(", Quote(m.Column), ")")
		}
	case CountDistinct:
		w.str("count(DISTINCT ", Quote(m.Column), ")")
	default:
		if len(m.Once) > 0 {
			w.once(t, m)
			return
		}
		w.str(string(m.Agg), "(", cell(t, m.Column, m.As), ")")
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

// once aggregates a value that rows of one parent repeat: over the different
// pairs of parent and value, whatever the groups and filters around it.
func (w *writer) once(t *dataset.Table, m Measure) {
	w.str("list_", string(m.Agg), "(list_transform(list(DISTINCT {'value': ", Quote(m.Column))
	for i, c := range m.Once {
		w.str(fmt.Sprintf(", 'of%d': ", i+1), Quote(c))
	}
	w.str("})")
	w.only(t, m)
	w.str(", lambda x: x.value))")
}

// Patterns that find a number or a day in a text cell.
const (
	numberIn       = `regexp_extract(replace(%s, '−', '-'), '-?[0-9][0-9,]*(?:[.][0-9]+)?|-?[.][0-9]+')`
	frenchNumberIn = `regexp_extract(regexp_replace(replace(%s, '−', '-'), '([0-9])[ \u00a0\u202f]([0-9])', '\1\2', 'g'), '-?[0-9]+(?:,[0-9]+)?')`
	dateIn         = `regexp_extract(%s, '[A-Za-z]{3,9}[.]? ?[0-9]{1,2}(?:, ?[0-9]{4})?|[0-9]{1,2} [A-Za-z]{3,9}(?: [0-9]{4})?|[0-9]{1,4}[/-][0-9]{1,2}[/-][0-9]{2,4}|[0-9]{4}')`
)

// dateFormats are the ways a day is written in a text cell, tried in order.
const dateFormats = `['%B %d, %Y', '%b %d, %Y', '%B%d, %Y', '%B%d,%Y', '%d %B %Y', '%d %b %Y', '%Y-%m-%d', '%d/%m/%Y', '%m/%d/%Y', '%B %d', '%b %d', '%d %B', '%d %b', '%Y']`

// duration adds up the hours, minutes and seconds of a text cell.
const duration = `(coalesce(TRY_CAST(nullif(regexp_extract(%[1]s, '([0-9]+):[0-9]{2}:[0-9]{2}', 1), '') AS DOUBLE), 0) * 3600` +
	` + TRY_CAST(regexp_extract(%[1]s, '([0-9]+):[0-9]{2}(?:[.,][0-9]+)?(?:[^0-9:]|$)', 1) AS DOUBLE) * 60` +
	` + TRY_CAST(replace(regexp_extract(%[1]s, ':([0-9]{2}(?:[.,][0-9]+)?)(?:[^0-9:]|$)', 1), ',', '.') AS DOUBLE))`

// frenchMonths are the names of months as DuckDB, which reads English ones alone,
// has to be given them.
var frenchMonths = [][2]string{{"janvier", "january"}, {"fevrier", "february"}, {"mars", "march"}, {"avril", "april"}, {"mai", "may"}, {"juin", "june"}, {"juillet", "july"}, {"aout", "august"}, {"septembre", "september"}, {"octobre", "october"}, {"novembre", "november"}, {"decembre", "december"}, {"1er", "1"}}

// inEnglish writes a text column whose cells hold French months with English ones.
func inEnglish(t *dataset.Table, column string) string {
	french := false
	for _, v := range t.Column(column).Values {
		for _, w := range strings.Fields(lang.Fold(v.Text)) {
			for _, m := range frenchMonths[:12] {
				french = french || w == m[0]
			}
		}
	}
	if !french {
		return Quote(column)
	}
	out := "lower(strip_accents(" + Quote(column) + "))"
	for _, m := range frenchMonths {
		out = "replace(" + out + ", '" + m[0] + "', '" + m[1] + "')"
	}
	return out
}

// decimalComma is a number whose comma sets thousands apart in no language.
var decimalComma = regexp.MustCompile(`(^|[^0-9,.])[0-9]+,([0-9]{1,2}|[0-9]{4,})([^0-9,.]|$)|(^|[^0-9])0,[0-9]`)

// frenchNumbers tells whether the numbers in a column's texts have decimal commas.
func frenchNumbers(t *dataset.Table, column string) bool {
	return slices.ContainsFunc(t.Column(column).Values, func(v dataset.Value) bool { return decimalComma.MatchString(v.Text) })
}

// cell writes a column as its own type, or as what its cells are read as.
func cell(t *dataset.Table, column string, as As) string {
	switch as {
	case AsDuration:
		return fmt.Sprintf(duration, Quote(column))
	case AsYear, AsQuarter, AsMonth, AsWeekday:
		part := map[As]string{AsYear: "year", AsQuarter: "quarter", AsMonth: "month", AsWeekday: "isodow"}[as]
		if t.Column(column).Type == dataset.Text {
			return part + "(" + cell(t, column, AsDate) + ")"
		}
		return part + "(" + Quote(column) + ")"
	case AsNumber:
		if frenchNumbers(t, column) {
			return "TRY_CAST(replace(" + fmt.Sprintf(frenchNumberIn, Quote(column)) + ", ',', '.') AS DOUBLE)"
		}
		return "TRY_CAST(replace(" + fmt.Sprintf(numberIn, Quote(column)) + ", ',', '') AS DOUBLE)"
	case AsDate:
		return "try_strptime(" + fmt.Sprintf(dateIn, inEnglish(t, column)) + ", " + dateFormats + ")"
	}
	return Quote(column)
}

func (w *writer) derived(p *Plan, t *dataset.Table, d *Derived) {
	of := func() { w.measure(t, p.Measures[d.Of-1]) }
	over := func() { w.measure(t, p.Measures[d.Over-1]) }
	switch d.Op {
	case Share:
		w.str("100.0 * ")
		of()
		w.str(" / nullif(")
		over()
		w.str(", 0)")
	case ShareOfTotal:
		w.str("100.0 * ")
		of()
		w.str(" / nullif(sum(")
		of()
		w.str(") OVER (), 0)")
	case Difference:
		of()
		w.str(" - ")
		over()
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
			w.arg(d.Says[i])
			w.str("::VARCHAR")
		}
		w.str(" END")
	case Growth:
		w.str("100.0 * (")
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
		of()
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

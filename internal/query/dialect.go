package query

import (
	"errors"
	"fmt"
	"strings"

	"cigogne/internal/dataset"
)

// ErrFileOrder is a plan that asks for the order of the rows in their file, which
// an engine that reads a file in parts does not know.
var ErrFileOrder = errors.New("the order of the rows in their file is not known to the engine")

// dialect is what engines write differently, or mean differently by the same words.
type dialect interface {
	table(id string, t *dataset.Table) string
	column(t *dataset.Table, name string) string
	alias(t *dataset.Table, o Output) string
	// extended tells whether there are QUALIFY, ORDER BY ALL, the order of rows.
	extended() bool
	limit(n, offset int) string

	cast(kind dataset.Type) around
	moment(v any, kind dataset.Type) any // a day, or an instant, as a cast reads it
	folded() around                      // a text without case and accents
	contains() around                    // a text, and one that is in it

	number(text string, french bool) string // the first number in a text
	day(text string) string                 // the day in a text
	duration(text string) string            // the seconds that a text says
	part(as As) string                      // the function that takes a part of a day
	place(names []string, text string) string
	collated(text string) string

	aggregate(w *writer, t *dataset.Table, m Measure) // all but counts
	real() around                                     // a figure that is divided
	hundred() string                                  // of a percentage
}

// around is what stands before and after something.
type around struct{ before, after string }

func (a around) of(s string) string { return a.before + s + a.after }

// duck is DuckDB's dialect.
type duck struct{}

func (duck) table(id string, _ *dataset.Table) string    { return Quote(id) }
func (duck) column(_ *dataset.Table, name string) string { return Quote(name) }
func (duck) alias(_ *dataset.Table, o Output) string     { return Quote(o.Name) }
func (duck) extended() bool                              { return true }
func (duck) moment(v any, _ dataset.Type) any            { return v }
func (duck) folded() around                              { return around{"lower(strip_accents(", "))"} }
func (duck) contains() around                            { return around{"contains(", ")"} }
func (duck) real() around                                { return around{} }
func (duck) hundred() string                             { return "100.0" }
func (duck) collated(text string) string                 { return text + " COLLATE NOCASE.NOACCENT" }

func (duck) limit(n, offset int) string {
	if offset > 0 {
		return fmt.Sprintf(" LIMIT %d OFFSET %d", n, offset)
	}
	return fmt.Sprintf(" LIMIT %d", n)
}

func (duck) cast(kind dataset.Type) around {
	switch kind {
	case dataset.Date:
		return around{"", "::DATE"}
	case dataset.DateTime:
		return around{"", "::TIMESTAMP"}
	}
	return around{"", "::VARCHAR"}
}

func (duck) part(as As) string {
	return map[As]string{AsYear: "year", AsQuarter: "quarter", AsMonth: "month", AsWeekday: "isodow"}[as]
}

func (duck) place(names []string, text string) string {
	return "list_position(['" + strings.Join(names, "', '") + "'], strip_accents(lower(" + text + ")))"
}

func (duck) number(text string, french bool) string {
	if french {
		return "TRY_CAST(replace(" + fmt.Sprintf(frenchNumberIn, text, `\1\2', 'g`) + ", ',', '.') AS DOUBLE)"
	}
	return "TRY_CAST(replace(" + fmt.Sprintf(numberIn, text) + ", ',', '') AS DOUBLE)"
}

func (duck) day(text string) string {
	return "try_strptime(" + fmt.Sprintf(dateIn, text) + ", " + dateFormats + ")"
}

func (duck) duration(text string) string { return fmt.Sprintf(duration, text) }

func (duck) aggregate(w *writer, t *dataset.Table, m Measure) {
	if len(m.Once) > 0 {
		once(w, t, m)
		return
	}
	w.str(string(m.Agg), "(", w.cell(t, m.Column, m.As), ")")
	w.only(t, m)
}

// once aggregates a value that rows of one parent repeat: over the different
// pairs of parent and value, whatever the groups and filters around it.
func once(w *writer, t *dataset.Table, m Measure) {
	w.str("list_", string(m.Agg), "(list_transform(list(DISTINCT {'value': ", Quote(m.Column))
	for i, c := range m.Once {
		w.str(fmt.Sprintf(", 'of%d': ", i+1), Quote(c))
	}
	w.str("})")
	w.only(t, m)
	w.str(", lambda x: x.value))")
}

// Patterns that find a number or a day in a text cell, the same for every engine;
// what joins the digits of a French number is the engine's own.
const (
	numberIn       = `regexp_extract(replace(%s, '−', '-'), '-?[0-9][0-9,]*(?:[.][0-9]+)?|-?[.][0-9]+')`
	frenchNumberIn = `regexp_extract(regexp_replace(replace(%s, '−', '-'), '([0-9])[ \x{a0}\x{202f}]([0-9])', '%s'), '-?[0-9]+(?:,[0-9]+)?')`
	dateIn         = `regexp_extract(%s, '[A-Za-z]{3,9}[.]? ?[0-9]{1,2}(?:, ?[0-9]{4})?|[0-9]{1,2} [A-Za-z]{3,9}(?: [0-9]{4})?|[0-9]{1,4}[/-][0-9]{1,2}[/-][0-9]{2,4}|[0-9]{4}')`
)

// dateFormats are the ways a day is written in a text cell, tried in order.
const dateFormats = `['%B %d, %Y', '%b %d, %Y', '%B%d, %Y', '%B%d,%Y', '%d %B %Y', '%d %b %Y', '%Y-%m-%d', '%d/%m/%Y', '%m/%d/%Y', '%B %d', '%b %d', '%d %B', '%d %b', '%Y']`

// duration adds up the hours, minutes and seconds of a text cell.
const duration = `(coalesce(TRY_CAST(nullif(regexp_extract(%[1]s, '([0-9]+):[0-9]{2}:[0-9]{2}', 1), '') AS DOUBLE), 0) * 3600` +
	` + TRY_CAST(regexp_extract(%[1]s, '([0-9]+):[0-9]{2}(?:[.,][0-9]+)?(?:[^0-9:]|$)', 1) AS DOUBLE) * 60` +
	` + TRY_CAST(replace(regexp_extract(%[1]s, ':([0-9]{2}(?:[.,][0-9]+)?)(?:[^0-9:]|$)', 1), ',', '.') AS DOUBLE))`

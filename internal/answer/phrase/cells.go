package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// listed is how many names a sentence holds.
const listed = 12

// cells says what was looked up or listed.
func (s speaker) cells() string {
	p := s.Plan
	sc := s.scene("", p.Where)
	last := len(p.Columns) - 1
	one := len(s.Rows) == 1
	switch {
	case s.ranksRows():
		return s.topRows()
	case one && s.wheres(p.Columns) && len(sc.subject) > 0:
		return s.address(sc)
	case one && last < 4 && len(sc.subject) > 0 && len(sc.places) == 1 && !s.shows(p.Columns[last], sc):
		return s.beyondName(sc)
	case one && last == 0 && s.Annotation == nil:
		return s.bareCell(sc)
	case last == 0 || s.isLabel(p.Columns[0]):
		return s.list(sc)
	}
	return ""
}

// ranksRows tells whether names are listed by their figure, so many of them.
func (s speaker) ranksRows() bool {
	p := s.Plan
	return len(p.OrderBy) > 0 && len(p.Columns) == 2 && p.Limit > 0 && s.isFigure(p.Columns[1]) && s.Table.Column(p.Columns[0]) != nil && p.Columns[0] != p.Columns[1]
}

// topRows says which of the names leads.
func (s speaker) topRows() string {
	name, figure := s.Plan.Columns[0], s.Plan.Columns[1]
	c, ok := s.contest(name, 1)
	if !ok {
		return ""
	}
	return s.first(name) + s.leader(s.scene(figure, s.withoutNames(name)), c, figure, s.Units[1])
}

// shows tells whether a column is what the subject is known by already.
func (s speaker) shows(column string, sc scene) bool {
	return s.isLabel(column) || s.note(column).Level != "" && s.note(column).Level == sc.level
}

// wheres tells whether columns are several that say where a row is.
func (s speaker) wheres(columns []string) bool {
	return len(columns) > 1 && s.Annotation != nil && slices.Equal(columns, s.Annotation.Entity.Where)
}

// address says where one thing is.
func (s speaker) address(sc scene) string {
	var parts []string
	for _, v := range s.Rows[0] {
		if v != nil {
			parts = append(parts, s.Escape(fmt.Sprint(v)))
		}
	}
	return s.text("cell", "column", s.label(s.Plan.Columns[0]), "of", sc.subject.of(s.Lang), "value", strong(strings.Join(parts, ", ")))
}

// withoutNames are the filters other than those on the names that are ranked.
func (s speaker) withoutNames(column string) []query.Filter {
	var out []query.Filter
	for _, f := range s.Plan.Where {
		if !strings.EqualFold(f.Column, column) {
			out = append(out, f)
		}
	}
	return out
}

// beyondName says the cells that were looked up of one thing, its own name left out.
func (s speaker) beyondName(sc scene) string {
	var said []string
	for i, column := range s.Plan.Columns {
		if s.shows(column, sc) {
			continue
		}
		cell := s.cell(sc, column, s.Rows[0][i], s.Units[i])
		if cell == "" {
			return ""
		}
		said = append(said, cell)
	}
	return strings.Join(said, s.text("and_then"))
}

// cell says what was looked up of one thing.
func (s speaker) cell(sc scene, column string, v any, unit string) string {
	if v == nil {
		return ""
	}
	if x, ok := lang.Number(v); ok && s.isFigure(column) {
		return s.state(s.scene(column, s.Plan.Where), column, s.amount(x, unit))
	}
	subject := sc.subject.join(s.Lang)
	text := s.Escape(fmt.Sprint(v))
	switch level := s.note(column).Level; {
	case level == "department" || level == "region" || level == "arrondissement":
		return s.text("lies", "subject", subject, "where", strong(in(level, text, s.Lang)))
	case level == "epci":
		return s.text("belongs", "subject", subject, "to", strong(of(place(level, text, s.Lang), s.Lang)))
	}
	if c := s.Table.Column(column); c == nil || c.Type != dataset.Text && !c.Role.Label() && c.Type != dataset.Integer {
		return ""
	}
	return s.text("cell", "column", s.label(column), "of", sc.subject.of(s.Lang), "value", strong(text))
}

// bareCell says what was looked up in a table that nobody annotated.
func (s speaker) bareCell(sc scene) string {
	column, v := s.Plan.Columns[0], s.Rows[0][0]
	if v == nil || len(s.Plan.OrderBy) > 0 {
		return ""
	}
	text := s.Escape(plainNumber(v))
	if x, ok := lang.Number(v); ok && s.isFigure(column) {
		text = s.exact(x, s.Units[0])
	} else if t, ok := v.(time.Time); ok {
		text = lang.LongDay(t, s.Lang)
	}
	return s.text("looked_up", "column", s.label(column), "after", lead(nil, sc.after(), sc.when), "value", strong(text))
}

// bearers says which rows bear a code that is one of several in its cell, each with
// where it is: "Codes postaux, 57000 : Metz (Moselle)".
func (s speaker) bearers() string {
	at := slices.IndexFunc(s.Plan.Where, func(f query.Filter) bool { return f.Op == query.Contains && len(f.Values) == 1 })
	if at < 0 || s.Annotation == nil || s.Cut || !s.isLabel(s.Plan.Columns[0]) || len(s.Plan.Columns) > 2 {
		return ""
	}
	var names noun
	for _, row := range s.Rows {
		name := strong(s.Escape(plainNumber(row[0])))
		if len(row) > 1 && row[1] != nil {
			name += " (" + s.Escape(plainNumber(row[1])) + ")"
		}
		names = append(names, name)
	}
	if n := float64(len(s.Rows)); len(s.Rows) > listed {
		names = noun{strong(spaced(s.number(n, 0), s.rowWord(n)))}
	}
	f := s.Plan.Where[at]
	return s.text("bearers", "column", capital(s.label(f.Column)), "code", s.Escape(plainNumber(f.Values[0])), "names", names.join(s.Lang))
}

// list says how many there are, and their names where they are few.
func (s speaker) list(sc scene) string {
	if s.Plan.Limit == 1 && len(s.Rows) > 1 { // those that tie for the first place are not all there are
		return ""
	}
	column := s.Plan.Columns[0]
	n := float64(len(s.Rows))
	counted := strong(spaced(s.number(n, 0), s.rowWord(n)))
	if !s.isLabel(column) {
		if s.Annotation != nil || len(s.Plan.Columns) == 1 {
			counted = strong(s.number(n, 0)) + " " + s.text("values_of", "column", s.label(column), "n", len(s.Rows))
		}
	}
	if said := s.bearers(); said != "" {
		return said
	}
	after := lead(sc.kinds, sc.where, sc.after(), sc.when)
	if s.Cut {
		return s.yes() + s.text("at_least", "count", counted, "after", after)
	}
	if len(s.Plan.Columns) > 1 || len(s.Rows) > listed {
		return s.yes() + s.text(be(n, s.Lang), "count", counted, "after", after)
	}
	var names noun
	for _, row := range s.Rows {
		if row[0] == nil {
			return s.yes() + s.text(be(n, s.Lang), "count", counted, "after", after)
		}
		if x, ok := lang.Number(row[0]); ok && s.isFigure(column) {
			names = append(names, s.exact(x, s.Units[0]))
			continue
		}
		names = append(names, s.Escape(plainNumber(row[0])))
	}
	return s.yes() + s.text(be(n, s.Lang), "count", counted, "after", after) + s.text("colon") + " " + names.join(s.Lang)
}

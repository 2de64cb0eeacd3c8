package joined

import (
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// meeting is two tables as they were read, the second giving columns to the first.
type meeting struct {
	table, register        *dataset.Table
	annotation, registered *dataset.Annotation
}

// maxMet bounds the meetings that are remembered.
const maxMet = 64

// widened are the candidates that a register gives columns to, with these.
func (pl *Planner) widened(candidates []plan.Candidate) []plan.Candidate {
	var out []plan.Candidate
	r, ok := Register(candidates) // one: two would speak of the same territories
	if !ok {
		return nil
	}
	for _, c := range candidates {
		if wide := pl.meet(c, r); len(wide.Joins) > 0 {
			out = append(out, wide.Candidate)
		}
	}
	return out
}

// Register is the table that others may be joined to: of the communes of a region
// and what holds them.
func Register(candidates []plan.Candidate) (plan.Candidate, bool) {
	if i := slices.IndexFunc(candidates, register); i >= 0 {
		return candidates[i], true
	}
	return plan.Candidate{}, false
}

// register tells whether a table has a row a commune and a year, with the
// territories that hold it.
func register(c plan.Candidate) bool {
	a := c.Annotation
	if a == nil || len(a.Entity.Key) != 1 || kind(c.Table, a.Entity.Key[0]) != dataset.KindCommune {
		return false
	}
	year := c.Table.Column(a.Time.Column)
	return year != nil && year.Role == dataset.Year && slices.ContainsFunc(a.Column, func(n dataset.ColumnNote) bool { return n.Level == "epci" })
}

func kind(t *dataset.Table, column string) dataset.Kind {
	if c := t.Column(column); c != nil && c.Type == dataset.Text {
		return c.Kind
	}
	return ""
}

// coded is the column of a table whose codes say in which territory a row is; ""
// where it has none, or several.
func coded(t *dataset.Table, k dataset.Kind) string {
	name := ""
	for _, c := range t.Columns {
		if c.Type == dataset.Text && c.Kind == k {
			if name != "" {
				return ""
			}
			name = c.Name
		}
	}
	return name
}

// wider is a table with columns of another, and the words for these and for what is
// in them.
type wider struct {
	plan.Candidate
	words phrases
}

// meet is a table with the columns that another gives it, made once: the register's,
// or those of a table whose key it holds. No joins where they do not meet.
func (pl *Planner) meet(c, other plan.Candidate) wider {
	k := meeting{c.Table, other.Table, c.Annotation, other.Annotation}
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if w, ok := pl.met[k]; ok {
		w.Score, w.Dataset = c.Score, c.Dataset
		return w
	}
	if len(pl.met) >= maxMet {
		clear(pl.met)
	}
	var w wider
	switch {
	case register(other):
		if w.Candidate = registered(c, other); len(w.Joins) > 0 && c.Annotation == nil { // others are read by their own words
			w.words = said(w.Candidate, other)
		}
	case c.Annotation == nil && other.Annotation == nil:
		if w.Candidate = lookedUp(c, other); len(w.Joins) > 0 {
			w.words = phrasesOf(w.Joins[0].As)
		}
	}
	pl.met[k] = w
	return w
}

// registered gives a table the columns of the register that it lacks.
func registered(c, register plan.Candidate) plan.Candidate {
	on := coded(c.Table, dataset.KindCommune)
	if on == "" || c.Table == register.Table || c.Annotation != nil && slices.Equal(c.Annotation.Entity.Key, []string{on}) {
		return plan.Candidate{} // it is a table of communes itself
	}
	r := register.Annotation
	year, _ := strconv.ParseFloat(register.Table.Column(r.Time.Column).Max, 64)
	join := query.Join{On: []string{on}, Of: &query.Plan{Table: register.Table.ID, GroupBy: r.Entity.Key,
		Where: []query.Filter{{Column: r.Time.Column, Op: query.Eq, Values: []any{year}}}}}
	var notes []dataset.ColumnNote
	take := func(n dataset.ColumnNote, agg query.Agg) {
		as := n.Name
		if c.Annotation == nil && n.Level != "" {
			as = n.Label.FR // what people call it: nobody wrote that down for this table
		}
		if c.Table.Column(as) == nil && register.Table.Column(n.Name) != nil && !slices.Contains(join.As, as) {
			join.As = append(join.As, as)
			join.Of.Measures = append(join.Of.Measures, query.Measure{Agg: agg, Column: n.Name})
			n.Lag, n.Say = nil, nil
			notes = append(notes, n)
		}
	}
	for _, n := range r.Column {
		switch {
		case n.Level != "" && !holds(c, n.Level, register.Table.Column(n.Name)):
			take(n, query.Min)
			for _, code := range r.Column {
				if code.Name == n.Code && !holds(c, "", register.Table.Column(code.Name)) {
					take(code, query.Min)
				}
			}
		case n.Name == r.Measure && c.Annotation != nil: // a figure more than a bare table's reader would expect
			n.Unit = "" // of the place, not of the row: "un musée de 5 000 habitants" is none
			n.Label.FR += " (" + r.Entity.Name.FR + ")"
			n.Label.EN += " (" + r.Entity.Name.EN + ")"
			take(n, query.Sum)
		}
	}
	if len(join.As) == 0 {
		return plan.Candidate{}
	}
	wide := c
	wide.Joins = []query.Join{join}
	wide.Table = query.Joined(c.Table, wide.Joins, func(string) *dataset.Table { return register.Table })
	for i := range wide.Table.Columns {
		if x := &wide.Table.Columns[i]; slices.Contains(join.As, x.Name) && x.Type.Numeric() {
			x.Unit = ""
		}
	}
	wide.Annotation = annotated(c.Annotation, r, notes)
	return wide
}

// said are the words for the columns that a register gives a table, and for what is
// in them, folded.
func said(wide, register plan.Candidate) phrases {
	var out []string
	given := wide.Joins[0].Of
	gives := func(column string) bool {
		return slices.ContainsFunc(given.Measures, func(m query.Measure) bool { return m.Column == column })
	}
	for _, n := range register.Annotation.Column {
		if !gives(n.Name) || n.Level == "" {
			continue
		}
		out = append(out, append(n.Words.All(), n.Label.FR, n.Label.EN)...)
		for _, v := range register.Table.Column(n.Name).Values {
			out = append(out, v.Text)
		}
	}
	for _, s := range register.Annotation.Synonyms {
		if gives(s.Column) {
			out = append(out, s.Words.All()...)
		}
	}
	return phrasesOf(out)
}

// holds tells whether a table says itself in which territory of a level a row is.
func holds(c plan.Candidate, level string, like *dataset.Column) bool {
	if c.Annotation != nil && slices.ContainsFunc(c.Annotation.Column, func(n dataset.ColumnNote) bool { return n.Level == level }) {
		return true
	}
	return slices.ContainsFunc(c.Table.Columns, func(x dataset.Column) bool {
		return like != nil && like.Kind != "" && x.Kind == like.Kind || level != "" && strings.EqualFold(x.Name, level)
	})
}

// annotated is an annotation with what the register's says of the columns it gives.
func annotated(a, register *dataset.Annotation, notes []dataset.ColumnNote) *dataset.Annotation {
	if a == nil {
		return nil
	}
	out := *a
	out.Column = slices.Concat(a.Column, notes)
	given := func(column string) bool {
		return slices.ContainsFunc(notes, func(n dataset.ColumnNote) bool { return n.Name == column })
	}
	out.Synonyms = slices.Clone(a.Synonyms)
	for _, s := range register.Synonyms {
		if given(s.Column) {
			out.Synonyms = append(out.Synonyms, s)
		}
	}
	return &out
}

package assistant

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// view is how a table is spoken of: its columns' names and units in a language.
type view struct {
	l          lang.Lang
	candidates []plan.Candidate
	main       plan.Candidate
}

func viewOf(main plan.Candidate, candidates []plan.Candidate, l lang.Lang) view {
	return view{l: l, candidates: candidates, main: main}
}

func note(a *dataset.Annotation, column string) dataset.ColumnNote {
	if a != nil {
		for _, n := range a.Column {
			if strings.EqualFold(n.Name, column) {
				return n
			}
		}
	}
	return dataset.ColumnNote{}
}

// name is what a column is called: the annotation's label, else its header.
func (v view) name(table, column string) string {
	for _, c := range append([]plan.Candidate{v.main}, v.candidates...) {
		if c.Table != nil && c.Table.ID == table {
			if label := note(c.Annotation, column).Label.In(v.l); label != "" {
				return label
			}
		}
	}
	return column
}

func (v view) unit(column string) string {
	if u := note(v.main.Annotation, column).Unit; u != "" {
		return u
	}
	if c := v.main.Table.Column(column); c != nil {
		return c.Unit
	}
	return ""
}

// counted is what is counted, in the plural: "communes"; "" where the rows have no name.
func (v view) counted(p *query.Plan) string {
	if len(p.Measures) == 0 || v.main.Annotation == nil {
		return ""
	}
	m := p.Measures[0]
	e := v.main.Annotation.Entity
	if p.Tally {
		if len(p.GroupBy) > 0 && (p.GroupBy[0] == e.Label || slices.Contains(e.Key, p.GroupBy[0])) {
			return e.Many.In(v.l)
		}
		return ""
	}
	switch {
	case m.Agg == query.Count && m.Label != "" && p.Derived == nil && len(p.Measures) == 1: // a rank, and no number of things
		return "(" + m.Label + ")"
	case m.Agg == query.Count && m.Column == "", m.Agg == query.CountDistinct && slices.Contains(e.Key, m.Column):
		return e.Many.In(v.l)
	case m.Agg == query.CountDistinct:
		return texts.Say(v.l, "assistant.different_values", "column", v.name(p.Table, m.Column))
	}
	return ""
}

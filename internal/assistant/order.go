package assistant

import (
	"cmp"
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// order is how the rows of an answer are to stand; unordered: as they come.
type order int

// inOrder takes the order off the end of a question that says something by itself:
// "les communes par département, du plus petit au plus grand".
func inOrder(text string) (rest string, o order) {
	ws := lang.Words(text)
	folds := make([]string, len(ws))
	for i, w := range ws {
		folds[i] = w.Fold
	}
	for _, x := range []struct {
		o       order
		phrases []string
	}{{ascending, said().Ascending}, {descending, said().Descending}} {
		for _, p := range longestFirst(x.phrases) {
			at := len(folds) - len(p)
			if len(p) > 1 && at >= fewestWords && slices.Equal(folds[at:], p) {
				return strings.TrimRight(text[:ws[at].Start], " ,;:("), x.o
			}
		}
	}
	return text, unordered
}

// of is the plan of an outcome with its rows in that order; nil where they stay.
func (o order) of(out plan.Outcome) *query.Plan {
	if o == unordered || out.Plan == nil {
		return nil
	}
	return sorted(out, o == descending)
}

// sorted puts the rows of the last answer in the order of their figures.
func sorted(out plan.Outcome, desc bool) *query.Plan {
	p := *out.Plan
	if p.Limit == 1 {
		p.Limit, p.Ties = 0, false // all that were in the running
	}
	switch {
	case p.Limit > 1 || p.Tally || p.Shift != 0 || p.Offset > 0:
		return nil // the same rows are put in order
	case p.Grouped() && len(p.Measures) > 0:
		p.OrderBy = []query.Order{{Measure: 1, Desc: desc}}
		if p.Derived != nil {
			p.OrderBy[0].Measure = len(p.Measures) + 1
		}
		return &p
	case len(p.Columns) == 0:
		return nil
	}
	figure := lastFigure(out)
	if figure == "" {
		return nil
	}
	p.Columns = slices.Clone(p.Columns)
	if !slices.Contains(p.Columns, figure) {
		p.Columns, p.Distinct = append(p.Columns, figure), false
	}
	p.OrderBy = []query.Order{{Column: figure, Desc: desc}}
	return &p
}

// lastFigure is the last measure that a list of cells shows or is bound by, "" none.
func lastFigure(out plan.Outcome) (figure string) {
	p := out.Plan
	for _, c := range slices.Concat(p.Columns, columnsOf(p.Where)) {
		if col := out.Candidate.Table.Column(c); col != nil && col.Type.Numeric() && col.Role == dataset.Measure {
			figure = c
		}
	}
	if an := out.Candidate.Annotation; figure == "" && an != nil && an.Entity.Label != "" && slices.Contains(p.Columns, an.Entity.Label) {
		return an.Measure // of rows that were listed by their names alone
	}
	return figure
}

func columnsOf(filters []query.Filter) []string {
	var out []string
	for _, f := range filters {
		out = append(out, f.Column)
	}
	return out
}

// reordered puts the rows of the last answer in the order of their last figures.
func reordered(last *answer.Answer, desc bool, a *answer.Answer) bool {
	at := len(last.Columns) - 1
	if len(last.Rows) < 2 || at < 1 || last.Columns[at].Plain {
		return false
	}
	repeated(last, false, a)
	a.Rows = slices.Clone(last.Rows)
	slices.SortStableFunc(a.Rows, func(x, y []any) int {
		v, _ := lang.Number(x[at])
		w, _ := lang.Number(y[at])
		if desc {
			v, w = w, v
		}
		return cmp.Compare(v, w)
	})
	a.Text = a.Own()
	answer.Finish(a)
	return true
}

// alphabetical puts the rows of the last answer in the order of their names.
func alphabetical(last *answer.Answer, a *answer.Answer) bool {
	if len(last.Rows) == 0 {
		return false
	}
	repeated(last, false, a)
	a.Rows = slices.Clone(last.Rows)
	slices.SortStableFunc(a.Rows, func(x, y []any) int { return strings.Compare(lang.Fold(literal(x[0])), lang.Fold(literal(y[0]))) })
	a.Text = a.Own()
	answer.Finish(a)
	return true
}

const (
	unordered order = iota
	ascending
	descending
)

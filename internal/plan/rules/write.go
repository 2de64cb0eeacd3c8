package rules

import (
	"cigogne/internal/texts"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// writer turns a reading into a plan, with the annotation's defaults, and
// notes each thing it takes for granted.
type writer struct {
	*reading
	l     lang.Lang
	out   *plan.Outcome
	p     *query.Plan
	where []query.Filter // on the whole plan
	part  []query.Filter // on the part of a share
	by    int            // column grouped on for years, or -1
}

func (r *reading) write(l lang.Lang, all []*schema) plan.Outcome {
	w := &writer{reading: r, l: l, out: &plan.Outcome{Candidate: r.s.Candidate, Reading: r}, p: &query.Plan{Table: r.s.t.ID}}
	out := w.out
	out.NotUnderstood = r.unknown
	out.Assumptions = append(out.Assumptions, r.notes...)
	if r.refused != "" || r.ask != "" {
		out.Refusal, out.Ask, out.Choices = r.refused, r.ask, r.choices
		if out.Refusal != "" {
			out.Ask, out.Choices = "", nil
		}
		return *out
	}
	if why := w.outside(); why != "" {
		out.Refusal = why
		return *out
	}
	if w.says() == "" {
		out.Refusal = texts.Say(l, "rules.what_is_your_question_for_example", "example", w.example())
		return *out
	}
	w.filters()
	w.defaults()
	w.time()
	if out.Refusal == "" && out.Ask == "" {
		w.shape(all)
	}
	if out.Refusal != "" || out.Ask != "" {
		return *out
	}
	w.caveats()
	if out.NoTrend && w.frame == frameGrowth || out.Partial && w.p.Derived != nil { // the caveat is why there is no figure
		out.Refusal = strings.Join(out.Caveats, " ")
		return *out
	}
	out.Plan = w.p
	if w.frame == frameRank {
		out.Claim = w.claim
	}
	return *out
}

// says tells what the question says of the table beyond a year and an
// operation: without any of it, no figure is meant.
func (w *writer) says() string {
	switch {
	case len(w.measures) > 0, w.entity, len(w.show) > 0, len(w.group) > 0, w.perCapita:
		return "columns"
	case len(w.conds) > 0:
		return "cells"
	case w.scoped && !w.placed && w.s.a.Entity.Label == "": // "budget 2020": the accounts themselves
		return "scope"
	}
	return ""
}

// example is a question that the table answers.
func (w *writer) example() string {
	if q := w.s.a.Questions; len(q) > 0 {
		return q[0].In(w.l)
	}
	return texts.Say(w.l, "rules.how_many_inhabitants_in_metz")
}

func (w *writer) name(col int) string { return w.s.t.Columns[col].Name }

func (w *writer) filters() {
	for _, x := range w.conds {
		f := query.Filter{Column: w.name(x.col), Op: x.op, Values: x.vals}
		if x.says != "" {
			w.out.Assumptions = append(w.out.Assumptions, x.says)
		}
		if x.part && w.frame == frameShare {
			w.part = append(w.part, f)
		} else {
			w.where = append(w.where, f)
		}
	}
}

// defaults adds what the annotation filters out unless told otherwise.
func (w *writer) defaults() {
	if w.frame == frameCount && w.entity && w.s.a.Entity.Label == "" {
		return // account lines are counted as they are
	}
	for i, d := range w.s.a.Defaults {
		col := w.s.col(d.Column)
		if col < 0 || slices.Contains(w.lifted, i) || len(w.on(col)) > 0 || slices.Contains(w.group, col) || slices.Contains(w.show, col) {
			continue
		}
		values := make([]any, len(d.Values))
		for j, v := range d.Values {
			values[j] = v
		}
		w.where = append(w.where, query.Filter{Column: w.name(col), Op: query.Eq, Values: values})
		if says := d.Says.In(w.l); says != "" {
			w.out.Assumptions = append(w.out.Assumptions, says)
		}
	}
}

func (w *writer) aggOf(col int) query.Agg {
	if w.agg != "" {
		return w.agg
	}
	switch query.Agg(w.s.note(col).Agg) {
	case query.Avg:
		return query.Avg
	}
	return query.Sum
}

// rowCount counts what rows are.
func (w *writer) rowCount() query.Measure {
	if k := w.s.a.Entity.Key; len(k) == 1 && !w.oneYear() {
		return query.Measure{Agg: query.CountDistinct, Column: w.name(w.s.col(k[0]))}
	}
	return query.Measure{Agg: query.Count}
}

// label is the column that names the rows, or -1.
func (w *writer) label() int {
	if w.s.a.Entity.Label != "" {
		return w.s.col(w.s.a.Entity.Label)
	}
	for i, c := range w.s.t.Columns { // the first column that tells rows apart by name
		if c.Type == dataset.Text && (c.Role == dataset.Key || c.Role == dataset.Dimension) && c.Distinct > w.s.t.Rows*8/10 {
			return i
		}
	}
	for i, c := range w.s.t.Columns {
		if c.Type == dataset.Text && !c.Role.Aside() && c.Role != dataset.Code {
			return i
		}
	}
	return -1
}

// caveats adds the annotation's warnings that the filters call for.
func (w *writer) caveats() {
	for _, c := range w.s.a.Caveats {
		if w.holds(c.When) && !(c.Rows && w.addsUp()) {
			w.out.Caveats = append(w.out.Caveats, c.Says.In(w.l))
			w.out.NoTrend = w.out.NoTrend || c.NoTrend
			w.out.Partial = w.out.Partial || c.Partial
		}
	}
}

// addsUp tells whether every figure is a sum of all the rows: which rows there
// are does not show.
func (w *writer) addsUp() bool {
	return len(w.p.Measures) > 0 && !slices.ContainsFunc(w.p.Measures, func(m query.Measure) bool { return m.Agg != query.Sum }) &&
		!slices.ContainsFunc(w.p.GroupBy, func(g string) bool { return w.s.a.Entity.Label != "" && g == w.name(w.label()) })
}

func (w *writer) holds(when []dataset.Condition) bool {
	for _, cond := range when {
		col := w.s.col(cond.Column)
		if col < 0 || !w.may(w.name(col), cond.Values) {
			return false
		}
	}
	return true
}

// may tells whether rows with one of the values in the column can be among
// those asked for.
func (w *writer) may(column string, values []string) bool {
	filters := slices.Concat(w.p.Where, w.part)
	for _, m := range w.p.Measures {
		filters = append(filters, m.Where...)
	}
	var on []query.Filter
	for _, f := range filters {
		if f.Column == column {
			on = append(on, f)
		}
	}
	if len(values) == 0 {
		used := len(on) > 0 || slices.Contains(w.p.GroupBy, column) || slices.Contains(w.p.Columns, column)
		for _, m := range w.p.Measures {
			used = used || m.Column == column
		}
		return used
	}
	if len(on) == 0 {
		return true
	}
	for _, f := range on {
		for _, v := range values {
			if admits(f, v) {
				return true
			}
		}
	}
	return false
}

func admits(f query.Filter, value string) bool {
	text := func(v any) string {
		if x, ok := v.(float64); ok {
			return strconv.FormatFloat(x, 'f', -1, 64)
		}
		return fmt.Sprint(v)
	}
	switch f.Op {
	case query.Eq:
		return slices.ContainsFunc(f.Values, func(v any) bool { return text(v) == value })
	case query.Ne:
		return !slices.ContainsFunc(f.Values, func(v any) bool { return text(v) == value })
	case query.Between:
		n, err := strconv.ParseFloat(value, 64)
		low, ok1 := f.Values[0].(float64)
		high, ok2 := f.Values[1].(float64)
		return err != nil || !ok1 || !ok2 || n >= low && n <= high
	}
	return true
}

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
	case w.scoped && w.s.a.Entity.Label == "": // "budget 2020": the accounts themselves
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

// outside says why the years asked for cannot be answered, or "".
func (w *writer) outside() string {
	if !w.years.said || w.s.year < 0 {
		return ""
	}
	held := w.s.yearsHeld()
	if len(held) == 0 {
		return ""
	}
	var missing []string
	for _, y := range w.years.list {
		if !slices.Contains(held, y) {
			missing = append(missing, strconv.Itoa(y))
		}
	}
	for _, y := range []int{w.years.from, w.years.to} {
		if y > 0 && (y < held[0]-1 || y > held[len(held)-1]) {
			missing = append(missing, strconv.Itoa(y))
		}
	}
	if len(missing) == 0 {
		return ""
	}
	covers := fmt.Sprintf("%d", held[0])
	if len(held) > 1 {
		covers = texts.Say(w.l, "rules.to", "low", held[0], "high", held[len(held)-1])
	}
	return texts.Say(w.l, "rules.does_not_cover_its_data_run", "table", w.s.Name(w.l), "years", strings.Join(missing, ", "), "covers", covers)
}

// yearsHeld lists the years of the year column, in order.
func (s *schema) yearsHeld() []int {
	if s.year < 0 {
		return nil
	}
	var years []int
	for _, v := range s.t.Columns[s.year].Values {
		if y, err := strconv.Atoi(v.Text); err == nil {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	return years
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

// time puts the years asked for, or the year meant, among the filters.
func (w *writer) time() {
	w.by = -1
	col := w.s.year
	if col < 0 {
		return
	}
	held := w.s.yearsHeld()
	if len(held) == 0 {
		return
	}
	last := held[len(held)-1]
	grouped := w.perYearMean || slices.Contains(w.group, col) || w.frame == frameEvolution || w.frame == frameGrowth
	year := func(y ...int) query.Filter {
		f := query.Filter{Column: w.name(col), Op: query.Eq}
		for _, y := range y {
			f.Values = append(f.Values, w.s.yearValue(y))
		}
		return f
	}
	switch {
	case w.frame == frameGrowth: // written with the measures
	case len(w.years.list) > 0 && w.years.from == 0 && w.years.to == 0:
		w.where = append(w.where, year(w.years.list...))
		if len(w.years.list) > 1 && (w.frame == frameValue && w.agg != query.Sum || w.frame == frameCount) {
			w.by = col
		}
	case w.years.from > 0 || w.years.to > 0:
		from, to := max(w.years.from, held[0]), last
		if w.years.to > 0 {
			to = w.years.to
		}
		if from > to {
			from, to = to, from
		}
		f := query.Filter{Column: w.name(col), Op: query.Between, Values: []any{w.s.yearValue(from), w.s.yearValue(to)}}
		if w.s.t.Columns[col].Type == dataset.Text {
			f = year(between(held, from, to)...)
		}
		w.where = append(w.where, f)
		if from != to && w.frame == frameValue && !(w.agg == query.Sum && w.s.addsYears()) && w.agg == "" {
			w.by = col
		}
	case grouped || w.allYears || slices.Contains(w.show, col) || w.rankBy == col:
		if w.allYears && len(held) > 1 && !w.s.addsYears() {
			w.by = col
		}
	case w.s.Annotation != nil && w.s.a.Time.Policy == "latest":
		w.where = append(w.where, year(last))
		kind := w.s.a.Time.Kind.In(w.l)
		if kind == "" {
			kind = texts.Say(w.l, "rules.year_2")
		}
		w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.the_most_recent_the_question_names", "kind", kind, "last", last))
	case w.s.Annotation != nil && w.s.a.Time.Policy == "ask" && len(held) > 1:
		w.out.Ask = texts.Say(w.l, "rules.for_which_year")
		for _, y := range held {
			w.out.Choices = append(w.out.Choices, strconv.Itoa(y))
		}
	case len(held) > 1 && w.frame == frameValue:
		w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.all_the_years_of_the_table", "first", held[0], "last", last))
	}
}

func between(held []int, from, to int) []int {
	var out []int
	for _, y := range held {
		if y >= from && y <= to {
			out = append(out, y)
		}
	}
	return out
}

// yearValue writes a year as the column's type has it.
func (s *schema) yearValue(y int) any {
	if s.t.Columns[s.year].Type == dataset.Text {
		return strconv.Itoa(y)
	}
	return float64(y)
}

// addsYears tells whether figures of several years may be added up.
func (s *schema) addsYears() bool { return s.Annotation == nil || s.a.Time.Add }

// measure is the aggregate that the question, the annotation or the table's
// only numeric column says; ok is false where nothing does.
func (w *writer) measure() (query.Measure, bool) {
	if w.rowsCounted && len(w.measures) == 0 && (w.frame == frameGrowth || w.frame == frameDifference || w.frame == frameCompare || w.frame == frameEvolution) {
		return w.rowCount(), true // "combien de communes de plus dans la Moselle que dans l'Aube"
	}
	col := -1
	switch {
	case len(w.measures) > 0:
		col = w.measures[0]
	case w.s.a.Measure != "":
		col = w.s.col(w.s.a.Measure)
	}
	if col < 0 {
		return query.Measure{}, false
	}
	return query.Measure{Agg: w.aggOf(col), Column: w.name(col)}, true
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

// oneYear tells whether the filters leave one year at most.
func (w *writer) oneYear() bool {
	if w.s.year < 0 {
		return true
	}
	for _, f := range w.where {
		if f.Column == w.name(w.s.year) && f.Op == query.Eq && len(f.Values) == 1 {
			return true
		}
	}
	return slices.Contains(w.group, w.s.year) || w.by == w.s.year
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
		if c.Type == dataset.Text && c.Role != dataset.Geometry && c.Role != dataset.FreeText && c.Role != dataset.Code {
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

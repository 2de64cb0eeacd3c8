package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

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
	first := held[0] - 1
	if w.growers != 0 { // who moved since 2020 is not who did since 2021
		first = held[0]
	}
	for _, y := range []int{w.years.from, w.years.to} {
		if y > 0 && (y < first || y > held[len(held)-1]) {
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

// time puts the years asked for, or the year meant, among the filters.
func (w *writer) time() {
	w.by = -1
	held := w.s.yearsHeld() // none where no column is of years
	if len(held) == 0 {
		return
	}
	col := w.s.year
	each := w.perYearMean || slices.Contains(w.group, col) || w.frame == frameEvolution || w.allYears || slices.Contains(w.show, col) || w.rankBy == col
	switch {
	case w.frame == frameGrowth: // written with the measures
	case w.years.from > 0 || w.years.to > 0:
		w.fromTo(held)
	case len(w.years.list) > 0:
		w.listedYears()
	case !each:
		w.unsaidYear(held)
	case w.allYears && len(held) > 1 && !w.s.addsYears():
		w.by = col
	}
}

// listedYears keeps the years that are named one by one, each with its figure.
func (w *writer) listedYears() {
	w.where = append(w.where, w.inYears(w.years.list...))
	if len(w.years.list) > 1 && (w.frame == frameValue && w.agg != query.Sum || w.frame == frameCount) {
		w.by = w.s.year
	}
}

// inYears keeps the rows of the years.
func (w *writer) inYears(years ...int) query.Filter {
	f := query.Filter{Column: w.name(w.s.year), Op: query.Eq}
	for _, y := range years {
		f.Values = append(f.Values, w.s.yearValue(y))
	}
	return f
}

// fromTo keeps the years that time runs from and to.
func (w *writer) fromTo(held []int) {
	from, to := max(w.years.from, held[0]), held[len(held)-1]
	if w.years.to > 0 {
		to = w.years.to
	}
	if from > to {
		from, to = to, from
	}
	f := query.Filter{Column: w.name(w.s.year), Op: query.Between, Values: []any{w.s.yearValue(from), w.s.yearValue(to)}}
	if w.s.t.Columns[w.s.year].Type == dataset.Text {
		f = w.inYears(between(held, from, to)...)
	}
	w.where = append(w.where, f)
	if from != to && w.frame == frameValue && w.agg == "" {
		w.by = w.s.year
	}
}

// unsaidYear takes the year that the annotation means where none is said, and says
// so; or asks which.
func (w *writer) unsaidYear(held []int) {
	last := held[len(held)-1]
	policy := ""
	if w.s.Annotation != nil {
		policy = w.s.a.Time.Policy
	}
	switch {
	case policy == "latest":
		w.where = append(w.where, w.inYears(last))
		kind := w.s.a.Time.Kind.In(w.l)
		if kind == "" {
			kind = texts.Say(w.l, "rules.year_2")
		}
		w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.the_most_recent_the_question_names", "kind", kind, "last", last))
	case policy == "ask" && len(held) > 1:
		w.out.Ask = texts.Say(w.l, "rules.for_which_year")
		for _, y := range held {
			w.out.Choices = append(w.out.Choices, strconv.Itoa(y))
		}
	case len(held) > 1 && w.frame == frameValue:
		w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.all_the_years_of_the_table", "first", held[0], "last", last))
	}
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

func between(held []int, from, to int) []int {
	var out []int
	for _, y := range held {
		if y >= from && y <= to {
			out = append(out, y)
		}
	}
	return out
}

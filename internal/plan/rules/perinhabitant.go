package rules

import (
	"fmt"
	"slices"
	"strconv"

	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
)

// divisor is what a figure is asked to be divided by.
type divisor struct {
	year int     // of the population; 0: the same as the figure's, or the nearest
	each float64 // inhabitants it is given for; 0: one
}

// perPeople takes out of a question what it says of the population to divide by:
// "pour 1 000 habitants" reads "par habitant", and "(population 2021)" is left out.
func perPeople(tokens []token) ([]token, divisor) {
	var d divisor
	for i := 1; i+1 < len(tokens); i++ {
		if t := tokens[i]; t.isNum && t.num > 1 && perWords[tokens[i-1].Fold] && peopleWords[tokens[i+1].norm] {
			d.each = t.num
			by := tokens[i-1]
			by.Fold, by.norm, by.stop = "par", "par", stopWords["par"]
			who := tokens[i+1]
			who.Fold, who.norm = "habitant", "habitant"
			tokens = slices.Concat(tokens[:i-1], []token{by, who}, tokens[i+2:])
			break
		}
	}
	tokens, d.year = populationYear(tokens)
	return tokens, d
}

// Words around the number of inhabitants that a figure is given for.
var (
	perWords    = map[string]bool{"pour": true, "par": true, "per": true, "for": true}
	peopleWords = map[string]bool{"habitant": true, "inhabitant": true, "resident": true, "people": true, "person": true, "personne": true}
)

// populationYear takes "(population 2021)" out of a question about a figure
// per inhabitant: it is the year of the divisor.
func populationYear(tokens []token) ([]token, int) {
	per := false
	for i, t := range tokens {
		if i > 0 && (t.norm == "habitant" || t.norm == "inhabitant" || t.norm == "capita" || t.norm == "tete") && (tokens[i-1].Fold == "par" || tokens[i-1].Fold == "per") {
			per = true
		}
	}
	if !per {
		return tokens, 0
	}
	for i, t := range tokens {
		if t.norm != "population" {
			continue
		}
		for j := i + 1; j < len(tokens) && j <= i+2; j++ {
			if tokens[j].isYear {
				return slices.Concat(tokens[:i], tokens[j+1:]), int(tokens[j].num)
			}
		}
	}
	return tokens, 0
}

// perInhabitant divides the figure by the population of the territory it covers,
// or each of several figures by that of its own.
func (w *writer) perInhabitant(all []*schema) {
	if w.entity && len(w.p.Columns) > 0 && len(w.p.OrderBy) == 0 && w.p.Limit == 0 { // "musées pour 1 000 habitants à Metz": how many
		w.p.Columns, w.p.Distinct, w.p.Measures = nil, false, []query.Measure{w.rowCount()}
	}
	if len(w.p.Measures) != 1 || w.p.Derived != nil || len(w.p.Having) > 0 || len(w.p.Columns) > 0 {
		w.out.Refusal = texts.Say(w.l, "rules.per_inhabitant_i_can_do_that")
		return
	}
	for _, pop := range all {
		if col := w.population(pop); col >= 0 {
			w.divideBy(pop, col)
			return
		}
	}
	w.out.Refusal = texts.Say(w.l, "rules.i_hold_no_population_of_the")
}

// population is the column of another table that holds how many people live in the
// territory of this one, or -1.
func (w *writer) population(pop *schema) int {
	if pop == w.s || pop.Annotation == nil || pop.a.Measure == "" || pop.a.Scope.Code != w.s.a.Scope.Code || pop.a.Scope.Code == "" {
		return -1
	}
	col := pop.col(pop.a.Measure)
	if col < 0 || pop.t.Columns[col].Unit != "habitants" && pop.note(col).Unit != "habitants" || pop.year < 0 || pop.a.Entity.Label == "" {
		return -1
	}
	return col
}

// divideBy divides by the population of the year said, or of the nearest: of the
// territories that the figure is kept to, or is grouped by.
func (w *writer) divideBy(pop *schema, col int) {
	year, held := w.per.year, pop.yearsHeld()
	if year == 0 {
		year = w.nearestYear(held)
		w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.population_of", "year", year, "table", pop.Name(w.l)))
	}
	if !slices.Contains(held, year) {
		w.out.Refusal = texts.Say(w.l, "rules.the_population_is_known_here_from", "first", held[0], "last", held[len(held)-1])
		return
	}
	people := &query.Plan{
		Table:    pop.t.ID,
		Measures: []query.Measure{{Agg: query.Sum, Column: pop.t.Columns[col].Name}},
		Where:    []query.Filter{{Column: pop.t.Columns[pop.year].Name, Op: query.Eq, Values: []any{pop.yearValue(year)}}},
	}
	if !w.within(pop, people) {
		w.out.Refusal = texts.Say(w.l, "rules.no_population_of_that")
		return
	}
	w.p.Derived = &query.Derived{Op: query.Ratio, Of: 1, Scale: w.per.each, Unit: w.s.unit(w.p.Measures[0].Column) + "/" + w.people(), Per: people}
	if len(w.p.GroupBy) > 0 && !w.divideGroups(pop, people) {
		w.out.Refusal = texts.Say(w.l, "rules.per_inhabitant_i_can_do_that")
	}
}

// people says what a figure is given for: habitant, 1 000 habitants.
func (w *writer) people() string {
	if w.per.each == 0 {
		return texts.Say(w.l, "rules.inhabitant")
	}
	return texts.Say(w.l, "rules.inhabitants", "n", lang.FormatNumber(w.per.each, -1, w.l))
}

// within keeps the population to the territories that the figure is kept to; false
// where it cannot be: of a station or a museum there is none.
func (w *writer) within(pop *schema, people *query.Plan) bool {
	for _, f := range slices.Concat(w.p.Where, w.p.Measures[0].Where) {
		col := w.s.col(f.Column)
		level := w.s.note(col).Level
		if f.Op == query.NotNull || level == "" && (w.s.a.Entity.Label == "" || col != w.s.col(w.s.a.Entity.Label)) {
			continue
		}
		other := pop.levelled(level)
		if other < 0 || f.Than != nil || f.Other != "" || level == "commune" && !calledAlone(f.Values) {
			return false
		}
		f.Column = pop.t.Columns[other].Name
		people.Where = append(people.Where, f)
	}
	return true
}

// levelled is the column of names of territories of a level, or -1.
func (s *schema) levelled(level string) int {
	for _, n := range s.a.Column {
		if col := s.col(n.Name); n.Level == level && level != "" && col >= 0 {
			return col
		}
	}
	return -1
}

// calledAlone tells whether each name is that of one commune of the region.
func calledAlone(names []any) bool {
	for _, v := range names {
		n := 0
		for _, u := range territory.Home().Find(fmt.Sprint(v)) {
			if u.Level == "commune" && u.Name == v {
				n++
			}
		}
		if n > 1 {
			return false
		}
	}
	return true
}

// divideGroups gives each group the population of its own territory.
func (w *writer) divideGroups(pop *schema, people *query.Plan) bool {
	join := query.Join{Of: people, As: []string{w.free(people.Measures[0].Column)}}
	for _, g := range w.p.GroupBy {
		own, other, ok := w.meets(pop, w.s.col(g))
		if !ok {
			return false
		}
		join.On = append(join.On, own)
		people.GroupBy = append(people.GroupBy, other)
	}
	w.p.Joins = append(w.p.Joins, join)
	w.p.Measures = append(w.p.Measures, query.Measure{Agg: query.Sum, Column: join.As[0], Once: join.On, Label: texts.Say(w.l, "rules.population")})
	w.p.Derived.Per, w.p.Derived.Over = nil, 2
	for i := range w.p.OrderBy {
		if w.p.OrderBy[i].Measure == 1 {
			w.p.OrderBy[i].Measure = len(w.p.Measures) + 1
		}
	}
	return true
}

// meets names the columns that say of which territory a row is, in this table and
// in another: codes, or names where these are as many as the codes.
func (w *writer) meets(pop *schema, col int) (own, other string, ok bool) {
	at := pop.levelled(w.s.note(col).Level)
	if at < 0 {
		return "", "", false
	}
	mine, theirs := w.s.col(w.s.note(col).Code), pop.col(pop.note(at).Code)
	switch {
	case mine >= 0 && theirs >= 0:
		return w.name(mine), pop.t.Columns[theirs].Name, true
	case theirs >= 0 && pop.t.Columns[theirs].Distinct != pop.t.Columns[at].Distinct:
		return "", "", false // two of one name
	}
	return w.name(col), pop.t.Columns[at].Name, true
}

// free is a column name that the table does not have.
func (w *writer) free(name string) string {
	for w.s.t.Column(name) != nil {
		name += "_2"
	}
	return name
}

func (w *writer) nearestYear(held []int) int {
	want := 0
	for _, f := range w.p.Where {
		if w.s.year >= 0 && f.Column == w.name(w.s.year) && len(f.Values) > 0 {
			want, _ = strconv.Atoi(fmt.Sprint(f.Values[0]))
		}
	}
	best := held[len(held)-1]
	for _, y := range held {
		if want > 0 && abs(y-want) < abs(best-want) {
			best = y
		}
	}
	return best
}

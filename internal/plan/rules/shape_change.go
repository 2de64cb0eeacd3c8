package rules

import (
	"fmt"
	"slices"
	"strconv"

	"cigogne/internal/query"
	"cigogne/internal/texts"
)

func (w *writer) growth() {
	m, ok := w.measure()
	if !ok {
		if !w.entity {
			w.noMeasure()
			return
		}
		m = w.rowCount()
	}
	held := w.s.yearsHeld()
	if len(held) == 0 {
		w.noMeasure()
		return
	}
	a, b, ok := w.years.both()
	if !ok {
		a, b = max(w.years.from, held[0]), held[len(held)-1]
		if w.years.to > 0 {
			b = w.years.to
		}
		w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.from_to_the_latest_year_held", "first", a, "last", b))
	}
	if !slices.Contains(held, a) || !slices.Contains(held, b) {
		w.noMeasure()
		return
	}
	at := func(y int) query.Measure {
		x := m
		x.Where = []query.Filter{{Column: w.name(w.s.year), Op: query.Eq, Values: []any{w.s.yearValue(y)}}}
		x.Label = strconv.Itoa(y)
		return x
	}
	w.p.Measures = []query.Measure{at(b), at(a)}
	w.p.Derived = &query.Derived{Op: query.Difference, Of: 1, Over: 2}
	if w.percent {
		w.p.Derived.Op = query.Growth
	}
	if w.aYear {
		w.p.Derived.Years = b - a
		w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.mean_change_a_year", "first", a, "last", b))
	}
	if w.growers != 0 {
		w.whoGrew()
		return
	}
	if len(w.p.GroupBy) > 0 {
		w.p.OrderBy = []query.Order{{Measure: 3, Desc: true}}
	}
}

// whoGrew keeps the rows that gained, or lost, between the two years: all of
// them, the first ones, or their number. Rows that do not exist in both years
// under one name have no change and are left out.
func (w *writer) whoGrew() {
	if w.entity {
		w.p.GroupBy = []string{w.name(w.label())}
		for _, k := range w.s.a.Entity.Key {
			w.p.GroupBy = append(w.p.GroupBy, w.name(w.s.col(k)))
		}
	}
	for _, col := range w.group { // one name may pass from one intercommunality to another
		if code := w.s.col(w.s.note(col).Code); code >= 0 && !w.entity && !slices.Contains(w.p.GroupBy, w.name(code)) {
			w.p.GroupBy = append(w.p.GroupBy, w.name(code))
		}
	}
	o := query.Gt
	if w.growers < 0 {
		o = query.Lt
	}
	w.p.Having = []query.Having{{Measure: 3, Op: o, Value: float64(w.growers) * w.growBy}}
	w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.only_what_exists_under_one_name"))
	if w.tally {
		w.p.Tally = true
		if len(w.p.GroupBy) > 1 { // counted by their codes, a change of name loses none
			w.p.GroupBy = w.p.GroupBy[1:]
			w.out.Assumptions[len(w.out.Assumptions)-1] = texts.Say(w.l, "rules.only_what_exists_in_both_years")
		}
		return
	}
	w.p.OrderBy = []query.Order{{Measure: 3, Desc: w.growers > 0}}
	w.p.Limit, w.p.Ties = w.limit, w.limit > 0
}

// difference takes one named thing from another.
func (w *writer) difference() {
	if len(w.minus) > 0 {
		w.columnDifference()
		return
	}
	if _, _, ok := w.years.both(); ok {
		w.dropYears()
		w.growth()
		return
	}
	m, ok := w.measure()
	if !ok {
		m = w.rowCount()
	}
	for i, x := range w.conds {
		if x.op != query.Eq || len(x.vals) != 2 {
			continue
		}
		side := func(v any) query.Measure {
			y := m
			y.Where = []query.Filter{{Column: w.name(x.col), Op: query.Eq, Values: []any{v}}}
			y.Label = fmt.Sprint(v)
			return y
		}
		w.p.Where = slices.DeleteFunc(slices.Clone(w.p.Where), func(f query.Filter) bool { return f.Column == w.name(w.conds[i].col) })
		w.p.Measures = []query.Measure{side(x.vals[0]), side(x.vals[1])}
		w.p.Derived = &query.Derived{Op: query.Difference, Of: 1, Over: 2}
		return
	}
	w.noMeasure()
}

func (w *writer) dropYears() {
	if w.s.year >= 0 {
		w.p.Where = slices.DeleteFunc(slices.Clone(w.p.Where), func(f query.Filter) bool { return f.Column == w.name(w.s.year) })
	}
}

// compare puts the named things side by side.
func (w *writer) compare() {
	if w.likes {
		w.p.OrderBy = []query.Order{{Measure: 1, Desc: true}}
	}
	m, ok := w.measure()
	if !ok {
		m = w.rowCount()
	}
	w.p.Measures = []query.Measure{m}
	for _, x := range w.conds {
		if x.said > 1 && len(x.vals) > x.said { // "Alsace contre Lorraine": each is several departments
			w.out.Refusal = texts.Say(w.l, "rules.i_do_not_compare_groups_of")
			return
		}
	}
	if len(w.p.GroupBy) == 0 {
		for _, x := range w.conds {
			if x.op == query.Eq && len(x.vals) > 1 {
				w.p.GroupBy = append(w.p.GroupBy, w.name(x.col))
			}
		}
		if len(w.years.list) > 1 || w.years.from > 0 {
			w.p.GroupBy = append(w.p.GroupBy, w.name(w.s.year))
		}
	}
	if len(w.p.GroupBy) == 0 {
		w.out.Refusal = texts.Say(w.l, "rules.i_recognised_only_one_thing_to")
	}
}

func (w *writer) evolution() {
	m, ok := w.measure()
	if !ok {
		if !w.entity {
			w.noMeasure()
			return
		}
		m = query.Measure{Agg: query.Count}
	}
	w.p.Measures = []query.Measure{m}
	year := w.name(w.s.year)
	for _, x := range w.conds { // "de Metz et Nancy": of each
		if x.op == query.Eq && x.said > 1 && len(x.vals) == x.said && !slices.Contains(w.p.GroupBy, w.name(x.col)) && w.agg != query.Sum {
			w.p.GroupBy = append(w.p.GroupBy, w.name(x.col))
		}
	}
	if !slices.Contains(w.p.GroupBy, year) {
		w.p.GroupBy = append([]string{year}, w.p.GroupBy...)
	}
}

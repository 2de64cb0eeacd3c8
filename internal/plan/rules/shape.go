package rules

import (
	"cigogne/internal/texts"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// shape writes the plan of each frame.
func (w *writer) shape(all []*schema) {
	w.p.Where = w.where
	for _, g := range w.group {
		w.p.GroupBy = append(w.p.GroupBy, w.name(g))
	}
	switch w.frame {
	case frameCount:
		w.count()
	case frameList:
		w.list()
	case frameRank:
		w.rank()
	case frameShare:
		w.share()
	case frameGrowth:
		w.growth()
	case frameDifference:
		w.difference()
	case frameCompare:
		w.compare()
	case frameEvolution:
		w.evolution()
	case frameClasses:
		w.classes()
	case frameStanding:
		w.standing()
	default:
		w.value()
	}
	if w.pieces() && len(w.p.Having) == 0 {
		w.out.Refusal = texts.Say(w.l, "rules.is_made_of_detail_lines_say", "table", w.s.Name(w.l))
	}
	if w.perCapita && w.out.Refusal == "" {
		w.perInhabitant(all)
	}
}

func (w *writer) noMeasure() {
	w.out.Refusal = texts.Say(w.l, "rules.i_cannot_tell_which_quantity_of", "table", w.s.Name(w.l))
}

// value is one figure, or one a group where several cells of a column or
// several years are named.
func (w *writer) value() {
	if w.agg == "" && w.bounded() {
		w.p.OrderBy = []query.Order{{Measure: 1, Desc: true}}
		return
	}
	m, ok := w.measure()
	if ok && (w.s.a.Entity.Label == "" && m.Agg != query.Sum || w.perYearMean && len(w.group) == 0) { // account lines are pieces: only their sums mean something
		w.meanOfYears(m)
		return
	}
	if !ok {
		switch {
		case w.entity && (len(w.conds) > 0 || len(w.group) > 0): // "gares par exploitant"
			w.p.Measures = []query.Measure{w.rowCount()}
		default:
			w.noMeasure()
		}
		return
	}
	label := w.s.col(w.s.a.Entity.Label)
	if (m.Agg == query.Avg || m.Agg == query.Median) && label >= 0 && slices.Contains(w.group, label) {
		w.group = slices.DeleteFunc(slices.Clone(w.group), func(g int) bool { return g == label }) // "en moyenne par commune": over them, not for each
		w.p.GroupBy = slices.DeleteFunc(w.p.GroupBy, func(g string) bool { return g == w.name(label) })
	}
	if label >= 0 && w.s.Annotation != nil && !w.entity && (m.Agg == query.Avg || m.Agg == query.Median) && slices.ContainsFunc(w.group, func(g int) bool { return w.s.note(g).Level != "" && g != label }) { // over them, or over the rows of each?
		many := w.s.a.Entity.Many.In(w.l)
		w.out.Ask = texts.Say(w.l, "rules.the_average_or_the_median_of", "many", many)
		w.out.Choices = []string{strings.TrimRight(strings.TrimSpace(w.q), " ?!.") + " (" + many + ")"}
		return
	}
	w.p.Measures = []query.Measure{m}
	for _, extra := range w.measures[min(1, len(w.measures)):] {
		w.p.Measures = append(w.p.Measures, query.Measure{Agg: w.aggOf(extra), Column: w.name(extra)})
	}
	if len(w.group) > 0 {
		if w.by >= 0 && !slices.Contains(w.group, w.by) {
			w.p.GroupBy = append(w.p.GroupBy, w.name(w.by))
		}
		w.apart()
		return
	}
	if w.by >= 0 {
		w.p.GroupBy = append(w.p.GroupBy, w.name(w.by))
	}
	if w.agg == query.Sum {
		return
	}
	w.apart()
}

// apart keeps the things that were named one by one apart, unless their sum is asked for.
func (w *writer) apart() {
	for _, x := range w.conds {
		if w.agg != query.Sum && x.op == query.Eq && len(x.vals) > 1 && !w.sameName(x) && !slices.Contains(w.p.GroupBy, w.name(x.col)) {
			w.p.GroupBy = append(w.p.GroupBy, w.name(x.col))
		}
	}
}

// meanOfYears divides a sum by the number of years it covers; other aggregates
// of lines that are mere pieces of a total are declined.
func (w *writer) meanOfYears(m query.Measure) {
	if m.Agg != query.Avg || !w.perYearMean || len(w.p.GroupBy) > 0 {
		w.out.Refusal = texts.Say(w.l, "rules.is_made_of_detail_lines_their", "table", w.s.Name(w.l))
		return
	}
	m.Agg = query.Sum
	if w.s.a.Entity.Label != "" { // a year without a figure is none
		w.p.Where = append(w.p.Where, query.Filter{Column: m.Column, Op: query.NotNull})
	}
	w.p.Measures = []query.Measure{m, {Agg: query.CountDistinct, Column: w.name(w.s.year), Label: texts.Say(w.l, "rules.years")}}
	w.p.Derived = &query.Derived{Op: query.Ratio, Of: 1, Over: 2, Unit: w.s.unit(m.Column) + "/" + texts.Say(w.l, "rules.year")}
}

// sameName tells whether the cells of a condition are spellings of one name,
// or stand for one word of the question.
func (w *writer) sameName(x cond) bool {
	for _, syn := range w.s.a.Synonyms {
		if len(syn.Values) == len(x.vals) && syn.Values[0] == x.vals[0] {
			return true
		}
	}
	first := key(normAll(fmt.Sprint(x.vals[0])))
	for _, v := range x.vals[1:] {
		if key(normAll(fmt.Sprint(v))) != first {
			return false
		}
	}
	return true
}

func (w *writer) count() {
	if w.rowBound != nil {
		w.countRows()
		return
	}
	if w.bounded() {
		w.p.Tally = true
		return
	}
	m := w.rowCount()
	if !w.entity || w.distinct { // the values of a column
		if col := w.counted(); col >= 0 {
			c := w.s.t.Columns[col]
			if c.Distinct < w.s.t.Rows || w.distinct {
				m = query.Measure{Agg: query.CountDistinct, Column: c.Name}
			}
		} else if !w.entity && len(w.conds) == 0 {
			w.noMeasure()
			return
		}
	}
	w.p.Measures = []query.Measure{m}
	if w.s.Annotation != nil && w.entity {
		for _, col := range w.measures { // "la population et le nombre de communes"
			w.p.Measures = append(w.p.Measures, query.Measure{Agg: query.Sum, Column: w.name(col)})
		}
	}
	if len(w.group) == 0 && w.by >= 0 {
		w.p.GroupBy = append(w.p.GroupBy, w.name(w.by))
	}
}

func (w *writer) counted() int {
	if len(w.show) > 0 {
		return w.show[0]
	}
	if len(w.measures) > 0 {
		return w.measures[0]
	}
	return -1
}

func (w *writer) list() {
	add := func(col int) {
		if col >= 0 && !slices.Contains(w.p.Columns, w.name(col)) {
			w.p.Columns = append(w.p.Columns, w.name(col))
		}
	}
	w.p.GroupBy = nil
	if w.bounded() {
		w.p.OrderBy = []query.Order{{Measure: 1, Desc: true}}
		return
	}
	if w.entity {
		add(w.label())
	}
	if label := w.s.col(w.s.a.Entity.Label); w.s.Annotation != nil && label >= 0 && slices.ContainsFunc(w.on(label), func(x cond) bool { return len(x.vals) > 1 }) {
		add(label) // which code is whose
	} else if label >= 0 && w.namesakes(label) {
		add(label)
		for _, col := range w.s.where() {
			add(col)
		}
	}
	for _, col := range slices.Concat(w.show, w.measures, w.group) {
		add(col)
	}
	if len(w.p.Columns) == 0 {
		w.noMeasure()
		return
	}
	w.p.Distinct = w.distinct || w.repeats()
	if w.limit > 0 {
		w.p.Limit = w.limit
	}
}

// repeats tells whether the listed columns say the same on many rows: the
// departments of a table of communes.
func (w *writer) repeats() bool {
	product := int64(1)
	for _, c := range w.p.Columns {
		product *= max(1, w.s.t.Column(c).Distinct)
	}
	return !w.entity && product < w.s.t.Rows
}

// rank lists rows or groups by a measure, the most or the least first.
func (w *writer) rank() {
	target := -1
	if len(w.show) > 0 {
		target = w.show[0]
	} else if len(w.group) > 0 {
		target = w.group[0]
	}
	if w.entity && len(w.group) > 0 && (w.rankBy >= 0 || !w.rowsCounted) && w.s.Annotation != nil && w.group[0] != w.label() {
		w.out.Refusal = texts.Say(w.l, "rules.i_cannot_give_the_first_of")
		return
	}
	w.p.GroupBy = nil
	w.p.Limit, w.p.Offset, w.p.Ties = w.limit, w.offset, w.limit > 0
	if w.ages != 0 {
		w.rankByAge()
		return
	}
	m, measured := w.measure()
	if w.rankBy < 0 && w.entity && target >= 0 && len(w.measures) == 0 {
		m, measured = w.rowCount(), true // "quel département a le plus de communes"
	}
	switch {
	case w.fileOrder:
		w.fileEnd(target)
		return
	case target < 0 && (w.entity || w.s.a.Entity.Label != "" && w.rivals() < 0) && w.label() >= 0 && measured && m.Agg == query.Sum && w.oneYear():
		w.p.Columns = []string{w.name(w.label()), m.Column}
		w.p.OrderBy = []query.Order{{Column: m.Column, Desc: w.desc}}
		w.p.Where = append(w.p.Where, query.Filter{Column: m.Column, Op: query.NotNull})
		return
	case target < 0 && w.rivals() >= 0 && measured: // "Metz ou Nancy, laquelle est la plus peuplée"
		target = w.rivals()
	case target < 0 && !w.entity && measured && w.s.Annotation != nil && w.s.a.Entity.Label == "":
		w.askWhat()
		return
	case target < 0 && !w.entity && measured && w.limit > 1:
		w.noMeasure()
		return
	case target < 0 && !w.entity && measured: // "la plus grande population"
		m.Agg = query.Min
		if w.desc {
			m.Agg = query.Max
		}
		w.p.Limit, w.p.Ties = 0, false
		w.p.Measures = []query.Measure{m}
		return
	case target < 0:
		target = w.label()
	}
	if target < 0 {
		w.noMeasure()
		return
	}
	if !measured { // the most frequent
		m = query.Measure{Agg: query.Count}
	}
	w.p.GroupBy = []string{w.name(target)}
	w.p.Where = append(w.p.Where, query.Filter{Column: w.name(target), Op: query.NotNull})
	w.p.Measures = []query.Measure{m}
	w.p.OrderBy = []query.Order{{Measure: 1, Desc: w.desc}}
}

// askWhat asks what is to be ranked: account lines themselves are pieces.
func (w *writer) askWhat() {
	w.out.Ask = texts.Say(w.l, "rules.a_ranking_of_what")
	for _, name := range w.s.a.Prefer {
		if col := w.s.col(name); col >= 0 {
			label := w.s.note(col).Label.In(w.l)
			w.out.Choices = append(w.out.Choices, strings.TrimRight(strings.TrimSpace(w.q), " ?!.")+texts.Say(w.l, "rules.by")+label)
		}
	}
}

// rivals is the column of which several cells are named, or -1.
func (w *writer) rivals() int {
	for _, x := range w.conds {
		if x.op == query.Eq && len(x.vals) > 1 && !w.sameName(x) {
			return x.col
		}
	}
	return -1
}

// fileEnd takes the first or last rows: by date where the table has one, else
// as the file lists them.
func (w *writer) fileEnd(target int) {
	if w.s.Annotation != nil { // in which order? the file's says nothing
		w.noMeasure()
		return
	}
	if target < 0 {
		target = w.label()
	}
	if target < 0 {
		w.noMeasure()
		return
	}
	w.p.Columns = []string{w.name(target)}
	w.p.OrderBy = []query.Order{{Desc: w.desc}}
	for i, c := range w.s.t.Columns {
		if (c.Role == dataset.Time || c.Role == dataset.Year) && c.Type != dataset.Text && i != target {
			w.p.OrderBy = []query.Order{{Column: c.Name, Desc: w.desc}}
			break
		}
	}
	w.p.Ties = w.p.OrderBy[0].Column != ""
}

func (w *writer) share() {
	if len(w.partOf) > 0 {
		w.columnShare()
		return
	}
	m, ok := w.measure()
	if !ok || w.entity && len(w.measures) == 0 { // "quelle proportion de communes"
		m = w.rowCount()
	}
	if m.Agg != query.Sum && m.Agg != query.Count {
		m.Agg = query.Sum
	}
	if len(w.part) == 0 {
		if len(w.p.GroupBy) == 0 {
			for _, g := range w.show {
				w.p.GroupBy = append(w.p.GroupBy, w.name(g))
			}
		}
		if len(w.p.GroupBy) == 0 {
			w.out.Refusal = texts.Say(w.l, "rules.a_share_but_of_what_i")
			return
		}
		w.p.Measures = []query.Measure{m}
		w.p.Derived = &query.Derived{Op: query.ShareOfTotal, Of: 1}
		w.p.OrderBy = []query.Order{{Measure: 1, Desc: true}}
		return
	}
	if len(w.part) > 1 { // receipts are a part of receipts, never of both sides together
		w.part = slices.DeleteFunc(slices.Clone(w.part), func(f query.Filter) bool {
			both := slices.ContainsFunc(w.s.a.Defaults, func(d dataset.Default) bool { return d.Either && strings.EqualFold(d.Column, f.Column) })
			if both {
				w.p.Where = append(w.p.Where, f)
			}
			return both
		})
	}
	of := m
	of.Where = w.part
	of.Label = texts.Say(w.l, "rules.part")
	m.Label = texts.Say(w.l, "rules.whole")
	w.p.Measures = []query.Measure{of, m}
	w.p.Derived = &query.Derived{Op: query.Share, Of: 1, Over: 2}
}

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

// bounded moves bounds on a measure from the rows to their sum, where what is
// listed or counted holds several rows: "les départements de plus de 700 000
// habitants".
func (w *writer) bounded() bool {
	dims := w.show
	if len(dims) == 0 {
		dims = w.group
	}
	if w.entity || len(dims) == 0 || w.limit > 0 || slices.Contains(dims, w.s.col(w.s.a.Entity.Label)) {
		return false
	}
	var where []query.Filter
	for _, f := range w.p.Where {
		col := w.s.col(f.Column)
		op, isBound := f.Op, slices.Contains([]query.Op{query.Lt, query.Le, query.Gt, query.Ge, query.Between}, f.Op)
		if w.s.t.Columns[col].Role != dataset.Measure || !isBound || f.Than != nil {
			where = append(where, f)
			continue
		}
		w.p.Measures = append(w.p.Measures, query.Measure{Agg: query.Sum, Column: f.Column})
		at := len(w.p.Measures)
		for i, v := range f.Values {
			if n, ok := v.(float64); ok {
				if op == query.Between {
					w.p.Having = append(w.p.Having, query.Having{Measure: at, Op: []query.Op{query.Ge, query.Le}[i], Value: n})
				} else {
					w.p.Having = append(w.p.Having, query.Having{Measure: at, Op: op, Value: n})
				}
			}
		}
	}
	if len(w.p.Having) == 0 {
		return false
	}
	w.p.Where, w.p.GroupBy = where, nil
	for _, col := range dims {
		w.p.GroupBy = append(w.p.GroupBy, w.name(col))
	}
	return true
}

// pieces tells whether a bound is set on account lines, which are pieces of
// amounts: only their sums, of something named, can be compared with it.
func (w *writer) pieces() bool {
	return w.s.Annotation != nil && w.s.a.Entity.Label == "" && slices.ContainsFunc(w.conds, func(x cond) bool {
		return w.s.t.Columns[x.col].Role == dataset.Measure && x.op != query.Null && x.op != query.NotNull
	})
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

// perInhabitant divides the figure by the population of the territory it covers.
func (w *writer) perInhabitant(all []*schema) {
	if len(w.p.Measures) != 1 || w.p.Grouped() || w.p.Derived != nil {
		w.out.Refusal = texts.Say(w.l, "rules.per_inhabitant_i_can_do_that")
		return
	}
	for _, pop := range all {
		if pop == w.s || pop.Annotation == nil || pop.a.Measure == "" || pop.a.Scope.Code != w.s.a.Scope.Code || pop.a.Scope.Code == "" {
			continue
		}
		col := pop.col(pop.a.Measure)
		if col < 0 || pop.t.Columns[col].Unit != "habitants" && pop.note(col).Unit != "habitants" || pop.year < 0 || pop.a.Entity.Label == "" {
			continue
		}
		year, held := w.perYear, pop.yearsHeld()
		if year == 0 {
			year = w.nearestYear(held)
			w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.population_of", "year", year, "table", pop.Name(w.l)))
		}
		if !slices.Contains(held, year) {
			w.out.Refusal = texts.Say(w.l, "rules.the_population_is_known_here_from", "first", held[0], "last", held[len(held)-1])
			return
		}
		w.p.Derived = &query.Derived{Op: query.Ratio, Of: 1, Unit: w.s.unit(w.p.Measures[0].Column) + "/" + texts.Say(w.l, "rules.inhabitant"), Per: &query.Plan{
			Table:    pop.t.ID,
			Measures: []query.Measure{{Agg: query.Sum, Column: pop.t.Columns[col].Name}},
			Where:    []query.Filter{{Column: pop.t.Columns[pop.year].Name, Op: query.Eq, Values: []any{pop.yearValue(year)}}},
		}}
		return
	}
	w.out.Refusal = texts.Say(w.l, "rules.i_hold_no_population_of_the")
}

func (s *schema) unit(column string) string {
	if i := s.col(column); i >= 0 {
		if u := s.note(i).Unit; u != "" {
			return u
		}
		return s.t.Columns[i].Unit
	}
	return ""
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

package rules

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// shape writes the plan of each frame.
func (w *writer) shape(all []*schema) {
	w.p.Where = w.where
	for _, g := range w.group {
		w.p.GroupBy = append(w.p.GroupBy, w.name(g))
	}
	write, ok := map[frame]func(){
		frameValue: w.value, frameCount: w.count, frameList: w.list, frameRank: w.rank, frameShare: w.share,
		frameGrowth: w.growth, frameDifference: w.difference, frameCompare: w.compare, frameEvolution: w.evolution,
		frameClasses: w.classes, frameStanding: w.standing,
	}[w.frame]
	if ok {
		write()
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
	switch {
	case !ok && w.entity && (len(w.conds) > 0 || len(w.group) > 0): // "gares par exploitant"
		w.p.Measures = []query.Measure{w.rowCount()}
		return
	case !ok:
		w.noMeasure()
		return
	case w.s.a.Entity.Label == "" && m.Agg != query.Sum, w.perYearMean && len(w.group) == 0: // account lines are pieces: only their sums mean something
		w.meanOfYears(m)
		return
	case (m.Agg == query.Avg || m.Agg == query.Median) && w.overRows():
		return
	}
	w.figures(m)
}

// figures puts the figure and those asked for beside it, each year and each thing
// that is named apart.
func (w *writer) figures(m query.Measure) {
	w.p.Measures = []query.Measure{m}
	for _, extra := range w.measures[min(1, len(w.measures)):] {
		w.p.Measures = append(w.p.Measures, query.Measure{Agg: w.aggOf(extra), Column: w.name(extra)})
	}
	if w.by >= 0 && !slices.Contains(w.group, w.by) {
		w.p.GroupBy = append(w.p.GroupBy, w.name(w.by))
	}
	if len(w.group) > 0 || w.agg != query.Sum {
		w.apart()
	}
}

// overRows takes "en moyenne par commune" as a mean over them, not for each; it
// asks where a mean of territories may be over them or over the rows of each.
func (w *writer) overRows() (asked bool) {
	label := w.s.col(w.s.a.Entity.Label)
	if label < 0 {
		return false
	}
	if slices.Contains(w.group, label) {
		w.group = slices.DeleteFunc(slices.Clone(w.group), func(g int) bool { return g == label })
		w.p.GroupBy = slices.DeleteFunc(w.p.GroupBy, func(g string) bool { return g == w.name(label) })
	}
	if w.s.Annotation == nil || w.entity || !slices.ContainsFunc(w.group, func(g int) bool { return w.s.note(g).Level != "" && g != label }) {
		return false
	}
	many := w.s.a.Entity.Many.In(w.l)
	w.out.Ask = texts.Say(w.l, "rules.the_average_or_the_median_of", "many", many)
	w.out.Choices = []string{strings.TrimRight(strings.TrimSpace(w.q), " ?!.") + " (" + many + ")"}
	return true
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
		if col := w.breakdown(); len(w.p.GroupBy) == 0 && col >= 0 && strings.HasPrefix(lang.Fold(w.asksShare), "repartition") {
			w.p.GroupBy = []string{w.name(col)}
			w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.by_item", "label", w.s.note(col).Label.In(w.l)))
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

func (s *schema) unit(column string) string {
	if i := s.col(column); i >= 0 {
		if u := s.note(i).Unit; u != "" {
			return u
		}
		return s.t.Columns[i].Unit
	}
	return ""
}

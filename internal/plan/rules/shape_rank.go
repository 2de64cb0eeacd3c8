package rules

import (
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// rank lists rows or groups by a measure, the most or the least first.
func (w *writer) rank() {
	target := w.ranked()
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
	case target < 0 && measured && w.rankRows(m):
		return
	case target < 0 && measured && w.rivals() < 0 && !w.entity:
		w.rankNothing(m)
		return
	}
	w.rankGroups(target, m, measured)
}

// rankGroups ranks the values of a column, or of the one that two are named of
// ("Metz ou Nancy, laquelle est la plus peuplée"), or the names of the rows.
func (w *writer) rankGroups(target int, m query.Measure, measured bool) {
	if target < 0 && measured {
		target = w.rivals()
	}
	if target < 0 {
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

// ranked is the column whose values are ranked, or -1.
func (w *writer) ranked() int {
	for _, cols := range [][]int{w.show, w.group} {
		if len(cols) > 0 {
			return cols[0]
		}
	}
	return -1
}

// rankRows ranks the rows themselves, where each has one figure.
func (w *writer) rankRows(m query.Measure) bool {
	rows := w.entity || w.s.a.Entity.Label != "" && w.rivals() < 0
	if !rows || w.label() < 0 || m.Agg != query.Sum || !w.oneYear() {
		return false
	}
	w.p.Columns = []string{w.name(w.label()), m.Column}
	w.p.OrderBy = []query.Order{{Column: m.Column, Desc: w.desc}}
	w.p.Where = append(w.p.Where, query.Filter{Column: m.Column, Op: query.NotNull})
	return true
}

// rankNothing is a superlative of a figure and nothing else: the highest or the
// lowest one ("la plus grande population").
func (w *writer) rankNothing(m query.Measure) {
	switch {
	case w.s.Annotation != nil && w.s.a.Entity.Label == "":
		w.askWhat()
		return
	case w.limit > 1:
		w.noMeasure()
		return
	}
	m.Agg = query.Min
	if w.desc {
		m.Agg = query.Max
	}
	w.p.Limit, w.p.Ties = 0, false
	w.p.Measures = []query.Measure{m}
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
		if c.Role.Moment() && c.Type != dataset.Text && i != target {
			w.p.OrderBy = []query.Order{{Column: c.Name, Desc: w.desc}}
			break
		}
	}
	w.p.Ties = w.p.OrderBy[0].Column != ""
}

package phrase

import (
	"fmt"
	"math"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// move is a figure that went from one time to another.
type move struct {
	column      string
	unit        string
	from, to    float64
	first, last string // the times
	total       string // what all times add up to, "" where that says nothing

	years int  // the change is said a year, over so many; 0: as a whole
	rate  bool // and in percent
}

// changed says a move, the change first: "Mulhouse a perdu 3 964 habitants
// (−3,6 %) entre 2021 et 2026".
func (s speaker) changed(sc scene, m move) string {
	by := m.to - m.from
	between := s.text("between", "first", m.first, "last", m.last)
	from, to := s.bare(m.from, m.unit), s.bare(m.to, m.unit)
	if by == 0 {
		name, many := s.measured(sc, m.column)
		return s.verdict(by) + s.text(agree("unchanged", many, false), "what", spaced(name, sc.among(s).of(s.Lang), sc.after()), "between", between, "value", strong(s.size(m.to, m.unit)))
	}
	pct := ""
	if m.from > 0 {
		pct = "(" + s.change(100*by/m.from) + ")"
	}
	amount := s.amount(math.Abs(by), m.unit)
	if m.years > 0 {
		amount, pct = s.aYear(m), ""
	}
	path := s.text("from_to", "from", from, "to", to) + m.total
	verb := s.pick(sc.saying.Rise)
	if by < 0 {
		verb = s.pick(sc.saying.Fall)
	}
	if verb != "" && !m.rate && len(sc.kinds) == 0 && len(sc.subject) > 0 && !sc.subject.plural() {
		verb, end, _ := strings.Cut(verb, " … ")
		return s.verdict(by) + s.text("moved", "subject", sc.subject.join(s.Lang), "verb", verb, "amount", spaced(amount, pct, sc.after()), "between", between, "end", lead(nil, end), "path", path)
	}
	key := "rose"
	if by < 0 {
		key = "fell"
	}
	name, many := s.measured(sc, m.column)
	return s.verdict(by) + s.text(agree(key, many, false), "what", spaced(name, sc.among(s).of(s.Lang), sc.after()), "amount", spaced(amount, pct), "between", between) + ", " + path
}

// aYear says how far a figure moved a year.
func (s speaker) aYear(m move) string {
	each := round(math.Abs(m.to-m.from)/float64(m.years), 0)
	amount := s.amount(each, m.unit)
	if m.rate {
		amount = strong(s.exact(100*math.Abs(math.Pow(m.to/m.from, 1/float64(m.years))-1), "%"))
	}
	return s.text("mean_a_year", "amount", amount)
}

// evolution says how a figure a year went from the first to the last.
func (s speaker) evolution() string {
	if len(s.Plan.Measures) != 1 || s.Plan.Derived != nil || len(s.Rows) < 2 || s.Cut || len(s.Plan.Having) > 0 || len(s.Plan.OrderBy) > 0 || s.Plan.Limit > 0 {
		return ""
	}
	m := s.Plan.Measures[0]
	first, last := s.Rows[0], s.Rows[len(s.Rows)-1]
	from, ok1 := lang.Number(first[1])
	to, ok2 := lang.Number(last[1])
	if !ok1 || !ok2 || m.Agg != query.Sum {
		return ""
	}
	sc := s.scene(m.Column, s.Plan.Where, m.Where)
	y1, y2 := plainNumber(first[0]), plainNumber(last[0])
	if s.NoTrend {
		name, _ := s.measured(sc, m.Column)
		return s.text("each_year", "what", spaced(name, sc.among(s).of(s.Lang), sc.after()), "from", s.size(from, s.Units[1]), "first", y1, "to", s.size(to, s.Units[1]), "last", y2)
	}
	mv := move{column: m.Column, unit: s.Units[1], from: from, to: to, first: y1, last: y2}
	if s.Adds {
		sum := 0.0
		for _, row := range s.Rows {
			n, _ := lang.Number(row[1])
			sum += n
		}
		mv.total = s.text("in_all", "total", s.size(sum, s.Units[1]), "n", len(s.Rows))
	}
	return s.changed(sc, mv)
}

// derived says a figure made of two.
func (s speaker) derived() string {
	d := s.Plan.Derived
	if d.Per != nil {
		return s.perInhabitant()
	}
	if len(s.Rows) != 1 {
		return ""
	}
	v, ok := s.sideOf(d.Of)
	if !ok {
		return ""
	}
	of := s.Plan.Measures[d.Of-1]
	if d.Op == query.Verdict && d.Value != nil {
		return s.held(of, v, *d.Value)
	}
	w, ok := s.sideOf(d.Over)
	if !ok {
		return ""
	}
	over := s.Plan.Measures[d.Over-1]
	switch d.Op {
	case query.Difference, query.Growth:
		return s.moved(of, over, v, w)
	case query.Share:
		return s.share(of, over, v, w)
	case query.Verdict:
		return s.compared(of, over, v, w)
	case query.Ratio:
		return s.perYear(of, over, v, w)
	}
	return ""
}

// sideOf is the figure of a measure by its place in the plan, from 1 on.
func (s speaker) sideOf(i int) (float64, bool) {
	if i < 1 || i > len(s.Plan.Measures) {
		return 0, false
	}
	return lang.Number(s.Rows[0][i-1])
}

// moved says a change between two years, or how much more one has than another.
func (s speaker) moved(of, over query.Measure, v, w float64) string {
	d := s.Plan.Derived
	if first, last := s.yearOf(over), s.yearOf(of); first != "" && last != "" && last > first && len(of.Where) == 1 && len(over.Where) == 1 {
		return s.changed(s.scene(of.Column, s.Plan.Where), move{column: of.Column, unit: s.Units[d.Of-1], from: w, to: v, first: first, last: last, years: d.Years, rate: d.Years > 0 && d.Op == query.Growth})
	}
	if d.Op == query.Difference {
		return s.difference(of, over, v, w)
	}
	return ""
}

// yearOf is the one year that a measure is of, or "".
func (s speaker) yearOf(m query.Measure) string {
	for _, f := range m.Where {
		if s.isYear(f.Column) && f.Op == query.Eq && len(f.Values) == 1 {
			return plainNumber(f.Values[0])
		}
	}
	return ""
}

// difference says how much more one has than another.
func (s speaker) difference(of, over query.Measure, v, w float64) string {
	a, b := s.scene(of.Column, s.Plan.Where, of.Where), s.scene(over.Column, s.Plan.Where, over.Where)
	unit := s.Units[0]
	key := "more_than"
	if v < w {
		key = "less_than"
	}
	gap := strong(s.size(math.Abs(v-w), unit))
	sizes := s.text("against", "of", s.bare(v, unit), "over", s.bare(w, unit))
	if verb := s.verb(a); verb != "" && s.verbEnd(a) == "" && len(a.subject) == 1 && !a.subject.plural() && len(b.subject) == 1 && a.subject[0] != b.subject[0] {
		return s.dated(a, s.text(key, "subject", a.subject.join(s.Lang), "verb", verb, "gap", gap, "other", b.subject.join(s.Lang), "after", lead(nil, a.after()), "sizes", sizes))
	}
	return s.dated(a, s.text("gap", "gap", gap, "of", s.size(v, unit), "first", s.called(of), "over", s.size(w, unit), "second", s.called(over)))
}

// called is a measure by what sets it apart.
func (s speaker) called(m query.Measure) string {
	if name, _ := s.part(m.Where); name != "" && s.Annotation != nil {
		return name
	}
	return quoted(s.Escape(labelled(m)), s.Lang)
}

// labelled is what a reader calls a measure.
func labelled(m query.Measure) string {
	if m.Label != "" {
		return m.Label
	}
	for _, f := range m.Where {
		if len(f.Values) > 0 {
			return fmt.Sprint(f.Values[0])
		}
	}
	return m.Column
}

// share says which part of a whole something is, in words too.
func (s speaker) share(of, over query.Measure, v, w float64) string {
	if said := s.columnShare(of, over, v, w); said != "" {
		return said
	}
	if w == 0 || of.Agg != over.Agg || of.Column != over.Column || len(of.Where) == 0 || len(over.Where) > 0 {
		return ""
	}
	whole := s.scene(over.Column, s.Plan.Where)
	part, many := s.part(of.Where)
	if part == "" {
		part, many = s.rowsOf(of), true
	}
	if part == "" {
		return ""
	}
	pct := 100 * v / w
	var name string
	switch of.Agg {
	case query.Sum:
		name, _ = s.measured(whole, over.Column)
		name = of_(name, whole.among(s), s.Lang)
		name = spaced(name, whole.after())
	case query.Count:
		name = of_(s.text("the_many", "many", s.rowWord(2)), whole.among(s), s.Lang)
	default:
		return ""
	}
	return s.dated(whole, s.text(agree("shares", many, false), "part", part, "share", strong(s.exact(pct, "%")), "whole", name, "words", s.portion(pct), "of", s.size(v, s.Units[0]), "over", s.bare(w, s.Units[0])))
}

// of_ is "of the measure of the subject".
func of_(name string, subject noun, l lang.Lang) string {
	return spaced(of(name, l), subject.of(l))
}

// part is the noun of what the filters of a part keep.
func (s speaker) part(filters []query.Filter) (name string, many bool) {
	var all noun
	for _, f := range filters {
		if f.Op != query.Eq || f.Than != nil || s.isYear(f.Column) || len(filters) > 1 {
			return "", false
		}
		if s.note(f.Column).Level != "" || s.isLabel(f.Column) {
			names, _ := s.nouns(f)
			all = append(all, names...)
			continue
		}
		for _, v := range f.Values {
			text, _ := s.value(f.Column, v)
			all = append(all, text)
		}
	}
	return all.join(s.Lang), all.plural()
}

// compared says yes or no to a comparison of two figures.
func (s speaker) compared(of, over query.Measure, v, w float64) string {
	said, _ := s.Rows[0][len(s.Rows[0])-1].(string)
	if said == "" {
		return ""
	}
	a, b := s.scene(of.Column, s.Plan.Where, of.Where), s.scene(over.Column, s.Plan.Where, over.Where)
	if of.Agg != query.Sum {
		return ""
	}
	unit := s.Units[0]
	if y := s.yearOf(over); y != "" && y != s.yearOf(of) {
		return strong(capital(said)) + s.text("colon") + " " + s.state(a, of.Column, s.amount(v, unit)) + s.text("against_in", "value", s.size(w, unit), "when", b.when)
	}
	other := labelled(over)
	if len(b.subject) == 1 && len(a.subject) == 1 && a.subject[0] != b.subject[0] {
		other = b.subject[0]
	} else if name, _ := s.part(over.Where); name != "" {
		other = name
	}
	return strong(capital(said)) + s.text("colon") + " " + s.state(a, of.Column, s.amount(v, unit)) + s.text("against_for", "value", s.bare(w, unit), "other", other)
}

// held says yes or no to a threshold.
func (s speaker) held(of query.Measure, v, threshold float64) string {
	said, _ := s.Rows[0][len(s.Rows[0])-1].(string)
	if said == "" {
		return ""
	}
	key := "exactly"
	switch {
	case v > threshold:
		key = "more_than_that"
	case v < threshold:
		key = "less_than_that"
	}
	sc := s.scene(of.Column, s.Plan.Where, of.Where)
	statement := ""
	switch {
	case of.Agg == query.Count && of.Column == "":
		statement = s.count(sc, v)
	case of.Agg == query.Sum:
		statement = s.state(sc, of.Column, s.amount(v, s.Units[0]))
	default:
		return ""
	}
	return strong(capital(said)) + s.text("colon") + " " + statement + ", " + s.text(key, "value", s.bare(threshold, s.Units[0]))
}

// perYear says a mean a year.
func (s speaker) perYear(of, over query.Measure, v, w float64) string {
	if over.Agg != query.CountDistinct || !s.isYear(over.Column) || of.Agg != query.Sum || w == 0 {
		return ""
	}
	sc := s.scene(of.Column, s.Plan.Where, of.Where)
	unit := s.Units[s.Plan.Derived.Of-1]
	amount := strong(s.text("a_year", "value", s.size(v/w, unit)))
	return s.text("on_average", "said", s.dated(sc, s.clause(sc, of.Column, amount)), "total", s.size(v, unit), "n", int(w))
}

// perInhabitant says a figure for each of those that another table counts, with
// the year that they were counted in, which may be another.
func (s speaker) perInhabitant() string {
	d, p := s.Plan.Derived, s.Plan
	if d.Op != query.Ratio || len(s.Rows) != 1 || len(p.Measures) != 1 || p.Measures[0].Agg != query.Sum {
		return ""
	}
	last := len(s.Rows[0]) - 1
	v, ok1 := lang.Number(s.Rows[0][0])
	each, ok2 := lang.Number(s.Rows[0][last])
	year := ""
	for _, f := range d.Per.Where {
		if f.Op == query.Eq && len(f.Values) == 1 {
			if y := plainNumber(f.Values[0]); len(y) == len("2020") {
				year = y
			}
		}
	}
	unit, per, found := strings.Cut(s.Units[last], "/")
	if !ok1 || !ok2 || !found || year == "" {
		return ""
	}
	sc := s.scene(p.Measures[0].Column, p.Where, p.Measures[0].Where)
	amount := strong(s.text("each", "value", s.size(round(each, 2), unit), "per", per))
	return s.text("per_inhabitant", "said", s.state(sc, p.Measures[0].Column, amount), "total", s.size(v, unit), "year", year)
}

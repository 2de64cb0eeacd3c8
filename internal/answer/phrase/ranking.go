package phrase

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// groups says figures by group: how they went over the years, or who leads.
func (s speaker) groups() string {
	p := s.Plan
	by := p.GroupBy
	switch {
	case p.GroupedAs(0) != "":
		return ""
	case len(by) == 1 && s.isYear(by[0]):
		return s.evolution()
	case len(by) == 2 && p.GroupedAs(1) == "" && (s.isYear(by[0]) || s.isYear(by[1])):
		return s.evolutions()
	case s.Table.Column(by[0]) == nil || s.isYear(by[0]): // a year of several things leads nothing
		return ""
	case slices.ContainsFunc(by[1:], func(g string) bool { return !s.isKey(g) }): // not a code beside its name
		return ""
	}
	return s.foremost(by[0])
}

// foremost says which of the groups leads, by the measure or what is derived from it.
func (s speaker) foremost(group string) string {
	p := s.Plan
	var derived query.DerivedOp
	if p.Derived != nil {
		derived = p.Derived.Op
	}
	switch {
	case derived == "" && len(p.Measures) == 1:
		return s.led(group, p.Measures[0], len(p.GroupBy))
	case derived == query.ShareOfTotal && len(p.Measures) == 1:
		return s.parted(group, p.Measures[0])
	case derived == query.Difference && len(p.Measures) == 2:
		return s.movedMost(group)
	case derived == query.Growth && len(p.Measures) == 2:
		return s.steepestGrowth(group)
	case derived == query.Ratio && len(p.Measures) == 2:
		return s.ledPer(group)
	}
	return ""
}

// contest is rows in the order of their figures, the leaders first.
type contest struct {
	leaders []string // nouns that share the first place
	second  string   // "" where there is no other
	first   float64
	next    float64
	least   bool // the smallest leads
}

// contest orders rows by the figure at a place; the names are at the first.
func (s speaker) contest(column string, at int) (contest, bool) {
	type entry struct {
		name  string
		value float64
	}
	var all []entry
	for _, row := range s.Rows {
		v, ok := lang.Number(row[at])
		if !ok || row[0] == nil {
			continue
		}
		all = append(all, entry{s.named(column, row[0]), v})
	}
	if len(all) == 0 {
		return contest{}, false
	}
	c := contest{least: s.ascending(at)}
	if len(s.Plan.OrderBy) == 0 {
		if s.Cut {
			return c, false
		}
		c.least = false
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		switch {
		case a.value == b.value:
			return 0
		case (a.value > b.value) != c.least:
			return -1
		}
		return 1
	})
	c.first = all[0].value
	for _, e := range all {
		if e.value != c.first {
			c.second, c.next = e.name, e.value
			break
		}
		c.leaders = append(c.leaders, e.name)
	}
	return c, len(c.leaders) <= together || s.isLabel(column)
}

// together is how many names are read as leaders; more are counted.
const together = 4

// whoLead are the leaders by name, or how many rows they are.
func (s speaker) whoLead(c contest) string {
	if n := float64(len(c.leaders)); len(c.leaders) > together {
		return spaced(s.number(n, 0), s.rowWord(n))
	}
	return noun(c.leaders).join(s.Lang)
}

// ascending tells whether the plan puts the smallest figure of an output first.
func (s speaker) ascending(at int) bool {
	if len(s.Plan.OrderBy) == 0 {
		return false
	}
	o := s.Plan.OrderBy[0]
	if o.Measure > 0 || at < len(s.Outputs) && o.Column != "" && strings.EqualFold(o.Column, s.Outputs[at].Column) {
		return !o.Desc
	}
	return false
}

// named is a cell of a column as a noun.
func (s speaker) named(column string, v any) string {
	names, _ := s.nouns(query.Filter{Column: column, Values: []any{v}})
	if s.note(column).Level != "" || s.isLabel(column) && s.pick(s.note(column).Said) != "" {
		return names[0]
	}
	if s.isLabel(column) {
		return s.Escape(fmt.Sprint(v))
	}
	text, _ := s.value(column, v)
	return text
}

// led says who leads, with how much, and by how much.
func (s speaker) led(column string, m query.Measure, at int) string {
	if len(s.Plan.Having) > 0 {
		return s.beyond(column, m, at)
	}
	if m.As != "" {
		return ""
	}
	c, ok := s.contest(column, at)
	if !ok {
		return ""
	}
	var where [][]query.Filter
	for _, set := range [][]query.Filter{s.Plan.Where, m.Where} {
		where = append(where, slices.DeleteFunc(slices.Clone(set), func(f query.Filter) bool { return strings.EqualFold(f.Column, column) }))
	}
	yes := s.first(column)
	switch m.Agg {
	case query.Sum:
		return yes + s.leader(s.scene(m.Column, where...), c, m.Column, s.Units[at])
	case query.Count:
		if m.Column != "" {
			return ""
		}
		return yes + s.mostRows(s.scene("", where...), c)
	case query.Avg, query.Median, query.Min, query.Max:
		return yes + s.plainLeader(s.scene(m.Column, where...), c, s.text("agg_"+string(m.Agg), "column", of(s.label(m.Column), s.Lang)), s.Units[at])
	}
	return ""
}

// leader says who has the most of a measure.
func (s speaker) leader(sc scene, c contest, column, unit string) string {
	if s.Plan.Offset > 0 {
		name, _ := s.measured(sc, column)
		return s.nth(sc, c, spaced(name, sc.among(s).of(s.Lang), strings.Join(sc.rest, " ")), unit)
	}
	verb := s.verb(sc)
	if one := len(c.leaders) == 1; verb == "" || s.verbEnd(sc) != "" || unit == "EUR" || unit == "" || one && noun(c.leaders).plural() {
		name, _ := s.measured(sc, column)
		subject := sc.among(s)
		return s.plainLeader(sc, c, spaced(name, subject.of(s.Lang), strings.Join(sc.rest, " ")), unit)
	}
	key := pickKey("most_of", "least_of", c.least)
	if len(c.leaders) > 1 {
		key = pickKey("tied_most", "tied_least", c.least)
	}
	where := ""
	if len(sc.places) > 0 {
		where = " " + sc.where
	}
	said := s.text(key, "who", s.whoLead(c), "verb", verb, "things", s.things(unit), "where", where+s.amongKinds(sc)+lead(nil, sc.after()), "value", strong(s.bare(c.first, unit)))
	return s.dated(sc, said) + s.ahead(c, unit)
}

// nth says what stands at a later place of a ranking.
func (s speaker) nth(sc scene, c contest, what, unit string) string {
	if len(c.leaders) != 1 {
		return ""
	}
	key := pickKey("comes_nth", "comes_nth_least", c.least)
	return s.dated(sc, s.text(agree(key, noun(c.leaders).plural(), false), "who", strong(c.leaders[0]), "n", s.Plan.Offset+1, "of", of(what, s.Lang), "value", s.amount(c.first, unit)))
}

// amongKinds says which rows were in the running.
func (s speaker) amongKinds(sc scene) string {
	if len(sc.kinds) == 0 || s.Annotation == nil {
		return ""
	}
	return " " + s.text("among_kinds", "many", spaced(s.pick(s.Annotation.Entity.Many), strings.Join(sc.kinds, " ")))
}

// plainLeader says who comes first where no verb is known for it.
func (s speaker) plainLeader(sc scene, c contest, what, unit string) string {
	if said := s.two(sc, c, unit); said != "" {
		return said
	}
	key := pickKey("leads", "comes_last", c.least)
	aside := ""
	if len(sc.aside) > 0 {
		aside = " (" + strings.Join(sc.aside, ", ") + ")"
	}
	return s.dated(sc, s.text(agree(key, len(c.leaders) > 1 || noun(c.leaders).plural(), false), "who", strong(s.whoLead(c)), "of", of(what, s.Lang), "value", s.amount(c.first, unit), "aside", aside)) + s.ahead(c, unit)
}

// two sets two figures side by side, where nobody asked for an order.
func (s speaker) two(sc scene, c contest, unit string) string {
	if len(s.Rows) != 2 || len(c.leaders) != 1 || c.second == "" || len(s.Plan.OrderBy) > 0 {
		return ""
	}
	said := s.text("side_by_side", "first", c.leaders[0], "value", s.amount(c.first, unit), "second", c.second, "other", s.amount(c.next, unit), "gap", s.size(c.first-c.next, unit))
	return s.dated(sc, spaced(said, sc.after()))
}

func pickKey(most, least string, is bool) string {
	if is {
		return least
	}
	return most
}

// ahead is how far the leader is from the second.
func (s speaker) ahead(c contest, unit string) string {
	if c.second == "" || len(c.leaders) > 1 {
		return ""
	}
	key := pickKey("ahead", "behind", c.least)
	return s.text(key, "gap", s.bare(math.Abs(c.first-c.next), unit), "second", c.second)
}

// mostRows says where most rows are.
func (s speaker) mostRows(sc scene, c contest) string {
	n := c.first
	counted := strong(spaced(s.number(n, 0), s.rowWord(n)))
	key := agree(pickKey("most_rows", "least_rows", c.least), len(c.leaders) > 1 || noun(c.leaders).plural(), false)
	said := s.text(key, "who", s.whoLead(c), "count", counted, "after", lead(sc.kinds, sc.after()))
	if c.second != "" && len(c.leaders) == 1 {
		said += s.text(pickKey("ahead", "behind", c.least), "gap", s.number(math.Abs(c.first-c.next), 0), "second", c.second)
	}
	return s.dated(sc, said)
}

// parted says which group is the largest part of the whole.
func (s speaker) parted(column string, m query.Measure) string {
	if m.Agg != query.Sum || s.Cut {
		return ""
	}
	last := len(s.Outputs) - 1
	at := -1
	best := math.Inf(-1)
	for i, row := range s.Rows {
		if v, ok := lang.Number(row[last]); ok && v > best && row[0] != nil {
			at, best = i, v
		}
	}
	if at < 0 {
		return ""
	}
	v, ok := lang.Number(s.Rows[at][last-1])
	if !ok {
		return ""
	}
	sc := s.scene(m.Column, s.Plan.Where, m.Where)
	name, _ := s.measured(sc, m.Column)
	who := s.named(column, s.Rows[at][0])
	return s.dated(sc, s.text(agree("largest_part", noun{who}.plural(), false), "part", who, "share", strong(s.exact(best, "%")), "whole", spaced(of(name, s.Lang), sc.among(s).of(s.Lang), sc.after()), "words", s.portion(best), "value", s.size(v, s.Units[last-1])))
}

// movedMost says which group moved most between two years.
func (s speaker) movedMost(column string) string {
	p := s.Plan
	d := p.Derived
	of, over := p.Measures[d.Of-1], p.Measures[d.Over-1]
	first, last := s.yearOf(over), s.yearOf(of)
	if first == "" || last == "" || last <= first || len(p.OrderBy) == 0 {
		return ""
	}
	sc := s.scene(of.Column, slices.DeleteFunc(slices.Clone(p.Where), func(f query.Filter) bool { return strings.EqualFold(f.Column, column) }))
	unit := s.Units[len(p.GroupBy)+d.Of-1]
	row := s.Rows[0]
	v, ok1 := lang.Number(row[len(p.GroupBy)+d.Of-1])
	w, ok2 := lang.Number(row[len(p.GroupBy)+d.Over-1])
	if !ok1 || !ok2 || v == w {
		return ""
	}
	verb := s.pick(sc.saying.Rise)
	if v < w {
		verb = s.pick(sc.saying.Fall)
	}
	if (v > w) == s.ascending(len(row)-1) {
		return ""
	}
	if verb == "" || unit == "EUR" {
		return s.steepest(sc, of.Column, s.named(column, row[0]), move{unit: unit, from: w, to: v, first: first, last: last})
	}
	where := ""
	if len(sc.places) > 0 {
		where = " " + sc.where
	}
	verb, end, _ := strings.Cut(verb, " … ")
	verb = s.inNumber(verb, noun{s.named(column, row[0])}.plural()) // "les Vosges ont perdu"
	return s.counted() + s.text("moved_most", "who", strong(s.named(column, row[0])), "verb", verb, "end", lead(nil, end), "things", s.things(unit), "where", where, "between", s.text("between", "first", first, "last", last), "value", strong(s.bare(math.Abs(v-w), unit)), "path", s.text("from_to", "from", s.bare(w, unit), "to", s.bare(v, unit)))
}

// steepest says which group rose or fell most, where no verb is known for it.
func (s speaker) steepest(sc scene, column, who string, m move) string {
	key := "most_risen"
	if m.to < m.from {
		key = "most_fallen"
	}
	name, _ := s.measured(sc, column)
	return s.text(key, "of", of_(name, sc.among(s), s.Lang), "aside", lead(nil, sc.after()), "between", s.text("between", "first", m.first, "last", m.last), "who", strong(who), "value", s.amount(math.Abs(m.to-m.from), m.unit), "path", s.text("from_to", "from", s.bare(m.from, m.unit), "to", s.bare(m.to, m.unit)))
}

// counted begins a ranking of those beyond a threshold with how many they are.
func (s speaker) counted() string {
	h := s.Plan.Having
	if len(h) != 1 || h[0].Value == 0 || s.Cut || s.Plan.Limit > 0 {
		return ""
	}
	n := float64(len(s.Rows))
	return strong(spaced(s.number(n, 0), s.rowWord(n))) + s.text("colon") + " "
}

package phrase

import (
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// leastPer is the smallest figure for each of something that two decimals say.
const leastPer = 0.1

// ledPer says where there is most of something for each of those that another table
// counts: "la Meuse arrive en tête : 4,99 musées pour 100 000 habitants".
func (s speaker) ledPer(column string) string {
	p, at := s.Plan, len(s.Units)-1
	unit, per, found := strings.Cut(s.Units[at], "/")
	if !found || len(p.Joins) == 0 || len(p.Having) > 0 || p.Offset > 0 {
		return ""
	}
	c, ok := s.contest(column, at)
	if !ok || c.first < leastPer || c.second != "" && c.next < leastPer {
		return ""
	}
	m := p.Measures[p.Derived.Of-1]
	key := pickKey("leads_per", "trails_per", c.least)
	said := s.text(agree(key, noun(c.leaders).plural() || len(c.leaders) > 1, false), "who", strong(s.whoLead(c)), "value", strong(s.each(c.first, m, unit, per)))
	if c.second != "" && !c.least {
		said += s.text("before_per", "second", c.second, "value", s.each(c.next, m, unit, per))
	}
	return s.dated(s.scene(m.Column, p.Where, m.Where), said)
}

// each says a figure given for one or some of those that are counted: "0,62 entrée
// par habitant", "4,99 musées pour 100 000 habitants".
func (s speaker) each(v float64, m query.Measure, unit, per string) string {
	v = round(v, 2)
	value := s.number(v, 2)
	switch {
	case m.Agg == query.Count || m.Agg == query.CountDistinct:
		value = spaced(value, s.rowWord(v))
	case unit != "":
		value = s.size(v, unit)
	}
	key := "each"
	if _, many := lang.ParseNumber(strings.Fields(per)[0], s.Lang); many {
		key = "each_of"
	}
	return s.text(key, "value", value, "per", per)
}

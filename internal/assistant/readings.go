package assistant

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// What is offered beside an answer.
const (
	maxReadings = 5
	maxGroups   = 60 // rows of an answer that a person reads through
)

// Readings are questions that go on from an answer in its conversation, made
// from its plan and the columns of its table: by year, by department, as shares,
// for the year before. There are none where the answer is no plain aggregate.
func (g *Guide) Readings(a *answer.Answer) []string {
	p := a.Plan
	if !a.Answered() || p == nil || len(p.Measures) != 1 || p.Derived != nil || p.Tally || p.Shift != 0 || len(p.Having) > 0 {
		return nil
	}
	for _, c := range g.shelves.Tables() {
		if c.Table.ID == p.Table {
			return noting{c.Table, c.Annotation}.readings(a)
		}
	}
	return nil
}

func (n noting) readings(a *answer.Answer) []string {
	p, year := a.Plan, n.year()
	var out, another []string
	if other := n.otherYear(p, year); other != "" {
		another = []string{texts.Say(a.Lang, "assistant.and_in", "other", other)}
	}
	if p.Limit > 0 { // the largest of something: the same of another year, and no other groups
		return another
	}
	if year != nil && year.Distinct > 1 && !slices.Contains(p.GroupBy, year.Name) {
		out = append(out, texts.Say(a.Lang, "assistant.by_year"))
	}
	adds := p.Measures[0].Agg == query.Sum || p.Measures[0].Agg == query.Count
	if adds && len(p.GroupBy) == 1 && len(a.Rows) > 1 && (year == nil || p.GroupBy[0] != year.Name) {
		out = append(out, texts.Say(a.Lang, "assistant.as"))
	}
	out = append(out, another...)
	for _, name := range n.groups(p, year, a.Lang) {
		out = append(out, texts.Say(a.Lang, "assistant.by")+" "+name)
	}
	return out[:min(len(out), maxReadings)]
}

// noting is a table with what is known of its columns.
type noting struct {
	table *dataset.Table
	notes *dataset.Annotation
}

func (n noting) year() *dataset.Column {
	if n.notes != nil && n.notes.Time.Column != "" {
		return n.table.Column(n.notes.Time.Column)
	}
	return nil
}

// otherYear is the year before the one that a plan holds, else the one after it.
func (n noting) otherYear(p *query.Plan, year *dataset.Column) string {
	if year == nil {
		return ""
	}
	for _, f := range p.Where {
		if f.Column != year.Name || f.Op != query.Eq || len(f.Values) != 1 {
			continue
		}
		held, err := strconv.Atoi(fmt.Sprint(f.Values[0]))
		if err != nil {
			return ""
		}
		for _, y := range []int{held - 1, held + 1} {
			if slices.ContainsFunc(year.Values, func(v dataset.Value) bool { return v.Text == strconv.Itoa(y) }) {
				return strconv.Itoa(y)
			}
		}
	}
	return ""
}

// mayGroup tells a column of a few words.
func mayGroup(c *dataset.Column) bool {
	return c.Type == dataset.Text && c.Role != dataset.Code && c.Distinct >= 2 && c.Distinct <= maxGroups
}

// groups name the columns that an answer may be told apart by: those that a
// person has a word for, that hold few values, and that it does not hold to one.
func (n noting) groups(p *query.Plan, year *dataset.Column, l lang.Lang) []string {
	if n.notes == nil {
		return nil
	}
	place := int64(0) // values of the finest territory that the answer is held to
	for _, f := range p.Where {
		if c := n.table.Column(f.Column); c != nil && note(n.notes, f.Column).Level != "" {
			place = max(place, c.Distinct)
		}
	}
	var out []string
	for _, x := range n.notes.Column {
		c := n.table.Column(x.Name)
		label := x.Label.In(l)
		switch {
		case c == nil || x.Hide || label == "" || c == year || !mayGroup(c):
		case x.Level != "" && c.Distinct <= place, slices.Contains(p.GroupBy, c.Name):
		case slices.ContainsFunc(p.Where, func(f query.Filter) bool { return f.Column == c.Name }):
		case strings.Contains(strings.ToLower(label), "code"):
		default:
			out = append(out, label)
		}
	}
	return out
}

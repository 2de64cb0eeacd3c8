package assistant

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// isStock tells whether a column counts what is there on a day (inhabitants,
// places, staff), not what happens in a year: such figures of two years are
// never added up. The profile says so, but for those of an older reader.
func isStock(c *dataset.Column) bool {
	if c.Additivity != "" {
		return c.Additivity == dataset.NotOverTime
	}
	for _, w := range lang.Words(strings.ReplaceAll(c.Name, "_", " ") + " " + c.Unit) {
		if slices.Contains(said().Stocks, lang.Stem(w.Fold, lang.French)) {
			return true
		}
	}
	return false
}

// timeColumn is a table's column of years, else of days, or nil.
func timeColumn(t *dataset.Table) *dataset.Column {
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Role == dataset.Year && c.Distinct > 1 {
			return c
		}
	}
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Role == dataset.Time && c.Distinct > 1 && (c.Type == dataset.Date || c.Type == dataset.DateTime) {
			return c
		}
	}
	return nil
}

// bounded tells whether the plan keeps the times of a column apart or narrows
// them; single where it keeps one only.
func bounded(p *query.Plan, m query.Measure, column string) (any, single bool) {
	if slices.Contains(p.GroupBy, column) {
		return true, true
	}
	for _, f := range slices.Concat(p.Where, m.Where) {
		if f.Column == column && f.Op != query.NotNull {
			any = true
			single = single || f.Op == query.Eq && (len(f.Values) == 1 || f.Than != nil)
		}
	}
	return any, single
}

// askYear asks for which year a stock is wanted where a plan would add up
// several of them, and says "" else. Annotated tables have a policy of their own.
func askYear(c plan.Candidate, p *query.Plan, question string, l lang.Lang) (ask string, choices []string) {
	y := momentColumn(c.Table)
	if c.Annotation != nil || y == nil {
		return "", nil
	}
	for _, m := range p.Measures {
		col := c.Table.Column(m.Column)
		if m.Agg != query.Sum || col == nil || !isStock(col) {
			continue
		}
		if _, single := bounded(p, m, y.Name); single {
			continue
		}
		if ask = texts.Say(l, "assistant.is_given_for_several_years_which", "column", m.Column); y.Role != dataset.Year {
			ask = texts.Say(l, "assistant.is_given_for_several_moments_which", "column", m.Column)
		}
		moments := momentsOf(y)
		for i := len(moments) - 1; i >= 0 && len(choices) < 6; i-- {
			choices = append(choices, fmt.Sprintf("%s %s %s", strings.TrimRight(strings.TrimSpace(question), " ?!."), texts.Say(l, "assistant.in"), moments[i]))
		}
		return ask, choices
	}
	return "", nil
}

func yearsOf(c *dataset.Column) []int {
	var years []int
	for _, v := range c.Values {
		if y, err := strconv.Atoi(v.Text); err == nil {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	return years
}

// momentColumn is a table's column of years, else the part of its key that holds
// months, quarters or school years in words that sort as they come, or nil.
func momentColumn(t *dataset.Table) *dataset.Column {
	if y := timeColumn(t); y != nil && y.Role == dataset.Year {
		return y
	}
	for _, k := range t.Key {
		switch c := t.Column(k); c.Kind {
		case dataset.KindYearMonth, dataset.KindQuarter, dataset.KindHalf, dataset.KindSchool:
			if c.Distinct > 1 && c.Complete() {
				return c
			}
		}
	}
	return nil
}

// momentsOf lists the moments of a column, the first one first.
func momentsOf(c *dataset.Column) []string {
	moments := make([]string, 0, len(c.Values))
	for _, v := range c.Values {
		moments = append(moments, v.Text)
	}
	slices.Sort(moments)
	return moments
}

// outside says that a plan asks for a time that the table does not hold, or "":
// no rows there is not none of what they count.
func outside(c plan.Candidate, p *query.Plan, l lang.Lang) string {
	t := timeColumn(c.Table)
	if t == nil || t.Min == "" || t.Max == "" {
		return ""
	}
	for _, f := range p.Where {
		if f.Column != t.Name || len(f.Values) == 0 || f.Than != nil {
			continue
		}
		first, last := min10(literal(f.Values[0])), min10(literal(f.Values[len(f.Values)-1]))
		if day(first, l) == "" || day(last, l) == "" {
			continue
		}
		low, high := min10(t.Min), min10(t.Max)
		before := slices.Contains([]query.Op{query.Eq, query.Between, query.Lt, query.Le}, f.Op) && last < low
		after := slices.Contains([]query.Op{query.Eq, query.Between, query.Gt, query.Ge}, f.Op) && first > high
		if before || after {
			return texts.Say(l, "assistant.does_not_cover_that_period_its", "name", c.Name(l), "day", day(t.Min, l), "day2", day(t.Max, l))
		}
	}
	return ""
}

// literal writes a plan's value as profiles do.
func literal(v any) string {
	if x, ok := v.(float64); ok {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// period says what times a figure covers: all of the table's where the question
// names none, and only a part where it asks for more than the table holds.
func period(c plan.Candidate, p *query.Plan, a *answer.Answer) {
	t := periodColumn(c.Table, p)
	if t == nil || p.Shift != 0 {
		return
	}
	l := a.Lang
	from, to := day(t.Min, l), day(t.Max, l)
	if from == "" || to == "" {
		return
	}
	if edges(t, p) {
		a.Caveats = append(a.Caveats, texts.Say(l, "assistant.period_at_the_edge", "from", from, "to", to))
	}
	if asked, _ := bounded(p, p.Measures[0], t.Name); !asked {
		if c.Annotation == nil && (p.Measures[0].Agg == query.Sum || p.Measures[0].Agg == query.Count) {
			a.Assumptions = append(a.Assumptions, texts.Say(l, "assistant.whole_period_table_to", "from", from, "to", to))
		}
		return
	}
	if t.Role != dataset.Year && asksMore(t, p) { // a year that is not held has no rows; see the planners
		a.Caveats = append(a.Caveats, texts.Say(l, "assistant.table_runs_from_to_period_asked", "from", from, "to", to))
	}
}

// periodColumn is the column that dates a plan's figures: of several dates (begun,
// ended, born), the one that the plan looks at; nil where nothing tells.
func periodColumn(table *dataset.Table, p *query.Plan) *dataset.Column {
	t := timeColumn(table)
	if len(p.Measures) == 0 {
		return nil
	}
	if t == nil || t.Role != dataset.Time {
		return t
	}
	dates := 0
	for i := range table.Columns {
		col := &table.Columns[i]
		if col.Role != dataset.Time {
			continue
		}
		dates++
		if asked, _ := bounded(p, p.Measures[0], col.Name); asked {
			return col
		}
	}
	if dates > 1 {
		return nil
	}
	return t
}

// asksMore tells whether a plan asks for a time that begins before the column, or
// ends after it.
func asksMore(t *dataset.Column, p *query.Plan) bool {
	return slices.ContainsFunc(slices.Concat(p.Where, p.Measures[0].Where), func(f query.Filter) bool {
		if f.Column != t.Name || f.Op != query.Between || len(f.Values) != 2 {
			return false
		}
		return min10(literal(f.Values[0])) < min10(t.Min) || min10(literal(f.Values[1])) > min10(t.Max)
	})
}

// partly tells whether a plan asks for a period of which the table lacks a part
// that matters: a twelfth of it, as the month that is missing from a year. A last
// event some days before the year's end is no lack.
func partly(c plan.Candidate, p *query.Plan) bool {
	t := timeColumn(c.Table)
	if t == nil || t.Role != dataset.Time || len(p.Measures) == 0 {
		return false
	}
	for _, f := range slices.Concat(p.Where, p.Measures[0].Where) {
		if f.Column == t.Name && f.Op == query.Between && len(f.Values) == 2 && lacks(t, literal(f.Values[0]), literal(f.Values[1])) {
			return true
		}
	}
	return false
}

// lacks tells whether a twelfth of a period lies outside a column's days, and more
// than lies between two of them: three sales a year lack nothing.
func lacks(t *dataset.Column, first, last string) bool {
	var days [4]time.Time
	for i, s := range []string{first, last, t.Min, t.Max} {
		d, err := time.Parse(time.DateOnly, min10(s))
		if err != nil {
			return false
		}
		days[i] = d
	}
	missing := max(0, days[2].Sub(days[0])) + max(0, days[1].Sub(days[3]))
	between := days[3].Sub(days[2]) / time.Duration(max(1, t.Distinct-1))
	return missing > max(days[1].Sub(days[0])/12, between*3/2)
}

// edges tells whether the first or last year of figures by year is a part of one.
func edges(t *dataset.Column, p *query.Plan) bool {
	for i, g := range p.GroupBy {
		if g == t.Name && p.GroupedAs(i) == query.AsYear {
			first, last := min10(t.Min)[:min(4, len(t.Min))], min10(t.Max)[:min(4, len(t.Max))]
			return lacks(t, first+"-01-01", first+"-12-31") || lacks(t, last+"-01-01", last+"-12-31")
		}
	}
	return false
}

// min10 is the day of an ISO date or time.
func min10(s string) string { return s[:min(len(s), 10)] }

// day writes an ISO date, or a year, as the language has it; "" for anything else.
func day(iso string, l lang.Lang) string {
	if len(iso) == 4 {
		return iso
	}
	d, err := time.Parse(time.DateOnly, min10(iso))
	if err != nil {
		return ""
	}
	return lang.Day(d, l)
}

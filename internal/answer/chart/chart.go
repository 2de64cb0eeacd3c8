// Package chart draws an answer: lines for an evolution, bars for a ranking, a
// comparison or shares, a map where outlines of territories are given. Title,
// unit, source and dates stand inside the picture, so that it says the same
// wherever it is copied to. There is no chart where a number says it all.
package chart

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/outline"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// ErrNone is returned for an answer that no chart shows better than its figures.
var ErrNone = errors.New("nothing to draw")

// Kind is how figures are drawn.
type Kind string

// The closed list of kinds.
const (
	Lines Kind = "lines" // figures along years
	Bars  Kind = "bars"  // figures side by side, each with its name
	Map   Kind = "map"   // figures of territories, on their outlines
)

// What one picture holds.
const (
	maxBars   = 25
	maxSeries = 6
	maxPoints = 200
)

// Chart is what is drawn, whatever the format.
type Chart struct {
	Kind   Kind
	Lang   lang.Lang
	Title  string   // the question
	Says   string   // what the figures are, and their unit
	Source string   // publisher, dataset, licence, period and dates
	Unit   string   // of every figure
	Labels []string // of the bars; of the points, in order
	Series []Series
	More   int // rows that found no room
	Empty  int // rows without a figure

	dated bool // labels are years

	within bool   // drawn for a page that says by itself what the figures are and where they come from
	credit string // that every drawing bears

	Narrow bool // drawn for a column of a telephone; maps are not

	shapes []outline.Shape // of a map: the outlines of Labels
	around []outline.Shape // of a map: outlines without a figure
}

// Series is one line, or the bars of one colour.
type Series struct {
	Name   string
	Values []Value // one a label
}

// Value is a figure that may be missing.
type Value struct {
	V  float64
	OK bool
}

// Of chooses the chart of an answer's rows, or returns ErrNone.
func Of(a *answer.Answer) (*Chart, error) {
	if !a.Answered() {
		return nil, ErrNone
	}
	c := begin(a)
	if len(a.Rows) == 1 {
		return c, c.sides(a)
	}
	names, years, numbers := columns(a)
	if len(numbers) == 0 || len(a.Rows) < 2 {
		return nil, ErrNone
	}
	first := numbers[0]
	c.Unit = a.Columns[first].Unit
	c.says(a, a.Columns[first].Name)
	switch {
	case len(years) == 1 && len(names) == 0 && len(numbers) <= maxSeries && alike(a, numbers):
		return c, c.alongYears(a, years[0], numbers)
	case len(years) == 1 && len(names) == 1 && len(numbers) == 1:
		return c, c.eachAlongYears(a, years[0], names[0], first)
	case len(years) == 0 && len(names) > 0 && len(names) <= 2:
		return c, c.ranked(a, names, numbers)
	}
	return nil, ErrNone
}

// columns tells apart the columns that name a row, that hold its year, and that
// hold figures.
func columns(a *answer.Answer) (names, years, numbers []int) {
	for i, col := range a.Columns {
		figures, years_, texts := 0, 0, 0
		for _, row := range a.Rows {
			switch v, ok := lang.Number(row[i]); {
			case ok && v == float64(int(v)) && v >= 1500 && v < 2200:
				years_++
				figures++
			case ok:
				figures++
			case row[i] != nil:
				texts++
			}
		}
		switch {
		case texts > 0 || figures == 0:
			names = append(names, i)
		case col.Plain && years_ == figures:
			years = append(years, i)
		case col.Plain: // codes
			names = append(names, i)
		default:
			numbers = append(numbers, i)
		}
	}
	return names, years, numbers
}

// alike tells whether columns are in one unit, so that they share an axis.
func alike(a *answer.Answer, cols []int) bool {
	for _, i := range cols {
		if a.Columns[i].Unit != a.Columns[cols[0]].Unit {
			return false
		}
	}
	return true
}

// sides draws the figures that a single row compares: "Metz, Nancy".
func (c *Chart) sides(a *answer.Answer) error {
	if a.Plan == nil || a.Plan.Derived == nil || len(a.Plan.Measures) != 2 || len(a.Columns) < 3 {
		return ErrNone
	}
	if op := a.Plan.Derived.Op; op == query.Share || op == query.ShareOfTotal { // a part beside its whole: the number says it
		return ErrNone
	}
	s := Series{}
	for i, m := range a.Plan.Measures {
		v, ok := lang.Number(a.Rows[0][i])
		if m.Label == "" || !ok || a.Columns[i].Unit != a.Columns[0].Unit {
			return ErrNone
		}
		c.Labels = append(c.Labels, clean(m.Label))
		s.Values = append(s.Values, Value{v, true})
	}
	c.Kind, c.Unit, c.Series = Bars, a.Columns[0].Unit, []Series{s}
	c.says(a, "")
	return nil
}

// measured are the columns that bars show: the change where a change is what is
// asked, else the first figure and up to two more in its unit.
func measured(a *answer.Answer, numbers []int) []int {
	if a.Plan != nil && a.Plan.Derived != nil && slices.Contains(relative, a.Plan.Derived.Op) {
		return numbers[len(numbers)-1:]
	}
	kept := numbers[:1]
	for _, n := range numbers[1:] {
		if a.Columns[n].Unit == a.Columns[numbers[0]].Unit && len(kept) < maxSides {
			kept = append(kept, n)
		}
	}
	return kept
}

// relative are figures made of others, which stand beside them.
var relative = []query.DerivedOp{query.Difference, query.Growth, query.Share, query.ShareOfTotal, query.Ratio}

const maxSides = 3 // figures side by side under one name

func (c *Chart) ranked(a *answer.Answer, names, numbers []int) error {
	kept := measured(a, numbers)
	c.Unit = a.Columns[kept[0]].Unit
	c.says(a, a.Columns[kept[0]].Name)
	for _, n := range kept {
		s := Series{}
		if len(kept) > 1 {
			s.Name = clean(a.Columns[n].Name)
		}
		c.Series = append(c.Series, s)
	}
	names = telling(a, names)
	most := maxBars / len(kept)
	for _, row := range inOrder(a, names, kept[0]) {
		if len(c.Labels) == most {
			c.More = len(a.Rows) - most
			break
		}
		c.Labels = append(c.Labels, c.label(row, names))
		for k, n := range kept {
			v, ok := lang.Number(row[n])
			c.Series[k].Values = append(c.Series[k].Values, Value{v, ok})
			c.Empty += btoi(!ok)
		}
	}
	if len(kept) > 1 {
		c.says(a, joined(c.Series))
	}
	c.Kind = Bars
	return c.worth()
}

func (c *Chart) label(row []any, names []int) string {
	var label []string
	for _, i := range names {
		if row[i] != nil {
			label = append(label, clean(answer.Cell(row[i], "", true, c.Lang)))
		}
	}
	return strings.Join(label, " · ")
}

// telling are the columns that it takes to tell rows apart by name: a code
// beside names that differ says nothing.
func telling(a *answer.Answer, names []int) []int {
	seen := map[any]bool{}
	for _, row := range a.Rows {
		if seen[row[names[0]]] {
			return names
		}
		seen[row[names[0]]] = true
	}
	return names[:1]
}

// inOrder are the rows as bars are read, the longest first. Rows that the answer
// put in an order of its own keep it: only names in the order of the alphabet say
// nothing by theirs. Names that begin with a digit are classes, or codes.
func inOrder(a *answer.Answer, names []int, n int) [][]any {
	name := func(row []any) string { return lang.Fold(fmt.Sprint(row[names[0]])) }
	numbered := func(row []any) bool { s := name(row); return s != "" && s[0] >= '0' && s[0] <= '9' }
	if !slices.IsSortedFunc(a.Rows, func(x, y []any) int { return strings.Compare(name(x), name(y)) }) || slices.ContainsFunc(a.Rows, numbered) {
		return a.Rows
	}
	rows := slices.Clone(a.Rows)
	slices.SortStableFunc(rows, func(x, y []any) int {
		v, ok1 := lang.Number(x[n])
		w, ok2 := lang.Number(y[n])
		if !ok1 || !ok2 { // what has no figure comes last
			return btoi(!ok1) - btoi(!ok2)
		}
		return cmp.Compare(w, v)
	})
	return rows
}

// worth tells whether there are figures enough to draw.
func (c *Chart) worth() error {
	full := 0
	for _, s := range c.Series {
		for _, v := range s.Values {
			full += btoi(v.OK)
		}
	}
	if full < 2 {
		return ErrNone
	}
	return nil
}

func joined(series []Series) string {
	var names []string
	for _, s := range series {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// begin starts a chart with what every kind has.
func begin(a *answer.Answer) *Chart {
	c := &Chart{Lang: a.Lang, Title: capital(clean(a.Question)), Source: sourceLine(a)}
	if c.Lang == "" {
		c.Lang = lang.French
	}
	if what := computed(a); a.Chart && what != "" { // "en graphique" is no title
		c.Title = capital(clean(what))
	}
	return c
}

// computed is what was computed, in plain words where the answer has them.
func computed(a *answer.Answer) string { return cmp.Or(a.Plainly, a.Explanation) }

// says writes the line under the title: the whole of what was computed, for a
// question may go on from one before it.
func (c *Chart) says(a *answer.Answer, name string) {
	what := computed(a)
	if what == "" || a.Chart {
		what = name
	}
	c.Says = said(what, c.Unit, c.Lang)
}

func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// sourceLine is where the figures come from, as one line of plain text.
func sourceLine(a *answer.Answer) string {
	var parts []string
	for _, s := range a.Sources {
		one := []string{}
		for _, x := range []string{s.Publisher, s.Title, s.Licence} {
			if x = clean(x); x != "" {
				one = append(one, x)
			}
		}
		if from, to, ok := strings.Cut(s.Period, "/"); s.Period != "" {
			period := from
			if ok && to != "" && to != from {
				period += "–" + to
			}
			one = append(one, texts.Say(a.Lang, "chart.data")+" "+period)
		}
		if s.Modified != "" {
			one = append(one, texts.Say(a.Lang, "chart.published")+" "+answer.Day(s.Modified, a.Lang))
		}
		if s.Retrieved != "" {
			one = append(one, texts.Say(a.Lang, "chart.downloaded")+" "+answer.Day(s.Retrieved, a.Lang))
		}
		parts = append(parts, strings.Join(one, " · "))
	}
	if len(parts) == 0 {
		return ""
	}
	return texts.Say(a.Lang, "chart.source") + " " + strings.Join(parts, " ; ")
}

package answer

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// isoDay is a day as plans have it.
var isoDay = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// Unfounded lists the numbers in an answer's own words (its text before Finish)
// that are neither in its rows, as rounded there, nor in the words that are
// quoted: names, cells, the explanation. A text that has one is not shown.
func Unfounded(a *Answer) []string {
	g := groundsOf(a)
	numbers := slices.Concat(g.numbers, apart(a), bounds(a), overTime(a))
	var unfounded []string
	for _, w := range lang.Words(a.Text) {
		if g.quoted[w.Fold] || w.Text[0] < '0' || w.Text[0] > '9' {
			continue
		}
		n, ok := lang.ParseNumber(strings.TrimRightFunc(w.Text, unicode.IsLetter), a.Lang) // "6ᵉ"
		times := power(a.Text[w.End:])
		if inUnit(a.Columns, a.Text[w.End:]) {
			times = 1
		}
		if !ok || !among(n*times, math.Pow10(-shownDecimals(w.Text, a.Lang))*times, numbers) {
			unfounded = append(unfounded, w.Text)
		}
	}
	return unfounded
}

// grounds are what the words of an answer may rest on: words that are quoted,
// and numbers.
type grounds struct {
	quoted  map[string]bool
	numbers []float64
}

func (g *grounds) quote(s string) {
	for _, w := range lang.Words(s) {
		g.quoted[w.Fold] = true
	}
}

// groundsOf are an answer's rows, how many there are and how far the first is from
// the last; its columns and explanation.
func groundsOf(a *Answer) *grounds {
	g := &grounds{quoted: map[string]bool{}}
	g.quote(a.Explanation)
	for _, iso := range isoDay.FindAllString(a.Explanation, -1) {
		if t, err := time.Parse(time.DateOnly, iso); err == nil {
			g.quote(lang.LongDay(t, a.Lang))
		}
	}
	for _, c := range a.Columns {
		g.quote(c.Name)
		g.quote(c.Unit)
	}
	for _, row := range a.Rows {
		for i, v := range row {
			n, ok := lang.Number(v)
			if ok {
				g.numbers = append(g.numbers, n)
			}
			if !ok || i == 0 {
				g.quote(Cell(v, "", true, a.Lang)) // years and codes, as they are written
			}
		}
	}
	rows := float64(len(a.Rows))
	g.numbers = append(g.numbers, rows, rows-shownRows, rows-shownNames)
	if n := len(a.Rows); n > 1 && len(a.Rows[0]) == 2 { // how far it went from the first row to the last
		from, ok1 := lang.Number(a.Rows[0][1])
		to, ok2 := lang.Number(a.Rows[n-1][1])
		if ok1 && ok2 {
			g.numbers = append(g.numbers, to-from, 100*(to-from)/from, total(a.Rows))
		}
	}
	return g
}

// shownDecimals counts the digits after the decimal mark.
func shownDecimals(s string, l lang.Lang) int {
	mark := texts.Say(l, "answer.in_pairs")
	if i := strings.LastIndex(s, mark); i >= 0 {
		return len(s) - i - len(mark)
	}
	return 0
}

// apart lists how far figures of an answer lie from one another where a reader
// compares them: the first rows of each column of figures, those of one row, and
// what the plan compares with.
func apart(a *Answer) []float64 {
	var out gaps
	for at := range a.Columns {
		out.ofColumn(a.Rows, at)
	}
	if len(a.Rows) > 0 {
		out.ofRow(a.Rows[0])
	}
	if a.Plan != nil && a.Plan.Derived != nil && a.Plan.Derived.Value != nil {
		out = append(out, *a.Plan.Derived.Value)
	}
	return out
}

// gaps are differences of figures, and their ratios in all the ways they are said.
type gaps []float64

func (g *gaps) add(v, w float64) {
	*g = append(*g, v-w)
	if w != 0 {
		*g = append(*g, 100*(v-w)/w, 100*v/w, v/w)
	}
}

// ofColumn adds those between the ends of a column and what is next to them.
func (g *gaps) ofColumn(rows [][]any, at int) {
	var column []float64
	for _, row := range rows {
		if v, ok := lang.Number(row[at]); ok {
			column = append(column, v)
		}
	}
	slices.Sort(column)
	distinct := slices.Compact(column)
	if n := len(distinct); n > 1 {
		g.add(distinct[n-1], distinct[n-2])
		g.add(distinct[1], distinct[0])
	}
}

// ofRow adds those between the figures of a row.
func (g *gaps) ofRow(row []any) {
	for i := range row {
		for j := range row {
			v, ok1 := lang.Number(row[i])
			w, ok2 := lang.Number(row[j])
			if i != j && ok1 && ok2 {
				g.add(v, w)
			}
		}
	}
}

// overTime lists how far the figure of each thing went from its first row to its last,
// and in percent, where rows are of a year and a thing.
func overTime(a *Answer) []float64 {
	if a.Plan == nil || len(a.Plan.GroupBy) != 2 || len(a.Plan.Measures) != 1 || len(a.Rows) == 0 || len(a.Rows[0]) != 3 {
		return nil
	}
	var out []float64
	for at := range 2 {
		first, last := map[any]float64{}, map[any]float64{}
		for _, row := range a.Rows {
			v, ok := lang.Number(row[2])
			if !ok {
				continue
			}
			if _, begun := first[row[at]]; !begun {
				first[row[at]] = v
			}
			last[row[at]] = v
		}
		for thing, from := range first {
			out = append(out, last[thing]-from)
			if from != 0 {
				out = append(out, 100*(last[thing]-from)/from)
			}
		}
	}
	return out
}

// bounds are the numbers that the plan's filters compare with.
func bounds(a *Answer) []float64 {
	if a.Plan == nil {
		return nil
	}
	var out []float64
	for _, f := range a.Plan.Where {
		for _, v := range f.Values {
			if n, ok := lang.Number(v); ok {
				out = append(out, n)
			}
		}
	}
	if a.Plan.Offset > 0 {
		out = append(out, float64(a.Plan.Offset+1)) // the place asked for
	}
	return out
}

// inUnit tells whether what stands after a number begins with the unit of a column,
// whose cells count by it already: "Entrées (millions)".
func inUnit(columns []Column, after string) bool {
	after = strings.TrimLeft(after, " \u00a0\u202f")
	return slices.ContainsFunc(columns, func(c Column) bool { return c.Unit != "" && strings.HasPrefix(after, c.Unit) })
}

// power is what a number is multiplied by, from what stands after it: "M€", "million".
func power(after string) float64 {
	after = strings.TrimLeft(after, " \u00a0\u202f")
	for _, p := range []struct {
		word string
		of   float64
	}{{"M€", 1e6}, {"Md€", 1e9}, {"Mio", 1e6}, {"Mrd", 1e9}, {"million", 1e6}, {"milliard", 1e9}, {"billion", 1e9}} {
		if strings.HasPrefix(after, p.word) {
			return p.of
		}
	}
	return 1
}

// among tells whether one of the numbers, rounded to a multiple of step, is
// written n; signs are left aside.
func among(n, step float64, numbers []float64) bool {
	half := step/2 + 1e-9*n
	return slices.ContainsFunc(numbers, func(v float64) bool { return math.Abs(math.Abs(v)-n) <= half })
}

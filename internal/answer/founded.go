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
	quoted := map[string]bool{}
	quote := func(s string) {
		for _, w := range lang.Words(s) {
			quoted[w.Fold] = true
		}
	}
	quote(a.Explanation)
	for _, iso := range isoDay.FindAllString(a.Explanation, -1) {
		if t, err := time.Parse(time.DateOnly, iso); err == nil {
			quote(lang.LongDay(t, a.Lang))
		}
	}
	var numbers []float64
	for _, c := range a.Columns {
		quote(c.Name)
		quote(c.Unit)
	}
	for _, row := range a.Rows {
		for i, v := range row {
			if n, ok := lang.Number(v); ok {
				numbers = append(numbers, n)
			} else {
				quote(Cell(v, "", true, a.Lang))
			}
			if i == 0 {
				quote(Cell(v, "", true, a.Lang)) // years and codes, as they are written
			}
		}
	}
	rows := float64(len(a.Rows))
	numbers = append(numbers, rows, rows-shownRows, rows-shownNames)
	if n := len(a.Rows); n > 1 && len(a.Rows[0]) == 2 { // how far it went from the first row to the last
		from, ok1 := lang.Number(a.Rows[0][1])
		to, ok2 := lang.Number(a.Rows[n-1][1])
		if ok1 && ok2 {
			numbers = append(numbers, to-from, 100*(to-from)/from, total(a.Rows))
		}
	}
	numbers = append(append(append(numbers, apart(a)...), bounds(a)...), overTime(a)...)
	var unfounded []string
	for _, w := range lang.Words(a.Text) {
		if quoted[w.Fold] || w.Text[0] < '0' || w.Text[0] > '9' {
			continue
		}
		n, ok := lang.ParseNumber(strings.TrimRightFunc(w.Text, unicode.IsLetter), a.Lang) // "6ᵉ"
		times := power(a.Text[w.End:])
		if !ok || !among(n*times, math.Pow10(-shownDecimals(w.Text, a.Lang))*times, numbers) {
			unfounded = append(unfounded, w.Text)
		}
	}
	return unfounded
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
	var out []float64
	pair := func(v, w float64) {
		out = append(out, v-w)
		if w != 0 {
			out = append(out, 100*(v-w)/w, 100*v/w, v/w)
		}
	}
	for at := range a.Columns {
		var column []float64
		for _, row := range a.Rows {
			if v, ok := lang.Number(row[at]); ok {
				column = append(column, v)
			}
		}
		slices.Sort(column)
		if n := len(column); n > 1 { // the ends and those next to them
			distinct := slices.Compact(column)
			if n = len(distinct); n > 1 {
				pair(distinct[n-1], distinct[n-2])
				pair(distinct[1], distinct[0])
			}
		}
	}
	for _, row := range a.Rows {
		for i := range row {
			for j := range row {
				v, ok1 := lang.Number(row[i])
				w, ok2 := lang.Number(row[j])
				if i != j && ok1 && ok2 {
					pair(v, w)
				}
			}
		}
		if len(a.Rows) > 1 {
			break
		}
	}
	if a.Plan != nil && a.Plan.Derived != nil && a.Plan.Derived.Value != nil {
		out = append(out, *a.Plan.Derived.Value)
	}
	return out
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

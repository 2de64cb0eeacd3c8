package answer

import (
	"math"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

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
	var unfounded []string
	for _, w := range lang.Words(a.Text) {
		if quoted[w.Fold] || w.Text[0] < '0' || w.Text[0] > '9' {
			continue
		}
		if n, ok := lang.ParseNumber(w.Text, a.Lang); !ok || !among(n, shownDecimals(w.Text, a.Lang), numbers) {
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

// among tells whether one of the numbers, rounded so, is written n; signs are
// left aside.
func among(n float64, decimals int, numbers []float64) bool {
	half := math.Pow10(-decimals)/2 + 1e-9*n
	return slices.ContainsFunc(numbers, func(v float64) bool { return math.Abs(math.Abs(v)-n) <= half })
}

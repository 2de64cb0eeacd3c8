package ground

import (
	"fmt"
	"strconv"
	"strings"

	"cigogne/internal/lang"
)

// Day is a day, a month or a year that a run of tokens names; parts not said are 0.
type Day struct {
	From, To         int
	Year, Month, Dom int
	Decade           bool // "the 1980s", "les années 1980": ten years from Year
}

// Days finds the days, months and decades of a question; single years are
// numbers (Token.Year).
func (q *Question) Days() []Day {
	var out []Day
	for k := 0; k < len(q.Tokens); k++ {
		if d, ok := q.dayAt(k); ok {
			if first, ok := q.before(d); ok {
				out = append(out, first)
			}
			out = append(out, d)
			k = d.To - 1
		}
	}
	return sameYear(out)
}

// before is the day of the same month that a span begins with: "du 8 au 14 janvier".
func (q *Question) before(d Day) (Day, bool) {
	k := d.From - 2
	if k > 0 && q.Tokens[k+1].Fold == "le" { // "entre le 1er et le 10 août"
		k--
	}
	if k < 0 || d.Dom == 0 || q.dom(k) == 0 || q.dom(k) >= d.Dom {
		return Day{}, false
	}
	switch q.Tokens[k+1].Fold {
	case "au", "et", "to", "and":
		return Day{From: k, To: k + 1, Year: d.Year, Month: d.Month, Dom: q.dom(k)}, true
	}
	return Day{}, false
}

// sameYear gives days without a year that of the one day, or the days, that have
// one: "du 25 novembre au 16 décembre 2013".
func sameYear(list []Day) []Day {
	year := 0
	for _, d := range list {
		if d.Year != 0 && year != 0 && d.Year != year {
			return list
		}
		year = max(year, d.Year)
	}
	for i := range list {
		if list[i].Dom > 0 && list[i].Year == 0 {
			list[i].Year = year
		}
	}
	return list
}

func (q *Question) dayAt(k int) (Day, bool) {
	t := q.Tokens[k]
	switch {
	case t.Month > 0 && q.monthSaid(k): // March 3, 2023; mars 2023; March
		d := Day{From: k, To: k + 1, Month: t.Month}
		if n := q.dom(k + 1); n > 0 {
			d.Dom, d.To = n, k+2
		}
		return q.withYear(d), true
	case q.dom(k) > 0 && k+1 < len(q.Tokens) && q.Tokens[k+1].Month > 0: // 3 mars 2023
		return q.withYear(Day{From: k, To: k + 2, Dom: q.dom(k), Month: q.Tokens[k+1].Month}), true
	case t.IsNum && k+2 < len(q.Tokens):
		return q.written(k)
	case strings.HasSuffix(t.Fold, "0s") && len(t.Fold) == 5: // 1980s
		if y, err := strconv.Atoi(t.Fold[:4]); err == nil {
			return Day{From: k, To: k + 1, Year: y, Decade: true}, true
		}
	case t.Fold == "annees" && k+1 < len(q.Tokens) && q.Tokens[k+1].IsNum && int(q.Tokens[k+1].Plain)%10 == 0: // années 1980, années 80
		switch n := int(q.Tokens[k+1].Plain); {
		case q.Tokens[k+1].Year:
			return Day{From: k, To: k + 2, Year: n, Decade: true}, true
		case n >= 20 && n <= 90:
			return Day{From: k, To: k + 2, Year: 1900 + n, Decade: true}, true
		}
	}
	return Day{}, false
}

// monthSaid tells the month "may" from the verb, and "mars" from the planet.
func (q *Question) monthSaid(k int) bool {
	t := q.Tokens[k]
	if t.Fold != "may" && t.Fold != "mar" && t.Fold != "dec" && t.Fold != "sep" {
		return true
	}
	return t.Name || q.dom(k+1) > 0 || k > 0 && q.Tokens[k-1].Fold == "in"
}

// dom reads a day of the month.
func (q *Question) dom(k int) int {
	if k >= len(q.Tokens) {
		return 0
	}
	w := q.Tokens[k].Fold
	for _, end := range []string{"st", "nd", "rd", "th", "er"} {
		w = strings.TrimSuffix(w, end)
	}
	if n, err := strconv.Atoi(w); err == nil && n >= 1 && n <= 31 {
		return n
	}
	return 0
}

func (q *Question) withYear(d Day) Day {
	if d.To < len(q.Tokens) && q.Tokens[d.To].Year {
		d.Year = int(q.Tokens[d.To].Num)
		d.To++
	}
	return d
}

// written reads 03/12/2023 and 2023-12-03.
func (q *Question) written(k int) (Day, bool) {
	sep := q.Text[q.Tokens[k].End:q.Tokens[k+1].Start]
	if sep != "/" && sep != "-" || q.Text[q.Tokens[k+1].End:q.Tokens[k+2].Start] != sep {
		return Day{}, false
	}
	var n [3]int
	for i := range n {
		v, err := strconv.Atoi(q.Tokens[k+i].Fold)
		if err != nil {
			return Day{}, false
		}
		n[i] = v
	}
	d := Day{From: k, To: k + 3}
	switch {
	case q.Tokens[k].Year:
		d.Year, d.Month, d.Dom = n[0], n[1], n[2]
	case q.Tokens[k+2].Year && (q.Lang.Reads() == lang.French || n[0] > 12):
		d.Dom, d.Month, d.Year = n[0], n[1], n[2]
	case q.Tokens[k+2].Year:
		d.Month, d.Dom, d.Year = n[0], n[1], n[2]
	default:
		return Day{}, false
	}
	return d, d.Month >= 1 && d.Month <= 12 && d.Dom >= 1 && d.Dom <= 31
}

// Bounds are the first and the last day of it, as ISO texts; empty where no
// year is said.
func (d Day) Bounds() (first, last string) {
	switch {
	case d.Year == 0:
		return "", ""
	case d.Decade:
		return fmt.Sprintf("%04d-01-01", d.Year), fmt.Sprintf("%04d-12-31", d.Year+9)
	case d.Month == 0:
		return fmt.Sprintf("%04d-01-01", d.Year), fmt.Sprintf("%04d-12-31", d.Year)
	case d.Dom == 0:
		return fmt.Sprintf("%04d-%02d-01", d.Year, d.Month), fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, lengthOf(d.Year, d.Month))
	}
	day := fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Dom)
	return day, day
}

func lengthOf(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

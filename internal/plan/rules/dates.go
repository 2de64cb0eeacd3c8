package rules

import (
	"cigogne/internal/texts"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// calendar is a day or a month that a question names; parts not said are 0.
type calendar struct {
	year, month, day int
	from, to         int // tokens
}

// dates reads days, months and decades as conditions on the column that dates
// the rows: "after 30 November 2001", "en mars 2023", "in the 1980s". What is
// the very text of a cell, and is not compared with, is left to the values.
func (r *reader) dates() {
	for k := 0; k < len(r.tokens); k++ {
		if n := r.decade(k); n > 0 {
			k += n - 1
			continue
		}
		c, ok := r.calendarAt(k)
		if !ok {
			continue
		}
		if r.dated(c) {
			k = c.to - 1
		}
	}
}

// calendarAt reads the day or month that starts at a token.
func (r *reader) calendarAt(k int) (calendar, bool) {
	switch {
	case r.monthIn(k, k) > 0: // March 3, 2023; March 2023; March
		c := calendar{month: r.monthIn(k, k), from: k, to: k + 1}
		if d := r.dayAt(k + 1); d > 0 && !r.tokens[k+1].isYear && strings.TrimSpace(r.after(k)) == "" {
			c.day, c.to = d, k+2
		}
		return r.ofYear(c), true
	case r.dayAt(k) > 0 && r.monthIn(k, k+1) > 0 && strings.TrimSpace(r.after(k)) == "": // 3 mars 2023
		return r.ofYear(calendar{day: r.dayAt(k), month: r.monthIn(k, k+1), from: k, to: k + 2}), true
	case r.tokens[k].isNum && k+2 < len(r.tokens) && (r.after(k) == "/" || r.after(k) == "-") && r.after(k+1) == r.after(k): // 03/12/2023, 2023-12-03
		return r.inFigures(k)
	}
	return calendar{}, false
}

// ofYear adds the year that follows a day or a month.
func (r *reader) ofYear(c calendar) calendar {
	if y := r.yearAt(c.to); y > 0 && strings.Trim(r.after(c.to-1), " ,") == "" {
		c.year, c.to = y, c.to+1
	}
	return c
}

// inFigures reads a day written in three numbers: the year's place and the language
// say which is the month.
func (r *reader) inFigures(k int) (calendar, bool) {
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(r.tokens[k+i].Fold)
	}
	c := calendar{from: k, to: k + 3}
	switch year := r.yearAt(k + 2); {
	case r.tokens[k].isYear:
		c.year, c.month, c.day = n[0], n[1], n[2]
	case year == 0:
		return c, false
	case r.l == lang.French || n[0] > 12:
		c.day, c.month, c.year = n[0], n[1], year
	default:
		c.month, c.day, c.year = n[0], n[1], year
	}
	return c, c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31
}

// after is what stands between a token and the next one.
func (r *reader) after(i int) string {
	if i+1 >= len(r.tokens) {
		return " "
	}
	return r.q[r.tokens[i].End:r.tokens[i+1].Start]
}

// dayAt is the day of a month that a token is, 0 none: "3", "3rd", "1er".
func (r *reader) dayAt(i int) int {
	if i < 0 || i >= len(r.tokens) {
		return 0
	}
	w := r.tokens[i].Fold
	for _, end := range []string{"st", "nd", "rd", "th", "er"} {
		w = strings.TrimSuffix(w, end)
	}
	if d, err := strconv.Atoi(w); err == nil && d >= 1 && d <= 31 {
		return d
	}
	return 0
}

// monthIn is the month that token i names where a day or month starts at token k.
func (r *reader) monthIn(k, i int) int {
	if i >= len(r.tokens) {
		return 0
	}
	t := r.tokens[i]
	if t.Fold == "may" && k > 0 && r.tokens[k-1].Fold != "in" && r.dayAt(k+1) == 0 && r.dayAt(k-1) == 0 { // the verb
		return 0
	}
	if len(t.Fold) < 3 || t.Fold == "mar" || t.Fold == "mai" && t.Text == "MAI" {
		return 0
	}
	return months[t.Fold]
}

func (r *reader) yearAt(i int) int {
	if i < len(r.tokens) && r.tokens[i].isYear {
		return int(r.tokens[i].num)
	}
	return 0
}

// dated turns a calendar into a condition, and tells whether it could.
func (r *reader) dated(c calendar) bool {
	first, last := r.within(c.from, c.to)
	if first < 0 || slices.Contains(r.used[first:last+1], true) {
		return false
	}
	o, words := r.timeOp(first)
	if p := r.near(first, -1); p >= 0 && o == query.Eq && r.adjacent(p, first) && r.spans[p].has(opUntil) {
		o, words = query.Le, p
	}
	if words >= 0 && (r.tokens[r.spans[words].from].Fold == "above" || r.tokens[r.spans[words].from].Fold == "below") || o == query.Ne {
		return false
	}
	if o == query.Eq && (len(r.spans[first].vals) > 0 || len(r.spans[last].vals) > 0) {
		return false // the text of a cell
	}
	col := r.dateColumn(first, last)
	if col < 0 {
		return false
	}
	full := r.s.t.Columns[col].Type != dataset.Text || r.s.fullDate(col)
	x := cond{col: col, pos: c.from, src: strings.TrimSpace(r.q[r.tokens[c.from].Start:r.tokens[c.to-1].End])}
	switch {
	case c.year == 0 && c.day == 0: // a month of any year
		if o != query.Eq {
			return false
		}
		x.op, x.as, x.vals = query.Eq, query.AsMonth, []any{float64(c.month)}
		if r.anotherMonth(x) {
			r.take(first, last, words)
			return true
		}
	case full != (c.year > 0): // a day of no year, over days that have theirs
		return false
	default:
		x = r.span(x, o, c, full)
	}
	r.take(first, last, words)
	r.d.conds = append(r.d.conds, x)
	return true
}

// within are the first and the last span over some tokens, -1 none.
func (r *reader) within(from, to int) (first, last int) {
	first, last = -1, -1
	for i := range r.spans {
		if r.spans[i].from < to && r.spans[i].to > from {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}

// anotherMonth adds a month to one that was named before: "in June or July".
func (r *reader) anotherMonth(x cond) bool {
	for j := range r.d.conds {
		if p := &r.d.conds[j]; p.col == x.col && p.as == query.AsMonth && p.op == query.Eq {
			p.vals = append(p.vals, x.vals...)
			return true
		}
	}
	return false
}

// span bounds a column of days by a day, or a month, and what is said of it.
func (r *reader) span(x cond, o query.Op, c calendar, full bool) cond {
	k := r.s.t.Columns[x.col]
	y := c.year
	if !full {
		y = 1900 // what a day of no year is read as
	}
	from := time.Date(y, time.Month(c.month), max(1, c.day), 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 1).Add(-time.Second)
	if c.day == 0 {
		to = from.AddDate(0, 1, 0).Add(-time.Second)
	}
	if k.Type == dataset.Text {
		x.as = query.AsDate
	}
	text := func(t time.Time) any {
		if k.Type == dataset.Date {
			return t.Format(time.DateOnly)
		}
		return t.Format(time.DateTime)
	}
	switch o {
	case query.Gt, query.Le:
		x.op, x.vals = o, []any{text(to)}
	case query.Lt, query.Ge:
		x.op, x.vals = o, []any{text(from)}
	default:
		x.op, x.vals = query.Between, []any{text(from), text(to)}
	}
	return x
}

func (r *reader) take(first, last, words int) {
	for i := first; i <= last; i++ {
		r.used[i], r.consumed[i] = true, true
	}
	if words >= 0 {
		r.used[words] = true
	}
}

// dateColumn is the column of days named right before or after, else the one
// that dates the rows; -1 where there is none.
func (r *reader) dateColumn(first, last int) int {
	days := func(k int) bool {
		c := r.s.t.Columns[k]
		return c.Type == dataset.Date || c.Type == dataset.DateTime || c.Type == dataset.Text && r.s.cells[k].date
	}
	for _, j := range []int{r.near(first, -1), r.near(last, 1), r.near(r.near(first, -1), -1)} {
		if j < 0 || r.spans[j].from > r.spans[last].to+2 {
			continue
		}
		if c := r.column(j, days); c >= 0 {
			if j < first && len(r.spans[j].ops) == 0 {
				r.used[j], r.consumed[j] = true, true
			}
			return c
		}
	}
	if t := r.s.timed(); t >= 0 && days(t) {
		return t
	}
	for k := range r.s.t.Columns {
		if days(k) {
			return k
		}
	}
	return -1
}

// decade reads "the 1980s", "the 1900's", "les années 1980" as a span of years;
// it returns how many tokens it took.
func (r *reader) decade(k int) int {
	t := r.tokens[k]
	said := k > 0 && r.tokens[k-1].Fold == "annees"
	n, text := 1, t.Fold
	switch {
	case len(text) == 5 && text[4] == 's':
		text = text[:4]
	case t.isYear && k+1 < len(r.tokens) && r.tokens[k+1].Fold == "s" && strings.ContainsAny(r.after(k), "'’"):
		n = 2
	case t.isYear && said:
	default:
		return 0
	}
	y, err := strconv.Atoi(text)
	if err != nil || y%10 != 0 || y < 1000 || y > 2200 {
		return 0
	}
	last := y + 9
	if y%100 == 0 && y < 2000 {
		last = y + 99
	}
	first := slices.IndexFunc(r.spans, func(sp span) bool { return sp.from <= k && sp.to > k })
	if first < 0 || r.used[first] || !r.inYears(first, y, last) {
		return 0
	}
	for i, sp := range r.spans {
		if sp.from >= k && sp.to <= k+n || i == first || said && sp.from == k-1 {
			r.used[i], r.consumed[i] = true, true
		}
	}
	r.d.notes = append(r.d.notes, texts.Say(r.l, "rules.from_to", "year", y, "last", last))
	return n
}

// inYears bounds the column that dates the rows by two years, both included.
func (r *reader) inYears(i, lo, hi int) bool {
	col := r.s.timed()
	if r.s.year >= 0 && r.s.t.Columns[r.s.year].Type.Numeric() {
		col = r.s.year
	}
	for _, j := range []int{r.near(i, -1), r.near(i, 1)} {
		if j >= 0 {
			if c := r.column(j, r.isTime); c >= 0 {
				col = c
				r.used[j], r.consumed[j] = true, true
				break
			}
		}
	}
	if col < 0 {
		return false
	}
	x := cond{col: col, op: query.Between, pos: r.spans[i].from, src: r.text(i)}
	switch c := r.s.t.Columns[col]; {
	case c.Type.Numeric():
		x.vals = []any{float64(lo), float64(hi)}
	case c.Type == dataset.Date:
		x.vals = []any{fmt.Sprintf("%d-01-01", lo), fmt.Sprintf("%d-12-31", hi)}
	case c.Type == dataset.DateTime || r.s.cells[col].date && r.s.fullDate(col):
		x.vals = []any{fmt.Sprintf("%d-01-01", lo), fmt.Sprintf("%d-12-31 23:59:59", hi)}
		if c.Type == dataset.Text {
			x.as = query.AsDate
		}
	case r.s.cells[col].number:
		x.as, x.vals = query.AsNumber, []any{float64(lo), float64(hi)}
	default:
		return false
	}
	r.d.conds = append(r.d.conds, x)
	return true
}

package rules

import (
	"cigogne/internal/texts"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
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
	tok := func(i int) token {
		if i < len(r.tokens) {
			return r.tokens[i]
		}
		return token{}
	}
	between := func(i int) string { // what stands between two tokens
		if i+1 >= len(r.tokens) {
			return " "
		}
		return r.q[r.tokens[i].End:r.tokens[i+1].Start]
	}
	day := func(t token) int {
		w := t.Fold
		for _, end := range []string{"st", "nd", "rd", "th", "er"} {
			w = strings.TrimSuffix(w, end)
		}
		if d, err := strconv.Atoi(w); err == nil && d >= 1 && d <= 31 {
			return d
		}
		return 0
	}
	month := func(t token) int {
		if t.Fold == "may" && k > 0 && r.tokens[k-1].Fold != "in" && day(tok(k+1)) == 0 && day(tok(k-1)) == 0 { // the verb
			return 0
		}
		if len(t.Fold) < 3 || t.Fold == "mar" || t.Fold == "mai" && t.Text == "MAI" {
			return 0
		}
		return months[t.Fold]
	}
	year := func(i int) int {
		if i < len(r.tokens) && r.tokens[i].isYear {
			return int(r.tokens[i].num)
		}
		return 0
	}
	t := r.tokens[k]
	switch {
	case month(t) > 0: // March 3, 2023; March 2023; March
		c := calendar{month: month(t), from: k, to: k + 1}
		if d := day(tok(k + 1)); d > 0 && !tok(k+1).isYear && strings.TrimSpace(between(k)) == "" {
			c.day, c.to = d, k+2
		}
		if y := year(c.to); y > 0 && strings.Trim(between(c.to-1), " ,") == "" {
			c.year, c.to = y, c.to+1
		}
		return c, true
	case day(t) > 0 && month(tok(k+1)) > 0 && strings.TrimSpace(between(k)) == "": // 3 mars 2023
		c := calendar{day: day(t), month: month(tok(k + 1)), from: k, to: k + 2}
		if y := year(c.to); y > 0 && strings.Trim(between(c.to-1), " ,") == "" {
			c.year, c.to = y, c.to+1
		}
		return c, true
	case t.isNum && k+2 < len(r.tokens) && (between(k) == "/" || between(k) == "-") && between(k+1) == between(k): // 03/12/2023, 2023-12-03
		a, _ := strconv.Atoi(t.Fold)
		b, _ := strconv.Atoi(tok(k + 1).Fold)
		c := calendar{from: k, to: k + 3}
		switch {
		case t.isYear:
			d, _ := strconv.Atoi(tok(k + 2).Fold)
			c.year, c.month, c.day = a, b, d
		case year(k+2) > 0 && (r.l == "fr" || a > 12):
			c.day, c.month, c.year = a, b, year(k+2)
		case year(k+2) > 0:
			c.month, c.day, c.year = a, b, year(k+2)
		default:
			return c, false
		}
		return c, c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31
	}
	return calendar{}, false
}

// dated turns a calendar into a condition, and tells whether it could.
func (r *reader) dated(c calendar) bool {
	first, last := -1, -1
	for i := range r.spans {
		if r.spans[i].from < c.to && r.spans[i].to > c.from {
			if r.used[i] {
				return false
			}
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
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
	k := r.s.t.Columns[col]
	full := k.Type != dataset.Text || r.s.fullDate(col)
	x := cond{col: col, pos: c.from, src: strings.TrimSpace(r.q[r.tokens[c.from].Start:r.tokens[c.to-1].End])}
	switch {
	case c.year == 0 && c.day == 0: // a month of any year
		if o != query.Eq {
			return false
		}
		x.op, x.as, x.vals = query.Eq, query.AsMonth, []any{float64(c.month)}
		for j := range r.d.conds { // "in June or July"
			if p := &r.d.conds[j]; p.col == col && p.as == query.AsMonth && p.op == query.Eq {
				p.vals = append(p.vals, x.vals...)
				r.take(first, last, words)
				return true
			}
		}
	case full != (c.year > 0): // a day of no year, over days that have theirs
		return false
	default:
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
	}
	r.take(first, last, words)
	r.d.conds = append(r.d.conds, x)
	return true
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
	n, text := 1, t.Fold
	switch {
	case len(text) == 5 && text[4] == 's':
		text = text[:4]
	case t.isYear && k+1 < len(r.tokens) && r.tokens[k+1].Fold == "s" && strings.ContainsAny(r.q[t.End:r.tokens[k+1].Start], "'’"):
		n = 2
	case t.isYear && k > 0 && r.tokens[k-1].Fold == "annees":
	default:
		return 0
	}
	y, err := strconv.Atoi(text)
	if err != nil || y%10 != 0 || y < 1000 || y > 2200 {
		return 0
	}
	last := y + 9
	if y%100 == 0 && y < 2000 && n > 0 && t.Fold != "annees" {
		last = y + 99
	}
	first := slices.IndexFunc(r.spans, func(sp span) bool { return sp.from <= k && sp.to > k })
	if first < 0 || r.used[first] || !r.inYears(first, y, last) {
		return 0
	}
	for i := range r.spans {
		if r.spans[i].from >= k && r.spans[i].to <= k+n || i == first {
			r.used[i], r.consumed[i] = true, true
		}
	}
	if k > 0 && r.tokens[k-1].Fold == "annees" {
		for i := range r.spans {
			if r.spans[i].from == k-1 {
				r.used[i], r.consumed[i] = true, true
			}
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

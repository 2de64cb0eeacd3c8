package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// year puts a year on the column that dates the rows.
func (r *reader) year(i, y int) bool {
	col := r.yearColumn(i)
	o, words := r.timeOp(i)
	if col < 0 || o == query.Eq && r.textual(col) && len(r.spans[i].vals)+len(r.spans[i].parts) > 0 {
		return false // the text of cells
	}
	last := y
	if o == query.Between {
		other := r.yearAfter(i)
		if other < 0 {
			return false
		}
		last = int(r.tokens[r.spans[other].from].num)
		r.used[other] = true
	}
	r.used[i] = true
	if words >= 0 {
		r.used[words] = true
	}
	x := cond{col: col, op: o, pos: r.spans[i].from, src: r.text(i)}
	switch c := r.s.t.Columns[col]; {
	case c.Type.Numeric():
		x.vals = yearNumbers(o, y, last)
	case r.holdsDays(col):
		if !x.days(c, y, last) {
			return false
		}
	case r.s.cells[col].number:
		x.as, x.vals = query.AsNumber, yearNumbers(o, y, last)
	default:
		r.used[i] = false
		return false
	}
	if !r.oneMoreYear(x) && !(o == query.Eq && r.nextYear(x)) {
		r.d.conds = append(r.d.conds, x)
	}
	return true
}

// yearColumn is the column that a year is put on: the one named beside it, else the
// one that dates the rows; -1 where there is none.
func (r *reader) yearColumn(i int) int {
	col := r.s.timed()
	if r.s.year >= 0 && r.s.t.Columns[r.s.year].Type.Numeric() {
		col = r.s.year
	}
	if named := r.whichDate(i); named >= 0 {
		col = named
	}
	for _, j := range []int{r.near(i, -1), r.near(i, 1)} { // "launched in 1943"
		if j < 0 {
			continue
		}
		c := r.column(j, r.isTime)
		if c < 0 {
			continue
		}
		if len(r.spans[j].ops) == 0 && (r.s.t.Columns[c].Role == dataset.Year || r.spans[j].from < r.spans[i].from) {
			r.used[j], r.consumed[j] = true, true
		}
		return c
	}
	return col
}

// yearAfter is the span of the year that ends a range, or -1.
func (r *reader) yearAfter(i int) int {
	for j := i + 1; j < len(r.spans) && j <= i+4; j++ {
		if r.spans[j].num && r.tokens[r.spans[j].from].isYear {
			return j
		}
	}
	return -1
}

// yearNumbers are the values of a condition on a column of years.
func yearNumbers(o query.Op, y, last int) []any {
	vals := []any{float64(y)}
	if o == query.Between {
		vals = append(vals, float64(last))
	}
	return vals
}

// days writes years as the days they begin and end with; false where no such
// condition can be written.
func (x *cond) days(c dataset.Column, y, last int) bool {
	if c.Type == dataset.Text {
		x.as = query.AsDate
	}
	begins, ends := fmt.Sprintf("%d-01-01", y), fmt.Sprintf("%d-12-31 23:59:59", last)
	if c.Type == dataset.Date {
		ends = ends[:10]
	}
	switch x.op {
	case query.Gt, query.Le:
		x.vals = []any{ends}
	case query.Lt, query.Ge:
		x.vals = []any{begins}
	case query.Ne:
		return false
	default:
		x.op, x.vals = query.Between, []any{begins, ends}
	}
	return true
}

// oneMoreYear adds a year to those that a condition names already.
func (r *reader) oneMoreYear(x cond) bool {
	if x.op != query.Eq {
		return false
	}
	for k := range r.d.conds {
		if p := &r.d.conds[k]; p.col == x.col && p.op == query.Eq {
			p.vals = append(p.vals, x.vals...)
			return true
		}
	}
	return false
}

// nextYear stretches the days of a year to those of the one said after it:
// "en 2022 et en 2023"; years apart are not read.
func (r *reader) nextYear(x cond) bool {
	if x.op != query.Between {
		return false
	}
	for k := range r.d.conds {
		p := &r.d.conds[k]
		if p.col != x.col || p.op != query.Between || p.as != x.as || len(p.vals) != 2 || p.pos >= x.pos {
			continue
		}
		end, _ := p.vals[1].(string)
		start, _ := x.vals[0].(string)
		if len(end) < 4 || len(start) < 4 {
			continue
		}
		before, _ := strconv.Atoi(end[:4])
		after, _ := strconv.Atoi(start[:4])
		if after != before+1 || !strings.HasPrefix(end[4:], "-12-31") || r.weighs() {
			r.d.cost += 2 // no row is of both
			continue
		}
		p.vals[1] = x.vals[1]
		return true
	}
	return false
}

// weighs tells whether the question holds one thing against another.
func (r *reader) weighs() bool {
	return slices.ContainsFunc([]op{opDifference, opGrowth, opYesNo, opMoreThan, opLessThan, opCompare}, func(o op) bool { return r.op(o) >= 0 })
}

// whichDate is, of several columns of dates, the one that the words before a year
// name: "a commencé son mandat après 2021" is of the mandate, not of the birth.
// Where none is named the year is anyone's guess, which costs more than is given.
func (r *reader) whichDate(i int) int {
	if r.dateColumns() < 2 || r.s.year >= 0 && r.s.t.Columns[r.s.year].Type.Numeric() {
		return -1
	}
	named := -1
	for j := i - 1; j >= 0; j-- {
		if c := r.column(j, r.isTime); c >= 0 && (named < 0 || named == c) {
			r.used[j], r.consumed[j] = true, true
			named = c
		}
	}
	for j := i + 1; j < len(r.spans) && named < 0; j++ {
		named = r.column(j, r.isTime)
	}
	if named < 0 && r.s.titled {
		r.d.cost += 2
	}
	return named
}

// dateColumns is how many columns hold days.
func (r *reader) dateColumns() int {
	n := 0
	for k := range r.s.t.Columns {
		if r.holdsDays(k) {
			n++
		}
	}
	return n
}

// holdsDays tells whether the cells of a column are days.
func (r *reader) holdsDays(col int) bool {
	c := r.s.t.Columns[col]
	return c.Type == dataset.Date || c.Type == dataset.DateTime || r.s.cells[col].date && r.s.fullDate(col)
}

// timeOp reads the word before a year: since, before, between …
func (r *reader) timeOp(i int) (query.Op, int) {
	if words, ok := r.rangeOfYears(i); ok {
		return query.Between, words
	}
	p := r.near(i, -1)
	if p < 0 || r.spans[i].from-r.spans[p].to > 2 {
		return query.Eq, -1
	}
	sp := &r.spans[p]
	switch {
	case sp.has(opAtLeast), sp.has(opSince) && !strings.EqualFold(r.text(p), "from") && !strings.EqualFold(r.text(p), "des"):
		return query.Ge, p
	case sp.has(opMoreThan), sp.has(opAfter):
		return query.Gt, p
	case sp.has(opLessThan), sp.has(opBefore):
		return query.Lt, p
	case sp.has(opUntil), sp.has(opAtMost):
		return query.Le, p
	case sp.has(opNot):
		return query.Ne, p
	}
	return query.Eq, -1
}

// rangeOfYears tells whether a year begins a range ("2018 à 2020"), and returns
// the span of the word before it that says so, or -1.
func (r *reader) rangeOfYears(i int) (words int, ok bool) {
	k := i + 1
	if k < len(r.spans) && !r.spans[k].num {
		k++
	}
	if k >= len(r.spans) || !r.spans[k].num || !r.tokens[r.spans[k].from].isYear {
		return -1, false
	}
	between := strings.TrimSpace(r.q[r.tokens[r.spans[i].from].End:r.tokens[r.spans[k].from].Start])
	switch strings.ToLower(between) {
	case "à", "a", "-", "–", "to", "jusqu'en", "jusqu'à", "until", "through", "till", "and", "et":
	default:
		return -1, false
	}
	if p := r.near(i, -1); p >= 0 && (r.spans[p].has(opBetween) || r.spans[p].has(opSince) || r.spans[p].has(opFrom)) {
		return p, true
	}
	return -1, between != "and" && between != "et"
}

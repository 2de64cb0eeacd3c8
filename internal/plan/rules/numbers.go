package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

var comparators = []op{opMoreThan, opLessThan, opAtLeast, opAtMost, opEquals, opBetween}

// numbers reads every number of the question: a year, a bound, a rank.
func (c *composer) numbers() {
	for i := range c.spans {
		if !c.spans[i].num || c.used[i] {
			continue
		}
		if len(c.spans[i].vals) == 0 || c.tokens[c.spans[i].from].isYear { // else the text of a cell
			c.number(i)
		}
	}
}

// number reads one number, as the first of these that it may be.
func (c *composer) number(i int) {
	t := c.tokens[c.spans[i].from]
	prev, next := c.near(i, -1), c.near(i, 1)
	v, scaled := t.num, false
	if m, ok := c.multiplier(next); ok {
		v, scaled = v*m, true
		c.used[next] = true
		next = c.near(next, 1)
	}
	if c.span(i, v) || c.notPast(i, v, prev, next) {
		return
	}
	compare := c.comparator(prev, next)
	col := c.column(next, c.numeric)
	dated := t.isYear && !scaled && (c.s.year >= 0 || c.timeColumn() >= 0)
	switch {
	case dated && (compare == "" || col < 0) && c.year(i, int(v)):
	case compare == opBetween && c.between(i, v):
	case compare != "":
		c.bound(i, compare, v, prev, next)
	case c.rank(i, v, prev, next):
	default:
		c.equal(i, v, prev, next)
	}
}

// multiplier is what the word of a span multiplies the number before it by:
// "million".
func (c *composer) multiplier(i int) (float64, bool) {
	if i < 0 || c.spans[i].to != c.spans[i].from+1 {
		return 0, false
	}
	m, ok := multipliers[c.tokens[c.spans[i].from].Fold]
	return m, ok
}

// notPast reads "ne dépassent pas 100".
func (c *composer) notPast(i int, v float64, prev, next int) bool {
	if prev < 0 || !c.spans[prev].has(opNot) || c.tokens[c.spans[prev].from].Fold != "pas" || c.spans[prev].to != c.spans[i].from {
		return false
	}
	p := c.near(prev, -1)
	if p < 0 || c.spans[p].to != c.spans[prev].from || !c.spans[p].has(opMoreThan) {
		return false
	}
	c.bound(i, opAtMost, v, p, next)
	c.r.negated = c.r.negated || c.used[i]
	return true
}

// equal reads "4 cylinders", and over bare tables "season 15", "idf = 0".
func (c *composer) equal(i int, v float64, prev, next int) {
	if col := c.column(next, c.numeric); col >= 0 && !(c.isYearCol(col) && v < 1500) {
		c.equals(i, col, v)
		c.used[next] = true
		return
	}
	if col := c.column(prev, c.numeric); col >= 0 && !c.isYearCol(col) && c.s.Annotation == nil {
		c.equals(i, col, v)
		c.used[prev] = true
	}
}

func (c *composer) isYearCol(col int) bool { return c.s.t.Columns[col].Role == dataset.Year }

func (c *composer) timeColumn() int {
	for i, k := range c.s.t.Columns {
		if k.Role == dataset.Time && (k.Type == dataset.Date || k.Type == dataset.DateTime) {
			return i
		}
	}
	return -1
}

func (c *composer) comparator(prev, next int) op {
	for _, o := range comparators {
		if prev >= 0 && c.spans[prev].has(o) {
			return o
		}
	}
	if next >= 0 {
		at := next
		if c.column(next, c.numeric) >= 0 {
			at = c.near(next, 1)
		}
		for _, o := range []op{opAtLeast, opAtMost} { // "10 000 habitants ou plus"
			if at >= 0 && c.spans[at].has(o) && c.spans[at].from > 0 {
				f := c.tokens[c.spans[at].from].Fold
				if f == "ou" || f == "or" || f == "et" || f == "and" {
					return o
				}
			}
		}
	}
	return ""
}

// year reads a year with the word that relates it to the data.
func (c *composer) year(i, y int) bool {
	ys := &c.r.years
	prev := c.near(i, -1)
	if prev >= 0 && (c.yearBound(i, prev, y) || c.yearRange(i, prev, y)) {
		ys.said = true
		c.used[i] = true
		return true
	}
	if prev >= 0 && c.spans[prev].has(opNot) && c.spans[i].from-c.spans[prev].to <= 1 {
		return false // "sauf 2018": a year left out, which a reading cannot say
	}
	if !slices.Contains(ys.list, y) {
		ys.list = append(ys.list, y)
	}
	ys.said = true
	c.used[i] = true
	return true
}

// yearBound reads a year right after since, after, before or until.
func (c *composer) yearBound(i, prev, y int) bool {
	sp, ys := &c.spans[prev], &c.r.years
	if c.spans[i].from-sp.to > 1 {
		return false
	}
	switch {
	case sp.has(opSince), sp.has(opFrom):
		ys.from = y
	case sp.has(opAfter):
		ys.from = y + 1
	case sp.has(opBefore):
		ys.to = y - 1
	case sp.has(opUntil):
		ys.to = y
	default:
		return false
	}
	return true
}

// yearRange reads a year that begins or ends a range: "de 2018 à 2020", "from 2018
// to 2020", "between 2018 and 2020".
func (c *composer) yearRange(i, prev, y int) bool {
	sp, ys := &c.spans[prev], &c.r.years
	begun, after := ys.from > 0 && ys.to == 0, sp.num && c.used[prev]
	switch {
	case sp.has(opBetween):
		ys.from = y
	case begun && (sp.has(opAnd) && c.hasOp(opBetween) || after):
		ys.to = y
	case after && len(ys.list) > 0 && c.rangeBetween(prev, i):
		ys.from, ys.to = ys.list[len(ys.list)-1], y
		ys.list = ys.list[:len(ys.list)-1]
	default:
		return false
	}
	return true
}

// rangeBetween tells whether two years are joined as "2018 à 2020", "2018-2020".
func (c *composer) rangeBetween(a, b int) bool {
	between := strings.TrimSpace(c.q[c.tokens[c.spans[a].from].End:c.tokens[c.spans[b].from].Start])
	switch strings.ToLower(between) {
	case "à", "a", "-", "–", "to", "jusqu'en", "jusqu'à", "until", "through":
		return true
	}
	return false
}

// span reads "de 1 000 à 5 000 habitants": two numbers joined, and what they are of.
func (c *composer) span(i int, low float64) bool {
	j := c.joinedNumber(i)
	if c.s.Annotation == nil || j < 0 {
		return false
	}
	high, after := c.tokens[c.spans[j].from].num, c.near(j, 1)
	if after < 0 || c.spans[after].from-c.spans[j].to > 1 || c.column(after, c.isMeasure) < 0 || low >= high {
		return false
	}
	c.r.conds = append(c.r.conds, cond{col: c.column(after, c.isMeasure), op: query.Between, vals: []any{low, high}, pos: c.spans[i].from, src: c.text(i)})
	for k := i; k <= j; k++ {
		c.used[k] = true
	}
	c.used[after] = true
	return true
}

// joinedNumber is the span of the number that a range goes on to, or -1.
func (c *composer) joinedNumber(i int) int {
	j := i + 1
	for j < len(c.spans) && c.empty(j) {
		j++
	}
	if j+1 < len(c.spans) && !c.spans[j].num { // "à" may carry a sense of its own
		j++
	}
	if j >= len(c.spans) || !c.spans[j].num || !c.rangeBetween(i, j) {
		return -1
	}
	return j
}

// between reads "entre A et B" on the column next to it.
func (c *composer) between(i int, low float64) bool {
	for j := i + 1; j < len(c.spans); j++ {
		if c.spans[j].num && !c.used[j] {
			col := c.boundColumn(c.near(i, -1), c.near(j, 1))
			if col < 0 {
				return false
			}
			c.r.conds = append(c.r.conds, cond{col: col, op: query.Between, vals: []any{low, c.tokens[c.spans[j].from].num}, pos: c.spans[i].from, src: c.text(i)})
			c.used[i], c.used[j] = true, true
			return true
		}
	}
	return false
}

// boundColumn finds the column a bound is on: named after it, named before it,
// or the measure of the table.
func (c *composer) boundColumn(prev, next int) int {
	if col := c.column(next, c.numeric); col >= 0 {
		c.used[next] = true
		return col
	}
	for j, steps := prev, 0; j >= 0 && steps < 4; j, steps = c.near(j, -1), steps+1 {
		if col := c.column(j, func(k int) bool { return c.numeric(k) && !c.isYearCol(k) }); col >= 0 {
			c.used[j] = true
			return col
		}
	}
	if c.s.a.Measure != "" && c.s.a.Entity.Label == "" { // account lines have but one quantity
		return c.s.col(c.s.a.Measure)
	}
	return -1
}

func (c *composer) bound(i int, o op, v float64, prev, next int) {
	if c.boundsRows(i, o, v, next) {
		return
	}
	col := c.boundColumn(prev, next)
	if col < 0 && c.s.Annotation != nil && prev >= 0 {
		if o, ok := bounds[o]; ok && o != query.Eq {
			c.r.loose = &loose{op: o, val: v, said: []string{c.text(prev), c.text(i)}}
		}
	}
	if col < 0 || c.isYearCol(col) && v < 1500 { // "plus de 65 ans" is an age
		return // stays unaccounted for
	}
	qop := bounds[o]
	if p := c.near(prev, -1); p >= 0 && c.spans[p].has(opNot) && c.spans[prev].from-c.spans[p].to <= 1 {
		qop = map[query.Op]query.Op{query.Gt: query.Le, query.Lt: query.Ge, query.Ge: query.Lt, query.Le: query.Gt, query.Eq: query.Ne}[qop]
	}
	c.r.conds = append(c.r.conds, cond{col: col, op: qop, vals: []any{v}, pos: c.spans[i].from, src: c.text(i)})
	c.used[i] = true
}

func (c *composer) equals(i, col int, v float64) {
	c.r.conds = append(c.r.conds, cond{col: col, op: query.Eq, vals: []any{v}, pos: c.spans[i].from, src: c.text(i)})
	c.used[i] = true
}

// rank reads "top 5", "les 3 premiers", "les 5 communes les plus …".
func (c *composer) rank(i int, v float64, prev, next int) bool {
	if v < 1 || v > 1000 || v != float64(int(v)) || !c.hasOp(opMost, opLeast, opFirst, opLast, opMax, opMin) {
		return false
	}
	if next >= 0 && c.column(next, c.isMeasure) >= 0 && !c.spans[next].entity && prev >= 0 && len(c.spans[prev].ops) == 0 {
		return false
	}
	if c.r.limit > 0 && c.r.limit != int(v) {
		return false // how many are asked for is said already: another number takes nothing back
	}
	c.r.limit = int(v)
	c.used[i] = true
	return true
}

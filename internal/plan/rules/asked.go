package rules

import (
	"slices"

	"cigogne/internal/query"
)

// counts tells whether rows, or the values of a column, are counted.
func (c *composer) counts() bool {
	at, ok := c.ops[opCount]
	if !ok {
		return c.hasOp(opHowMuch) && len(c.r.measures) == 0 && c.r.entity && c.s.a.Measure == ""
	}
	n := c.near(at, 1)
	for n >= 0 && (c.spans[n].has(opDistinct) || c.spans[n].has(opSum) || c.spans[n].has(opAvg) || c.spans[n].has(opMedian)) {
		n = c.near(n, 1)
	}
	if n < 0 {
		return c.r.entity
	}
	return c.countable(n)
}

// countable tells whether the noun of a span after "how many" is counted rather
// than added up.
func (c *composer) countable(n int) bool {
	sp := &c.spans[n]
	switch {
	case c.peopleCounted(n):
		return false
	case sp.entity:
		return true
	case c.column(n, c.isMeasure) >= 0: // "combien d'habitants": a sum, unless the word is a bound's
		return len(c.r.measures) == 0 || c.bounded(c.column(n, c.isMeasure))
	}
	// "combien de recettes": accounts have no rows to count
	lines := c.s.a.Entity.Label == ""
	return !(len(sp.vals) > 0 && c.s.a.Measure != "" && lines) && !(c.s.Annotation != nil && lines && len(sp.cols) == 0)
}

// bounded tells whether a condition was put on the column.
func (c *composer) bounded(col int) bool {
	return len(c.r.on(col)) > 0 && !slices.Contains(c.r.measures, col)
}

func (c *composer) lists() bool {
	if c.kinds() {
		c.r.entity = true
	}
	if c.s.a.Entity.Label == "" && c.s.Annotation != nil && len(c.r.show) == 0 {
		return false
	}
	return (c.hasOp(opList, opWhich, opWho, opWhere, opWhen) || len(c.r.measures) == 0) && (c.r.entity || len(c.r.show) > 0) && c.r.agg == "" &&
		(len(c.r.measures) == 0 || c.target >= 0 && len(c.spans[c.target].cols) == 0 || len(c.r.show) > 0 && c.column(c.target, c.isMeasure) < 0)
}

// kinds tells whether rows are asked for by what kind they are: "liste des
// métropoles", "quelles métropoles".
func (c *composer) kinds() bool {
	if c.s.a.Entity.Label == "" || len(c.r.measures) > 0 || len(c.r.show) > 0 || c.r.entity {
		return false
	}
	for _, o := range []op{opList, opWhich} {
		at, ok := c.ops[o]
		if !ok {
			continue
		}
		if n := c.near(at, 1); n >= 0 && slices.ContainsFunc(c.r.conds, func(x cond) bool {
			return x.pos == c.spans[n].from && x.op == query.Eq && c.s.note(x.col).Level == ""
		}) {
			return true
		}
	}
	return false
}

// missing asks for the rows whose measure is empty.
func (c *composer) missing() {
	col := -1
	if len(c.r.measures) > 0 {
		col = c.r.measures[0]
		c.r.measures = c.r.measures[1:]
	} else if len(c.r.show) > 0 && c.r.entity {
		col = c.r.show[0]
		c.r.show = c.r.show[1:]
	}
	if col < 0 {
		return
	}
	o, at := query.Null, c.ops[opMissing]
	if !c.hasOp(opMissing, opNot) {
		o, at = query.NotNull, c.ops[opFilled]
	}
	c.r.conds = append(c.r.conds, cond{col: col, op: o, pos: -1, src: c.text(at)})
	c.r.filled = true
}

// none reads "n'ont pas d'habitants": none of the measure right after the negation.
func (c *composer) none() {
	next := c.near(c.lastOp(opNot), 1)
	if next >= 0 && c.spans[next].has(opFilled) { // "pas de population renseignée": empty cells
		return
	}
	if after := c.near(max(next, 0), 1); after >= 0 && c.spans[after].has(opFilled) {
		return
	}
	if next < 0 || c.column(next, c.isMeasure) != c.r.measures[0] {
		return
	}
	c.r.conds = append(c.r.conds, cond{col: c.r.measures[0], op: query.Lt, vals: []any{1.0}, pos: -1, src: c.text(next)})
	c.r.measures, c.r.rankBy = nil, -1
	c.r.negated = true
}

func (c *composer) lastOp(o op) int {
	last := -1
	for i := range c.spans {
		if c.spans[i].has(o) {
			last = i
		}
	}
	return last
}

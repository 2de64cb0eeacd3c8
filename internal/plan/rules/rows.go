package rules

import (
	"slices"

	"cigogne/internal/query"
)

// bounds are the words that compare, as conditions.
var bounds = map[op]query.Op{opMoreThan: query.Gt, opLessThan: query.Lt, opAtLeast: query.Ge, opAtMost: query.Le, opEquals: query.Eq}

// boundsRows reads "plus de 3 musées" over a table of museums: a bound on how
// many rows each of what is listed has, and tells whether it was one.
func (c *composer) boundsRows(i int, o op, v float64, next int) bool {
	if c.s.Annotation == nil || c.s.a.Entity.Label == "" || next < 0 || !c.spans[next].entity || c.spans[next].from-c.spans[i].to > 1 || bounds[o] == "" {
		return false
	}
	c.r.rowBound = &query.Having{Measure: 1, Op: bounds[o], Value: v}
	c.used[i], c.used[next] = true, true
	return true
}

// rowsBound tells whether what is listed is bounded by its number of rows:
// "communes avec plusieurs sites", "plus de 3 musées". Rows of nothing else
// cannot be.
func (c *composer) rowsBound() bool {
	r := c.r
	for i := range c.spans {
		if f := c.tokens[c.spans[i].from].Fold; f == "plusieurs" || f == "several" {
			if n := c.near(i, 1); n >= 0 && c.spans[n].entity && c.s.Annotation != nil && c.s.a.Entity.Label != "" {
				r.rowBound = &query.Having{Measure: 1, Op: query.Gt, Value: 1}
				c.used[i] = true
			}
		}
	}
	if r.rowBound == nil {
		return false
	}
	if len(r.show)+len(r.group) == 0 || len(r.measures) > 0 { // of each what?
		r.rowBound = nil
		return false
	}
	if at, ok := c.ops[opCount]; ok { // "combien de communes ont plus de 3 musées"
		n := c.near(at, 1)
		r.tally = n >= 0 && !c.spans[n].entity
	}
	return true
}

// countRows writes the groups that have so many rows, or their number.
func (w *writer) countRows() {
	for _, g := range slices.Concat(w.group, w.show) {
		if name := w.name(g); !slices.Contains(w.p.GroupBy, name) {
			w.p.GroupBy = append(w.p.GroupBy, name)
		}
	}
	w.p.Measures = []query.Measure{w.rowCount()}
	w.p.Having = []query.Having{*w.rowBound}
	if w.p.Tally = w.tally; !w.tally {
		w.p.OrderBy = []query.Order{{Measure: 1, Desc: true}}
	}
}

// countedBy tells whether rows named with "par" something are counted for each
// of it: "musées par département" is no list of museums.
func (c *composer) countedBy() bool {
	r := c.r
	label := c.s.col(c.s.a.Entity.Label)
	return c.s.Annotation != nil && label >= 0 && r.entity && len(r.group) > 0 && !slices.Contains(r.group, label) && len(r.measures) == 0 && r.agg == "" &&
		!c.hasOp(opList, opWhich, opWho, opWhere, opWhen)
}

// yearlyBound drops "par an" behind a bound on what is held by year: "moins de
// 1 000 voyageurs par an" asks for no series.
func (c *composer) yearlyBound() {
	at, ok := c.ops[opEvolution]
	if !ok || c.s.Annotation == nil || c.s.year < 0 || c.hasOp(opCount) {
		return
	}
	switch c.tokens[c.spans[at].to-1].Fold {
	case "an", "annee", "year":
	default:
		return
	}
	prev := c.near(at, -1)
	if prev < 0 || c.column(prev, c.isMeasure) < 0 || !c.bounded(c.column(prev, c.isMeasure)) {
		return
	}
	delete(c.ops, opEvolution)
	c.spans[at].ops = nil
	c.used[at] = true
}

package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strings"

	"cigogne/internal/query"
)

// greater and lesser are words that compare; those in pairs ask for one of the
// two ("more or less"), those alone for yes or no.
var (
	greater = wordSet("more higher greater larger bigger older longer taller heavier faster later after above over plus superieur superieure apres exceed exceeds")
	lesser  = wordSet("less fewer lower smaller younger shorter lighter slower earlier before below under moins inferieur inferieure avant")
)

// comparison is a yes-or-no question over two figures, or a figure and a bound.
type comparison struct {
	*reader
	asked    int // the span that asks
	up, down int // those that compare, -1 none
}

// comparing finds what a question of yes or no compares by.
func (r *reader) comparing() (c comparison, ok bool) {
	c = comparison{reader: r, up: -1, down: -1}
	c.asked = slices.IndexFunc(r.spans, func(sp span) bool { return sp.has(opYesNo) && (sp.from == 0 || sp.to-sp.from > 1) })
	if c.asked < 0 || r.op(opWhich) >= 0 || r.op(opWho) >= 0 {
		return c, false
	}
	for i := range r.spans {
		for _, t := range r.tokens[r.spans[i].from:r.spans[i].to] {
			if c.up < 0 && greater[t.Fold] {
				c.up = i
			}
			if c.down < 0 && lesser[t.Fold] {
				c.down = i
			}
		}
	}
	return c, c.up >= 0 || c.down >= 0
}

// pair tells whether one of two is asked for: "older or younger".
func (c comparison) pair() bool { return c.up >= 0 && c.down >= 0 }

// at is the span that says what is compared.
func (c comparison) at() int {
	if c.up >= 0 {
		return c.up
	}
	return c.down
}

// word is the word that compares within a span.
func (c comparison) word(i int) string {
	for _, t := range c.tokens[c.spans[i].from:c.spans[i].to] {
		if greater[t.Fold] || lesser[t.Fold] {
			return strings.ToLower(t.Text)
		}
	}
	return c.text(i)
}

// says are the words for a difference that is above, equal to and below nothing;
// turned where the smaller number is the greater thing: the older is born earlier.
func (c comparison) says(turned bool) []string {
	yes, no := texts.Say(c.l, "rules.yes"), texts.Say(c.l, "rules.no")
	var says []string
	switch {
	case c.pair():
		says = []string{c.word(c.up), texts.Say(c.l, "rules.equal"), c.word(c.down)}
	case c.up >= 0:
		says = []string{yes, no, no}
	default:
		says = []string{no, no, yes}
	}
	if turned {
		slices.Reverse(says)
	}
	return says
}

// take gives its part to every word of the comparison.
func (c comparison) take() {
	for _, i := range []int{c.asked, c.up, c.down, c.op(opOr), c.op(opThan)} {
		if i >= 0 {
			c.used[i] = true
		}
	}
}

// verdict writes "does A have more X than B", "is A older or younger than B",
// "was X above 150": two figures, or a figure and a bound, and what they come to.
func (r *reader) verdict(d *draft) []way {
	c, ok := r.comparing()
	if !ok || d.count != nil {
		return nil
	}
	if len(d.having) > 0 { // "was the attendance of the game on … greater than 1,000"
		if len(d.having) > 1 || len(d.asks) != 1 || !r.numeric(d.asks[0].col) || d.havingOf >= 0 {
			return nil
		}
		d = d.clone()
		d.conds = append(d.conds, cond{col: d.asks[0].col, op: d.having[0].Op, vals: []any{d.having[0].Value}, pos: -1})
		d.having = nil
	}
	if ways := c.bounded(d); ways != nil {
		return ways
	}
	return c.sided(d)
}

// bounded compares a figure with the bound that was read as a condition on it.
func (c comparison) bounded(d *draft) []way {
	if len(d.conds) < 2 || c.pair() {
		return nil
	}
	for k, x := range d.conds {
		if len(x.vals) != 1 || !slices.Contains([]query.Op{query.Gt, query.Lt, query.Ge, query.Le}, x.op) {
			continue
		}
		bound, ok := x.vals[0].(float64)
		rest := slices.Delete(slices.Clone(d.conds), k, k+1)
		if !ok || c.isTime(x.col) || !c.once(rest) {
			continue
		}
		says := c.says(false)
		if x.op == query.Ge || x.op == query.Le {
			says[1] = texts.Say(c.l, "rules.yes")
		}
		c.take()
		return []way{{plan: &query.Plan{Table: c.s.t.ID, Where: c.filters(rest), Measures: []query.Measure{c.measure(query.Sum, x.col)}, Derived: &query.Derived{Op: query.Verdict, Of: 1, Value: &bound, Says: says}}, cost: 0.1}}
	}
	return nil
}

// sided compares the figures of two things that were named.
func (c comparison) sided(d *draft) []way {
	than := slices.ContainsFunc(c.tokens, func(t token) bool { return betweenSides[t.Fold] })
	for k, x := range d.conds {
		if x.op != query.Eq || len(x.sides) != 2 || !than {
			continue
		}
		m, turned, ok := c.by(d)
		if !ok || m.Column == "" {
			return []way{}
		}
		side := func(vals []any) query.Measure {
			y := m
			y.Where, y.Label = []query.Filter{{Column: c.name(x.col), Op: query.Eq, Values: vals}}, labelOf(vals[0])
			return y
		}
		c.take()
		rest := slices.Delete(slices.Clone(d.conds), k, k+1)
		return []way{{plan: &query.Plan{Table: c.s.t.ID, Where: c.filters(rest), Measures: []query.Measure{side(x.sides[0]), side(x.sides[1])}, Derived: &query.Derived{Op: query.Verdict, Of: 1, Over: 2, Says: c.says(turned)}}, cost: 0.1}}
	}
	return nil
}

// betweenSides are words that stand between two things compared; inTime those that
// compare by when.
var (
	betweenSides = wordSet("than que after before avant apres")
	inTime       = []string{"before", "after", "earlier", "later", "avant", "apres", "après"}
)

// by is the measure that two things are compared by, and whether the smaller number
// is the greater thing.
func (c comparison) by(d *draft) (m query.Measure, turned, ok bool) {
	if slices.Contains(inTime, strings.ToLower(c.word(c.at()))) {
		t := c.s.timed()
		for i := range c.spans {
			if k := c.column(i, c.isTime); k >= 0 { // "was X built before Y"
				t = k
				c.used[i] = true
			}
		}
		if t < 0 {
			return m, false, false
		}
		return c.measure(query.Min, t), false, true
	}
	first := c.tokens[c.spans[c.at()].from].Fold
	col, desc := c.measuredBy(first)
	if col < 0 {
		m, ok = c.compared(d)
		return m, false, ok
	}
	m = c.measure(query.Sum, col)
	if c.isTime(col) {
		m.Agg = query.Min
	}
	return m, greater[first] && !desc || lesser[first] && desc, true
}

// adding tells whether "the sum of" opens the question.
func (r *reader) adding() bool {
	at := r.op(opSum)
	return at >= 0 && strings.HasPrefix(strings.TrimPrefix(strings.ToLower(r.text(at)), "the "), "sum")
}

// together writes "A and B combined": the sum of two columns' sums.
func (r *reader) together(d *draft) []way {
	if len(d.asks) != 2 || d.best != nil || d.count != nil && d.count.col >= 0 || len(d.groups) > 0 || !r.adding() && !r.noticed("combined", "together", "altogether", "confondus", "confondues", "cumules", "cumulees", "ensemble") {
		return nil
	}
	p := &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds), Derived: &query.Derived{Op: query.Total, Of: 1, Over: 2}}
	if r.adding() && r.op(opAnd) < 0 {
		return nil
	}
	for _, a := range d.asks {
		if !r.numeric(a.col) || r.isTime(a.col) || a.agg != "" && a.agg != auto && a.agg != query.Sum {
			return nil
		}
		p.Measures = append(p.Measures, r.measure(query.Sum, a.col))
	}
	for i := range r.spans {
		if r.spans[i].has(opSum) || r.spans[i].has(opAnd) {
			r.used[i] = true
		}
	}
	return []way{{plan: p, cost: 0.1}}
}

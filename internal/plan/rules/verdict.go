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

// verdict writes "does A have more X than B", "is A older or younger than B",
// "was X above 150": two figures, or a figure and a bound, and what they come to.
func (r *reader) verdict(d *draft) []way {
	asked := slices.IndexFunc(r.spans, func(sp span) bool { return sp.has(opYesNo) && (sp.from == 0 || sp.to-sp.from > 1) })
	if asked < 0 || d.count != nil || r.op(opWhich) >= 0 || r.op(opWho) >= 0 {
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
	up, down := -1, -1
	for i := range r.spans {
		for k := r.spans[i].from; k < r.spans[i].to; k++ {
			f := r.tokens[k].Fold
			if up < 0 && greater[f] {
				up = i
			}
			if down < 0 && lesser[f] {
				down = i
			}
		}
	}
	if up < 0 && down < 0 {
		return nil
	}
	pair := up >= 0 && down >= 0
	v := &query.Derived{Op: query.Verdict, Of: 1, Over: 2}
	word := func(i int) string {
		for k := r.spans[i].from; k < r.spans[i].to; k++ {
			if f := r.tokens[k].Fold; greater[f] || lesser[f] {
				return strings.ToLower(r.tokens[k].Text)
			}
		}
		return r.text(i)
	}
	yes, no := texts.Say(r.l, "rules.yes"), texts.Say(r.l, "rules.no")
	turned := false // a smaller number is the greater thing: the older is born earlier
	say := func() {
		switch {
		case pair:
			v.Says = []string{word(up), texts.Say(r.l, "rules.equal"), word(down)}
		case up >= 0:
			v.Says = []string{yes, no, no}
		default:
			v.Says = []string{no, no, yes}
		}
		if turned {
			slices.Reverse(v.Says)
		}
	}
	at := max(up, down)
	if up >= 0 && (down < 0 || up < down) {
		at = up
	}
	used := func() {
		r.used[asked] = true
		for _, i := range []int{up, down, r.op(opOr), r.op(opThan)} {
			if i >= 0 {
				r.used[i] = true
			}
		}
	}
	// A bound was read as a condition: the figure it is on is compared with it.
	for k, x := range d.conds {
		if len(x.vals) != 1 || x.op != query.Gt && x.op != query.Lt && x.op != query.Ge && x.op != query.Le || len(d.conds) < 2 || pair {
			continue
		}
		bound, ok := x.vals[0].(float64)
		rest := slices.Delete(slices.Clone(d.conds), k, k+1)
		if !ok || r.isTime(x.col) || !r.once(rest) {
			continue
		}
		v.Over, v.Value = 0, &bound
		say()
		if x.op == query.Ge || x.op == query.Le {
			v.Says[1] = yes
		}
		used()
		return []way{{plan: &query.Plan{Table: r.s.t.ID, Where: r.filters(rest), Measures: []query.Measure{r.measure(query.Sum, x.col)}, Derived: v}, cost: 0.1}}
	}
	for k, x := range d.conds {
		if x.op != query.Eq || len(x.sides) != 2 || !slices.ContainsFunc(r.tokens, func(t token) bool {
			return t.Fold == "than" || t.Fold == "que" || t.Fold == "after" || t.Fold == "before" || t.Fold == "avant" || t.Fold == "apres"
		}) {
			continue
		}
		m, ok := query.Measure{}, false
		switch f := strings.ToLower(word(at)); f {
		case "before", "after", "earlier", "later", "avant", "apres", "après":
			t := r.s.timed()
			for i := range r.spans {
				if k := r.column(i, r.isTime); k >= 0 { // "was X built before Y"
					t = k
					r.used[i] = true
				}
			}
			if t >= 0 {
				m, ok = r.measure(query.Min, t), true
			}
		default:
			if col, desc := r.measuredBy(r.tokens[r.spans[at].from].Fold); col >= 0 {
				m, ok = r.measure(query.Sum, col), true
				turned = greater[f] && !desc || lesser[f] && desc
				if r.isTime(col) {
					m.Agg = query.Min
				}
			} else {
				m, ok = r.compared(d)
			}
		}
		if !ok || m.Column == "" {
			return []way{}
		}
		side := func(vals []any) query.Measure {
			y := m
			y.Where, y.Label = []query.Filter{{Column: r.name(x.col), Op: query.Eq, Values: vals}}, labelOf(vals[0])
			return y
		}
		say()
		used()
		rest := slices.Delete(slices.Clone(d.conds), k, k+1)
		return []way{{plan: &query.Plan{Table: r.s.t.ID, Where: r.filters(rest), Measures: []query.Measure{side(x.sides[0]), side(x.sides[1])}, Derived: v}, cost: 0.1}}
	}
	return nil
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

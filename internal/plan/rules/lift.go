package rules

import (
	"cigogne/internal/texts"
	"context"
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// lift is a territory named by one that lies in it: "l'agglo de Colmar" is the
// intercommunality that Colmar belongs to, not Colmar.
type lift struct {
	span int // of the column named
	cond int // of reading.conds: the territory within
	to   int // column of the territory meant
}

// lifts finds such a territory among the words, before they settle into
// columns to show.
func (c *composer) lifts() {
	r := c.r
	for i := range c.spans {
		up := c.column(i, func(k int) bool { return wider[c.s.note(k).Level] > wider["commune"] })
		if up < 0 || len(c.spans[i].vals) > 0 {
			continue
		}
		next, prev := c.near(i, 1), c.near(i, -1)
		if prev >= 0 && c.spans[prev].to == c.spans[i].from && len(c.spans[prev].vals) > 0 && !strings.ContainsAny(c.q[c.tokens[c.spans[prev].to-1].End:c.tokens[c.spans[i].from].Start], ",;") { // "Mulhouse agglomération"
			next = prev
		}
		if next < 0 || next != prev && prev >= 0 && (c.spans[prev].has(opAnd) || c.spans[prev].has(opGroup)) || c.spans[next].from-c.spans[i].to > 2 {
			continue
		}
		at := slices.IndexFunc(r.conds, func(x cond) bool {
			return x.pos == c.spans[next].from && x.op == query.Eq && len(x.vals) == 1 && c.s.note(x.col).Level == "commune"
		})
		measured := slices.ContainsFunc(c.spans, func(sp span) bool { return len(sp.cols) > 0 && c.isMeasure(sp.cols[0].col) }) || c.rowsBefore(i)
		if at >= 0 && measured {
			r.lift = &lift{span: i, cond: at, to: up}
			c.used[i] = true
			return
		}
	}
}

// rowsBefore tells whether rows are counted or listed before a span: "combien de
// communes dans l'agglo de Colmar".
func (c *composer) rowsBefore(i int) bool {
	return c.hasOp(opCount, opList, opWhich, opMost, opLeast) && slices.ContainsFunc(c.spans[:i], func(sp span) bool { return sp.entity })
}

var wider = map[string]int{"commune": 1, "epci": 2, "department": 3, "region": 4}

// raise replaces the condition on the territory within by one on the territory
// meant, which the data tell, and says so. Where they tell several, it asks.
func (r *reading) raise(ctx context.Context, req plan.Request) error {
	if r.lift == nil {
		return nil
	}
	x := &r.conds[r.lift.cond]
	from, to := r.s.t.Columns[x.col], r.s.t.Columns[r.lift.to]
	refuse := func() {
		r.refused = texts.Say(req.Lang, "rules.i_cannot_tell_which_belongs_to", "label", r.s.note(r.lift.to).Label.In(req.Lang), "value", x.vals[0])
	}
	if req.Run == nil {
		refuse()
		return nil
	}
	p := &query.Plan{Table: r.s.t.ID, Columns: []string{to.Name}, Distinct: true, Limit: 3, Where: []query.Filter{{Column: from.Name, Op: query.Eq, Values: x.vals}, {Column: to.Name, Op: query.NotNull}}}
	if held := r.s.yearsHeld(); len(held) > 0 {
		year := held[len(held)-1]
		if r.years.said && len(r.years.list) == 1 && slices.Contains(held, r.years.list[0]) {
			year = r.years.list[0]
		}
		p.Where = append(p.Where, query.Filter{Column: r.s.t.Columns[r.s.year].Name, Op: query.Eq, Values: []any{r.s.yearValue(year)}})
	}
	rows, err := req.Run(ctx, p)
	if err != nil {
		return fmt.Errorf("look for the territory meant: %w", err)
	}
	if len(rows) != 1 || to.Type != dataset.Text {
		refuse()
		return nil
	}
	name := fmt.Sprint(rows[0][0])
	x.says = texts.Say(req.Lang, "rules.belongs_to", "value", x.vals[0], "name", name)
	x.col, x.vals = r.lift.to, []any{name}
	r.lift = nil
	return nil
}

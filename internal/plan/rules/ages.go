package rules

import (
	"cigogne/internal/texts"
	"fmt"
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// Words that rank by a date, folded.
var (
	oldWords   = wordSet("ancien ancienne anciens anciennes vieux vieille vieilles oldest earliest")
	youngWords = wordSet("recent recente recents recentes recemment newest latest jeune")
)

// days are the columns of days of an annotated table.
func (s *schema) days() []int {
	var out []int
	for i, col := range s.t.Columns {
		if col.Type == dataset.Date || col.Type == dataset.DateTime {
			out = append(out, i)
		}
	}
	return out
}

// byAge reads "le plus ancien secteur sauvegardé": rows ranked by their day, the
// one named or the first of the table, which is said.
func (c *composer) byAge() bool {
	days := c.s.days()
	if c.s.Annotation == nil || c.s.year >= 0 || len(days) == 0 || !c.r.entity {
		return false
	}
	if c.lastOf(days) {
		return true
	}
	for i := range c.spans {
		f := c.tokens[c.spans[i].from].Fold
		if !oldWords[f] && !youngWords[f] || c.spans[i].to != c.spans[i].from+1 {
			continue
		}
		least := c.hasOp(opLeast)
		c.r.rankBy, c.r.ages = days[0], 1
		if youngWords[f] != least {
			c.r.ages = -1
		}
		if named := slices.IndexFunc(c.r.show, func(k int) bool { return slices.Contains(days, k) }); named >= 0 {
			c.r.rankBy = c.r.show[named]
		}
		c.r.show = nil
		c.used[i] = true
		if i > 0 && slices.Contains([]string{"plus", "most"}, c.tokens[c.spans[i-1].from].Fold) { // "plus ancien site", without its article
			c.used[i-1] = true
		}
		if _, ok := c.ops[opMost]; !ok && !least {
			c.ops[opMost] = i
		}
		c.r.notes = append(c.r.notes, texts.Say(c.l, "rules.ranked_by", "label", c.s.note(c.r.rankBy).Label.In(c.l)))
		return true
	}
	return false
}

// lastOf reads "le dernier site créé", "the first one declared": the day is named,
// and the first or the last by it is asked.
func (c *composer) lastOf(days []int) bool {
	r := c.r
	at := slices.IndexFunc(r.show, func(k int) bool { return slices.Contains(days, k) })
	if at < 0 || !c.hasOp(opFirst, opLast) || c.hasOp(opMost, opLeast) || r.years.said {
		return false
	}
	r.rankBy, r.ages = r.show[at], 1
	if c.hasOp(opLast) {
		r.ages = -1
	}
	r.show = nil
	c.ops[opMost] = c.first(opLast, opFirst)
	delete(c.ops, opFirst)
	delete(c.ops, opLast)
	r.notes = append(r.notes, texts.Say(c.l, "rules.ranked_by", "label", c.s.note(r.rankBy).Label.In(c.l)))
	return true
}

// rankByAge lists rows by a day.
func (w *writer) rankByAge() {
	day := w.name(w.rankBy)
	w.p.Columns = []string{w.name(w.label()), day}
	w.p.OrderBy = []query.Order{{Column: day, Desc: w.ages < 0}}
	w.p.Where = append(w.p.Where, query.Filter{Column: day, Op: query.NotNull})
}

// dated puts years that a question names on the column of days that it names,
// or the only one, of a table that has no column of years. Else they are left
// over: a bound that is not kept is another question.
func (c *composer) dated() {
	r, days := c.r, c.s.days()
	if c.s.Annotation == nil || c.s.year >= 0 || !r.years.said {
		return
	}
	day := -1
	for _, d := range days {
		if len(days) == 1 || slices.Contains(r.show, d) || slices.Contains(r.group, d) {
			day = d
			break
		}
	}
	first, last := func(y int) string { return fmt.Sprintf("%04d-01-01", y) }, func(y int) string { return fmt.Sprintf("%04d-12-31", y) }
	from, to := r.years.from, r.years.to
	if len(r.years.list) == 1 && from == 0 && to == 0 {
		from, to = r.years.list[0], r.years.list[0]
	}
	if day < 0 || from == 0 && to == 0 {
		for i := range c.spans {
			if c.tokens[c.spans[i].from].isYear {
				c.used[i] = false
				r.unknown = append(r.unknown, c.text(i))
			}
		}
		return
	}
	if from > 0 {
		r.conds = append(r.conds, cond{col: day, op: query.Ge, vals: []any{first(from)}, pos: -1})
	}
	if to > 0 {
		r.conds = append(r.conds, cond{col: day, op: query.Le, vals: []any{last(to)}, pos: -1})
	}
	r.years = years{said: true}
	if !c.hasOp(opWhen) && r.entity { // "créés après 2010" filters; the day is not what is asked
		r.show = slices.DeleteFunc(r.show, func(k int) bool { return k == day })
	}
}

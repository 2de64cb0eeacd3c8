package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// rowsAsked tells whether the question is how many rows, which rows, or the row
// with the most: "combien de communes", "quelles communes", "la commune".
func (c *composer) rowsAsked() bool {
	if !c.r.entity || c.target < 0 || !c.spans[c.target].entity || c.s.year < 0 || c.s.a.Entity.Label == "" {
		return false
	}
	if at, ok := c.ops[opCount]; ok {
		return c.near(at, 1) == c.target
	}
	return c.hasOp(opWhich, opList, opMost, opLeast) || c.target == 0 || someOf.MatchString(c.q[:c.tokens[c.spans[c.target].to-1].End])
}

// dimAsked tells whether the question is which values of a column grew or
// shrank, or how many: "quel département", "combien de postes".
func (c *composer) dimAsked() bool {
	r := c.r
	if c.s.Annotation == nil || r.entity || len(r.show) != 1 || len(r.group) > 0 || c.s.year < 0 || c.isYearCol(r.show[0]) {
		return false
	}
	if first := c.near(-1, 1); first >= 0 && !c.hasOp(opEvolution) && c.column(first, func(k int) bool { return k == r.show[0] }) >= 0 {
		return true // "départements qui perdent des habitants"
	}
	for _, o := range []op{opWhich, opList, opCount} {
		if at, ok := c.ops[o]; ok {
			if n := c.near(at, 1); n >= 0 && c.column(n, func(k int) bool { return k == r.show[0] }) >= 0 {
				return true
			}
		}
	}
	return false
}

// whoAsked tells whether the question is who grew or shrank, and names nothing that
// does: "qui perd des habitants ?".
func (c *composer) whoAsked() bool {
	r := c.r
	return len(c.spans) > 0 && c.spans[0].has(opWho) && c.s.Annotation != nil && c.s.a.Entity.Label != "" && c.s.year >= 0 &&
		len(r.measures) > 0 && !r.entity && len(r.show)+len(r.group) == 0
}

// growers reads "combien de communes ont perdu des habitants", "la commune qui
// a le plus gagné": rows by their change between two years.
func (c *composer) growers() {
	r := c.r
	for i := range c.spans {
		if c.spans[i].has(opGrowth) {
			r.growers = direction(lang.Fold(c.text(i)))
		}
	}
	if r.growers == 0 || c.hasOp(opLeast) || r.agg != "" {
		r.unknown = append(r.unknown, c.text(c.ops[opGrowth]))
		return
	}
	c.boundChange()
	c.inOneYear()
	r.frame = frameGrowth
	if !r.entity {
		r.group, r.show = r.show, nil
	}
	r.percent = r.percent || c.rate()
	r.tally = c.hasOp(opCount)
	if !r.tally && c.hasOp(opMost) {
		r.limit = max(r.limit, 1)
		if r.limit == 1 && c.plural() {
			r.limit = several
		}
	}
}

// inOneYear reads "ont perdu des voyageurs en 2023" as since the year before.
func (c *composer) inOneYear() {
	r := c.r
	if len(r.years.list) != 1 || r.years.from > 0 || r.years.to > 0 {
		return
	}
	y := r.years.list[0]
	if !slices.Contains(c.s.yearsHeld(), y-1) {
		r.unknown = append(r.unknown, c.text(c.ops[opGrowth]))
		return
	}
	r.years.list = []int{y - 1, y}
	r.notes = append(r.notes, texts.Say(c.l, "rules.from_to", "year", y-1, "last", y))
}

// boundChange takes a bound after the word of growth as one of the change: "ont
// perdu plus de 500 habitants". A bound on the figure itself says not of which year.
func (c *composer) boundChange() {
	r := c.r
	for _, x := range r.conds {
		if c.s.t.Columns[x.col].Role != dataset.Measure {
			continue
		}
		n, ok := 0.0, false
		if len(x.vals) == 1 {
			n, ok = x.vals[0].(float64)
		}
		if x.op != query.Gt || !ok || x.pos < c.spans[c.ops[opGrowth]].from || r.growBy != 0 {
			r.unknown = append(r.unknown, x.src)
			continue
		}
		r.growBy = n
	}
	if r.growBy > 0 {
		r.conds = slices.DeleteFunc(r.conds, func(x cond) bool { return c.s.t.Columns[x.col].Role == dataset.Measure })
	}
}

// direction is 1 for words of growth, -1 for words of decline, 0 for neither.
func direction(words string) int {
	for _, w := range []string{"perd", "baiss", "dimin", "recul", "decreas", "fall", "fell", "lost", "lose", "losing", "drop", "declin", "shr", "retrec", "depeupl"} {
		if strings.Contains(words, w) {
			return -1
		}
	}
	for _, w := range []string{"augment", "croi", "hauss", "progress", "gagn", "increas", "grow", "grew", "rise", "rose", "gain", "grandi", "gross"} {
		if strings.Contains(words, w) {
			return 1
		}
	}
	return 0
}

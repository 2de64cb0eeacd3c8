package rules

import (
	"slices"

	"cigogne/internal/texts"
)

// itemsAsked reads "quelles dépenses ont baissé" over accounts: which of their
// items, by the column that the annotation names.
func (c *composer) itemsAsked() bool {
	r, items := c.r, c.s.col(c.s.a.Items)
	if c.s.Annotation == nil || items < 0 || r.entity || len(r.show)+len(r.group) > 0 || c.s.year < 0 || len(r.on(items)) > 0 {
		return false
	}
	at, ok := c.ops[opWhich]
	if !ok {
		return false
	}
	n := c.near(at, 1)
	if f := c.tokens[c.spans[at].from].Fold; n < 0 || c.spans[n].from != c.spans[at].to || f != "quelles" && f != "quels" && f != "which" || c.column(n, c.isMeasure) < 0 && len(c.spans[n].vals) == 0 {
		return false
	}
	r.show = []int{items}
	r.notes = append(r.notes, texts.Say(c.l, "rules.by_item", "label", c.s.note(items).Label.In(c.l)))
	return true
}

// spread reads "où va l'argent de la Région", "à quoi sert le budget": the
// amount, by what the accounts set apart first.
func (c *composer) spread() {
	r := c.r
	if c.s.Annotation == nil || c.s.a.Entity.Label != "" || len(r.group)+len(r.show) > 0 || !c.hasOp(opGoes) || r.agg != "" {
		return
	}
	if !c.hasOp(opWhere) && !slices.ContainsFunc(c.tokens, func(t token) bool { return t.Fold == "quoi" }) {
		return
	}
	if col := r.breakdown(); col >= 0 {
		r.group = []int{col}
	}
}

// breakdown is what accounts set amounts apart by first, and the question does
// not name; -1 where there is none.
func (r *reading) breakdown() int {
	if r.s.Annotation == nil || r.s.a.Entity.Label != "" {
		return -1
	}
	for _, name := range r.s.a.Prefer {
		if col := r.s.col(name); col >= 0 && r.s.preferred(col) && len(r.on(col)) == 0 {
			return col
		}
	}
	return -1
}

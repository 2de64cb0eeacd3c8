package rules

import (
	"cigogne/internal/texts"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// sizes are where the classes of a distribution begin: those that French law
// and statistics use for communes.
var sizes = []float64{0, 100, 500, 2_000, 10_000, 50_000, 100_000}

// classWords ask for a distribution by size, folded.
var classWords = wordSet("tranche tranches strate strates taille tailles bracket brackets size sizes")

// classes tells whether rows are to be counted by size: "répartition des
// communes par tranche de population", "communes by population bracket".
func (c *composer) classes() bool {
	if !c.r.entity || c.s.a.Entity.Label == "" || c.s.a.Measure == "" || c.hasOp(opGrowth, opEvolution, opMost, opLeast, opAvg, opMedian, opSum) {
		return false
	}
	at := -1
	for i := range c.spans {
		if sp := &c.spans[i]; sp.to == sp.from+1 && classWords[c.tokens[sp.from].Fold] && len(sp.vals) == 0 {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	if x := c.r.on(c.s.col(c.s.a.Measure)); len(x) > 0 { // "par tranche de 500": classes of one's own
		c.r.unknown = append(c.r.unknown, c.text(at))
		return false
	}
	for _, col := range c.r.measures {
		if col != c.s.col(c.s.a.Measure) {
			return false
		}
	}
	c.used[at] = true
	if i, ok := c.ops[opGroup]; ok {
		c.used[i] = true
	}
	c.r.measures, c.r.percent = nil, false
	return true
}

// classes counts the rows of each size. The classes are ours, and said so.
func (w *writer) classes() {
	unit := w.s.col(w.s.a.Measure)
	var labels []string
	for i, low := range sizes {
		m := w.rowCount()
		m.Where = []query.Filter{{Column: w.name(unit), Op: query.Ge, Values: []any{low}}}
		m.Label = texts.Say(w.l, "rules.and_more", "low", lang.FormatNumber(low, 0, w.l))
		if i+1 < len(sizes) {
			m.Where = append(m.Where, query.Filter{Column: w.name(unit), Op: query.Lt, Values: []any{sizes[i+1]}})
			m.Label = texts.Say(w.l, "rules.to", "low", lang.FormatNumber(low, 0, w.l), "high", lang.FormatNumber(sizes[i+1]-1, 0, w.l))
		}
		labels = append(labels, m.Label)
		w.p.Measures = append(w.p.Measures, m)
	}
	w.out.Assumptions = append(w.out.Assumptions, texts.Say(w.l, "rules.classes_chosen_here_as_the_question")+strings.Join(labels, ", "))
}

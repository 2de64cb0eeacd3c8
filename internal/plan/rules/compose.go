package rules

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// composer fills the slots of a reading from the spans of a question.
type composer struct {
	s      *schema
	r      *reading
	q      string
	l      lang.Lang
	tokens []token
	spans  []span
	used   []bool // spans accounted for

	ops    map[op]int // first span of each operation
	target int        // span of the noun that is asked for, or -1
}

// compose reads the spans as one request on the table.
func (s *schema) compose(q string, l lang.Lang, tokens []token, spans []span) *reading {
	c := &composer{s: s, q: q, l: l, tokens: tokens, spans: spans, used: make([]bool, len(spans)), ops: map[op]int{}, target: -1,
		r: &reading{s: s, q: q, rankBy: -1}}
	c.settle()
	c.numbers()
	c.cells()
	c.lifts()
	c.contradictions()
	c.mentions()
	c.whereabouts()
	c.frame()
	c.leftovers()
	for _, sp := range spans {
		c.r.weight += sp.weight
	}
	c.r.words = contentWords(tokens)
	return c.r
}

// calledSo tells whether one of the columns is called by exactly that text.
func (s *schema) calledSo(refs []nameRef, folded string) bool {
	return slices.ContainsFunc(refs, func(r nameRef) bool {
		note := s.note(r.col)
		return slices.ContainsFunc(append(note.Words.All(), note.Label.FR, note.Label.EN), func(w string) bool { return lang.Fold(w) == folded })
	})
}

func bestName(refs []nameRef) float64 {
	best := 0.0
	for _, r := range refs {
		best = max(best, r.strength)
	}
	return best
}

func (c *composer) hasOp(ops ...op) bool {
	for _, o := range ops {
		if _, ok := c.ops[o]; ok {
			return true
		}
	}
	return false
}

// empty tells whether a span carries nothing: articles, prepositions.
func (c *composer) empty(i int) bool {
	sp := &c.spans[i]
	return len(sp.ops) == 0 && len(sp.cols) == 0 && len(sp.vals) == 0 && len(sp.partial) == 0 && len(sp.fuzzy) == 0 && !sp.entity && !sp.scope && !sp.num && !sp.unknown && sp.ask == 0 && len(sp.lifts) == 0 && sp.absent == 0
}

// near returns the next (step 1) or previous (step -1) span that carries
// something, or -1.
func (c *composer) near(i, step int) int {
	for j := i + step; j >= 0 && j < len(c.spans); j += step {
		if !c.empty(j) {
			return j
		}
	}
	return -1
}

func (c *composer) text(i int) string { return describe(c.tokens, c.q, c.spans[i]) }

// column picks the best named column of a span that satisfies ok, or -1.
func (c *composer) column(i int, ok func(col int) bool) int {
	if i < 0 {
		return -1
	}
	best, at := 0.0, -1
	for _, ref := range c.spans[i].cols {
		if ok(ref.col) && ref.strength > best {
			best, at = ref.strength, ref.col
		}
	}
	return at
}

func (c *composer) numeric(col int) bool { return c.s.t.Columns[col].Type.Numeric() }

func (c *composer) isMeasure(col int) bool {
	k := c.s.t.Columns[col]
	return k.Type.Numeric() && k.Role == dataset.Measure
}

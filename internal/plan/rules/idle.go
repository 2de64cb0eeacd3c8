package rules

import (
	"maps"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// idle names the operations that changed nothing: half a question answered is
// another question answered.
func (c *composer) idle() {
	c.uncounted()
	c.unitCost()
	c.twoRankings()
	done := c.done()
	c.yearlyRate()
	c.eitherBound()
	c.idlePercent()
	c.secondQuantity()
	for i := range c.spans {
		if c.idles(i, done) {
			c.r.unknown = append(c.r.unknown, c.text(i))
		}
	}
}

// idles tells whether all operations of a span are among those that must do
// something, and did nothing.
func (c *composer) idles(i int, done map[op]bool) bool {
	return len(c.spans[i].ops) > 0 && !slices.ContainsFunc(c.spans[i].ops, func(o op) bool {
		did, must := done[o]
		return !must || did
	})
}

// done tells of each operation that must do something whether it did.
func (c *composer) done() map[op]bool {
	r := c.r
	filters := func(ops ...query.Op) bool {
		return slices.ContainsFunc(r.conds, func(x cond) bool { return slices.Contains(ops, x.op) })
	}
	bound := r.rowBound != nil || slices.ContainsFunc(r.conds, func(x cond) bool { return x.op != query.Eq && x.op != query.Ne && x.op != query.Null })
	all := map[op]bool{
		opMoreThan: bound || r.growBy != 0 || r.frame == frameCompare, opLessThan: bound, opAtLeast: bound, opAtMost: bound,
		opBetween: bound || r.years.said || r.frame == frameDifference || r.frame == frameCompare,
		opNot:     filters(query.Ne, query.Null, query.Le, query.Ge) || c.corrects(c.ops[opNot]) || r.negated,
		opSince:   r.years.said || bound, opUntil: r.years.said, opAfter: r.years.said, opBefore: r.years.said,
		opMissing: filters(query.Null, query.Ne) || r.negated,
		opFilled:  r.filled,
		opNext:    false, opPrevious: false, opThan: true,
	}
	maps.Copy(all, c.framed())
	return all
}

// framed tells of the operations that a frame or an aggregate does whether it is
// there.
func (c *composer) framed() map[op]bool {
	r := c.r
	in := func(frames ...frame) bool { return slices.Contains(frames, r.frame) }
	ranked, figure := in(frameRank), !in(frameList, frameRank, frameCount, frameShare)
	return map[op]bool{
		opAvg: (r.agg == query.Avg || r.aYear) && figure, opMedian: r.agg == query.Median && figure,
		opMost: ranked || r.growers != 0, opLeast: ranked, opFirst: ranked, opLast: ranked,
		opMax: ranked || r.agg == query.Max, opMin: ranked || r.agg == query.Min,
		opShare:      in(frameClasses, frameShare) || r.percent,
		opGrowth:     in(frameGrowth, frameEvolution, frameDifference),
		opDifference: in(frameDifference), opMinus: in(frameDifference), opCompare: in(frameCompare),
	}
}

// twoRankings names a second ranking, and the sum of a ranking: neither is one.
func (c *composer) twoRankings() {
	r := c.r
	if c.s.Annotation == nil {
		return
	}
	tops := 0
	for _, t := range c.tokens {
		tops += btoi(t.Fold == "top")
	}
	if tops > 1 {
		r.unknown = append(r.unknown, "top")
	}
	if i, ok := c.ops[opSum]; ok && r.frame == frameRank && r.entity && r.limit > 1 {
		r.unknown = append(r.unknown, c.text(i))
	}
}

// yearlyRate names "annual" said of a change.
func (c *composer) yearlyRate() {
	if c.s.Annotation == nil || c.r.frame != frameGrowth || c.r.aYear {
		return
	}
	for _, t := range c.tokens {
		if strings.HasPrefix(t.Fold, "annuel") || t.Fold == "annual" || t.Fold == "yearly" {
			c.r.unknown = append(c.r.unknown, t.Text)
		}
	}
}

// eitherBound names "or" between two bounds, since filters all hold, and the growth
// of euros that are not lost nor won.
func (c *composer) eitherBound() {
	bounds := 0
	for _, x := range c.r.conds {
		bounds += btoi(x.op == query.Lt || x.op == query.Le || x.op == query.Gt || x.op == query.Ge)
	}
	if i, ok := c.ops[opOr]; ok && bounds > 1 {
		c.r.unknown = append(c.r.unknown, c.text(i))
	}
	if i, ok := c.ops[opGrowth]; ok && c.s.a.Entity.Label == "" && c.s.Annotation != nil && !c.rateWord(i) {
		c.r.unknown = append(c.r.unknown, c.text(i))
	}
}

func (c *composer) idlePercent() {
	if c.r.percent && c.r.frame != frameGrowth && c.r.frame != frameShare {
		c.r.unknown = append(c.r.unknown, c.percentWord())
	}
}

// secondQuantity names a second quantity that the frame has no use for.
func (c *composer) secondQuantity() {
	r := c.r
	if len(r.measures) < 2 || r.frame == frameValue || r.frame == frameList || len(r.partOf)+len(r.minus) > 0 {
		return
	}
	for i := range c.spans {
		if col := c.column(i, c.isMeasure); col >= 0 && col != r.measures[0] && slices.Contains(r.measures, col) {
			r.unknown = append(r.unknown, c.text(i))
		}
	}
}

// uncounted names the word that asks for a number of things where euros would
// be given: "nombre de lycées", "combien de trains" over account lines, which
// count neither. "Combien de recettes" asks for an amount.
func (c *composer) uncounted() {
	at, ok := c.ops[opCount]
	if !ok || c.s.Annotation == nil || c.s.a.Entity.Label != "" || c.r.frame == frameCount {
		return
	}
	n := c.near(at, 1)
	if n >= 0 && len(c.spans[n].vals) > 0 && strings.HasPrefix(lang.Fold(c.text(at)), "combien") {
		col := c.s.val(c.spans[n].vals[0]).col
		if d := c.s.t.Columns[col].Distinct; d <= 2 { // receipts or spending
			return
		}
	}
	if n >= 0 && c.column(n, c.isMeasure) >= 0 && len(c.spans[n].vals) == 0 {
		return
	}
	c.r.unknown = append(c.r.unknown, c.text(at))
}

// unitCost names what a question asks the price of: "combien coûte un train"
// is no sum of spending.
func (c *composer) unitCost() {
	if c.s.Annotation == nil || c.s.a.Entity.Label != "" {
		return
	}
	asked := slices.ContainsFunc(c.tokens, func(t token) bool {
		return strings.HasPrefix(t.Fold, "cout") || strings.HasPrefix(t.Fold, "cost") || t.Fold == "prix" || t.Fold == "price"
	})
	for i := range c.spans {
		if sp := &c.spans[i]; asked && sp.from > 0 && len(sp.vals) > 0 && c.s.preferred(c.s.val(sp.vals[0]).col) && slices.Contains([]string{"un", "une", "a", "an"}, c.tokens[sp.from-1].Fold) && c.tokens[sp.from-1].Text != "à" {
			c.r.unknown = append(c.r.unknown, strings.TrimSpace(c.tokens[sp.from-1].Text+" "+c.text(i)))
		}
	}
}

// rateWord tells whether a word of growth may be said of amounts: not "perdu"
// and "gagné", which ask for something else.
func (c *composer) rateWord(i int) bool {
	f := lang.Fold(c.text(i))
	return !strings.HasPrefix(f, "perd") && !strings.HasPrefix(f, "gagn") && f != "lost" && f != "lose" && f != "gained"
}

// percentWord is how the question says that it wants a percentage.
func (c *composer) percentWord() string {
	for _, o := range []op{opShare, opPercent} {
		if i, ok := c.ops[o]; ok {
			return c.text(i)
		}
	}
	return "%"
}

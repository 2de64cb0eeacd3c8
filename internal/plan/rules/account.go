package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// contradictions names the words that call a place what it is not: "la commune
// de Moselle", "la région de Metz".
func (c *composer) contradictions() {
	if c.s.a.Entity.Label == "" || c.hasOp(opMost, opLeast) { // "the largest town of the Aube" is one in it
		return
	}
	rows := c.s.note(c.s.col(c.s.a.Entity.Label)).Level
	for i := range c.spans {
		sp := &c.spans[i]
		next := c.near(i, 1)
		if next < 0 || c.spans[next].from-sp.to > 2 || sp.to-sp.from > 2 {
			continue
		}
		at := slices.IndexFunc(c.r.conds, func(x cond) bool { return x.pos == c.spans[next].from && x.op == query.Eq })
		if at < 0 {
			continue
		}
		level, norm := c.s.note(c.r.conds[at].col).Level, c.tokens[sp.to-1].norm
		one := c.tokens[sp.to-1].Fold == norm // not the plural: "communes de Moselle"
		between := c.tokens[sp.to:c.spans[next].from]
		of := len(between) == 0 || slices.ContainsFunc(between, func(t token) bool { return t.Fold == "de" || t.Fold == "d" || t.Fold == "of" })
		switch {
		case !of || level == "":
		case sp.entity && len(sp.vals) == 0 && one && rows != "" && level != rows, sp.scope && norm == "region" && level != "region":
			c.r.unknown = append(c.r.unknown, c.text(i))
		}
	}
}

// leftovers names the words that found no place.
func (c *composer) leftovers() {
	r := c.r
	c.idle()
	c.dangling()
	preface := c.preface()
	last := -2 // span named last: words that follow one another are named as one
	for i := range c.spans {
		sp := &c.spans[i]
		if c.used[i] || c.empty(i) || sp.scope {
			continue
		}
		if sp.unknown && sp.to <= preface {
			continue
		}
		if sp.unknown && c.s.Annotation != nil && c.verb(i) {
			c.asideNote(i)
			continue
		}
		if sp.unknown && r.frame == frameRank && c.adjective(i) {
			continue
		}
		if len(sp.ops) > 0 && !slices.Contains(sp.ops, opEvolution) && !slices.Contains(sp.ops, opGroup) {
			continue
		}
		if last == i-1 && c.spans[i].unknown && c.spans[last].unknown && len(r.unknown) > 0 {
			from := i
			for from > 0 && c.spans[from-1].unknown && !c.used[from-1] {
				from--
			}
			r.unknown[len(r.unknown)-1] = strings.TrimSpace(c.q[c.tokens[c.spans[from].from].Start:c.tokens[c.spans[i].to-1].End])
		} else {
			r.unknown = append(r.unknown, c.text(i))
		}
		last = i
	}
}

// dangling names an article that a question ends with after a preposition: "à la
// une" is no word left out, it is a place that nobody knows.
func (c *composer) dangling() {
	n := len(c.tokens)
	if c.s.Annotation == nil || n < 3 {
		return
	}
	articles := []string{"le", "la", "les", "un", "une", "des", "the"}
	last, before := c.tokens[n-1], c.tokens[n-2]
	if slices.Contains(articles, last.Fold) && !last.isNum && (slices.Contains(articles, before.Fold) || before.Text == "à" || before.Fold == "in") {
		c.r.unknown = append(c.r.unknown, strings.TrimSpace(c.q[before.Start:last.End]))
	}
}

// preface is the end of what people say of themselves before they ask: "Je suis
// journaliste :", "dans le cadre d'un article,". It names nothing of the table
// and no place; 0: there is none.
func (c *composer) preface() int {
	if c.s.Annotation == nil || !c.personal() {
		return 0
	}
	end := 0
	for i := range c.spans {
		sp := &c.spans[i]
		first := c.tokens[sp.from]
		if i > 0 && (strings.ContainsAny(c.q[c.tokens[sp.from-1].End:first.Start], ",:;.!") || slices.Contains([]string{"combien", "quel", "quelle", "quels", "quelles", "how", "what", "j", "il", "please"}, first.Fold)) {
			end = sp.from
		}
		named := len(sp.vals)+len(sp.cols)+len(sp.partial) > 0 || sp.entity || sp.num || sp.absent > 0
		if named || i > 0 && first.Text != strings.ToLower(first.Text) && first.Fold != "monsieur" && first.Fold != "madame" {
			break
		}
	}
	return end
}

// personal tells whether a question opens with who asks, or what for.
func (c *composer) personal() bool {
	folded := lang.Fold(c.q) + " "
	for _, greeting := range []string{"bonjour ", "bonsoir ", "salut ", "hello ", "hi ", "good morning ", "madame ", "monsieur "} {
		folded = strings.TrimPrefix(folded, greeting)
	}
	return slices.ContainsFunc([]string{"je suis ", "je debute ", "je travaille ", "je prepare ", "nous sommes ", "nous preparons ", "dans le cadre d", "pour un ", "pour une ", "pour mon ", "pour ma ", "en tant que ", "i am ", "i m ", "we are ", "as a ", "for a ", "for my "},
		func(o string) bool { return strings.HasPrefix(folded, o) })
}

// idle names the operations that changed nothing: half a question answered is
// another question answered.
func (c *composer) idle() {
	r := c.r
	bound := r.rowBound != nil || slices.ContainsFunc(r.conds, func(x cond) bool { return x.op != query.Eq && x.op != query.Ne && x.op != query.Null })
	c.uncounted()
	c.unitCost()
	tops := 0
	for _, t := range c.tokens {
		tops += btoi(t.Fold == "top")
	}
	if c.s.Annotation != nil && tops > 1 { // two rankings at once
		r.unknown = append(r.unknown, "top")
	}
	if i, ok := c.ops[opSum]; ok && c.s.Annotation != nil && r.frame == frameRank && r.entity && r.limit > 1 { // the sum of the five largest is no ranking
		r.unknown = append(r.unknown, c.text(i))
	}
	done := map[op]bool{
		opMoreThan: bound || r.growBy != 0 || r.frame == frameCompare, opLessThan: bound, opAtLeast: bound, opAtMost: bound, opBetween: bound || r.years.said || r.frame == frameDifference || r.frame == frameCompare,
		opNot: slices.ContainsFunc(r.conds, func(x cond) bool {
			return x.op == query.Ne || x.op == query.Null || x.op == query.Le || x.op == query.Ge
		}) || c.corrects(c.ops[opNot]) || r.negated,
		opAvg:    r.agg == query.Avg && r.frame != frameList && r.frame != frameRank && r.frame != frameCount && r.frame != frameShare,
		opMedian: r.agg == query.Median && r.frame != frameList && r.frame != frameRank && r.frame != frameCount && r.frame != frameShare,
		opMost:   r.frame == frameRank || r.growers != 0, opLeast: r.frame == frameRank,
		opFirst: r.frame == frameRank, opLast: r.frame == frameRank,
		opMax: r.frame == frameRank || r.agg == query.Max, opMin: r.frame == frameRank || r.agg == query.Min,
		opShare: r.frame == frameClasses || r.frame == frameShare || r.percent, opGrowth: r.frame == frameGrowth || r.frame == frameEvolution || r.frame == frameDifference,
		opDifference: r.frame == frameDifference, opMinus: r.frame == frameDifference, opCompare: r.frame == frameCompare,
		opSince: r.years.said || bound, opUntil: r.years.said, opAfter: r.years.said, opBefore: r.years.said,
		opMissing: slices.ContainsFunc(r.conds, func(x cond) bool { return x.op == query.Null || x.op == query.Ne }) || r.negated,
		opFilled:  r.filled,
	}
	if c.s.Annotation != nil && r.frame == frameGrowth {
		for _, t := range c.tokens {
			if strings.HasPrefix(t.Fold, "annuel") || t.Fold == "annual" || t.Fold == "yearly" {
				r.unknown = append(r.unknown, t.Text)
			}
		}
	}
	bounds := 0
	for _, x := range r.conds {
		bounds += btoi(x.op == query.Lt || x.op == query.Le || x.op == query.Gt || x.op == query.Ge)
	}
	if i, ok := c.ops[opOr]; ok && bounds > 1 { // one or the other: filters all hold
		r.unknown = append(r.unknown, c.text(i))
	}
	if i, ok := c.ops[opGrowth]; ok && c.s.a.Entity.Label == "" && c.s.Annotation != nil && !c.rateWord(i) { // euros are not lost nor won
		r.unknown = append(r.unknown, c.text(i))
	}
	if r.percent && r.frame != frameGrowth && r.frame != frameShare {
		r.unknown = append(r.unknown, c.percentWord())
	}
	if len(r.measures) > 1 && r.frame != frameValue && r.frame != frameList && len(r.partOf)+len(r.minus) == 0 {
		for i := range c.spans { // a second quantity that the frame has no use for
			if col := c.column(i, c.isMeasure); col >= 0 && col != r.measures[0] && slices.Contains(r.measures, col) {
				r.unknown = append(r.unknown, c.text(i))
			}
		}
	}
	done[opNext], done[opPrevious], done[opThan] = false, false, true
	for i := range c.spans {
		sp := &c.spans[i]
		if len(sp.ops) == 0 {
			continue
		}
		idle := true
		for _, o := range sp.ops {
			ok, strong := done[o]
			idle = idle && strong && !ok
		}
		if idle {
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
		col := c.s.vals[c.spans[n].vals[0]].col
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
		if sp := &c.spans[i]; asked && sp.from > 0 && len(sp.vals) > 0 && c.s.preferred(c.s.vals[sp.vals[0]].col) && slices.Contains([]string{"un", "une", "a", "an"}, c.tokens[sp.from-1].Fold) && c.tokens[sp.from-1].Text != "à" {
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

// adjective lets "le plus donné" stand for the only measure of the table, and says so.
func (c *composer) adjective(i int) bool {
	p := c.near(i, -1)
	if c.s.Annotation != nil || p < 0 || !(c.spans[p].has(opMost) || c.spans[p].has(opLeast)) || len(c.r.measures) > 0 {
		return false
	}
	only := -1
	for k, col := range c.s.t.Columns {
		if c.isMeasure(k) && col.Role == dataset.Measure {
			if only >= 0 {
				return false
			}
			only = k
		}
	}
	if only < 0 {
		return false
	}
	c.r.measures, c.r.rankBy = []int{only}, only
	c.r.notes = append(c.r.notes, texts.Say(c.l, "rules.measured_by", "words", c.text(i), "column", c.s.t.Columns[only].Name))
	return true
}

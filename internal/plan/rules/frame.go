package rules

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// mentions gives each named column, and the noun that names the rows, its part:
// what is asked for, what it is grouped by, or a mere announcement of a value.
func (c *composer) mentions() {
	r := c.r
	for i := range c.spans {
		sp := &c.spans[i]
		prev := c.near(i, -1)
		grouped := prev >= 0 && c.spans[prev].has(opGroup) && sp.from-c.spans[prev].to <= 1 && !c.spans[prev].has(opEvolution)
		if sp.entity && !(len(sp.vals) > 0 && c.used[i]) && !sp.has(opGroup) {
			if grouped && c.s.a.Entity.Label != "" {
				c.group(c.s.col(c.s.a.Entity.Label))
			} else if !c.announces(i) {
				r.entity = true
				if c.target < 0 {
					c.target = i
				}
			}
			c.used[i] = true
			continue
		}
		if len(sp.cols) == 0 || c.used[i] && len(sp.vals) == 0 {
			continue
		}
		measure, dim := c.column(i, c.isMeasure), c.column(i, func(k int) bool { return !c.isMeasure(k) })
		if measure >= 0 && dim >= 0 {
			if c.nameStrength(i, dim) > c.nameStrength(i, measure) {
				measure = -1
			} else {
				dim = -1
			}
		}
		switch {
		case measure >= 0:
			r.measures = appendOnce(r.measures, measure)
			if c.target < 0 && len(sp.vals) == 0 {
				c.target = i
			}
			c.used[i] = true
		case len(sp.vals) > 0: // the value was taken, the column goes with it
		case grouped:
			c.group(dim)
			c.used[i] = true
		case c.isYearCol(dim) && (r.years.said || len(r.on(dim)) > 0) && !c.hasOp(opCount):
			c.used[i] = true
		case len(r.on(dim)) > 0 && c.announces(i):
			c.used[i] = true
		default:
			r.show = appendOnce(r.show, dim)
			if c.target < 0 {
				c.target = i
			}
			c.used[i] = true
		}
	}
}

// contradictions names the words that call a place what it is not: "la commune
// de Moselle", "la région de Metz".
func (c *composer) contradictions() {
	if c.s.a.Entity.Label == "" {
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
		case sp.entity && len(sp.vals) == 0 && one && level != rows, sp.scope && norm == "region" && level != "region":
			c.r.unknown = append(c.r.unknown, c.text(i))
		}
	}
}

func (c *composer) nameStrength(i, col int) float64 {
	for _, ref := range c.spans[i].cols {
		if ref.col == col {
			return ref.strength
		}
	}
	return 0
}

// announces tells whether a column's name only introduces a value beside it:
// "le prénom Adam", "dans le département de l'Aube", "exploitées par la SNCF".
func (c *composer) announces(i int) bool {
	for _, j := range []int{c.near(i, 1), c.near(i, -1)} {
		step := j
		if j >= 0 && c.spans[j].has(opGroup) && j > i { // "exploitées par X"
			step = c.near(j, 1)
		}
		if step < 0 || !c.used[step] {
			continue
		}
		for _, ref := range c.spans[i].cols {
			for _, x := range c.r.on(ref.col) {
				if x.pos == c.spans[step].from {
					// Asked for by name, it is more than an announcement.
					if p := c.near(i, -1); p >= 0 && (c.spans[p].has(opCount) || c.spans[p].has(opWhich)) && step < i {
						return false
					}
					if step != j {
						c.spans[j].ops = nil
					}
					return true
				}
			}
		}
	}
	return false
}

func (c *composer) group(col int) {
	if col >= 0 {
		c.r.group = appendOnce(c.r.group, col)
	}
}

func appendOnce(list []int, x int) []int {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// frame settles what kind of thing is asked for.
func (c *composer) frame() {
	r := c.r
	c.edge()
	switch {
	case c.hasOp(opAvg):
		r.agg = query.Avg
	case c.hasOp(opMedian):
		r.agg = query.Median
	case c.hasOp(opSum):
		r.agg = query.Sum
	}
	r.perYearMean = r.agg == query.Avg && (c.hasOp(opEvolution) || c.yearly()) && c.s.year >= 0
	r.distinct = c.hasOp(opDistinct)
	r.perCapita = c.hasOp(opPerCapita)
	r.allYears = c.hasOp(opAll)
	if c.hasOp(opPercent) && c.percentSaid() {
		r.percent = true
	}
	if i, ok := c.ops[opGroup]; ok && len(r.group) == 0 && !c.hasOp(opEvolution) {
		c.used[i] = c.groupAccounted(i)
	}
	if c.hasOp(opEvolution) && c.s.year < 0 {
		c.used[c.ops[opEvolution]] = false
	}
	if c.hasOp(opNot) && r.entity && len(r.measures) == 1 {
		c.none()
	}
	_, _, twoYears := r.years.both()
	openYears := r.years.from > 0 || r.years.to > 0
	switch {
	case c.hasOp(opCompare):
		r.frame = frameCompare
	case c.hasOp(opGrowth) && c.hasOp(opShare) && (twoYears || openYears):
		r.frame, r.percent = frameGrowth, true // "de quel pourcentage ont augmenté"
	case c.hasOp(opEvolution) && r.percent && (twoYears || openYears):
		r.frame = frameGrowth
	case c.hasOp(opShare) && len(r.measures)+len(r.conds) > 0 && !c.columnNamedBy(opShare):
		r.frame = frameShare
		c.splitShare()
	case c.hasOp(opDifference, opMinus) && c.s.differs(r):
		r.frame = frameDifference
	case c.hasOp(opMoreThan) && c.hasOp(opOr) && c.s.differs(r) && len(r.conds) == 1:
		r.frame = frameCompare // "plus d'habitants à Metz ou à Nancy"
	case c.hasOp(opGrowth) && c.rowsAsked():
		c.growers()
	case c.hasOp(opGrowth) && (twoYears || openYears || c.rate() && !r.years.said) && !c.hasOp(opEvolution):
		r.frame = frameGrowth
		r.percent = r.percent || c.rate()
	case c.hasOp(opGrowth) && len(r.years.list) == 1 && !c.hasOp(opEvolution) && slices.Contains(c.s.yearsHeld(), r.years.list[0]-1): // "a baissé en 2020": since the year before
		y := r.years.list[0]
		r.frame, r.percent = frameGrowth, r.percent || c.rate()
		r.years.list = []int{y - 1, y}
		r.notes = append(r.notes, fmt.Sprintf(c.l.Pick("de %d à %d", "from %d to %d"), y-1, y))
	case c.hasOp(opGrowth) && len(r.years.list) == 1 && !c.hasOp(opEvolution):
		r.unknown = append(r.unknown, c.text(c.ops[opGrowth]))
	case r.perYearMean && c.s.a.Entity.Label == "":
		r.frame = frameValue
	case c.hasOp(opEvolution, opGrowth) && c.s.year >= 0:
		r.frame = frameEvolution
	case c.ranks():
		r.frame = frameRank
		c.ranking()
	case c.hasOp(opMax, opMin) && len(r.measures) > 0:
		r.agg = query.Max
		if c.hasOp(opMin) {
			r.agg = query.Min
		}
	case c.counts():
		r.frame = frameCount
	case c.lists():
		r.frame = frameList
	default:
		r.frame = frameValue
		c.columnsBeside()
	}
	if c.hasOp(opMissing, opFilled) && (r.frame == frameCount || r.frame == frameList) {
		c.missing()
	}
}

// yearly tells whether "annual" is said of the figure.
func (c *composer) yearly() bool {
	return slices.ContainsFunc(c.tokens, func(t token) bool {
		return strings.HasPrefix(t.Fold, "annuel") || t.Fold == "annual" || t.Fold == "yearly"
	})
}

// rate tells whether the change is asked as a rate: "taux de croissance".
func (c *composer) rate() bool {
	words := lang.Fold(c.text(c.ops[opGrowth]))
	return strings.Contains(words, "taux d") || strings.Contains(words, "rate")
}

// rowsAsked tells whether the question is how many rows, which rows, or the row
// with the most: "combien de communes", "quelles communes", "la commune".
func (c *composer) rowsAsked() bool {
	if !c.r.entity || c.target < 0 || !c.spans[c.target].entity || c.s.year < 0 || c.s.a.Entity.Label == "" {
		return false
	}
	if at, ok := c.ops[opCount]; ok {
		return c.near(at, 1) == c.target
	}
	return c.hasOp(opWhich, opList, opMost, opLeast) || c.target == 0
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
	r.frame = frameGrowth
	r.tally = c.hasOp(opCount)
	switch {
	case r.tally:
	case c.hasOp(opMost):
		r.limit = max(r.limit, 1)
		if r.limit == 1 && c.plural() {
			r.limit = several
		}
	}
}

// direction is 1 for words of growth, -1 for words of decline, 0 for neither.
func direction(words string) int {
	for _, w := range []string{"perd", "baiss", "dimin", "recul", "decreas", "fall", "fell", "lost", "lose", "drop", "declin", "shr"} {
		if strings.Contains(words, w) {
			return -1
		}
	}
	for _, w := range []string{"augment", "croi", "hauss", "progress", "gagn", "increas", "grow", "grew", "rise", "rose", "gain"} {
		if strings.Contains(words, w) {
			return 1
		}
	}
	return 0
}

// columnsBeside gives columns named beside a figure their part: cells of the one
// row that is asked about, else what the figure is grouped by.
func (c *composer) columnsBeside() {
	r := c.r
	if len(r.show) == 0 {
		return
	}
	label := c.s.a.Entity.Label
	if label != "" && len(r.on(c.s.col(label))) > 0 && r.agg == "" {
		if len(r.measures) > 0 { // "Metz et son agglomération": the name of the one over the figure of the other
			for i := range c.spans {
				if c.column(i, func(k int) bool {
					return slices.Contains(r.show, k) && wider[c.s.note(k).Level] > wider[c.s.note(c.s.col(label)).Level]
				}) >= 0 {
					r.unknown = append(r.unknown, c.text(i))
				}
			}
		}
		r.frame = frameList
		return
	}
	if r.agg == query.Avg || r.agg == query.Median { // "moyenne des X": of what X are, which this table's rows are not
		for i := range c.spans {
			if c.column(i, func(k int) bool { return slices.Contains(r.show, k) }) >= 0 {
				r.unknown = append(r.unknown, c.text(i))
			}
		}
		return
	}
	for _, col := range r.show {
		c.group(col)
	}
	r.show = nil
}

// none reads "n'ont pas d'habitants": none of the measure right after the negation.
func (c *composer) none() {
	next := c.near(c.lastOp(opNot), 1)
	if next >= 0 && c.spans[next].has(opFilled) { // "pas de population renseignée": empty cells
		return
	}
	if after := c.near(max(next, 0), 1); after >= 0 && c.spans[after].has(opFilled) {
		return
	}
	if next < 0 || c.column(next, c.isMeasure) != c.r.measures[0] {
		return
	}
	c.r.conds = append(c.r.conds, cond{col: c.r.measures[0], op: query.Lt, vals: []any{1.0}, pos: -1, src: c.text(next)})
	c.r.measures, c.r.rankBy = nil, -1
	c.r.negated = true
}

func (c *composer) lastOp(o op) int {
	last := -1
	for i := range c.spans {
		if c.spans[i].has(o) {
			last = i
		}
	}
	return last
}

// percentSaid rules out "en" alone as a sign of percentages.
func (c *composer) percentSaid() bool {
	return c.spans[c.ops[opPercent]].to-c.spans[c.ops[opPercent]].from > 1
}

// groupAccounted tells whether a "par" that groups nothing is the agent of a
// verb ("gérées par la SNCF") rather than a demand that found no column.
func (c *composer) groupAccounted(i int) bool {
	n := c.near(i, 1)
	return n >= 0 && (len(c.spans[n].vals) > 0 && c.s.Annotation == nil || len(c.spans[n].ops) > 0 || c.column(n, c.isMeasure) >= 0 && c.hasOp(opMost, opLeast, opFirst, opLast))
}

// columnNamedBy tells whether the words of an operation also name a column.
func (c *composer) columnNamedBy(o op) bool {
	return bestName(c.spans[c.ops[o]].cols) >= 0.9
}

// differs tells whether two sides are named: two cells of a column, two years.
func (s *schema) differs(r *reading) bool {
	if _, _, ok := r.years.both(); ok {
		return true
	}
	for _, x := range r.conds {
		if x.op == query.Eq && len(x.vals) == 2 {
			return true
		}
	}
	return false
}

// ranks tells whether the most or the least of something is asked.
func (c *composer) ranks() bool {
	if c.hasOp(opMost, opLeast, opFirst, opLast) {
		return true
	}
	return c.hasOp(opMax, opMin) && c.hasOp(opWhich, opWho, opWhere, opWhen) && c.target >= 0 && (c.r.entity || len(c.r.show) > 0)
}

// edge reads "le dernier exercice", "the first year": the latest or the first
// year held. "L'an dernier", "this year" are told from today, which is none of
// the table's years: they stay unaccounted for.
func (c *composer) edge() {
	held := c.s.yearsHeld()
	for i := range c.spans {
		sp := &c.spans[i]
		if c.s.Annotation != nil && c.column(i, c.isYearCol) >= 0 && sp.from > 0 && slices.Contains([]string{"cette", "this", "current"}, c.tokens[sp.from-1].Fold) {
			c.r.unknown = append(c.r.unknown, c.tokens[sp.from-1].Text+" "+c.text(i))
		}
		if !sp.has(opFirst) && !sp.has(opLast) || c.r.years.said || len(held) == 0 {
			continue
		}
		next := c.near(i, 1)
		prev := c.near(i, -1)
		if prev >= 0 && c.spans[prev].to == sp.from && c.column(prev, c.isYearCol) >= 0 || c.tokens[sp.to-1].Fold == "last" { // "l'année dernière", "last year": told from today
			c.r.unknown = append(c.r.unknown, c.text(i))
			continue
		}
		if next < 0 || c.spans[next].from-sp.to > 1 || c.r.limit > 0 {
			continue
		}
		year := c.column(next, c.isYearCol) >= 0 && c.spans[next].from == sp.to
		if !year && !(sp.has(opLast) && (c.s.a.Measure != "" && c.column(next, c.isMeasure) == c.s.col(c.s.a.Measure) || len(c.spans[next].vals) > 0)) { // "la dernière population connue"
			continue
		}
		y := held[0]
		if sp.has(opLast) {
			y = held[len(held)-1]
		}
		c.r.years = years{list: []int{y}, said: true}
		c.r.notes = append(c.r.notes, fmt.Sprintf(c.l.Pick("« %s » : %d", "“%s”: %d"), strings.TrimSpace(c.q[c.tokens[sp.from].Start:c.tokens[c.spans[next].to-1].End]), y))
		delete(c.ops, opFirst)
		delete(c.ops, opLast)
		sp.ops = nil
		c.used[i] = true
		if !year {
			continue
		}
		c.used[next] = true
		c.r.show = slices.DeleteFunc(c.r.show, c.isYearCol)
		c.r.group = slices.DeleteFunc(c.r.group, c.isYearCol)
	}
}

// ranking finds what is ranked, by what, and how many are wanted.
func (c *composer) ranking() {
	r := c.r
	r.desc = c.hasOp(opMost, opMax, opLast)
	if c.hasOp(opLeast, opMin) && !c.hasOp(opMax) {
		r.desc = false
	}
	said := r.limit > 0
	if r.limit == 0 {
		r.limit = 1
		if c.plural() {
			r.limit = several
			r.notes = append(r.notes, fmt.Sprintf(c.l.Pick("les %d premiers, la question ne disant pas combien", "the first %d: the question does not say how many"), several))
		}
	}
	if n, ok := c.ordinal(); ok && r.limit == 1 {
		r.offset = n - 1
	}
	if c.hasOp(opFirst, opLast) && !c.hasOp(opMost, opLeast, opMax, opMin) {
		r.fileOrder = true
		r.desc = c.hasOp(opLast)
	}
	if c.s.Annotation != nil && c.hasOp(opFirst, opLast) && !c.hasOp(opMost, opLeast, opMax, opMin) && !r.subjectRows() && !said { // first of what?
		for _, o := range []op{opFirst, opLast} {
			if i, ok := c.ops[o]; ok {
				r.unknown = append(r.unknown, c.text(i))
			}
		}
	}
	if len(r.measures) > 0 {
		r.rankBy = r.measures[0]
		r.fileOrder = false
		if c.hasOp(opFirst) && r.limit > 1 { // "les 3 premières communes par population"
			r.desc = true
		}
	}
}

// subjectRows tells whether rows, or the values of a column, are what is ranked.
func (r *reading) subjectRows() bool { return r.entity || len(r.show) > 0 || len(r.group) > 0 }

// several is how many "les plus grandes communes" are.
const several = 5

// plural tells whether the most of something is asked in the plural: "les plus
// gros postes", "the largest items".
func (c *composer) plural() bool {
	for i := range c.spans {
		sp := &c.spans[i]
		if (sp.has(opMost) || sp.has(opLeast)) && strings.HasPrefix(lang.Fold(c.text(i)), "les ") {
			return true
		}
		first := c.tokens[sp.from].Fold
		if first == "quels" || first == "quelles" || first == "principaux" || first == "principales" || first == "what" && sp.to > sp.from+1 && c.tokens[sp.from+1].Fold == "are" {
			return true
		}
	}
	return false
}

func (c *composer) ordinal() (int, bool) {
	for i, sp := range c.spans {
		if n, ok := ordinals[c.tokens[sp.from].Fold]; ok && sp.to == sp.from+1 {
			c.used[i] = true
			return n, true
		}
	}
	return 0, false
}

// counts tells whether rows, or the values of a column, are counted.
func (c *composer) counts() bool {
	at, ok := c.ops[opCount]
	if !ok {
		if !c.hasOp(opHowMuch) {
			return false
		}
		return len(c.r.measures) == 0 && c.r.entity && c.s.a.Measure == ""
	}
	n := c.near(at, 1)
	for n >= 0 && (c.spans[n].has(opDistinct) || c.spans[n].has(opSum)) {
		n = c.near(n, 1)
	}
	if n < 0 {
		return c.r.entity
	}
	sp := &c.spans[n]
	switch {
	case sp.entity:
		return true
	case c.column(n, c.isMeasure) >= 0: // "combien d'habitants": a sum, unless the word is a bound's
		return len(c.r.measures) == 0 || c.bounded(c.column(n, c.isMeasure))
	case len(sp.vals) > 0 && c.s.a.Measure != "" && c.s.a.Entity.Label == "":
		return false // "combien de recettes": accounts have no rows to count
	}
	return true
}

// bounded tells whether a condition was put on the column.
func (c *composer) bounded(col int) bool {
	return len(c.r.on(col)) > 0 && !slices.Contains(c.r.measures, col)
}

func (c *composer) lists() bool {
	if c.s.a.Entity.Label == "" && c.s.Annotation != nil && len(c.r.show) == 0 {
		return false
	}
	return (c.hasOp(opList, opWhich, opWho, opWhere, opWhen) || len(c.r.measures) == 0) && (c.r.entity || len(c.r.show) > 0) && c.r.agg == "" &&
		(len(c.r.measures) == 0 || c.target >= 0 && len(c.spans[c.target].cols) == 0 || len(c.r.show) > 0 && c.column(c.target, c.isMeasure) < 0)
}

// missing asks for the rows whose measure is empty.
func (c *composer) missing() {
	col := -1
	if len(c.r.measures) > 0 {
		col = c.r.measures[0]
		c.r.measures = c.r.measures[1:]
	} else if len(c.r.show) > 0 && c.r.entity {
		col = c.r.show[0]
		c.r.show = c.r.show[1:]
	}
	if col < 0 {
		return
	}
	o, at := query.Null, c.ops[opMissing]
	if !c.hasOp(opMissing, opNot) {
		o, at = query.NotNull, c.ops[opFilled]
	}
	c.r.conds = append(c.r.conds, cond{col: col, op: o, pos: -1, src: c.text(at)})
	c.r.filled = true
}

// splitShare tells the part from the whole: "quelle part des dépenses 2020 va
// aux transports" (the part follows the verb), "part des transports dans les
// dépenses" (the part comes first).
func (c *composer) splitShare() {
	r := c.r
	share := c.spans[c.ops[opShare]].from
	for i := range c.spans {
		if !c.spans[i].has(opGoes) {
			continue
		}
		at := c.spans[i].from
		inWhole := strings.EqualFold(c.text(i), "dans")
		hit := false
		for j := range r.conds {
			x := &r.conds[j]
			if x.pos < 0 {
				continue
			}
			if inWhole && x.pos > share && x.pos < at || !inWhole && x.pos > at {
				x.part, hit = true, true
			}
		}
		if hit {
			return
		}
	}
	if c.shareOf(share) {
		return
	}
	// Nothing says: the narrowest filters are the part.
	for j := range r.conds {
		x := &r.conds[j]
		d := c.s.t.Columns[x.col].Distinct
		x.part = x.op != query.Eq || d > 4
	}
}

// shareOf reads "share of A in B", "pourcentage A / B": what comes before the
// word or sign between them is the part.
func (c *composer) shareOf(share int) bool {
	for k := share + 1; k < len(c.tokens); k++ {
		sign := strings.ContainsRune(c.q[c.tokens[k-1].End:c.tokens[k].Start], '/')
		if !sign && c.tokens[k].Fold != "in" && c.tokens[k].Fold != "within" && c.tokens[k].Fold != "among" {
			continue
		}
		part, whole := false, false
		for _, x := range c.r.conds {
			part = part || x.pos > share && x.pos < k
			whole = whole || x.pos >= k
		}
		if !part || !whole {
			continue
		}
		for j := range c.r.conds {
			c.r.conds[j].part = c.r.conds[j].pos > share && c.r.conds[j].pos < k
		}
		return true
	}
	return false
}

// leftovers names the words that found no place.
func (c *composer) leftovers() {
	r := c.r
	c.idle()
	last := -2 // span named last: words that follow one another are named as one
	for i := range c.spans {
		sp := &c.spans[i]
		if c.used[i] || c.empty(i) || sp.scope {
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

// idle names the operations that changed nothing: half a question answered is
// another question answered.
func (c *composer) idle() {
	r := c.r
	bound := slices.ContainsFunc(r.conds, func(x cond) bool { return x.op != query.Eq && x.op != query.Ne && x.op != query.Null })
	c.uncounted()
	done := map[op]bool{
		opMoreThan: bound || r.frame == frameCompare, opLessThan: bound, opAtLeast: bound, opAtMost: bound, opBetween: bound || r.years.said,
		opNot: slices.ContainsFunc(r.conds, func(x cond) bool {
			return x.op == query.Ne || x.op == query.Null || x.op == query.Le || x.op == query.Ge
		}) || c.corrects(c.ops[opNot]) || r.negated,
		opAvg:    r.agg == query.Avg && r.frame != frameList && r.frame != frameRank && r.frame != frameCount && r.frame != frameShare,
		opMedian: r.agg == query.Median && r.frame != frameList && r.frame != frameRank && r.frame != frameCount && r.frame != frameShare,
		opMost:   r.frame == frameRank || r.growers != 0, opLeast: r.frame == frameRank,
		opFirst: r.frame == frameRank, opLast: r.frame == frameRank,
		opMax: r.frame == frameRank || r.agg == query.Max, opMin: r.frame == frameRank || r.agg == query.Min,
		opShare: r.frame == frameShare || r.percent, opGrowth: r.frame == frameGrowth || r.frame == frameEvolution || r.frame == frameDifference,
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
	if len(r.measures) > 1 && r.frame != frameValue && r.frame != frameList {
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
	if n >= 0 && c.column(n, c.isMeasure) >= 0 {
		return
	}
	c.r.unknown = append(c.r.unknown, c.text(at))
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
	if p < 0 || !(c.spans[p].has(opMost) || c.spans[p].has(opLeast)) || len(c.r.measures) > 0 {
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
	c.r.notes = append(c.r.notes, c.l.Pick("« "+c.text(i)+" » mesuré par « "+c.s.t.Columns[only].Name+" »", "“"+c.text(i)+"” measured by “"+c.s.t.Columns[only].Name+"”"))
	return true
}

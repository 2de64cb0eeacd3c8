package rules

import (
	"cigogne/internal/texts"
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
		case c.s.col(c.s.note(dim).Code) >= 0 && len(r.on(c.s.col(c.s.note(dim).Code))) > 0 && c.s.note(dim).Level != "commune": // "du département 55"
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
	c.dated()
	c.yearlyBound()
	c.middling()
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
	if r.percent {
		r.asksPercent = c.percentWord()
	}
	if i, ok := c.ops[opShare]; ok {
		r.asksShare = c.text(i)
	}
	r.rowsCounted = c.hasOp(opCount) && c.counts() && r.entity
	_, _, twoYears := r.years.both()
	openYears := r.years.from > 0 || r.years.to > 0
	switch {
	case c.standing():
		r.frame = frameStanding
	case c.classes():
		r.frame = frameClasses
	case c.hasOp(opCompare):
		r.frame = frameCompare
	case c.shareOfRows() && c.hasOp(opGrowth), c.meanChange(): // neither is one plan
		r.unknown = append(r.unknown, c.text(c.first(opShare, opAvg)))
	case c.hasOp(opGrowth) && c.hasOp(opShare) && (twoYears || openYears):
		r.frame, r.percent = frameGrowth, true // "de quel pourcentage ont augmenté"
	case c.hasOp(opEvolution) && r.percent && (twoYears || openYears):
		r.frame = frameGrowth
	case c.hasOp(opShare) && (len(r.measures)+len(r.conds) > 0 || r.entity && len(r.group) > 0) && !c.columnNamedBy(opShare), c.represents():
		r.frame = frameShare
		if c.columnShare(); len(r.partOf) == 0 {
			c.splitShare()
		}
	case c.rowsBound():
		r.frame = frameCount
	case c.columnDifference():
		r.frame = frameDifference
	case c.hasOp(opDifference, opMinus) && c.s.differs(r):
		r.frame = frameDifference
	case c.hasOp(opMoreThan) && c.hasOp(opOr) && c.s.differs(r) && len(r.conds) == 1:
		r.frame = frameCompare // "plus d'habitants à Metz ou à Nancy"
	case c.hasOp(opGrowth) && (c.rowsAsked() || c.dimAsked()):
		c.growers()
	case c.hasOp(opGrowth) && (twoYears || openYears || c.rate() && !r.years.said) && !c.hasOp(opEvolution):
		r.frame = frameGrowth
		r.percent = r.percent || c.rate()
	case c.hasOp(opGrowth) && len(r.years.list) == 1 && !c.hasOp(opEvolution) && slices.Contains(c.s.yearsHeld(), r.years.list[0]-1): // "a baissé en 2020": since the year before
		y := r.years.list[0]
		r.frame, r.percent = frameGrowth, r.percent || c.rate()
		r.years.list = []int{y - 1, y}
		r.notes = append(r.notes, texts.Say(c.l, "rules.from_to", "year", y-1, "last", y))
	case c.hasOp(opGrowth) && len(r.years.list) == 1 && !c.hasOp(opEvolution):
		r.unknown = append(r.unknown, c.text(c.ops[opGrowth]))
	case r.perYearMean && (c.s.a.Entity.Label == "" || c.s.Annotation != nil && len(r.group) == 0 && !r.entity && len(r.measures) < 2):
		r.frame = frameValue
	case c.hasOp(opEvolution, opGrowth) && c.s.year >= 0:
		r.frame = frameEvolution
	case c.byAge():
		r.frame = frameRank
		c.ranking()
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
	case c.countedBy():
		r.frame = frameCount
	case c.lists():
		r.frame = frameList
		if label := c.s.col(c.s.a.Entity.Label); c.s.Annotation != nil && !r.entity && len(r.measures) > 0 && len(r.show) > 0 && !slices.Contains(r.show, label) && len(r.on(label)) == 0 {
			r.frame, r.group, r.show = frameValue, r.show, nil // "les départements et leur population"
		}
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

// dimAsked tells whether the question is which values of a column grew or
// shrank, or how many: "quel département", "combien de postes".
func (c *composer) dimAsked() bool {
	r := c.r
	if c.s.Annotation == nil || r.entity || len(r.show) != 1 || len(r.group) > 0 || c.s.year < 0 || c.isYearCol(r.show[0]) {
		return false
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
	for _, x := range r.conds { // "ont perdu plus de 500 habitants"
		if c.s.t.Columns[x.col].Role != dataset.Measure {
			continue
		}
		n, ok := 0.0, false
		if len(x.vals) == 1 {
			n, ok = x.vals[0].(float64)
		}
		if x.op != query.Gt || !ok || x.pos < c.spans[c.ops[opGrowth]].from || r.growBy != 0 {
			r.unknown = append(r.unknown, x.src) // bounds on the figure itself: of which year?
			continue
		}
		r.growBy = n
	}
	if r.growBy > 0 {
		r.conds = slices.DeleteFunc(r.conds, func(x cond) bool { return c.s.t.Columns[x.col].Role == dataset.Measure })
	}
	r.frame = frameGrowth
	if !r.entity {
		r.group, r.show = r.show, nil
	}
	r.percent = r.percent || c.rate()
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
	for n >= 0 && (c.spans[n].has(opDistinct) || c.spans[n].has(opSum) || c.spans[n].has(opAvg) || c.spans[n].has(opMedian)) {
		n = c.near(n, 1)
	}
	if n < 0 {
		return c.r.entity
	}
	sp := &c.spans[n]
	switch {
	case c.peopleCounted(n):
		return false
	case sp.entity:
		return true
	case c.column(n, c.isMeasure) >= 0: // "combien d'habitants": a sum, unless the word is a bound's
		return len(c.r.measures) == 0 || c.bounded(c.column(n, c.isMeasure))
	case len(sp.vals) > 0 && c.s.a.Measure != "" && c.s.a.Entity.Label == "":
		return false // "combien de recettes": accounts have no rows to count
	case c.s.Annotation != nil && c.s.a.Entity.Label == "" && len(sp.cols) == 0:
		return false
	}
	return true
}

// bounded tells whether a condition was put on the column.
func (c *composer) bounded(col int) bool {
	return len(c.r.on(col)) > 0 && !slices.Contains(c.r.measures, col)
}

func (c *composer) lists() bool {
	if c.kinds() {
		c.r.entity = true
	}
	if c.s.a.Entity.Label == "" && c.s.Annotation != nil && len(c.r.show) == 0 {
		return false
	}
	return (c.hasOp(opList, opWhich, opWho, opWhere, opWhen) || len(c.r.measures) == 0) && (c.r.entity || len(c.r.show) > 0) && c.r.agg == "" &&
		(len(c.r.measures) == 0 || c.target >= 0 && len(c.spans[c.target].cols) == 0 || len(c.r.show) > 0 && c.column(c.target, c.isMeasure) < 0)
}

// kinds tells whether rows are asked for by what kind they are: "liste des
// métropoles", "quelles métropoles".
func (c *composer) kinds() bool {
	if c.s.a.Entity.Label == "" || len(c.r.measures) > 0 || len(c.r.show) > 0 || c.r.entity {
		return false
	}
	for _, o := range []op{opList, opWhich} {
		at, ok := c.ops[o]
		if !ok {
			continue
		}
		if n := c.near(at, 1); n >= 0 && slices.ContainsFunc(c.r.conds, func(x cond) bool {
			return x.pos == c.spans[n].from && x.op == query.Eq && c.s.note(x.col).Level == ""
		}) {
			return true
		}
	}
	return false
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
		if !c.spans[i].has(opGoes) || c.represents() && i == c.ops[opGoes] {
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
			if len(x.vals) == 1 && x.said > 1 { // named of the part and of the whole
				hit = true
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
	none := true
	for j := range r.conds {
		x := &r.conds[j]
		d := c.s.t.Columns[x.col].Distinct
		x.part = x.op != query.Eq || d > 4
		none = none && !x.part
	}
	if none && r.entity && c.s.a.Entity.Label != "" && c.s.Annotation != nil { // "part des baignades en lac"
		for j := range r.conds {
			r.conds[j].part = true
		}
	}
}

// represents reads "que représentent les transports dans les dépenses": the part
// and the whole of a share, which nothing else names.
func (c *composer) represents() bool {
	at, ok := c.ops[opGoes]
	if !ok || c.s.Annotation == nil || !strings.HasPrefix(lang.Fold(c.text(at)), "represent") || len(c.r.conds) == 0 {
		return false
	}
	return slices.ContainsFunc(c.spans[at+1:], func(sp span) bool { return c.tokens[sp.from].Fold == "dans" || c.tokens[sp.from].Fold == "in" })
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

package rules

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

func appendOnce(list []int, x int) []int {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// frame settles what kind of thing is asked for.
func (c *composer) frame() {
	c.lastYears()
	c.edge()
	c.dated()
	c.yearlyBound()
	c.middling()
	c.quantifiers()
	c.percentages()
	c.r.rowsCounted = c.hasOp(opCount) && c.counts() && c.r.entity
	c.kind()
	if c.hasOp(opMissing, opFilled) && (c.r.frame == frameCount || c.r.frame == frameList) {
		c.missing()
	}
}

// quantifiers reads the aggregate, and what is said of all that is asked for.
func (c *composer) quantifiers() {
	r := c.r
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
	c.accountFor()
}

// accountFor settles which words of grouping, evolution and negation did something.
func (c *composer) accountFor() {
	r := c.r
	if i, ok := c.ops[opGroup]; ok && len(r.group) == 0 && !c.hasOp(opEvolution) {
		c.used[i] = c.groupAccounted(i)
	}
	if c.hasOp(opEvolution) && c.s.year < 0 {
		c.used[c.ops[opEvolution]] = false
	}
	if c.hasOp(opNot) && r.entity && len(r.measures) == 1 {
		c.none()
	}
}

// percentages notes how a percentage or a share is asked for, to name it where
// nothing comes of it.
func (c *composer) percentages() {
	if c.r.percent {
		c.r.asksPercent = c.percentWord()
	}
	if i, ok := c.ops[opShare]; ok {
		c.r.asksShare = c.text(i)
	}
}

// kind settles the frame: the first kind of question that this one is. Those that
// need the most words come first.
func (c *composer) kind() {
	for _, is := range []func() bool{
		c.besideOthers, c.changeAYear, c.noOnePlan, c.changeInPercent, c.partOfWhole, c.boundOnRows, c.oneLessAnother,
		c.changeOfRows, c.change, c.overYears, c.most, c.numbered, c.listed,
	} {
		if is() {
			return
		}
	}
	c.r.frame = frameValue
	c.unnamedOne()
	c.columnsBeside()
	c.spread()
}

// as settles the frame where the question is one of the kind.
func (c *composer) as(f frame, is bool) bool {
	if is {
		c.r.frame = f
	}
	return is
}

func (c *composer) besideOthers() bool {
	return c.as(frameStanding, c.standing()) || c.as(frameClasses, c.classes()) || c.as(frameCompare, c.hasOp(opCompare))
}

// noOnePlan names what takes more than one plan: the growth of a share, the mean of
// changes.
func (c *composer) noOnePlan() bool {
	if !(c.shareOfRows() && c.hasOp(opGrowth)) && !c.meanChange() {
		return false
	}
	c.r.unknown = append(c.r.unknown, c.text(c.first(opShare, opAvg)))
	return true
}

// span tells whether the question names two years, or one that time runs from or to.
func (y years) span() bool {
	_, _, two := y.both()
	return two || y.from > 0 || y.to > 0
}

// changeInPercent reads "de quel pourcentage ont augmenté", "évolution en %".
func (c *composer) changeInPercent() bool {
	r := c.r
	if !r.years.span() {
		return false
	}
	if c.hasOp(opGrowth) && c.hasOp(opShare) {
		r.percent = true
		return c.as(frameGrowth, true)
	}
	return c.as(frameGrowth, c.hasOp(opEvolution) && r.percent)
}

// changeAYear reads "taux de croissance annuel moyen", "de combien par an grandit":
// the change between two years, spread over those that lie between.
func (c *composer) changeAYear() bool {
	r := c.r
	grows := c.hasOp(opGrowth) && (c.yearly() || c.eachYear())
	if !grows && !c.meanChange() || c.s.Annotation == nil || c.s.year < 0 || r.entity || len(r.group) > 0 || len(r.show) > 0 || len(r.years.list) == 1 || c.shareOfRows() {
		return false
	}
	r.percent = r.percent || c.rate() || c.nounOfChange()
	r.aYear, r.agg, r.perYearMean = true, "", false
	for i := range c.spans {
		if c.spans[i].has(opEvolution) || c.spans[i].has(opAvg) {
			c.used[i] = true
		}
	}
	return c.as(frameGrowth, true)
}

// eachYear tells whether a change is asked a year: "de combien par an".
func (c *composer) eachYear() bool {
	text := " " + lang.Fold(c.q) + " "
	much := c.hasOp(opAvg) || strings.Contains(text, " combien ") || strings.Contains(text, " how ")
	return much && slices.ContainsFunc([]string{" par an ", " chaque annee ", " par annee ", " per year ", " a year ", " each year ", " every year "}, func(w string) bool { return strings.Contains(text, w) })
}

// nounOfChange tells whether the change is named by a noun that is a rate of itself:
// "croissance annuelle moyenne", where "de combien augmente" asks for an amount.
func (c *composer) nounOfChange() bool {
	return slices.ContainsFunc(c.tokens, func(t token) bool {
		return strings.HasPrefix(t.Fold, "croissance") || strings.HasPrefix(t.Fold, "evolution") || t.Fold == "growth" || t.Fold == "progression" || t.Fold == "trend"
	})
}

func (c *composer) partOfWhole() bool {
	r := c.r
	something := len(r.measures)+len(r.conds) > 0 || r.entity && len(r.group) > 0
	if !(c.hasOp(opShare) && something && !c.columnNamedBy(opShare)) && !c.represents() {
		return false
	}
	r.frame = frameShare
	if c.columnShare(); len(r.partOf) == 0 {
		c.splitShare()
	}
	return true
}

func (c *composer) boundOnRows() bool { return c.as(frameCount, c.rowsBound()) }

// oneLessAnother reads differences, and "plus d'habitants à Metz ou à Nancy".
func (c *composer) oneLessAnother() bool {
	return c.as(frameDifference, c.columnDifference()) ||
		c.as(frameDifference, c.hasOp(opDifference, opMinus) && c.s.differs(c.r)) ||
		c.as(frameCompare, c.hasOp(opMoreThan) && c.hasOp(opOr) && c.s.differs(c.r) && len(c.r.conds) == 1)
}

func (c *composer) changeOfRows() bool {
	if !c.hasOp(opGrowth) || !c.rowsAsked() && !c.dimAsked() && !c.itemsAsked() && !c.whoAsked() {
		return false
	}
	if c.whoAsked() {
		c.r.entity, c.r.who = true, true
	}
	c.growers()
	return true
}

// change reads a change between two years, or since the year before the one named:
// "a baissé en 2020".
func (c *composer) change() bool {
	r := c.r
	if !c.hasOp(opGrowth) || c.hasOp(opEvolution) {
		return false
	}
	switch {
	case r.years.span() || c.rate() && !r.years.said:
		r.frame = frameGrowth
		r.percent = r.percent || c.rate()
	case len(r.years.list) != 1:
		return false
	case slices.Contains(c.s.yearsHeld(), r.years.list[0]-1):
		y := r.years.list[0]
		r.frame, r.percent = frameGrowth, r.percent || c.rate()
		r.years.list = []int{y - 1, y}
		r.notes = append(r.notes, texts.Say(c.l, "rules.from_to", "year", y-1, "last", y))
	default:
		r.unknown = append(r.unknown, c.text(c.ops[opGrowth]))
	}
	return true
}

func (c *composer) overYears() bool {
	r := c.r
	pieces := c.s.a.Entity.Label == "" || c.s.Annotation != nil && len(r.group) == 0 && !r.entity && len(r.measures) < 2
	if c.as(frameValue, r.perYearMean && pieces) {
		return true
	}
	if !c.hasOp(opEvolution, opGrowth) || c.s.year < 0 {
		return false
	}
	c.eachOf()
	return c.as(frameEvolution, true)
}

// eachOf groups what is asked over the years by the kind of territory that is named in
// the plural: "évolution de la population des départements".
func (c *composer) eachOf() {
	r := c.r
	for i := range c.spans {
		col := c.column(i, func(k int) bool { return slices.Contains(r.show, k) && c.s.note(k).Level != "" && len(r.on(k)) == 0 })
		if col >= 0 && strings.HasSuffix(c.tokens[c.spans[i].to-1].Fold, "s") {
			c.group(col)
			r.show = slices.DeleteFunc(r.show, func(k int) bool { return k == col })
		}
	}
}

// most reads rankings, and the highest or lowest figure.
func (c *composer) most() bool {
	r := c.r
	if c.byAge() || c.ranks() {
		age := r.ages != 0
		r.frame = frameRank
		if c.ranking(); !age {
			c.claimed()
			c.sizeOfTerritory()
		}
		return true
	}
	if !c.hasOp(opMax, opMin) || len(r.measures) == 0 {
		return false
	}
	r.agg = query.Max
	if c.hasOp(opMin) {
		r.agg = query.Min
	}
	return true
}

func (c *composer) numbered() bool {
	if !c.as(frameCount, c.counts() || c.countedBy()) {
		return false
	}
	c.oneCounted()
	c.unnamedOne()
	return true
}

// oneCounted names what is counted where it is one place by its name alone: there is
// one Metzing, which nobody asks.
func (c *composer) oneCounted() {
	r := c.r
	label := c.s.col(c.s.a.Entity.Label)
	strange := slices.ContainsFunc(c.spans, func(sp span) bool { return sp.unknown }) // which is why
	if strange || r.entity || label < 0 || c.s.note(label).Level == "" || len(r.show)+len(r.measures)+len(r.group) > 0 || len(r.conds) != 1 {
		return
	}
	if x := r.conds[0]; x.col == label && x.op == query.Eq && len(x.vals) == 1 {
		r.unknown = append(r.unknown, x.src)
	}
}

func (c *composer) listed() bool {
	r := c.r
	label := c.s.col(c.s.a.Entity.Label)
	if !c.lists() || c.listsItself(label) {
		return false
	}
	r.frame = frameList
	c.columnOfAnother()
	if c.s.Annotation != nil && !r.entity && len(r.measures) > 0 && len(r.show) > 0 && !slices.Contains(r.show, label) && len(r.on(label)) == 0 {
		r.frame, r.group, r.show = frameValue, r.show, nil // "les départements et leur population"
	}
	return true
}

// listsItself tells whether nothing would be listed but the name that was given:
// "quel est Colmar", over stations.
func (c *composer) listsItself(label int) bool {
	r := c.r
	return c.s.Annotation != nil && label >= 0 && c.target < 0 && len(r.measures)+len(r.group) == 0 && !slices.ContainsFunc(r.show, func(k int) bool { return k != label }) &&
		slices.ContainsFunc(r.on(label), func(x cond) bool { return x.op == query.Eq })
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

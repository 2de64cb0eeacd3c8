package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// ranks tells whether the most or the least of something is asked.
func (c *composer) ranks() bool {
	if c.hasOp(opMost, opLeast, opFirst, opLast) {
		return true
	}
	if i := c.nth(); i >= 0 && c.s.Annotation != nil && c.r.entity && c.target == c.near(i, 1) && c.s.a.Entity.Label != "" && c.s.a.Measure != "" {
		c.ops[opMost] = i
		c.r.notes = append(c.r.notes, texts.Say(c.l, "rules.ranked_by", "label", c.s.note(c.s.col(c.s.a.Measure)).Label.In(c.l)))
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
		if prev := c.near(i, -1); prev >= 0 && c.spans[prev].to == sp.from && c.column(prev, c.isYearCol) >= 0 || c.tokens[sp.to-1].Fold == "last" { // "l'année dernière", "last year": told from today
			c.r.unknown = append(c.r.unknown, c.text(i))
			continue
		}
		c.edgeYear(i, held)
	}
}

// edgeYear takes first or last as a year held, where the year or what changes with
// it follows: "la dernière population connue".
func (c *composer) edgeYear(i int, held []int) {
	sp, next := &c.spans[i], c.near(i, 1)
	if next < 0 || c.spans[next].from-sp.to > 1 || c.r.limit > 0 {
		return
	}
	year := c.column(next, c.isYearCol) >= 0 && c.spans[next].from == sp.to
	if !year && !(sp.has(opLast) && c.figured(next)) {
		return
	}
	y := held[0]
	if sp.has(opLast) {
		y = held[len(held)-1]
	}
	c.r.years = years{list: []int{y}, said: true}
	c.r.notes = append(c.r.notes, texts.Say(c.l, "rules.stands_for", "words", strings.TrimSpace(c.q[c.tokens[sp.from].Start:c.tokens[c.spans[next].to-1].End]), "year", y))
	delete(c.ops, opFirst)
	delete(c.ops, opLast)
	sp.ops = nil
	c.used[i] = true
	if year {
		c.used[next] = true
		c.r.show = slices.DeleteFunc(c.r.show, c.isYearCol)
		c.r.group = slices.DeleteFunc(c.r.group, c.isYearCol)
	}
}

// figured tells whether a span names the table's measure or a cell.
func (c *composer) figured(i int) bool {
	return c.s.a.Measure != "" && c.column(i, c.isMeasure) == c.s.col(c.s.a.Measure) || len(c.spans[i].vals) > 0
}

// ranking finds what is ranked, by what, and how many are wanted.
func (c *composer) ranking() {
	r := c.r
	c.itemRanked()
	r.desc = c.hasOp(opMost, opMax, opLast)
	if c.hasOp(opLeast, opMin) && !c.hasOp(opMax) {
		r.desc = false
	}
	said := r.limit > 0 || c.whole()
	if !said {
		r.limit = 1
		if c.plural() {
			r.limit = several
			r.notes = append(r.notes, texts.Say(c.l, "rules.the_first_the_question_does_not", "count", several))
		}
	}
	if n, ok := c.ordinal(); ok && r.limit == 1 {
		r.offset = n - 1
	}
	ends := c.hasOp(opFirst, opLast) && !c.hasOp(opMost, opLeast, opMax, opMin)
	if ends {
		c.rankEnds(said)
	}
	if len(r.measures) > 0 {
		r.rankBy = r.measures[0]
		r.fileOrder = false
		if c.s.Annotation != nil && ends { // "le premier poste de dépenses" is the largest
			r.desc = c.hasOp(opFirst)
		} else if c.hasOp(opFirst) && r.limit > 1 { // "les 3 premières communes par population"
			r.desc = true
		}
	}
}

// itemRanked reads "la première recette de la Région", "nos plus grosses dépenses": the
// items of the accounts are ranked, by the column that the annotation names.
func (c *composer) itemRanked() {
	r, items := c.r, c.s.col(c.s.a.Items)
	if c.s.Annotation == nil || c.s.a.Entity.Label != "" || items < 0 || r.subjectRows() || len(r.on(items)) > 0 {
		return
	}
	i := c.first(opMost, opLeast, opFirst)
	n := c.near(i, 1)
	if f := c.tokens[c.spans[i].to-1].Fold; c.spans[i].has(opFirst) && f != "premier" && f != "premiere" && f != "first" && r.limit == 0 {
		return // "premières dépenses": how many, and by what?
	}
	if n < 0 || c.spans[n].from != c.spans[i].to || !slices.ContainsFunc(r.conds, func(x cond) bool {
		return x.pos == c.spans[n].from && slices.ContainsFunc(c.s.a.Defaults, func(d dataset.Default) bool { return d.Either && c.s.col(d.Column) == x.col })
	}) {
		return
	}
	r.show = []int{items}
	r.notes = append(r.notes, texts.Say(c.l, "rules.by_item", "label", c.s.note(items).Label.In(c.l)))
}

// rankEnds takes first and last as those of the file, over accounts as the largest
// and the smallest ("les cinq premiers postes"); said is whether it is how many.
func (c *composer) rankEnds(said bool) {
	r := c.r
	r.fileOrder = true
	r.desc = c.hasOp(opLast)
	if c.s.Annotation == nil {
		return
	}
	if !r.subjectRows() && !said { // first of what?
		for _, o := range []op{opFirst, opLast} {
			if i, ok := c.ops[o]; ok {
				r.unknown = append(r.unknown, c.text(i))
			}
		}
	}
	if c.s.a.Entity.Label == "" && len(r.show) > 0 {
		r.fileOrder, r.desc = false, c.hasOp(opFirst)
	}
}

// sizeOfTerritory says by what a territory that holds others is the largest, where
// the question does not: a department is large by its people or by its area.
func (c *composer) sizeOfTerritory() {
	r := c.r
	i := c.first(opMost, opLeast)
	if c.s.Annotation == nil || len(r.measures) > 0 || len(r.show) != 1 || wider[c.s.note(r.show[0]).Level] <= wider["commune"] || !sizeWord(c.tokens[c.spans[i].to-1].Fold) || c.s.a.Measure == "" {
		return
	}
	r.notes = append(r.notes, texts.Say(c.l, "rules.largest_by_not_by_area", "words", c.text(i), "label", c.s.note(c.s.col(c.s.a.Measure)).Label.In(c.l)))
	if !r.entity {
		r.measures = []int{c.s.col(c.s.a.Measure)}
		r.rankBy = r.measures[0]
	}
}

// sizeWord tells whether a folded word is of size.
func sizeWord(w string) bool {
	return slices.Contains([]string{"grand", "grande", "grands", "grandes", "petit", "petite", "petits", "petites", "largest", "biggest", "smallest"}, w)
}

// claimed reads "Metz est-elle la plus grande ville du Grand Est ?": the one named
// is not what the ranking is of; the answer says whether it comes first.
func (c *composer) claimed() {
	r := c.r
	if c.s.Annotation == nil || r.limit != 1 || c.hasOp(opWhich, opWho, opWhen, opWhere, opHowMuch, opCount, opList, opOr) || !frenchYesNo.MatchString(c.q) && !englishYesNo.MatchString(c.q) && !claims.MatchString(c.q) {
		return
	}
	ranked := []int{c.s.col(c.s.a.Entity.Label)}
	if col := c.kindRanked(); col >= 0 {
		r.show, r.entity = []int{col}, false
	}
	if len(r.show) > 0 {
		ranked = r.show[:1]
	} else if len(r.group) > 0 {
		ranked = r.group[:1]
	}
	if c.s.a.Entity.Label == "" { // "la culture est-elle le premier poste de dépenses ?": of what it is one of
		for _, x := range r.conds {
			if c.s.preferred(x.col) && x.op == query.Eq {
				ranked, r.show, r.group = []int{x.col}, []int{x.col}, nil
				break
			}
		}
	}
	for i, x := range r.conds {
		if !slices.Contains(ranked, x.col) || x.op != query.Eq {
			continue
		}
		if len(x.vals) != 1 || r.claim != "" {
			if c.s.a.Entity.Label == "" {
				r.unknown = append(r.unknown, x.src) // of which of them?
			}
			continue // "Metz est-elle plus grande que Nancy ?" ranks the two
		}
		r.claim = fmt.Sprint(x.vals[0])
		r.conds = slices.Delete(slices.Clone(r.conds), i, i+1)
		break
	}
}

// kindRanked is the column of territories whose name stands beside "le plus": "le
// département le plus peuplé"; -1 where rows are ranked.
func (c *composer) kindRanked() int {
	for i := range c.spans {
		col := c.column(i, func(k int) bool {
			return c.s.note(k).Level != "" && k != c.s.col(c.s.a.Entity.Label)
		})
		if col < 0 || c.spans[i].entity {
			continue
		}
		for _, j := range []int{c.near(i, 1), c.near(i, -1)} {
			if j >= 0 && (c.spans[j].has(opMost) || c.spans[j].has(opLeast)) && (c.spans[j].from == c.spans[i].to || c.spans[i].from == c.spans[j].to) {
				return col
			}
		}
	}
	return -1
}

// claims is a statement that something comes first, put as a question.
var claims = regexp.MustCompile(`(?i)\b(?:est|sont|is|are)\s+(?:bien\s+)?(?:le|la|les|the)\s+(?:plus|moins|most|least|largest|biggest|smallest)\b.*\?\s*$`)

// lastYears reads "sur 5 ans", "ces 3 dernières années", "over the last 5 years":
// the latest so many years held.
func (c *composer) lastYears() {
	held := c.s.yearsHeld()
	if c.s.Annotation == nil || len(held) == 0 || c.r.years.said {
		return
	}
	m := overYears.FindStringSubmatch(lang.Fold(c.q))
	if m == nil {
		return
	}
	n, _ := strconv.Atoi(m[1]) // digits, or 0
	if n == 0 {
		v, _ := lang.NumberWord(m[1])
		n = int(v)
	}
	if n < 2 {
		return
	}
	last := held[len(held)-1]
	from := max(held[0], last-n+1)
	c.r.years = years{from: from, to: last, said: true}
	c.r.notes = append(c.r.notes, texts.Say(c.l, "rules.the_last_years", "n", n, "first", from, "last", last))
	for i := range c.spans {
		f := c.tokens[c.spans[i].from].Fold
		if f == m[1] || slices.Contains([]string{"derniers", "dernieres", "ans", "annees", "last", "years", "past", "sur", "over"}, f) {
			c.used[i], c.spans[i].ops, c.spans[i].unknown = true, nil, false
		}
	}
	delete(c.ops, opLast)
	c.r.show = slices.DeleteFunc(c.r.show, c.isYearCol)
	c.r.group = slices.DeleteFunc(c.r.group, c.isYearCol)
}

var overYears = regexp.MustCompile(`\b(?:sur|ces|les|depuis|over|in|during|the last|the past)(?: les| the)?(?: last| past)? (\d{1,2}|deux|trois|quatre|cinq|six|sept|huit|dix|two|three|four|five|seven|eight|ten) (?:ans|dernieres annees|derniers exercices|years|annees)\b`)

// subjectRows tells whether rows, or the values of a column, are what is ranked.
func (r *reading) subjectRows() bool { return r.entity || len(r.show) > 0 || len(r.group) > 0 }

// whole tells whether all of a ranking is asked for: "classement des départements".
func (c *composer) whole() bool {
	i, ok := c.ops[opMost]
	if !ok || c.s.Annotation == nil {
		return false
	}
	switch c.tokens[c.spans[i].from].Fold {
	case "classement", "ranking", "palmares":
		return !slices.ContainsFunc(c.spans[i+1:], func(sp span) bool { return sp.has(opMost) || sp.has(opLeast) })
	}
	return false
}

// several is how many "les plus grandes communes" are.
const several = 5

// plural tells whether the most of something is asked in the plural: "les plus
// gros postes", "the largest items".
func (c *composer) plural() bool {
	if c.s.Annotation != nil && slices.ContainsFunc(c.tokens, func(t token) bool {
		return t.Fold == "quel" || t.Fold == "quelle" || t.Fold == "laquelle" || t.Fold == "lequel"
	}) {
		return false // "quelle année … les plus élevées"
	}
	for i := range c.spans {
		sp := &c.spans[i]
		if (sp.has(opMost) || sp.has(opLeast)) && strings.HasPrefix(lang.Fold(c.text(i)), "les ") {
			return true
		}
		switch c.tokens[sp.from].Fold {
		case "quels", "quelles", "principaux", "principales":
			return true
		case "what":
			if sp.to > sp.from+1 && c.tokens[sp.from+1].Fold == "are" {
				return true
			}
		}
	}
	return false
}

// nth is the span of an ordinal from the second on, or -1.
func (c *composer) nth() int {
	return slices.IndexFunc(c.spans, func(sp span) bool { return sp.to == sp.from+1 && ordinals[c.tokens[sp.from].Fold] > 1 })
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

package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strings"

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

// settle notes the operations, the words that settle the matter at once, and
// drops the senses that the surroundings rule out.
func (c *composer) settle() {
	r := c.r
	for i := range c.spans {
		sp := &c.spans[i]
		if sp.absent > 0 && len(sp.cols) > 0 && !c.s.calledSo(sp.cols, lang.Fold(c.text(i))) { // "pays" is not "payer"
			sp.cols = nil
		}
		if sp.absent > 0 && len(sp.vals) == 0 && len(sp.cols) == 0 {
			r.refused = c.s.a.Absent[sp.absent-1].Says.In(c.l)
			c.used[i] = true
		}
		if a := sp.ask; a > 0 && c.s.a.Ambiguous[a-1].Lapses && c.quantity(i) {
			c.used[i] = true
		} else if a > 0 && r.ask == "" {
			a := c.s.a.Ambiguous[sp.ask-1]
			r.ask = a.Ask.In(c.l)
			for _, choice := range a.Choices {
				r.choices = append(r.choices, choice.In(c.l))
			}
		}
		if c.tokens[sp.from].Fold == "des" && sp.to == sp.from+1 && !strings.EqualFold(c.tokens[sp.from].Text, "dès") {
			sp.ops = nil
		}
		if sp.scope { // the whole of the table, unless the annotation says otherwise
			if !c.columnNamedBefore(i, sp.vals) {
				kept := slices.DeleteFunc(slices.Clone(sp.vals), func(id int) bool { return !c.s.vals[id].named })
				if len(kept) == 0 && len(sp.vals) > 0 && c.s.a.Entity.Label == "" {
					v := c.s.vals[sp.vals[0]]
					label := c.s.note(v.col).Label.In(c.l)
					r.notes = append(r.notes, texts.Say(c.l, "rules.the_whole_authority_not_the_of", "words", c.text(i), "label", label, "label2", label, "value", v.texts[0]))
				}
				sp.vals = kept
			} else {
				sp.scope = false
			}
			sp.partial, sp.fuzzy = nil, nil
		}
		if sp.lacks > 0 && !slices.ContainsFunc(sp.vals, func(id int) bool { return c.s.vals[id].named }) {
			r.refused = c.lacking(sp.lacks - 1)
			c.used[i] = true
		}
		if sp.entity { // "villes" are towns before they are Villé, "baignades" before the one that is called BAIGNADE
			small := c.text(i) == strings.ToLower(c.text(i))
			sp.vals = slices.DeleteFunc(sp.vals, func(id int) bool { return small || !strings.EqualFold(c.s.vals[id].texts[0], c.text(i)) })
		}
		if sp.num && len(sp.vals) > 0 && !c.codeSaid(i) {
			sp.vals = nil
		}
		c.notThePlace(i)
		if len(sp.ops) > 0 && sp.to == sp.from+1 && c.text(i) == strings.ToLower(c.text(i)) { // "moyen" is a mean, Moyen a commune
			sp.vals = slices.DeleteFunc(slices.Clone(sp.vals), func(id int) bool { return c.s.note(c.s.vals[id].col).Level != "" && !c.s.vals[id].named })
		}
		if c.s.Annotation != nil && sp.from > 0 && sp.to == sp.from+1 && c.text(i) == strings.ToLower(c.text(i)) && slices.Contains([]string{"plus", "moins"}, c.tokens[sp.from-1].Fold) { // "le plus grand" is not Grand
			was := len(sp.vals)
			sp.vals = slices.DeleteFunc(slices.Clone(sp.vals), func(id int) bool { return c.s.note(c.s.vals[id].col).Level == "commune" })
			sp.unknown = sp.unknown || was > 0 && len(sp.vals)+len(sp.ops)+len(sp.cols) == 0
		}
		for _, d := range sp.lifts {
			r.lifted = append(r.lifted, d)
			c.used[i] = true
		}
		named := len(sp.vals) > 0 || sp.entity || bestName(sp.cols) >= 0.9
		if named && len(sp.ops) > 0 && !slices.Contains(sp.ops, opGroup) {
			if len(sp.vals) > 0 || sp.entity {
				sp.ops = nil
			}
		}
		if len(sp.ops) > 0 && len(sp.cols) > 0 && bestName(sp.cols) < 0.9 {
			sp.cols = nil // a common word of the language before a piece of a header
		}
		for _, o := range sp.ops {
			if _, seen := c.ops[o]; !seen {
				c.ops[o] = i
			}
			c.used[i] = true
		}
		if sp.scope && len(sp.vals) == 0 && len(sp.cols) == 0 && !sp.entity {
			c.used[i] = true
			r.scoped = true
		}
	}
	if strings.Contains(c.q, "%") {
		r.percent = true
	}
	c.money()
	c.calendar()
	// "où" is a place, "ou" a choice.
	if i, ok := c.ops[opOr]; ok && strings.ContainsRune(c.tokens[c.spans[i].from].Text, 'ù') {
		delete(c.ops, opOr)
		c.ops[opWhere] = i
	}
}

// quantity tells whether a measure is named by another span than the i-th.
func (c *composer) quantity(i int) bool {
	for k := range c.spans {
		if k != i && c.column(k, c.isMeasure) >= 0 && bestName(c.spans[k].cols) >= 0.9 {
			return true
		}
	}
	return false
}

// columnNamedBefore tells whether the column of one of the cells is named right
// before them: "fonction Conseil Régional".
func (c *composer) columnNamedBefore(i int, ids []int) bool {
	p := c.near(i, -1)
	return p >= 0 && slices.ContainsFunc(ids, func(id int) bool {
		return slices.ContainsFunc(c.spans[p].cols, func(ref nameRef) bool { return ref.col == c.s.vals[id].col && ref.strength >= 0.9 })
	})
}

// money reads "combien d'argent", "combien de millions d'euros" as an amount.
func (c *composer) money() {
	at, ok := c.ops[opCount]
	if !ok || c.s.Annotation == nil || c.s.a.Measure == "" || at+1 >= len(c.spans) {
		return
	}
	if c.s.note(c.s.col(c.s.a.Measure)).Unit != "EUR" {
		return
	}
	for i := at + 1; i < len(c.spans) && i <= at+4; i++ {
		switch f := c.tokens[c.spans[i].from].Fold; {
		case f == "argent" || f == "euro" || f == "euros" || f == "money":
			delete(c.ops, opCount)
			c.spans[at].ops = []op{opHowMuch}
			c.ops[opHowMuch] = at
			for j := at; j <= i; j++ {
				c.used[j] = true
			}
			return
		case multipliers[f] == 0 && !c.tokens[c.spans[i].from].stop:
			return
		}
	}
}

// months and other parts of a year, folded.
var parts = wordSet(`janvier fevrier avril juin juillet aout septembre octobre novembre decembre mensuel mensuelle mensuels mensuelles trimestre trimestres trimestriel trimestrielle semestre semestres semestriel semestrielle
	january february april june july august september october november december month months monthly quarter quarterly semester mois`)

// calendar declines parts of a year over a table that knows years alone: the
// year's figure is not the month's.
func (c *composer) calendar() {
	if c.s.Annotation == nil || c.s.year < 0 || c.timeColumn() >= 0 || c.r.refused != "" {
		return
	}
	for i := range c.spans {
		sp := &c.spans[i]
		t := c.tokens[sp.from]
		after := sp.to < len(c.tokens) && (c.tokens[sp.to].isYear || c.tokens[sp.to].isNum)
		before := sp.from > 0 && (slices.Contains([]string{"en", "in", "de", "d", "depuis", "since", "fin", "debut", "mi"}, c.tokens[sp.from-1].Fold) || c.tokens[sp.from-1].isNum)
		part := parts[t.Fold] || (t.Fold == "mars" || t.Fold == "mai" || t.Fold == "may" || t.Fold == "march") && (after || before && len(sp.vals) == 0)
		if !part || sp.to != sp.from+1 {
			continue
		}
		c.r.refused = texts.Say(c.l, "rules.is_held_by_year_i_have", "table", c.s.Name(c.l), "words", t.Text)
		c.used[i], c.r.partOfYear = true, true
		return
	}
}

// calledSo tells whether one of the columns is called by exactly that text.
func (s *schema) calledSo(refs []nameRef, folded string) bool {
	return slices.ContainsFunc(refs, func(r nameRef) bool {
		note := s.note(r.col)
		return slices.ContainsFunc(append(note.Words.All(), note.Label.FR, note.Label.EN), func(w string) bool { return lang.Fold(w) == folded })
	})
}

// lacking says that a word is known, and that this table does not hold it.
func (c *composer) lacking(i int) string {
	syn := c.s.a.Synonyms[i]
	if c.s.col(syn.Column) < 0 {
		label := syn.Column
		for _, n := range c.s.a.Column {
			if strings.EqualFold(n.Name, syn.Column) {
				label = n.Label.In(c.l)
			}
		}
		return texts.Say(c.l, "rules.it_takes_the_column_to_answer", "label", label, "table", c.s.Name(c.l))
	}
	return texts.Say(c.l, "rules.does_not_hold", "table", c.s.Name(c.l), "values", quoted(syn.Values, c.l))
}

// codeSaid tells whether a number is said as a code: "le 54", "département 67".
func (c *composer) codeSaid(i int) bool {
	from := c.spans[i].from
	if from == 0 {
		return false
	}
	if next := c.near(i, 1); next >= 0 && c.spans[next].from == c.spans[i].to && (c.spans[next].entity || len(c.spans[next].ops) > 0 && !c.lone(next)) {
		return false
	}
	if w := c.tokens[from].Fold; len(w) >= 5 && slices.ContainsFunc(c.spans[i].vals, func(id int) bool { return c.s.vals[id].named }) { // a postcode, which the annotation knows
		return true
	}
	switch c.tokens[from-1].Fold {
	case "le", "du", "departement", "dept", "dpt", "dep", "code", "insee", "department", "siren", "epci":
		return true
	}
	return false
}

// lone tells whether a span is the one word "en", which stands before a year, a
// place or a unit far more often than it asks for percentages.
func (c *composer) lone(i int) bool {
	return c.spans[i].to == c.spans[i].from+1 && c.tokens[c.spans[i].from].Fold == "en"
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

package rules

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// settle notes the operations, the words that settle the matter at once, and
// drops the senses that the surroundings rule out.
func (c *composer) settle() {
	for i := range c.spans {
		c.absent(i)
		c.ambiguous(i)
		c.scope(i)
		c.lacked(i)
		c.senses(i)
		c.operations(i)
	}
	if strings.Contains(c.q, "%") {
		c.r.percent = true
	}
	c.money()
	c.calendar()
	// "où" is a place, "ou" a choice.
	if i, ok := c.ops[opOr]; ok && strings.ContainsRune(c.tokens[c.spans[i].from].Text, 'ù') {
		delete(c.ops, opOr)
		c.ops[opWhere] = i
	}
}

// absent refuses what the annotation says is not there.
func (c *composer) absent(i int) {
	sp := &c.spans[i]
	if sp.absent == 0 {
		return
	}
	if len(sp.cols) > 0 && !c.s.calledSo(sp.cols, lang.Fold(c.text(i))) { // "pays" is not "payer"
		sp.cols = nil
	}
	if len(sp.vals) == 0 && len(sp.cols) == 0 {
		c.r.refused = c.s.a.Absent[sp.absent-1].Says.In(c.l)
		c.used[i] = true
	}
}

// ambiguous asks what the annotation says may be meant by a word.
func (c *composer) ambiguous(i int) {
	if c.spans[i].ask == 0 {
		return
	}
	a := c.s.a.Ambiguous[c.spans[i].ask-1]
	if a.Lapses && c.quantity(i) {
		c.used[i] = true
		return
	}
	if c.r.ask != "" {
		return
	}
	c.r.ask = a.Ask.In(c.l)
	for _, choice := range a.Choices {
		c.r.choices = append(c.r.choices, choice.In(c.l))
	}
}

// scope takes a word for the whole table as nothing else, unless the annotation
// says otherwise or the column of a cell so called is named before it.
func (c *composer) scope(i int) {
	sp := &c.spans[i]
	if c.tokens[sp.from].Fold == "des" && sp.to == sp.from+1 && !strings.EqualFold(c.tokens[sp.from].Text, "dès") {
		sp.ops = nil
	}
	if !sp.scope {
		return
	}
	sp.partial, sp.fuzzy = nil, nil
	if c.columnNamedBefore(i, sp.vals) {
		sp.scope = false
		return
	}
	kept := slices.DeleteFunc(slices.Clone(sp.vals), func(id int) bool { return !c.s.val(id).named })
	if len(kept) == 0 && len(sp.vals) > 0 && c.s.a.Entity.Label == "" {
		v := c.s.val(sp.vals[0])
		label := c.s.note(v.col).Label.In(c.l)
		c.r.notes = append(c.r.notes, texts.Say(c.l, "rules.the_whole_authority_not_the_of", "words", c.text(i), "label", label, "label2", label, "value", v.texts[0]))
	}
	sp.vals = kept
}

// lacked refuses what the table is known to lack.
func (c *composer) lacked(i int) {
	sp := &c.spans[i]
	if sp.lacks > 0 && !slices.ContainsFunc(sp.vals, func(id int) bool { return c.s.val(id).named }) {
		c.r.refused = c.lacking(sp.lacks - 1)
		c.used[i] = true
	}
}

// senses drops the cells that a word does not mean where it stands.
func (c *composer) senses(i int) {
	sp := &c.spans[i]
	small := c.text(i) == strings.ToLower(c.text(i))
	if sp.entity { // "villes" are towns before they are Villé, "baignades" before the one that is called BAIGNADE
		sp.vals = slices.DeleteFunc(sp.vals, func(id int) bool { return small || !strings.EqualFold(c.s.val(id).texts[0], c.text(i)) })
	}
	if sp.num && len(sp.vals) > 0 && !c.codeSaid(i) {
		sp.vals = nil
	}
	c.notThePlace(i)
	small = c.text(i) == strings.ToLower(c.text(i)) && sp.to == sp.from+1
	if small && len(sp.ops) > 0 { // "moyen" is a mean, Moyen a commune
		sp.vals = slices.DeleteFunc(slices.Clone(sp.vals), func(id int) bool { return c.s.note(c.s.val(id).col).Level != "" && !c.s.val(id).named })
	}
	if small && c.s.Annotation != nil && c.compared(i) { // "le plus grand" is not Grand
		was := len(sp.vals)
		sp.vals = slices.DeleteFunc(slices.Clone(sp.vals), func(id int) bool { return c.s.note(c.s.val(id).col).Level == "commune" })
		sp.unknown = sp.unknown || was > 0 && len(sp.vals)+len(sp.ops)+len(sp.cols) == 0
	}
}

// compared tells whether a span stands right after "plus" or "moins".
func (c *composer) compared(i int) bool {
	from := c.spans[i].from
	return from > 0 && slices.Contains([]string{"plus", "moins"}, c.tokens[from-1].Fold)
}

// operations notes what a span asks to do, and that it is of the whole table.
func (c *composer) operations(i int) {
	sp := &c.spans[i]
	for _, d := range sp.lifts {
		c.r.lifted = append(c.r.lifted, d)
		c.used[i] = true
	}
	if (len(sp.vals) > 0 || sp.entity) && !slices.Contains(sp.ops, opGroup) {
		sp.ops = nil
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
		c.r.placed = (c.r.placed || !c.r.scoped) && c.territory(i)
		c.r.scoped = true
	}
}

// territory tells whether a span names the table by words of its territory alone:
// "le Grand Est", "la région", and not "budget".
func (c *composer) territory(i int) bool {
	name := strings.Fields(lang.Fold(c.s.a.Scope.Name.FR + " " + c.s.a.Scope.Name.EN))
	return !slices.ContainsFunc(c.tokens[c.spans[i].from:c.spans[i].to], func(t token) bool { return !t.stop && !slices.Contains(name, t.Fold) })
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
		return slices.ContainsFunc(c.spans[p].cols, func(ref nameRef) bool { return ref.col == c.s.val(id).col && ref.strength >= 0.9 })
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

// calendar declines parts of a year over a table that knows years alone: the
// year's figure is not the month's.
func (c *composer) calendar() {
	if c.s.Annotation == nil || c.s.year < 0 || c.timeColumn() >= 0 || c.r.refused != "" {
		return
	}
	for i := range c.spans {
		if sp := &c.spans[i]; sp.to == sp.from+1 && c.partOfYear(i) {
			c.r.refused = texts.Say(c.l, "rules.is_held_by_year_i_have", "table", c.s.Name(c.l), "words", c.tokens[sp.from].Text)
			c.used[i], c.r.partOfYear = true, true
			return
		}
	}
}

// partOfYear tells whether a word is a month or another part of a year; those that
// are other words too are where a number or a word of time stands beside them.
func (c *composer) partOfYear(i int) bool {
	sp := &c.spans[i]
	switch c.tokens[sp.from].Fold {
	case "mars", "mai", "may", "march":
	default:
		return parts[c.tokens[sp.from].Fold]
	}
	if sp.to < len(c.tokens) && (c.tokens[sp.to].isYear || c.tokens[sp.to].isNum) {
		return true
	}
	if sp.from == 0 || len(sp.vals) > 0 {
		return false
	}
	before := c.tokens[sp.from-1]
	return before.isNum || slices.Contains([]string{"en", "in", "de", "d", "depuis", "since", "fin", "debut", "mi"}, before.Fold)
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
	if w := c.tokens[from].Fold; len(w) >= 5 && slices.ContainsFunc(c.spans[i].vals, func(id int) bool { return c.s.val(id).named }) { // a postcode, which the annotation knows
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

// months and other parts of a year, folded.
var parts = wordSet(`janvier fevrier avril juin juillet aout septembre octobre novembre decembre mensuel mensuelle mensuels mensuelles trimestre trimestres trimestriel trimestrielle semestre semestres semestriel semestrielle
	january february april june july august september october november december month months monthly quarter quarterly semester mois`)

package rules

import (
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// inverted is what follows a verb that stands before who does it: "accueille-t-elle".
var inverted = regexp.MustCompile(`^(?i)-(t-)?(il|elle|on|ils|elles)\b`)

// infinitive is a verb that another one leads, "fait fuir": the two say more
// than having.
var infinitive = regexp.MustCompile(`(er|ir|re)$`)

// verb tells whether an unknown word only says that things have what is asked
// of them, by where it stands: turned round ("la gare de Metz accueille-t-elle"),
// between the things and how much of a quantity that the table has ("which
// station welcomes the most visitors"), or between the two the other way round
// ("combien de voyageurs accueille la gare"). Words that say a change, or less
// than having, are in the lexicon, and so known.
func (c *composer) verb(i int) bool {
	sp := &c.spans[i]
	if sp.to != sp.from+1 || i == 0 {
		return false
	}
	word := c.tokens[sp.from]
	if word.Text != strings.ToLower(word.Text) || infinitive.MatchString(word.Fold) {
		return false
	}
	if inverted.MatchString(c.q[word.End:]) || c.beforeSubject(i) {
		return true
	}
	next := c.near(i, 1)
	return next >= 0 && c.spans[next].from <= sp.to+1 && c.amountOf(next)
}

// beforeSubject tells whether a word stands between a quantity in the plural and
// an article. An adjective there would be in the plural too.
func (c *composer) beforeSubject(i int) bool {
	sp := &c.spans[i]
	if c.l != lang.French || sp.to == len(c.tokens) || !slices.Contains([]string{"la", "le", "l", "les"}, c.tokens[sp.to].Fold) {
		return false
	}
	of := c.spans[i-1]
	return c.column(i-1, c.isMeasure) >= 0 && plural(c.tokens[of.to-1].Fold) && !plural(c.tokens[sp.from].Fold)
}

func plural(word string) bool { return strings.HasSuffix(word, "s") || strings.HasSuffix(word, "x") }

// amountOf tells whether a span says how much of a measure: "le plus de
// voyageurs", "more than 1,000 visitors".
func (c *composer) amountOf(i int) bool {
	if !slices.ContainsFunc([]op{opMost, opLeast, opMoreThan, opLessThan, opAtLeast, opAtMost, opCount}, c.spans[i].has) {
		return false
	}
	of := c.near(i, 1)
	for of >= 0 && (c.spans[of].num || multipliers[c.tokens[c.spans[of].from].norm] > 0) {
		of = c.near(of, 1)
	}
	return of >= 0 && c.column(of, c.isMeasure) >= 0
}

// asideNote says which word the reading leaves aside.
func (c *composer) asideNote(i int) {
	c.r.notes = append(c.r.notes, texts.Say(c.l, "decide.aside", "words", texts.Say(c.l, "decide.quoted", "word", c.text(i))))
}

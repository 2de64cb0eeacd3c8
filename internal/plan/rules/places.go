package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
)

// around are words of what lies near a place, which no table tells, folded.
var around = wordSet("environs alentours alentour voisin voisine voisins voisines proximite pres peripherie banlieue autour limitrophe limitrophes surroundings nearby neighbouring neighboring around")

// outer are names of what holds every territory of a table, folded: a piece of a
// cell ("rue Porte de France") is not what they mean.
var outer = wordSet("france europe monde world")

// before a place, folded.
var leadsToPlace = wordSet("a de d en pour commune ville village entre et ou avec dans in of at for to and or")

// notThePlace drops a place from a span whose words are not it: a piece of a
// longer name ("Moselle-Est"), a word of everyday language ("communes
// voisines"), and names what lies around a place, which no table tells.
func (c *composer) notThePlace(i int) {
	if c.s.Annotation == nil {
		return
	}
	sp := &c.spans[i]
	text, isPlace := c.text(i), func(id int) bool { return c.s.note(c.s.val(id).col).Level != "" }
	one := sp.to == sp.from+1
	switch {
	case around[c.tokens[sp.to-1].Fold] && !c.properName(i) && len(sp.vals) == 0 || one && around[c.tokens[sp.from].Fold] && !c.properName(i):
	case one && outer[c.tokens[sp.from].Fold] && len(sp.vals) == 0 && len(sp.partial) > 0:
	case one && text == strings.ToLower(text) && territory.Home().Common(lang.Fold(text)) && (sp.from == 0 || !leadsToPlace[c.tokens[sp.from-1].Fold]) && slices.ContainsFunc(sp.vals, isPlace):
	case slices.ContainsFunc(sp.vals, isPlace) && c.goesOn(sp):
	default:
		return
	}
	c.used[i] = false
	sp.vals, sp.partial, sp.fuzzy, sp.parts = slices.DeleteFunc(slices.Clone(sp.vals), isPlace), nil, nil, nil
	if around[c.tokens[sp.to-1].Fold] {
		sp.ops = nil
	}
	if len(sp.vals)+len(sp.ops)+len(sp.cols) == 0 && !sp.entity && !sp.scope {
		sp.unknown = true
	}
}

// peopleCounted tells whether a span says who lives somewhere: "combien de
// Messins" asks for inhabitants. Where the table counts none, it is left over.
func (c *composer) peopleCounted(i int) bool {
	sp := c.spans[i]
	norms := []string{}
	for _, t := range c.tokens[sp.from:sp.to] {
		norms = append(norms, t.norm)
	}
	if !c.s.people[key(norms)] || len(sp.vals) == 0 {
		return false
	}
	if measure := c.s.col(c.s.a.Measure); measure < 0 || c.s.note(measure).Unit != "habitants" {
		c.r.unknown = append(c.r.unknown, c.text(i))
	}
	return true
}

// middling tells whether "moyen" says of what size things are, and not that
// their mean is meant: "les villes moyennes".
func (c *composer) middling() bool {
	for i := range c.spans {
		sp := &c.spans[i]
		if f := c.tokens[sp.from].Fold; sp.from == 0 || sp.to != sp.from+1 || f != "moyenne" && f != "moyennes" && f != "moyens" && f != "moyen" {
			continue
		}
		if p := c.near(i, -1); p >= 0 && c.spans[p].to == sp.from && c.spans[p].entity && c.s.Annotation != nil {
			c.r.unknown = append(c.r.unknown, c.text(p)+" "+c.text(i))
			return true
		}
	}
	return false
}

// properName tells whether a span is a cell, written as a name is.
func (c *composer) properName(i int) bool {
	first, _ := utf8.DecodeRuneInString(c.text(i))
	return unicode.IsUpper(first) && len(c.spans[i].vals) > 0
}

// goesOn tells whether a name is written on with a hyphen, before or behind:
// "Moselle-Est", "Sud-Alsace".
func (c *composer) goesOn(sp *span) bool {
	joined := func(a, b int) bool {
		between := c.q[c.tokens[a].End:c.tokens[b].Start]
		first, _ := utf8.DecodeRuneInString(c.tokens[b].Text)
		return between == "-" && unicode.IsLetter(first)
	}
	return sp.to < len(c.tokens) && joined(sp.to-1, sp.to) || sp.from > 0 && joined(sp.from-1, sp.from)
}

// definite words stand before a row that was spoken of.
var definite = wordSet("la le l cette ce notre nos ma mon votre the this our my")

// unnamedOne asks which where "la région", "la gare" is said and no row is named:
// the figure of all of them, or their number, is not that of the one that is meant.
func (c *composer) unnamedOne() {
	r := c.r
	if c.s.Annotation == nil || c.s.a.Entity.Label == "" || r.frame == frameValue && len(r.measures) == 0 || len(r.group)+len(r.show) > 0 ||
		slices.ContainsFunc(r.conds, func(x cond) bool { return c.s.note(x.col).Level != "" || x.col == c.s.col(c.s.a.Entity.Label) }) {
		return
	}
	for i, t := range c.tokens {
		if i > 0 && definite[c.tokens[i-1].Fold] && c.s.entity[t.norm] && !strings.HasSuffix(t.Fold, "s") {
			if r.ask == "" {
				r.ask, r.doubt = texts.Say(c.l, "rules.which_of_them", "name", c.s.a.Entity.Name.In(c.l)), true
			}
			return
		}
	}
}

// whose names the possessive of a first question: "ses communes" are of what
// nobody named.
func (r *reading) whose(tokens []token) {
	if r.s.Annotation == nil || len(r.conds) > 0 || r.scoped || len(r.unknown) > 0 {
		return
	}
	for i, t := range tokens {
		if i > 0 && slices.Contains([]string{"ses", "son", "sa", "leurs", "leur", "its", "their"}, t.Fold) && slices.Contains([]string{"sont", "est", "are", "is", "de", "of"}, tokens[i-1].Fold) {
			r.unknown = append(r.unknown, t.Text)
			return
		}
	}
}

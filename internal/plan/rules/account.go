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
	for i := range c.spans {
		next := c.near(i, 1)
		if next < 0 || c.spans[next].from-c.spans[i].to > 2 || c.spans[i].to-c.spans[i].from > 2 {
			continue
		}
		at := slices.IndexFunc(c.r.conds, func(x cond) bool { return x.pos == c.spans[next].from && x.op == query.Eq })
		if at >= 0 && c.of(i, next) && c.miscalled(i, c.s.note(c.r.conds[at].col).Level) {
			c.r.unknown = append(c.r.unknown, c.text(i))
		}
	}
}

// of tells whether "of" or nothing stands between two spans.
func (c *composer) of(i, next int) bool {
	between := c.tokens[c.spans[i].to:c.spans[next].from]
	return len(between) == 0 || slices.ContainsFunc(between, func(t token) bool { return t.Fold == "de" || t.Fold == "d" || t.Fold == "of" })
}

// miscalled tells whether a span is a word for another level of territory than the
// one that it calls so.
func (c *composer) miscalled(i int, level string) bool {
	sp := &c.spans[i]
	norm := c.tokens[sp.to-1].norm
	if level == "" {
		return false
	}
	if sp.scope && norm == "region" && level != "region" {
		return true
	}
	rows := c.s.note(c.s.col(c.s.a.Entity.Label)).Level
	one := c.tokens[sp.to-1].Fold == norm // not the plural: "communes de Moselle"
	return sp.entity && len(sp.vals) == 0 && one && rows != "" && level != rows
}

// leftovers names the words that found no place.
func (c *composer) leftovers() {
	r := c.r
	c.idle()
	c.dangling()
	preface := c.preface()
	last := -2 // span named last: words that follow one another are named as one
	for i := range c.spans {
		if c.used[i] || c.empty(i) || c.spans[i].scope || c.passed(i, preface) {
			continue
		}
		if last == i-1 && c.spans[i].unknown && c.spans[last].unknown && len(r.unknown) > 0 {
			r.unknown[len(r.unknown)-1] = c.unknownRun(i)
		} else {
			r.unknown = append(r.unknown, c.text(i))
		}
		last = i
	}
}

// passed tells whether a span that found no place is none that is missed: what
// people say of themselves, a verb, an adjective of a ranking, an operation that
// was weighed elsewhere.
func (c *composer) passed(i, preface int) bool {
	sp := &c.spans[i]
	if sp.unknown {
		if sp.to <= preface {
			return true
		}
		if c.s.Annotation != nil && c.verb(i) {
			c.asideNote(i)
			return true
		}
		if c.r.frame == frameRank && c.adjective(i) {
			return true
		}
	}
	return len(sp.ops) > 0 && !slices.Contains(sp.ops, opEvolution) && !slices.Contains(sp.ops, opGroup)
}

// unknownRun is the text of the unknown words that end with span i.
func (c *composer) unknownRun(i int) string {
	from := i
	for from > 0 && c.spans[from-1].unknown && !c.used[from-1] {
		from--
	}
	return strings.TrimSpace(c.q[c.tokens[c.spans[from].from].Start:c.tokens[c.spans[i].to-1].End])
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

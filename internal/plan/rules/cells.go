package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// cells turns named values into conditions, each on its best column.
func (c *composer) cells() {
	for i := range c.spans {
		sp := &c.spans[i]
		ids, how := sp.vals, 2
		if len(ids) == 0 {
			ids, how = sp.partial, 1
		}
		if len(ids) == 0 {
			ids, how = sp.fuzzy, 0
		}
		if len(ids) == 0 || c.used[i] && len(sp.vals) == 0 || sp.num && c.used[i] {
			continue
		}
		if how < 2 && (sp.entity || sp.scope || bestName(sp.cols) >= 0.9) {
			continue
		}
		if sp.entity && how == 2 && c.prefersEntity(i) {
			continue
		}
		col, values, says, sure := c.choose(i, ids, how)
		if col < 0 {
			continue
		}
		if c.s.note(col).Ask && !c.meant(i, col, ids) {
			if sp.entity { // a word for the rows, and a cell too
				continue
			}
			c.askColumn(i, col, values)
			c.used[i] = true
			continue
		}
		if !sure && how == 1 {
			c.askWhich(i, ids)
			c.used[i] = true
			continue
		}
		c.used[i] = true
		o := query.Eq
		if c.excluded(i) {
			o = query.Ne
		}
		if how == 0 {
			c.askWhich(i, ids)
			c.used[i] = true
			continue
		}
		if how == 2 {
			c.r.exact++
		} else if says == "" {
			says = texts.Say(c.l, "rules.read_as_these", "words", c.text(i), "read", quoted(values, c.l))
		}
		vals := make([]any, len(values))
		for j, t := range values {
			vals[j] = t
		}
		at := slices.IndexFunc(c.r.conds, func(x cond) bool { return x.col == col && x.op == o && x.op == query.Eq })
		if at >= 0 && c.s.Annotation != nil && within(vals, c.r.conds[at].vals) { // "le Bas-Rhin", and Alsace, which holds it
			if !c.hasOp(opShare) {
				c.r.unknown = append(c.r.unknown, c.text(i))
				continue
			}
			at = -1
		}
		if at >= 0 {
			for _, v := range vals {
				if !slices.Contains(c.r.conds[at].vals, v) {
					c.r.conds[at].vals = append(c.r.conds[at].vals, v)
				}
			}
			if says != "" {
				c.r.notes = append(c.r.notes, says)
			}
			c.r.conds[at].said++
			continue
		}
		c.r.conds = append(c.r.conds, cond{col: col, op: o, vals: vals, pos: sp.from, src: c.text(i), says: says, said: 1})
	}
}

// within tells whether one of the lists holds the other and more.
func within(a, b []any) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) < len(b) && !slices.ContainsFunc(a, func(v any) bool { return !slices.Contains(b, v) })
}

// meant tells whether a cell of a column of common words is meant: the column is
// named, or the annotation says so, or the name begins with what a row is, or it is
// a row's whole name, of several words.
func (c *composer) meant(i, col int, ids []int) bool {
	said := c.tokens[c.spans[i].from:c.spans[i].to]
	if len(said) > 1 && (c.s.rowWord(said[0]) || contentWords(said) > 1 && len(c.spans[i].vals) > 0 && col == c.s.col(c.s.a.Entity.Label)) {
		return true
	}
	for _, id := range ids {
		if v := c.s.vals[id]; v.col == col && v.named {
			return true
		}
	}
	for j := range c.spans {
		if j != i && slices.ContainsFunc(c.spans[j].cols, func(r nameRef) bool { return r.col == col && r.strength >= 0.9 }) {
			return true
		}
	}
	return false
}

// askColumn asks whether a cell of the column is meant.
func (c *composer) askColumn(i, col int, values []string) {
	if c.r.ask != "" {
		return
	}
	label := c.s.note(col).Label.In(c.l)
	c.r.ask = texts.Say(c.l, "rules.by_do_you_mean", "words", c.text(i))
	c.r.doubt = true
	sp := c.spans[i]
	for _, t := range values[:min(len(values), 5)] {
		if !strings.HasPrefix(lang.Fold(t), lang.Fold(label)) {
			t = label + " " + t
		}
		c.r.choices = append(c.r.choices, c.q[:c.tokens[sp.from].Start]+t+c.q[c.tokens[sp.to-1].End:])
	}
}

// excluded tells whether a negation is said of the value: right before it, or
// before a list that it goes on ("hors transports et enseignement"). "Non, les
// recettes" corrects, it does not exclude.
func (c *composer) excluded(i int) bool {
	for j := i; ; {
		p := c.near(j, -1)
		if p >= 0 && c.lone(p) {
			p = c.near(p, -1)
		}
		if p < 0 {
			return false
		}
		if c.spans[p].has(opNot) || c.spans[p].has(opMissing) && c.tokens[c.spans[p].from].Fold == "sans" {
			return c.spans[j].from-c.spans[p].to <= 2 && !c.corrects(p)
		}
		joined := c.spans[p].has(opAnd) || c.spans[p].has(opOr) || c.tokens[c.spans[p].from].Fold == "ni" || c.tokens[c.spans[p].from].Fold == "nor"
		if joined {
			p = c.near(p, -1)
		} else if !strings.ContainsRune(c.q[c.tokens[c.spans[p].to-1].End:c.tokens[c.spans[j].from].Start], ',') {
			return false
		}
		if p < 0 || len(c.spans[p].vals)+len(c.spans[p].partial) == 0 {
			return false
		}
		j = p
	}
}

// corrects tells whether a negation opens the question as an answer to the one before.
func (c *composer) corrects(i int) bool {
	f := c.tokens[c.spans[i].from].Fold
	return c.spans[i].from == 0 && c.spans[i].to == 1 && (f == "non" || f == "no")
}

// prefersEntity tells whether a word that is both a cell and what rows are
// called is the latter: right after "combien de", "quelles", "liste des".
func (c *composer) prefersEntity(i int) bool {
	p := c.near(i, -1)
	return p < 0 || c.spans[p].has(opCount) || c.spans[p].has(opWhich) || c.spans[p].has(opList)
}

// choose picks the column a word is a value of, and the cells it stands for.
func (c *composer) choose(i int, ids []int, how int) (col int, values []string, says string, sure bool) {
	type option struct {
		col    int
		values []string
		says   string
		score  float64
		words  int
	}
	var options []option
	for _, id := range ids {
		v := c.s.vals[id]
		at := slices.IndexFunc(options, func(o option) bool { return o.col == v.col })
		if at < 0 {
			options = append(options, option{col: v.col, score: c.columnScore(i, v.col), words: len(withoutSmall(v.words))})
			at = len(options) - 1
		}
		o := &options[at]
		if v.named { // what the annotation says goes before what the cells say
			o.values, o.score = append([]string{}, v.texts...), o.score+10
			if says := v.says.In(c.l); says != "" {
				o.says = says
			}
			continue
		}
		if o.score >= 10 {
			continue
		}
		if how == 1 && len(o.values) > 0 {
			continue // the best covered one; the others are looked at below
		}
		for _, t := range v.texts {
			if !slices.Contains(o.values, t) {
				o.values = append(o.values, t)
			}
		}
	}
	best := -1
	for j, o := range options {
		if best < 0 || o.score > options[best].score {
			best = j
		}
	}
	if best < 0 {
		return -1, nil, "", false
	}
	sure = true
	if how == 1 { // a piece of several cells names none of them for sure
		same := 0
		for _, id := range ids {
			v := c.s.vals[id]
			if v.col == options[best].col && !slices.Contains(options[best].values, v.texts[0]) && lang.Fold(v.texts[0]) != lang.Fold(options[best].values[0]) {
				same++
			}
		}
		said := c.tokens[c.spans[i].from:c.spans[i].to]
		sure = same == 0 && (c.s.stands(c.s.vals[ids[0]], said) || len(said) > 1 && c.s.Annotation != nil && c.s.rowWord(said[0]))
	}
	return options[best].col, options[best].values, options[best].says, sure
}

// stands tells whether a piece of a cell may stand for the whole: its beginning,
// or half of its words. "Impôts" is not « Autres impôts et taxes ».
func (s *schema) stands(v valueRef, tokens []token) bool {
	words := withoutSmall(v.words)
	return len(words) > 0 && (words[0] == tokens[0].norm || 2*contentWords(tokens) >= len(words))
}

// columnScore says how likely a word is meant as a value of the column.
func (c *composer) columnScore(i, col int) float64 {
	score := 0.0
	for at, name := range c.s.a.Prefer {
		if strings.EqualFold(name, c.s.t.Columns[col].Name) {
			score += 2 - 0.1*float64(at)
		}
	}
	for _, j := range []int{c.near(i, -1), c.near(i, 1)} {
		if j >= 0 {
			for _, ref := range c.spans[j].cols {
				if ref.col == col {
					score += 3 * ref.strength
				}
			}
			if c.spans[j].entity && strings.EqualFold(c.s.t.Columns[col].Name, c.s.a.Entity.Label) {
				score += 2
			}
		}
	}
	score += c.placeScore(i, col)
	if d := c.s.t.Columns[col].Distinct; d > 0 {
		score += 0.5 / float64(1+len(itoa(int(d))))
	}
	return score
}

// placeScore tells a commune from the department of the same name by the words
// before it: "à Aube" is the commune, "de l'Aube" the department. Where rows are
// counted, listed or ranked, a place is where they are, not one of them.
func (c *composer) placeScore(i, col int) float64 {
	level := c.s.note(col).Level
	if level == "" || c.spans[i].from == 0 {
		return 0
	}
	if level == "commune" && c.apposed(i) { // "Verrières (Aube)": where it is
		return -6
	}
	before := c.tokens[c.spans[i].from-1].Fold
	article := before == "l" || before == "la" || before == "les" || before == "le" || before == "du" || before == "des" || before == "the"
	rows := slices.ContainsFunc(c.spans, func(sp span) bool { return sp.entity && sp.from < c.spans[i].from && len(sp.vals) == 0 })
	if level == "commune" && rows && (article || !c.spans[c.near(i, -1)].entity) { // not in "la commune d'Aube"
		return -6
	}
	switch {
	case article && level == "commune":
		return -4
	case !article && level != "commune":
		return -1
	}
	return 0
}

// apposed tells whether a place stands in brackets after another, or after a
// comma at the end: "Verrières (Aube)", "Verrières, Aube".
func (c *composer) apposed(i int) bool {
	sp, p := c.spans[i], i-1
	if p < 0 || c.spans[p].to != sp.from || !slices.ContainsFunc(c.spans[p].vals, func(id int) bool { return c.s.note(c.s.vals[id].col).Level == "commune" }) {
		return false
	}
	gap := c.q[c.tokens[sp.from-1].End:c.tokens[sp.from].Start]
	return strings.Contains(gap, "(") || strings.Contains(gap, ",") && (i == len(c.spans)-1 || c.tokens[c.spans[i+1].from].Fold == "en")
}

// askWhich asks which of several cells a word stands for.
func (c *composer) askWhich(i int, ids []int) {
	if c.r.ask != "" {
		return
	}
	c.r.ask = texts.Say(c.l, "rules.may_stand_for_several_things_here", "words", c.text(i))
	if len(ids) == 1 {
		c.r.ask = texts.Say(c.l, "rules.by_do_you_mean", "words", c.text(i))
	}
	if len(c.spans[i].fuzzy) > 0 {
		c.r.ask = texts.Say(c.l, "rules.i_cannot_find_did_you_mean", "words", c.text(i))
	}
	sp := c.spans[i]
	before, after := c.q[:c.tokens[sp.from].Start], c.q[c.tokens[sp.to-1].End:]
	for _, id := range ids[:min(len(ids), 8)] {
		choice := before + c.s.vals[id].texts[0] + after
		if !slices.Contains(c.r.choices, choice) {
			c.r.choices = append(c.r.choices, choice)
		}
	}
}

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
		if ids, how := c.spans[i].cells(); len(ids) > 0 && !c.noCell(i, how) {
			c.cell(i, ids, how)
		}
	}
}

// How surely a word stands for a cell.
const (
	likeCell  = iota // it is written like it
	pieceCell        // it is a piece of it
	wholeCell        // it is its text
)

// cells are the values that a span may stand for, the surest kind of them.
func (sp *span) cells() (ids []int, how int) {
	switch {
	case len(sp.vals) > 0:
		return sp.vals, wholeCell
	case len(sp.partial) > 0:
		return sp.partial, pieceCell
	}
	return sp.fuzzy, likeCell
}

// noCell tells whether a span means something else than a cell.
func (c *composer) noCell(i, how int) bool {
	sp := &c.spans[i]
	switch {
	case c.used[i] && (len(sp.vals) == 0 || sp.num):
		return true
	case how < wholeCell:
		return sp.entity || sp.scope || bestName(sp.cols) >= 0.9
	}
	return sp.entity && c.prefersEntity(i)
}

// cell puts a condition on the column of the cell that a span stands for, or asks
// which is meant.
func (c *composer) cell(i int, ids []int, how int) {
	col, values, says, sure := c.choose(i, ids, how)
	if col < 0 {
		return
	}
	if c.s.note(col).Ask && !c.meant(i, col, ids) {
		if !c.spans[i].entity { // else a word for the rows, and a cell too
			c.askColumn(i, col, c.cellsHolding(ids, col, values))
			c.used[i] = true
		}
		return
	}
	c.used[i] = true
	o := query.Eq
	switch {
	case !sure && how == pieceCell:
		c.askWhich(i, ids)
		return
	case c.excluded(i):
		o = query.Ne
	}
	switch {
	case how == likeCell:
		c.askWhich(i, ids)
		return
	case how == wholeCell:
		c.r.exact++
	case says == "":
		says = texts.Say(c.l, "rules.read_as_these", "words", c.text(i), "read", quoted(values, c.l))
	}
	c.hold(i, cond{col: col, op: o, vals: anys(values), pos: c.spans[i].from, src: c.text(i), says: says, said: 1})
}

// hold adds a condition, or its cells to the one that names others of the column.
func (c *composer) hold(i int, y cond) {
	at := slices.IndexFunc(c.r.conds, func(x cond) bool { return x.col == y.col && x.op == y.op && x.op == query.Eq })
	if at >= 0 && c.s.Annotation != nil && within(y.vals, c.r.conds[at].vals) { // "le Bas-Rhin", and Alsace, which holds it
		if !c.hasOp(opShare) {
			c.r.unknown = append(c.r.unknown, c.text(i))
			return
		}
		at = -1
	}
	if at < 0 {
		c.r.conds = append(c.r.conds, y)
		return
	}
	x := &c.r.conds[at]
	for _, v := range y.vals {
		if !slices.Contains(x.vals, v) {
			x.vals = append(x.vals, v)
		}
	}
	if y.says != "" {
		c.r.notes = append(c.r.notes, y.says)
	}
	x.said++
}

// within tells whether one of the lists holds the other and more.
func within(a, b []any) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) < len(b) && !slices.ContainsFunc(a, func(v any) bool { return !slices.Contains(b, v) })
}

// meant tells whether a cell of a column of common words is meant: the column is
// named, or the annotation says so, or the name begins with what a row is, or
// several words are a whole cell, or how the name of one row begins.
func (c *composer) meant(i, col int, ids []int) bool {
	said := c.tokens[c.spans[i].from:c.spans[i].to]
	if len(said) > 1 && (c.s.rowWord(said[0]) || contentWords(said) > 1 && (len(c.spans[i].vals) > 0 || c.beginsOne(said, ids, col))) {
		return true
	}
	for _, id := range ids {
		v := c.s.val(id)
		if v.col == col && (v.named || len(c.text(i)) > 2 && slices.Contains(v.texts, c.text(i)) && strings.ToUpper(c.text(i)) == c.text(i)) { // "FCTVA" is no common word
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

// beginsOne tells whether words of a row's name are how it begins, and no other's:
// "Centre Pompidou", of the Centre Pompidou de Metz.
func (c *composer) beginsOne(said []token, ids []int, col int) bool {
	if col != c.s.col(c.s.a.Entity.Label) || len(ids) != 1 {
		return false
	}
	words := c.s.val(ids[0]).words
	for i, t := range said {
		if i >= len(words) || words[i] != t.norm {
			return false
		}
	}
	return true
}

// cellsHolding are the cells of the column that hold the words, those that are
// likeliest first.
func (c *composer) cellsHolding(ids []int, col int, likeliest []string) []string {
	out := slices.Clone(likeliest)
	for _, id := range ids {
		if v := c.s.val(id); v.col == col {
			out = appendNew(out, v.texts)
		}
	}
	return out
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
		before := c.q[:c.tokens[sp.from].Start]
		if short, elided := strings.CutSuffix(strings.ReplaceAll(before, "’", "'"), "d'"); elided { // "d'intérêts", and "de nature …"
			before = short + "de "
		}
		c.r.choices = append(c.r.choices, before+t+c.q[c.tokens[sp.to-1].End:])
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
		first := c.tokens[c.spans[p].from].Fold
		if c.spans[p].has(opNot) || c.spans[p].has(opMissing) && first == "sans" {
			return c.spans[j].from-c.spans[p].to <= 2 && !c.corrects(p)
		}
		if j = c.listedBefore(p, j); j < 0 {
			return false
		}
	}
}

// listedBefore is the value that comes before span j in a list, of which span p is
// the value or the "and" between them; -1 where there is no list.
func (c *composer) listedBefore(p, j int) int {
	first := c.tokens[c.spans[p].from].Fold
	if c.spans[p].has(opAnd) || c.spans[p].has(opOr) || first == "ni" || first == "nor" {
		p = c.near(p, -1)
	} else if !strings.ContainsRune(c.q[c.tokens[c.spans[p].to-1].End:c.tokens[c.spans[j].from].Start], ',') {
		return -1
	}
	if p < 0 || len(c.spans[p].vals)+len(c.spans[p].partial) == 0 {
		return -1
	}
	return p
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

// cellsOn are the cells of one column that a word may stand for.
type cellsOn struct {
	col    int
	values []string
	says   string
	score  float64
}

// choose picks the column a word is a value of, and the cells it stands for.
func (c *composer) choose(i int, ids []int, how int) (col int, values []string, says string, sure bool) {
	var best *cellsOn
	for _, o := range c.byColumn(i, ids, how) {
		if best == nil || o.score > best.score {
			best = &o
		}
	}
	if best == nil {
		return -1, nil, "", false
	}
	sure = how != pieceCell || c.pieceNamesOne(i, ids, best)
	return best.col, best.values, best.says, sure
}

// byColumn sorts the cells that a word may stand for by their column. What the
// annotation says goes before what the cells say.
func (c *composer) byColumn(i int, ids []int, how int) []cellsOn {
	var options []cellsOn
	for _, id := range ids {
		v := c.s.val(id)
		at := slices.IndexFunc(options, func(o cellsOn) bool { return o.col == v.col })
		if at < 0 {
			options = append(options, cellsOn{col: v.col, score: c.columnScore(i, v.col)})
			at = len(options) - 1
		}
		o := &options[at]
		switch {
		case v.named:
			o.values, o.score = append([]string{}, v.texts...), o.score+10
			if says := v.says.In(c.l); says != "" {
				o.says = says
			}
		case o.score >= 10:
		case how == pieceCell && len(o.values) > 0: // the best covered one; the others are looked at later
		default:
			for _, t := range v.texts {
				if !slices.Contains(o.values, t) {
					o.values = append(o.values, t)
				}
			}
		}
	}
	return options
}

// pieceNamesOne tells whether a piece of a cell names it for sure: no other cell of
// the column has it.
func (c *composer) pieceNamesOne(i int, ids []int, on *cellsOn) bool {
	for _, id := range ids {
		v := c.s.val(id)
		if v.col == on.col && !slices.Contains(on.values, v.texts[0]) && lang.Fold(v.texts[0]) != lang.Fold(on.values[0]) {
			return false
		}
	}
	said := c.tokens[c.spans[i].from:c.spans[i].to]
	return c.s.stands(c.s.val(ids[0]), said) || len(said) > 1 && c.s.Annotation != nil && c.s.rowWord(said[0])
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
	commune := level == "commune"
	if commune && c.apposed(i) { // "Verrières (Aube)": where it is
		return -6
	}
	article := slices.Contains([]string{"l", "la", "les", "le", "du", "des", "the"}, c.tokens[c.spans[i].from-1].Fold)
	rows := slices.ContainsFunc(c.spans, func(sp span) bool { return sp.entity && sp.from < c.spans[i].from && len(sp.vals) == 0 })
	switch {
	case commune && rows && (article || !c.spans[c.near(i, -1)].entity): // not in "la commune d'Aube"
		return -6
	case article && commune:
		return -4
	case !article && !commune:
		return -1
	}
	return 0
}

// apposed tells whether a place stands in brackets after another, or after a
// comma at the end: "Verrières (Aube)", "Verrières, Aube".
func (c *composer) apposed(i int) bool {
	sp, p := c.spans[i], i-1
	if p < 0 || c.spans[p].to != sp.from || !slices.ContainsFunc(c.spans[p].vals, func(id int) bool { return c.s.note(c.s.val(id).col).Level == "commune" }) {
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
		choice := before + c.s.val(id).texts[0] + after
		if !slices.Contains(c.r.choices, choice) {
			c.r.choices = append(c.r.choices, choice)
		}
	}
}

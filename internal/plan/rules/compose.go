package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
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
	c.frame()
	c.leftovers()
	for _, sp := range spans {
		c.r.weight += sp.weight
	}
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
			r.refused = c.s.a.Absent[sp.absent-1].Says.Pick(string(c.l))
			c.used[i] = true
		}
		if sp.ask > 0 && r.ask == "" {
			a := c.s.a.Ambiguous[sp.ask-1]
			r.ask = a.Ask.Pick(string(c.l))
			for _, choice := range a.Choices {
				r.choices = append(r.choices, choice.Pick(string(c.l)))
			}
		}
		if c.tokens[sp.from].Fold == "des" && sp.to == sp.from+1 && !strings.EqualFold(c.tokens[sp.from].Text, "dès") {
			sp.ops = nil
		}
		if sp.scope { // the whole of the table, unless the annotation says otherwise
			sp.vals = slices.DeleteFunc(sp.vals, func(id int) bool { return !c.s.vals[id].named })
			sp.partial, sp.fuzzy = nil, nil
		}
		if sp.lacks > 0 && !slices.ContainsFunc(sp.vals, func(id int) bool { return c.s.vals[id].named }) {
			r.refused = c.lacking(sp.lacks - 1)
			c.used[i] = true
		}
		if sp.entity { // "villes" are towns before they are Villé
			sp.vals = slices.DeleteFunc(sp.vals, func(id int) bool { return !strings.EqualFold(c.s.vals[id].texts[0], c.text(i)) })
		}
		if sp.num && len(sp.vals) > 0 && !c.codeSaid(i) {
			sp.vals = nil
		}
		if len(sp.ops) > 0 && sp.to == sp.from+1 && c.text(i) == strings.ToLower(c.text(i)) { // "moyen" is a mean, Moyen a commune
			sp.vals = slices.DeleteFunc(slices.Clone(sp.vals), func(id int) bool { return c.s.note(c.s.vals[id].col).Level != "" && !c.s.vals[id].named })
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
	// "où" is a place, "ou" a choice.
	if i, ok := c.ops[opOr]; ok && strings.ContainsRune(c.tokens[c.spans[i].from].Text, 'ù') {
		delete(c.ops, opOr)
		c.ops[opWhere] = i
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
				label = n.Label.Pick(string(c.l))
			}
		}
		return c.l.Pick("Il faut la colonne « "+label+" » pour répondre, et « "+c.s.Name(c.l)+" » ne l'a pas ici : moissonnez la publication complète (cigogne harvest, puis cigogne fetch).",
			"It takes the column “"+label+"” to answer, which “"+c.s.Name(c.l)+"” does not have here: harvest the full publication (cigogne harvest, then cigogne fetch).")
	}
	return c.l.Pick("« "+c.s.Name(c.l)+" » ne contient pas « "+strings.Join(syn.Values, " », « ")+" ».", "“"+c.s.Name(c.l)+"” does not hold “"+strings.Join(syn.Values, "”, “")+"”.")
}

// codeSaid tells whether a number is said as a code: "le 54", "département 67".
func (c *composer) codeSaid(i int) bool {
	from := c.spans[i].from
	if from == 0 {
		return false
	}
	if next := c.near(i, 1); next >= 0 && c.spans[next].from == c.spans[i].to && (c.spans[next].entity || len(c.spans[next].ops) > 0) {
		return false
	}
	switch c.tokens[from-1].Fold {
	case "le", "du", "departement", "code", "insee", "department", "siren", "epci":
		return true
	}
	return false
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

var comparators = []op{opMoreThan, opLessThan, opAtLeast, opAtMost, opEquals, opBetween}

// numbers reads every number of the question: a year, a bound, a rank.
func (c *composer) numbers() {
	for i := range c.spans {
		if !c.spans[i].num || c.used[i] {
			continue
		}
		t := c.tokens[c.spans[i].from]
		if len(c.spans[i].vals) > 0 && !t.isYear { // the text of a cell
			continue
		}
		prev, next := c.near(i, -1), c.near(i, 1)
		v, scaled := t.num, false
		if next >= 0 {
			if m, ok := multipliers[c.tokens[c.spans[next].from].Fold]; ok && c.spans[next].to == c.spans[next].from+1 {
				v, scaled = v*m, true
				c.used[next] = true
				next = c.near(next, 1)
			}
		}
		compare := c.comparator(prev, next)
		col := c.column(next, c.numeric)
		if t.isYear && !scaled && (c.s.year >= 0 || c.timeColumn() >= 0) && (compare == "" || col < 0) && !(col >= 0 && compare != "") {
			if c.year(i, int(v)) {
				continue
			}
		}
		if compare == opBetween {
			if c.between(i, v) {
				continue
			}
		}
		if compare != "" {
			c.bound(i, compare, v, prev, next)
			continue
		}
		if c.rank(i, v, prev, next) {
			continue
		}
		if col >= 0 && !(c.isYearCol(col) && v < 1500) { // "4 cylinders"
			c.equals(i, col, v)
			c.used[next] = true
			continue
		}
		if col := c.column(prev, func(k int) bool { return c.numeric(k) }); col >= 0 && !c.isYearCol(col) && c.s.Annotation == nil { // "season 15", "idf = 0"
			c.equals(i, col, v)
			c.used[prev] = true
			continue
		}
	}
}

func (c *composer) isYearCol(col int) bool { return c.s.t.Columns[col].Role == dataset.Year }

func (c *composer) timeColumn() int {
	for i, k := range c.s.t.Columns {
		if k.Role == dataset.Time && (k.Type == dataset.Date || k.Type == dataset.DateTime) {
			return i
		}
	}
	return -1
}

func (c *composer) comparator(prev, next int) op {
	for _, o := range comparators {
		if prev >= 0 && c.spans[prev].has(o) {
			return o
		}
	}
	if next >= 0 {
		at := next
		if c.column(next, c.numeric) >= 0 {
			at = c.near(next, 1)
		}
		for _, o := range []op{opAtLeast, opAtMost} { // "10 000 habitants ou plus"
			if at >= 0 && c.spans[at].has(o) && c.spans[at].from > 0 {
				f := c.tokens[c.spans[at].from].Fold
				if f == "ou" || f == "or" || f == "et" || f == "and" {
					return o
				}
			}
		}
	}
	return ""
}

// year reads a year with the word that relates it to the data.
func (c *composer) year(i, y int) bool {
	prev := c.near(i, -1)
	ys := &c.r.years
	said := func() { ys.said = true; c.used[i] = true }
	if prev >= 0 {
		sp := &c.spans[prev]
		direct := c.spans[i].from-sp.to <= 1
		switch {
		case direct && (sp.has(opSince) || sp.has(opFrom)):
			ys.from = y
			said()
			return true
		case direct && sp.has(opAfter):
			ys.from = y + 1
			said()
			return true
		case direct && sp.has(opBefore):
			ys.to = y - 1
			said()
			return true
		case direct && sp.has(opUntil):
			ys.to = y
			said()
			return true
		case sp.has(opBetween):
			ys.from = y
			said()
			return true
		case sp.has(opAnd) && ys.from > 0 && ys.to == 0 && c.hasOp(opBetween):
			ys.to = y
			said()
			return true
		case sp.num && c.used[prev] && ys.from > 0 && ys.to == 0: // "de 2018 à 2020", "from 2018 to 2020"
			ys.to = y
			said()
			return true
		case sp.num && c.used[prev] && len(ys.list) > 0 && c.rangeBetween(prev, i):
			ys.from, ys.to = ys.list[len(ys.list)-1], y
			ys.list = ys.list[:len(ys.list)-1]
			said()
			return true
		}
	}
	if prev >= 0 && c.spans[prev].has(opNot) && c.spans[i].from-c.spans[prev].to <= 1 {
		return false // "sauf 2018": a year left out, which a reading cannot say
	}
	if !slices.Contains(ys.list, y) {
		ys.list = append(ys.list, y)
	}
	said()
	return true
}

// rangeBetween tells whether two years are joined as "2018 à 2020", "2018-2020".
func (c *composer) rangeBetween(a, b int) bool {
	between := strings.TrimSpace(c.q[c.tokens[c.spans[a].from].End:c.tokens[c.spans[b].from].Start])
	switch strings.ToLower(between) {
	case "à", "a", "-", "–", "to", "jusqu'en", "jusqu'à", "until", "through":
		return true
	}
	return false
}

// between reads "entre A et B" on the column next to it.
func (c *composer) between(i int, low float64) bool {
	for j := i + 1; j < len(c.spans); j++ {
		if c.spans[j].num && !c.used[j] {
			col := c.boundColumn(c.near(i, -1), c.near(j, 1))
			if col < 0 {
				return false
			}
			c.r.conds = append(c.r.conds, cond{col: col, op: query.Between, vals: []any{low, c.tokens[c.spans[j].from].num}, pos: c.spans[i].from, src: c.text(i)})
			c.used[i], c.used[j] = true, true
			return true
		}
	}
	return false
}

// boundColumn finds the column a bound is on: named after it, named before it,
// or the measure of the table.
func (c *composer) boundColumn(prev, next int) int {
	if col := c.column(next, c.numeric); col >= 0 {
		c.used[next] = true
		return col
	}
	for j, steps := prev, 0; j >= 0 && steps < 4; j, steps = c.near(j, -1), steps+1 {
		if col := c.column(j, func(k int) bool { return c.numeric(k) && !c.isYearCol(k) }); col >= 0 {
			c.used[j] = true
			return col
		}
	}
	if c.s.a.Measure != "" && c.s.a.Entity.Label == "" { // account lines have but one quantity
		return c.s.col(c.s.a.Measure)
	}
	return -1
}

func (c *composer) bound(i int, o op, v float64, prev, next int) {
	col := c.boundColumn(prev, next)
	if col < 0 || c.isYearCol(col) && v < 1500 { // "plus de 65 ans" is an age
		return // stays unaccounted for
	}
	ops := map[op]query.Op{opMoreThan: query.Gt, opLessThan: query.Lt, opAtLeast: query.Ge, opAtMost: query.Le, opEquals: query.Eq}
	qop := ops[o]
	if p := c.near(prev, -1); p >= 0 && c.spans[p].has(opNot) && c.spans[prev].from-c.spans[p].to <= 1 {
		qop = map[query.Op]query.Op{query.Gt: query.Le, query.Lt: query.Ge, query.Ge: query.Lt, query.Le: query.Gt, query.Eq: query.Ne}[qop]
	}
	c.r.conds = append(c.r.conds, cond{col: col, op: qop, vals: []any{v}, pos: c.spans[i].from, src: c.text(i)})
	c.used[i] = true
}

func (c *composer) equals(i, col int, v float64) {
	c.r.conds = append(c.r.conds, cond{col: col, op: query.Eq, vals: []any{v}, pos: c.spans[i].from, src: c.text(i)})
	c.used[i] = true
}

// rank reads "top 5", "les 3 premiers", "les 5 communes les plus …".
func (c *composer) rank(i int, v float64, prev, next int) bool {
	if v < 1 || v > 1000 || v != float64(int(v)) || !c.hasOp(opMost, opLeast, opFirst, opLast, opMax, opMin) {
		return false
	}
	if next >= 0 && c.column(next, c.isMeasure) >= 0 && !c.spans[next].entity && prev >= 0 && len(c.spans[prev].ops) == 0 {
		return false
	}
	c.r.limit = int(v)
	c.used[i] = true
	return true
}

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
		col, texts, says, sure := c.choose(i, ids, how)
		if col < 0 {
			continue
		}
		if c.s.note(col).Ask && !c.meant(i, col, ids) {
			c.askColumn(i, col, texts)
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
			says = c.l.Pick("« "+c.text(i)+" » lu comme « "+strings.Join(texts, " », « ")+" »", "“"+c.text(i)+"” read as “"+strings.Join(texts, "”, “")+"”")
		}
		vals := make([]any, len(texts))
		for j, t := range texts {
			vals[j] = t
		}
		if at := slices.IndexFunc(c.r.conds, func(x cond) bool { return x.col == col && x.op == o && x.op == query.Eq }); at >= 0 {
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

// meant tells whether a cell of a column of common words is meant: the column is
// named, or the annotation says so.
func (c *composer) meant(i, col int, ids []int) bool {
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
func (c *composer) askColumn(i, col int, texts []string) {
	if c.r.ask != "" {
		return
	}
	label := c.s.note(col).Label.Pick(string(c.l))
	c.r.ask = c.l.Pick("Par « "+c.text(i)+" », voulez-vous dire :", "By “"+c.text(i)+"”, do you mean:")
	c.r.doubt = true
	sp := c.spans[i]
	for _, t := range texts[:min(len(texts), 5)] {
		c.r.choices = append(c.r.choices, c.q[:c.tokens[sp.from].Start]+label+" "+t+c.q[c.tokens[sp.to-1].End:])
	}
}

// excluded tells whether a negation is said of the value: right before it, or
// before a list that it goes on ("hors transports et enseignement"). "Non, les
// recettes" corrects, it does not exclude.
func (c *composer) excluded(i int) bool {
	for j := i; ; {
		p := c.near(j, -1)
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
func (c *composer) choose(i int, ids []int, how int) (col int, texts []string, says string, sure bool) {
	type option struct {
		col   int
		texts []string
		says  string
		score float64
		words int
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
			o.texts, o.score = append([]string{}, v.texts...), o.score+10
			if v.says != "" {
				fr, en, _ := strings.Cut(v.says, "\x00")
				o.says = c.l.Pick(fr, en)
			}
			continue
		}
		if o.score >= 10 {
			continue
		}
		if how == 1 && len(o.texts) > 0 {
			continue // the best covered one; the others are looked at below
		}
		for _, t := range v.texts {
			if !slices.Contains(o.texts, t) {
				o.texts = append(o.texts, t)
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
			if v.col == options[best].col && !slices.Contains(options[best].texts, v.texts[0]) && lang.Fold(v.texts[0]) != lang.Fold(options[best].texts[0]) {
				same++
			}
		}
		sure = same == 0 && c.s.stands(c.s.vals[ids[0]], c.tokens[c.spans[i].from:c.spans[i].to])
	}
	return options[best].col, options[best].texts, options[best].says, sure
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

// askWhich asks which of several cells a word stands for.
func (c *composer) askWhich(i int, ids []int) {
	if c.r.ask != "" {
		return
	}
	c.r.ask = c.l.Pick("« "+c.text(i)+" » peut désigner plusieurs choses ici. Laquelle ?", "“"+c.text(i)+"” may stand for several things here. Which one?")
	if len(ids) == 1 {
		c.r.ask = c.l.Pick("Par « "+c.text(i)+" », voulez-vous dire :", "By “"+c.text(i)+"”, do you mean:")
	}
	if len(c.spans[i].fuzzy) > 0 {
		c.r.ask = c.l.Pick("Je ne trouve pas « "+c.text(i)+" ». Vouliez-vous dire :", "I cannot find “"+c.text(i)+"”. Did you mean:")
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

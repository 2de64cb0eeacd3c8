package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// named is a column with the cells that some words stand for.
type named struct {
	col    int
	texts  []string
	score  float64
	doubt  float64 // of a piece of a cell, or a misspelt one
	reread string  // the cell's text, where it is not what was written
}

// values turns the words that stand for cells into conditions, each on its
// likeliest column; other likely columns are kept to be tried.
func (r *reader) values() {
	for i := range r.spans {
		sp := &r.spans[i]
		if r.used[i] || len(sp.ops) > 0 || len(sp.vals)+len(sp.parts)+len(sp.partial)+len(sp.fuzzy) == 0 {
			continue
		}
		if bestName(sp.cols) >= 0.9 && !r.valueInPlace(i) || sp.entity && r.nounInPlace(i) {
			continue
		}
		options := r.options(i)
		if len(options) == 0 {
			continue
		}
		first := options[0]
		switch {
		case first.doubt > 0 && (bestName(sp.cols) >= 0.5 || sp.entity):
		case first.doubt > 0 && r.heldByMost(i, first): // "which lake": most cells hold the word
			r.askWord(i, first)
		case first.doubt > 0 && sp.num && !r.tokens[sp.from].isYear: // a piece of a cell is no number
		default:
			r.condition(i, options)
		}
	}
}

// heldByMost tells whether a word asked for stands in so many cells of a column that
// it is the column's noun.
func (r *reader) heldByMost(i int, n named) bool {
	return len(n.texts) > 2 && r.nounInPlace(i) && (!r.s.titled || int64(len(n.texts)*2) > r.s.t.Columns[n.col].Distinct)
}

// askWord asks for the column of a word, or for the rows where they are counted.
func (r *reader) askWord(i int, n named) {
	if p := r.near(i, -1); p >= 0 && r.spans[p].has(opCount) { // "how many series": the rows
		r.spans[i].entity, r.spans[i].partial = true, nil
		return
	}
	r.used[i] = true
	r.ask(n.col, i)
	r.d.cost += 0.3
}

// condition makes a condition of the first option, contested by those that are nearly
// as likely.
func (r *reader) condition(i int, options []named) {
	sp, first := &r.spans[i], options[0]
	r.used[i] = true
	r.d.cost += first.doubt
	if first.reread != "" {
		r.d.notes = append(r.d.notes, texts.Say(r.l, "rules.read_as", "words", r.text(i), "read", first.reread))
	}
	at := r.addValue(i, first)
	r.valueOf[i] = at + 1
	var others []cond
	var less []float64
	for _, o := range options[1:] {
		if first.score-o.score < 1.2 {
			less = append(less, 0.5*(first.score-o.score)+0.1)
			others = append(others, cond{col: o.col, op: r.d.conds[at].op, vals: anys(o.texts), pos: sp.from, src: r.text(i)})
		}
	}
	if len(others) > 0 && r.d.conds[at].pos == sp.from {
		r.d.contested = append(r.d.contested, contest{at, others, less})
	}
}

func anys(texts []string) []any {
	vals := make([]any, len(texts))
	for i, t := range texts {
		vals[i] = t
	}
	return vals
}

// valueInPlace tells whether a word that is both a header and a cell stands as
// a cell: beside another name of the cell's column, or with nothing to ask of it.
func (r *reader) valueInPlace(i int) bool {
	sp := &r.spans[i]
	if len(sp.vals) == 0 {
		return false
	}
	for _, j := range []int{r.near(i, -1), r.near(i, 1)} {
		if j < 0 || !r.adjacent(i, j) {
			continue
		}
		for _, id := range sp.vals {
			for _, ref := range r.spans[j].cols {
				if ref.col == r.s.val(id).col && ref.strength >= 0.9 {
					return true
				}
			}
		}
	}
	return false
}

// nounInPlace tells whether a word stands as the noun asked for: right after
// "how many", "which", "list".
func (r *reader) nounInPlace(i int) bool {
	p := r.near(i, -1)
	return p < 0 || r.spans[i].from-r.spans[p].to <= 1 && (r.spans[p].has(opCount) || r.spans[p].has(opWhich) || r.spans[p].has(opList) || r.spans[p].has(opHowMuch) || r.superlative(p))
}

// options lists the columns that the words of a span may be cells of, likeliest first.
func (r *reader) options(i int) []named {
	sp := &r.spans[i]
	var options []named
	add := func(ids []int, doubt float64, reread bool) {
		for _, id := range ids {
			v := r.s.val(id)
			at := slices.IndexFunc(options, func(o named) bool { return o.col == v.col })
			if at < 0 {
				o := named{col: v.col, score: r.fit(i, v.col) - 2*doubt, doubt: doubt}
				options = append(options, o)
				at = len(options) - 1
			}
			o := &options[at]
			if o.doubt < doubt {
				continue
			}
			o.texts = appendNew(o.texts, v.texts)
			if reread && o.reread == "" {
				o.reread = v.texts[0]
			}
		}
	}
	add(sp.vals, 0, false)
	for k := range options { // "Hard" is in "Hard (i)" too, and in a list's cells
		o := &options[k]
		for _, id := range sp.parts {
			if v := r.s.val(id); v.col == o.col && (r.s.cells[o.col].list || o.col != r.s.label) {
				o.texts = appendNew(o.texts, v.texts)
			}
		}
	}
	add(sp.parts, 0.1, false)
	for k := range options { // remarks and years stand in a cell among other words
		if o := &options[k]; r.s.noted(o.col) || sp.num && r.tokens[sp.from].isYear && r.textual(o.col) {
			for _, id := range r.holding(sp, o.col) {
				o.texts = appendNew(o.texts, r.s.val(id).texts)
			}
		}
	}
	if len(sp.vals)+len(sp.parts) == 0 {
		cover := 0.0
		for _, id := range sp.partial {
			cover = max(cover, float64(len(withoutSmall(words(r, sp))))/float64(max(1, len(withoutSmall(r.s.val(id).words)))))
		}
		doubt := 0.6 - 0.4*min(1, cover)
		if sp.to-sp.from == 1 {
			doubt += 0.1
		}
		add(sp.partial, doubt, false)
		if len(sp.partial) == 0 {
			add(sp.fuzzy, 0.5, true)
		}
	}
	slices.SortStableFunc(options, func(a, b named) int {
		if a.score > b.score {
			return -1
		} else if a.score < b.score {
			return 1
		}
		return 0
	})
	return options
}

// holding lists the cells of a column that have every word of a span.
func (r *reader) holding(sp *span, col int) []int {
	var ids []int
	for k, w := range words(r, sp) {
		if r.tokens[sp.from+k].stop {
			continue
		}
		if len(ids) == 0 {
			ids = r.s.having(w)
		} else {
			ids = intersect(ids, r.s.having(w))
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id int) bool { return r.s.val(id).col != col })
}

func words(r *reader, sp *span) []string {
	var out []string
	for _, t := range r.tokens[sp.from:sp.to] {
		out = append(out, t.norm)
	}
	return out
}

// fit says how likely a word stands for a cell of the column, by the words
// around it and the column's place and kind.
func (r *reader) fit(i, col int) float64 {
	score := 0.0
	for _, step := range []int{-1, 1} {
		for j, n := r.near(i, step), 0; j >= 0 && n < 2; j, n = r.near(j, step), n+1 {
			for _, ref := range r.spans[j].cols {
				if ref.col == col {
					score += 3 * ref.strength / float64(n+1)
				}
			}
		}
	}
	if col == r.s.label {
		score += 0.8
	}
	if r.s.noted(col) {
		score -= 1.5
	}
	for k := range r.d.conds { // "A or B": cells of one column
		if r.d.conds[k].col == col && r.d.conds[k].op == query.Eq && r.s.t.Columns[col].Type == "text" {
			score += 1
		}
	}
	return score - 0.02*float64(col)
}

// addValue adds a condition, or a value to one on the same column; it returns
// the condition's index.
func (r *reader) addValue(i int, n named) int {
	o, vals := query.Eq, anys(n.texts)
	if r.denied(i) {
		o = query.Ne
	}
	for k := range r.d.conds {
		x := &r.d.conds[k]
		if x.col == n.col && x.op == o && x.as == "" && !r.s.t.Columns[x.col].Type.Numeric() {
			r.alsoValue(x, i, vals)
			return k
		}
	}
	r.d.conds = append(r.d.conds, cond{col: n.col, op: o, vals: vals, pos: r.spans[i].from, src: r.text(i), sides: [][]any{vals}})
	return len(r.d.conds) - 1
}

// denied tells whether a word before a value leaves it out: "not", "other than".
func (r *reader) denied(i int) bool {
	for j, steps := r.near(i, -1), 0; j >= 0 && steps < 3; j, steps = r.near(j, -1), steps+1 {
		sp := &r.spans[j]
		if sp.has(opNot) || sp.has(opOther) && steps == 0 && sp.to-sp.from > 1 {
			if steps > 0 && r.spans[i].from-sp.to > 4 {
				return false
			}
			r.used[j] = true
			return true
		}
		if sp.has(opGroup) && sp.to-sp.from == 1 {
			steps--
			continue
		}
		if len(sp.cols) == 0 || r.valueOf[j] > 0 {
			return false
		}
	}
	return false
}

// alsoValue adds values to a condition: other ones, or what narrows them where both
// words stand for pieces of one cell.
func (r *reader) alsoValue(x *cond, i int, vals []any) {
	if x.op == query.Eq {
		if both := intersection(x.vals, vals); len(both) > 0 && (len(both) < len(x.vals) || len(both) < len(vals)) {
			x.vals = both
			return
		}
		if r.continues(x.pos, i) {
			if r.inEach(i, x.vals) { // "adjoint au maire" is no mayor
				return
			}
			if p := r.at(x.pos); p >= 0 && r.inEach(p, vals) {
				x.vals, x.sides = vals, [][]any{vals}
				return
			}
		}
	}
	x.vals = appendNew(x.vals, vals)
	x.sides = append(x.sides, vals)
}

// at is the span that starts at a token, or -1.
func (r *reader) at(pos int) int {
	return slices.IndexFunc(r.spans, func(sp span) bool { return sp.from == pos })
}

// continues tells whether a span goes on from the one at pos with nothing but
// small words between, none of which joins two things.
func (r *reader) continues(pos, i int) bool {
	p := r.at(pos)
	if p < 0 || p >= i || r.spans[i].from-r.spans[p].to > 3 {
		return false
	}
	between := r.q[r.tokens[r.spans[p].to-1].End:r.tokens[r.spans[i].from].Start]
	for _, w := range strings.Fields(lang.Fold(between)) {
		if !stopWords[w] || w == "et" || w == "ou" || w == "and" || w == "or" || w == "ni" {
			return false
		}
	}
	return !strings.ContainsAny(between, ",;/")
}

// inEach tells whether every text has all the words of a span.
func (r *reader) inEach(i int, texts []any) bool {
	for _, v := range texts {
		text, _ := v.(string)
		have := normAll(text)
		for _, w := range words(r, &r.spans[i]) {
			if !slices.Contains(have, w) {
				return false
			}
		}
	}
	return len(texts) > 0
}

func intersection(a, b []any) []any {
	var out []any
	for _, v := range a {
		if slices.Contains(b, v) {
			out = append(out, v)
		}
	}
	return out
}

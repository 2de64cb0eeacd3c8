package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// reader reads a question over an unannotated table: it gives each span of
// words its part in a draft.
type reader struct {
	s        *schema
	q        string
	l        lang.Lang
	tokens   []token
	spans    []span
	used     []bool // spans that have their part
	consumed []bool // columns named only to say what a condition is on
	valueOf  []int  // spans of values: index of their condition, +1
	rows     bool   // the noun asked for names the rows
	d        draft
	one      bool          // "the only": one row is meant
	expect   int           // rows that the question counts on: "which two players"; 0: any number
	unitCols map[int][]int // spans that are units: the columns measured in them
}

func (s *schema) read(q string, l lang.Lang, tokens []token, spans []span) *reader {
	r := &reader{s: s, q: q, l: l, tokens: tokens, spans: spans, used: make([]bool, len(spans)), consumed: make([]bool, len(spans)), valueOf: make([]int, len(spans)), unitCols: map[int][]int{}}
	r.d.havingOf = -1
	r.settle()
	r.contains()
	r.dates()
	r.placed()
	r.amounts()
	r.values()
	r.parts()
	r.afterQuestionWord()
	return r
}

// afterQuestionWord drops what is named before a question word that comes late:
// "X was transferred to his team on what date?"
func (r *reader) afterQuestionWord() {
	late := -1
	for i := range r.spans {
		sp := &r.spans[i]
		if sp.has(opWhich) || sp.has(opWhen) || sp.has(opWho) || sp.has(opWhere) {
			if i > 0 && late < 0 && r.near(-1, 1) < i {
				late = i
			}
			if i == r.near(-1, 1) {
				return
			}
		} else if i == r.near(-1, 1) && (sp.has(opList) || sp.has(opCount) || sp.has(opHowMuch)) {
			return
		}
	}
	if late < 0 {
		return
	}
	r.d.asks = slices.DeleteFunc(r.d.asks, func(a ask) bool { return a.span < late && a.agg == "" })
}

func (r *reader) text(i int) string { return describe(r.tokens, r.q, r.spans[i]) }

func (r *reader) empty(i int) bool {
	sp := &r.spans[i]
	return len(sp.ops) == 0 && len(sp.cols) == 0 && len(sp.vals) == 0 && len(sp.partial) == 0 && len(sp.parts) == 0 && len(sp.fuzzy) == 0 && !sp.entity && !sp.num && !sp.unknown && !sp.scale
}

func (r *reader) near(i, step int) int {
	for j := i + step; j >= 0 && j < len(r.spans); j += step {
		if !r.empty(j) {
			return j
		}
	}
	return -1
}

// column is the column that a span names best among those that satisfy ok, or -1.
func (r *reader) column(i int, ok func(col int) bool) int {
	best, at := 0.0, -1
	for _, ref := range r.spans[i].cols {
		if w := ref.strength + r.yearInHeader(ref.col); w > best && (ok == nil || ok(ref.col)) {
			best, at = w, ref.col
		}
	}
	return at
}

// yearInHeader prefers, among columns of several years, that of the question's year.
func (r *reader) yearInHeader(col int) float64 {
	for _, w := range headerWords(r.s.t.Columns[col].Name) {
		if len(w) != 4 || w[0] < '1' || w[0] > '2' || w[3] < '0' || w[3] > '9' {
			continue
		}
		for k, sp := range r.spans {
			if sp.num && r.tokens[sp.from].isYear {
				if r.tokens[sp.from].Fold == w {
					r.used[k], r.consumed[k] = true, true
					return 0.2
				}
				return -0.1
			}
		}
	}
	return 0
}

func (r *reader) op(o op) int {
	return slices.IndexFunc(r.spans, func(sp span) bool { return sp.has(o) })
}

func (r *reader) superlative(i int) bool {
	sp := &r.spans[i]
	return sp.has(opMost) || sp.has(opLeast) || sp.has(opFirst) || sp.has(opLast) || sp.has(opCommon) || sp.has(opRare) || sp.has(opMax) || sp.has(opMin) || r.isScale(i)
}

func (r *reader) isScale(i int) bool {
	return r.spans[i].scale
}

// settle drops the senses that the surroundings rule out: a full header or a
// cell goes before a common word of the language, and the other way round for
// pieces of headers.
func (r *reader) settle() {
	for i := range r.spans {
		sp := &r.spans[i]
		switch {
		case r.asUnit(i), r.asScale(i):
		case r.prose(i):
			sp.partial, sp.unknown = nil, true
		case len(sp.ops) == 0 || r.held(i):
		case sp.has(opOnly): // it counts on there being one, and asks nothing
			r.one = r.one || sp.from > 0 && articles[r.tokens[sp.from-1].Fold]
			sp.ops = nil
		case sp.has(opShare) && i > 0 && r.percentHeader(i):
			sp.ops = nil
		default:
			r.asOperation(i)
		}
	}
}

// asUnit makes a word that is a unit stand for the columns measured in it.
func (r *reader) asUnit(i int) bool {
	cols := r.unit(i)
	if cols == nil {
		return false
	}
	sp := &r.spans[i]
	r.unitCols[i] = cols
	sp.vals, sp.parts, sp.partial, sp.fuzzy, sp.unknown, sp.ops, sp.cols = nil, nil, nil, nil, false, nil, nil
	for _, c := range cols {
		sp.cols = append(sp.cols, nameRef{c, 0.5})
	}
	return true
}

// asScale makes an adjective that a column measures stand for a comparison alone.
func (r *reader) asScale(i int) bool {
	sp := &r.spans[i]
	if sp.to != sp.from+1 || len(sp.vals) > 0 {
		return false
	}
	if col, _ := r.measuredBy(r.tokens[sp.from].Fold); col < 0 {
		return false
	}
	sp.ops = slices.DeleteFunc(sp.ops, func(o op) bool { return o != opMoreThan && o != opLessThan })
	sp.scale = true
	sp.unknown, sp.cols, sp.partial, sp.fuzzy = false, nil, nil, nil
	return true
}

// moreThan are English superlatives that compare where "than" follows.
var moreThan = map[string]op{"more": opMoreThan, "better": opMoreThan, "fewer": opLessThan, "less": opLessThan, "lesser": opLessThan}

// asOperation decides between what a word asks and the header or cell that it may be.
func (r *reader) asOperation(i int) {
	sp := &r.spans[i]
	alone := sp.to-sp.from == 1
	if o, ok := moreThan[strings.ToLower(r.text(i))]; ok && alone && (sp.has(opMost) || sp.has(opLeast)) && r.thanAfter(i) {
		sp.ops = []op{o}
	}
	strong := bestName(sp.cols) >= 0.9
	switch {
	case strong && r.headerInPlace(i):
		sp.ops = nil
	case len(sp.vals) > 0 && !alone:
		sp.ops = nil
	default:
		sp.vals, sp.parts, sp.partial, sp.fuzzy = nil, nil, nil, nil
		if !strong {
			sp.cols = nil
		}
	}
	if i > 0 && sp.has(opYesNo) && alone { // verbs within a question ask nothing
		sp.ops = slices.DeleteFunc(sp.ops, func(o op) bool { return o == opYesNo })
	}
	if sp.has(opOr) && strings.ContainsRune(r.tokens[sp.from].Text, 'ù') {
		sp.ops = []op{opWhere}
	}
}

// held lets a word that may ask for an amount or for the rows name the column
// of figures that bears it: "le montant" of "Montant HT (€)", "entrées" of
// "Entrées payantes".
func (r *reader) held(i int) bool {
	sp := &r.spans[i]
	if !sp.has(opRows) && !sp.has(opHowMuch) && !sp.has(opCount) {
		return false
	}
	for _, t := range r.tokens[sp.from:sp.to] {
		if !heldWords[t.Fold] {
			continue
		}
		refs := slices.DeleteFunc(slices.Clone(r.s.names[t.norm]), func(ref nameRef) bool {
			return ref.strength < 0.3 || !r.numeric(ref.col) || r.s.t.Columns[ref.col].Role != dataset.Measure
		})
		if len(refs) > 0 {
			sp.ops, sp.cols, sp.vals, sp.parts, sp.partial, sp.fuzzy = nil, refs, nil, nil, nil, nil
			return true
		}
	}
	return false
}

// heldWords are the nouns of amounts and of rows that may head a column too.
var heldWords = wordSet("montant montants amount amounts somme sommes entree entrees entries")

// prose tells whether a word is a common noun that only happens to stand in
// some cell among many other words.
func (r *reader) prose(i int) bool {
	sp := &r.spans[i]
	if len(sp.partial) > 0 && len(sp.vals)+len(sp.parts)+len(sp.cols)+len(sp.ops) == 0 && slices.ContainsFunc(r.tokens[sp.from:sp.to], func(t token) bool { return len(scales[t.Fold]) > 0 }) {
		return !slices.ContainsFunc(sp.partial, func(id int) bool { return !r.s.noted(r.s.val(id).col) }) // "the tallest building", of a remark
	}
	if sp.to-sp.from != 1 || len(sp.vals)+len(sp.parts)+len(sp.cols)+len(sp.ops)+len(sp.fuzzy) > 0 || len(sp.partial) == 0 || sp.entity || !things[r.tokens[sp.from].Fold] && !quantities[r.tokens[sp.from].Fold] {
		return false
	}
	for _, id := range sp.partial {
		if v := r.s.val(id); len(withoutSmall(v.words)) <= 3 && !r.s.noted(v.col) {
			return false
		}
	}
	return true
}

// noted tells whether a column holds remarks.
func (s *schema) noted(col int) bool {
	return slices.ContainsFunc(headerWords(s.t.Columns[col].Name), func(w string) bool {
		switch w {
		case "note", "notes", "comment", "comments", "description", "remark", "remarks", "remarque", "remarques", "observation", "observations", "commentaire", "commentaires", "reference", "references":
			return true
		}
		return false
	})
}

// percentHeader tells whether a word of shares only ends the name of a column
// of them: "win percentage", where the header is "Win %".
func (r *reader) percentHeader(i int) bool {
	p := r.near(i, -1)
	if p < 0 || !r.adjacent(p, i) || bestName(r.spans[p].cols) < 0.5 {
		return false
	}
	name := strings.ToLower(r.name(r.column(p, nil)))
	return strings.Contains(name, "%") || strings.Contains(name, "percent") || strings.Contains(name, "pourcent") || strings.Contains(name, "pct")
}

// thanAfter tells whether "than" comes within a few words.
func (r *reader) thanAfter(i int) bool {
	for k := r.spans[i].to; k < len(r.tokens) && k < r.spans[i].to+5; k++ {
		if r.tokens[k].Fold == "than" {
			return true
		}
	}
	return false
}

// headerInPlace tells whether a word that is both a header and an operation
// ("total", "first", "rank") stands where a header does: not before another one.
func (r *reader) headerInPlace(i int) bool {
	n := r.near(i, 1)
	if n < 0 || r.spans[n].from-r.spans[i].to > 0 {
		return true
	}
	if len(r.spans[n].cols) > 0 || r.spans[n].entity {
		p := r.near(i, -1)
		return p >= 0 && (r.spans[p].has(opAnd) || r.spans[p].num) || !r.numeric(r.column(n, nil))
	}
	return true
}

func (r *reader) numeric(col int) bool { return col >= 0 && r.s.t.Columns[col].Type.Numeric() }

// measuredBy is the column that a comparing adjective measures, or -1.
func (r *reader) measuredBy(words string) (col int, desc bool) {
	for _, w := range strings.Fields(words) {
		for _, sc := range scales[w] {
			for _, h := range sc.headers {
				best := -1
				for _, f := range forms([]string{h}) {
					for _, ref := range r.s.names[f] {
						if _, ok := r.s.as(ref.col); ok && ref.strength >= 0.3 && (best < 0 || ref.strength > 0.8) {
							best = ref.col
						}
					}
				}
				if best >= 0 {
					return best, sc.desc
				}
			}
		}
	}
	return -1, false
}

// contains reads "whose names contain the substring 'Al'".
func (r *reader) contains() {
	for i := range r.spans {
		sp := &r.spans[i]
		if !sp.has(opContains) && !sp.has(opStarts) {
			continue
		}
		from := sp.to
		for from+1 < len(r.tokens) && (r.tokens[from].stop || pieces[r.tokens[from].Fold]) {
			from++
		}
		if from >= len(r.tokens) {
			continue
		}
		col := r.textColumn(i, from)
		if col < 0 {
			continue
		}
		r.used[i] = true
		for j := i + 1; j < len(r.spans); j++ {
			if r.spans[j].from <= from && r.spans[j].to >= from {
				r.used[j], r.consumed[j] = true, true
			}
		}
		o := query.Contains
		if sp.has(opStarts) {
			o = query.Starts
		}
		r.d.conds = append(r.d.conds, cond{col: col, op: o, vals: []any{r.tokens[from].Text}, pos: from, src: r.tokens[from].Text})
	}
}

// pieces are nouns for a piece of a text.
var pieces = wordSet("letter letters substring word string text lettre lettres mot mots chaine texte")

// textColumn is the column of texts nearest to a condition on a piece of them, whose
// text starts at a token: after it ("with the letter w in its description"), else
// before; -1 none.
func (r *reader) textColumn(i, from int) int {
	for j := i + 1; j < len(r.spans); j++ {
		if r.spans[j].from <= from {
			continue
		}
		if col := r.column(j, r.textual); col >= 0 {
			r.used[j], r.consumed[j] = true, true
			return col
		}
	}
	for j := i - 1; j >= 0; j-- {
		if col := r.column(j, r.textual); col >= 0 {
			r.used[j] = true
			r.consumed[j] = j > 0 && r.prior(j, opWhose)
			return col
		}
	}
	return -1
}

const opWhose op = "whose"

func (r *reader) prior(i int, o op) bool {
	from := r.spans[i].from
	for from > 0 && articles[r.tokens[from-1].Fold] {
		from--
	}
	return o == opWhose && from > 0 && slices.Contains([]string{"whose", "dont", "their", "its"}, r.tokens[from-1].Fold)
}

func (r *reader) textual(col int) bool { return r.s.t.Columns[col].Type == dataset.Text }

// often are words that make "the most" mean "on the most rows".
var often = wordSet("used listed featured represented mentioned played visited named held hosted chosen appeared appearing appears common frequent popular prevalent")

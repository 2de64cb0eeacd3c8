package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/query"
)

// comparator finds the words that make a number a bound: before it, or after
// it as "or more".
func (r *reader) comparator(i int) (op, int) {
	if o, at, settled := r.comparatorBefore(i); settled {
		return o, at
	}
	for j, steps := r.near(i, 1), 0; j >= 0 && steps < 2; j, steps = r.near(j, 1), steps+1 {
		for _, o := range []op{opAtLeast, opAtMost} {
			if r.spans[j].has(o) && r.goesAfter(i, j) {
				return o, j
			}
		}
		if len(r.spans[j].ops) > 0 {
			break
		}
	}
	return "", -1
}

// goesAfter tells whether the words of span j follow the number that they make a
// bound: "4 or more", "4 at least".
func (r *reader) goesAfter(i, j int) bool {
	switch r.tokens[r.spans[j].from].Fold {
	case "ou", "or", "et", "and":
		return true
	case "at", "au":
		return r.adjacent(i, j)
	}
	return false
}

// comparatorBefore looks among the four spans before a number; settled where a
// comparing word is there, whether it is this number's or not.
func (r *reader) comparatorBefore(i int) (o op, at int, settled bool) {
	for j, steps := r.near(i, -1), 0; j >= 0 && steps < 4; j, steps = r.near(j, -1), steps+1 {
		for _, o := range comparators {
			if !r.spans[j].has(o) {
				continue
			}
			if steps > 0 && !r.reaches(o, j, i) {
				return "", -1, true
			}
			return o, j, true
		}
		if o := r.thanAtEnd(j); o != "" && steps == 0 && (r.spans[j].to-r.spans[j].from > 1 || i+1 < len(r.spans)) {
			return o, j, true
		}
		if r.spans[j].num && !r.spans[j].has(opAnd) || len(r.spans[j].vals) > 0 {
			break
		}
	}
	return "", -1, false
}

// thanAtEnd is what "later than", "earlier than" compare; "" for all else.
func (r *reader) thanAtEnd(j int) op {
	switch {
	case !strings.HasSuffix(r.text(j), "than"):
	case r.spans[j].has(opAfter):
		return opMoreThan
	case r.spans[j].has(opBefore):
		return opLessThan
	}
	return ""
}

// reaches tells whether a comparing word that does not stand right before a number
// is about it: "at most an attendance of 1,000", "a greater weight than 10".
func (r *reader) reaches(o op, j, i int) bool {
	if o == opAtLeast || o == opAtMost {
		n := r.near(j, 1)
		return n == r.near(i, -1) && r.amountColumn(n) >= 0
	}
	return o == opBetween || r.thanBetween(j, i)
}

// thanBetween tells whether "than" stands between a comparator and its number:
// "a greater weight than 10".
func (r *reader) thanBetween(j, i int) bool {
	for k := j + 1; k < i; k++ {
		if r.spans[k].has(opThan) || r.tokens[r.spans[k].from].Fold == "than" || r.tokens[r.spans[k].from].Fold == "que" {
			return true
		}
	}
	return false
}

var boundOps = map[op]query.Op{opMoreThan: query.Gt, opLessThan: query.Lt, opAtLeast: query.Ge, opAtMost: query.Le, opEquals: query.Eq}

// denied is what a comparison is where it is denied.
var denied = map[query.Op]query.Op{query.Gt: query.Le, query.Lt: query.Ge, query.Ge: query.Lt, query.Le: query.Gt, query.Eq: query.Ne}

// boundary is a number that bounds something: what it bounds is looked for in turn.
type boundary struct {
	r  *reader
	i  int // span of the number
	at int // of the words that compare
	o  query.Op
	v  float64

	next  int // span after the number, or after the words that compare; -1
	col   int // bounded, or -1
	named int // span that names it, or -1
}

// bound puts a number on the column named beside it, on the one that the
// comparing adjective measures, or on the number of rows of a group.
func (r *reader) bound(i, at int, cmp op, v float64, next, col int) bool {
	b := &boundary{r: r, i: i, at: at, o: boundOps[cmp], v: v, next: next, col: col, named: next}
	b.deny()
	b.lookAfter()
	if b.counts() {
		b.col = -1
	} else {
		b.measured()
		b.lookAround()
	}
	if b.countsRather() {
		b.col = -1 // "at least 2 paragraphs" counts them
	}
	switch {
	case b.col >= 0:
		b.condition()
		return true
	case b.havingValues():
		return true
	case len(scales[r.tokens[r.spans[at].from].Fold]) > 0:
		return false // "shorter than 5 episodes" is no number of rows
	}
	return b.havingRows()
}

// deny turns the comparison round where a negation stands before it.
func (b *boundary) deny() {
	r := b.r
	if p := r.near(b.at, -1); p >= 0 && r.spans[p].has(opNot) && r.spans[b.at].from-r.spans[p].to <= 1 {
		r.used[p] = true
		b.o = denied[b.o]
	}
}

// lookAfter takes the noun after words that follow the number: "4 or more students".
func (b *boundary) lookAfter() {
	if b.at < b.i {
		return
	}
	n := b.r.near(b.at, 1)
	if n < 0 || b.r.spans[n].from-b.r.spans[b.at].to > 1 {
		return
	}
	b.next = n
	if b.col < 0 {
		b.col, b.named = b.r.amountColumn(n), n
	}
}

// counts tells whether the noun beside the number is what the rows are.
func (b *boundary) counts() bool {
	return b.next >= 0 && b.r.spans[b.next].entity && bestName(b.r.spans[b.next].cols) < 0.9
}

// measured takes the column that the comparing adjective measures, where none is named.
func (b *boundary) measured() {
	r := b.r
	if b.col < 0 {
		b.col, _ = r.measuredBy(r.tokens[r.spans[b.at].from].Fold)
		b.named = -1
	}
	if b.col < 0 || b.named >= 0 {
		return
	}
	for j := max(0, b.i-5); j < b.i; j++ {
		if r.amountColumn(j) == b.col {
			r.used[j], r.consumed[j] = true, true
		}
	}
}

// lookAround takes a column named between the comparing words and the number, or
// before them.
func (b *boundary) lookAround() {
	r := b.r
	if b.col >= 0 {
		return
	}
	if b.at >= b.i {
		if p := r.near(b.i, -1); p >= 0 {
			b.take(p)
		}
		return
	}
	for j := b.at; j < b.i; j++ {
		b.take(j)
	}
	for j, steps := r.near(b.at, -1), 0; j >= 0 && steps < 3 && b.col < 0; j, steps = r.near(j, -1), steps+1 {
		b.take(j)
	}
}

// take takes the column of amounts that a span names, where there is none yet.
func (b *boundary) take(j int) {
	if c := b.r.amountColumn(j); c >= 0 && b.col < 0 {
		b.col, b.named = c, j
	}
}

// countsRather tells whether the noun right after the number is counted, though a
// column is named elsewhere.
func (b *boundary) countsRather() bool {
	return b.next >= 0 && b.col >= 0 && b.named != b.next && b.r.spans[b.next].entity && b.r.spans[b.next].from-b.r.end(b.i) <= 1
}

// havingValues bounds the number of values of a column: "more than one format".
func (b *boundary) havingValues() bool {
	r := b.r
	if b.next < 0 || !r.adjacent(b.i, b.next) || len(r.spans[b.next].ops)+len(r.spans[b.next].vals) > 0 || b.v > 100 {
		return false
	}
	k := r.column(b.next, r.textual)
	if k < 0 || r.nameOf(b.next, k) < 0.5 || b.o != query.Gt && b.o != query.Ge {
		return false
	}
	r.d.having, r.d.havingOf = append(r.d.having, query.Having{Measure: 1, Op: b.o, Value: b.v}), k
	r.used[b.i], r.used[b.at], r.used[b.next], r.consumed[b.next] = true, true, true, true
	return true
}

// havingRows bounds the number of rows of a group.
func (b *boundary) havingRows() bool {
	r := b.r
	if b.next < 0 {
		r.having(b)
		return true
	}
	sp := &r.spans[b.next]
	rows := sp.entity || sp.has(opTimes)
	if !rows && !sp.unknown && !sp.has(opAtLeast) && !sp.has(opAtMost) {
		return false
	}
	r.having(b)
	if rows || things[r.tokens[sp.from].Fold] {
		r.used[b.next] = true
	}
	return true
}

func (r *reader) having(b *boundary) {
	r.d.having = append(r.d.having, query.Having{Measure: 1, Op: b.o, Value: b.v})
	r.used[b.i], r.used[b.at] = true, true
}

// condition puts the bound on the column.
func (b *boundary) condition() {
	r := b.r
	r.used[b.i], r.used[b.at] = true, true
	v := r.inUnit(b.i, b.col, b.v)
	if b.named >= 0 {
		r.used[b.named] = true
		r.consumed[b.named] = true
	}
	r.where(cond{col: b.col, op: b.o, vals: []any{v}, pos: r.spans[b.i].from, src: r.text(b.i)})
}

// inUnit takes the thousands or the millions out of the number of span i where
// the header says that cells are in them.
func (r *reader) inUnit(i, col int, v float64) float64 {
	c := r.s.t.Columns[col]
	name := strings.ToLower(c.Name)
	stated := euros.MatchString(strings.ToLower(r.q[r.tokens[r.spans[i].from].End:]))
	top, err := strconv.ParseFloat(c.Max, 64)
	below := func(n float64) bool { return err == nil && top < n } // every cell
	switch {
	case saysOneOf(name, "k€", "keur", "milliers"):
		if stated || v >= 1e4 && below(v/10) {
			return v / 1e3
		}
	case saysOneOf(name, "m€", "meur", "millions d"):
		if stated {
			return v / 1e6
		}
	}
	if v >= 1e6 && below(v/100) && saysOneOf(name, "(m", "million", " m.") {
		return v / 1e6
	}
	return v
}

func saysOneOf(name string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(name, p) })
}

// euros tells whether what follows a number says that it is of euros, its
// multiplier counted in it; of a range, the second number's word does.
var euros = regexp.MustCompile(`^[\s\x{a0}\x{202f}]*((et|à|and|to|-)\s*[0-9][0-9\s\x{a0}\x{202f}.,]*)?(k|m|md|mds|mille|millions?|milliards?)?\s*(d['’]\s*)?(€|euros?\b|eur\b)`)

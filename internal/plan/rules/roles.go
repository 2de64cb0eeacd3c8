package rules

import (
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// parts gives the columns and the nouns their part, left to right: each takes
// the one that the words before it announce.
func (r *reader) parts() {
	p := &announced{r: r}
	for i := range r.spans {
		sp := &r.spans[i]
		switch {
		case r.empty(i):
		case len(sp.ops) > 0 || r.isScale(i) && len(sp.vals) == 0 && !sp.unknown:
			p.operation(i)
		case r.used[i] && (r.valueOf[i] > 0 || sp.num):
			p.value(i)
		case !r.consumed[i]:
			p.noun(i)
		}
	}
}

// firstPlace reads "finished first" as a condition on the column of ranks.
func (r *reader) firstPlace(i int) bool {
	from, to := r.spans[i].from, r.spans[i].to
	verb := func(k int) bool {
		if k < 0 || k >= len(r.tokens) {
			return false
		}
		switch r.tokens[k].Fold {
		case "finish", "finished", "finishing", "place", "placed", "placing", "came", "rank", "ranked":
			return true
		}
		return false
	}
	if !verb(from-1) && !verb(to) && !verb(from-2) {
		return false
	}
	for k := range r.s.t.Columns {
		if r.rankedColumn(k) {
			r.used[i] = true
			r.where(cond{col: k, op: query.Eq, vals: []any{1.0}, pos: from, src: r.text(i)})
			return true
		}
	}
	return false
}

// missing reads "sans X" as the rows whose X is empty.
func (r *reader) missing(i int) bool {
	n := r.near(i, 1)
	if n < 0 || r.spans[n].from-r.spans[i].to > 1 || bestName(r.spans[n].cols) < 0.9 || r.valueOf[n] > 0 {
		return false
	}
	col := r.column(n, nil)
	if _, _, ok := r.s.flagValues(col); ok || r.s.t.Columns[col].Nulls == 0 || r.s.t.Columns[col].Type.Numeric() {
		return false
	}
	r.used[i], r.used[n], r.consumed[n] = true, true, true
	r.d.conds = append(r.d.conds, cond{col: col, op: query.Null, pos: r.spans[n].from, src: r.text(n)})
	return true
}

// flag reads a column of yes and no, or of 1 and 0, as a condition: "principal
// stations", "that has high definition", "hors Île-de-France".
func (r *reader) flag(i, col int) bool {
	yes, no, ok := r.s.flagValues(col)
	p := r.near(i, -1)
	if p >= 0 && r.spans[p].has(opPercent) { // "pas en Île-de-France"
		p = r.near(p, -1)
	}
	not := p >= 0 && r.spans[p].has(opNot) && r.spans[i].from-r.spans[p].to <= 2
	if !ok || !not && !(r.rows || r.d.count != nil || len(r.d.asks) > 0) {
		return false
	}
	if p >= 0 && (r.spans[p].has(opWhich) || r.spans[p].has(opList)) {
		return false
	}
	v := yes
	if not {
		v = no
		r.used[p] = true
	}
	r.used[i] = true
	if !r.d.on(col) {
		r.d.conds = append(r.d.conds, cond{col: col, op: query.Eq, vals: []any{v}, pos: r.spans[i].from, src: r.text(i)})
	}
	return true
}

// inPassing tells whether a word that reminds of a column asks nothing of it:
// a common verb, or a verb after the noun that is asked for.
func (r *reader) inPassing(i int) bool {
	sp := &r.spans[i]
	f := r.tokens[sp.from].Fold
	if sp.to-sp.from > 1 || bestName(sp.cols) >= 0.9 && !strings.HasSuffix(f, "ed") || r.askedFor(i) || r.listed(i) {
		return false
	}
	if generic[f] {
		return true
	}
	verb := strings.HasSuffix(f, "ed") || strings.HasSuffix(f, "ing")
	known := len(r.d.asks) > 0 || r.rows || r.op(opWho) >= 0 || r.op(opWhen) >= 0 || r.op(opWhere) >= 0
	if verb && known && bestName(sp.cols) < 1 {
		r.used[i] = true
		r.d.cost += 0.1
		return true
	}
	return false
}

// askedFor tells whether a span stands right after words that ask for it.
func (r *reader) askedFor(i int) bool {
	p := r.near(i, -1)
	if p < 0 || r.spans[i].from-r.spans[p].to > 1 {
		return false
	}
	sp := &r.spans[p]
	return sp.has(opWhich) || sp.has(opList) || sp.has(opAnd) || sp.has(opHowMuch) || sp.has(opExtent)
}

// listed tells whether a span goes on a list of what is asked for: "ids, names
// and descriptions".
func (r *reader) listed(i int) bool {
	p := r.near(i, -1)
	return p >= 0 && bestName(r.spans[i].cols) >= 0.5 && len(r.d.asks) > 0 && r.d.asks[len(r.d.asks)-1].span == p &&
		strings.Contains(r.q[r.tokens[r.spans[p].to-1].End:r.tokens[r.spans[i].from].Start], ",")
}

// linked tells whether a value stands between an aggregate and its column.
func (r *reader) linked(i int) bool {
	n := r.near(i, 1)
	return n >= 0 && r.spans[n].from-r.spans[i].to <= 1 && len(r.spans[n].cols) > 0
}

// joined tells whether "and" goes on to another column.
func (r *reader) joined(i int) bool {
	n := r.near(i, 1)
	return n >= 0 && (r.spans[n].has(opAnd) || len(r.spans[n].ops) == 0 && strings.Contains(r.q[r.tokens[r.spans[i].to-1].End:r.tokens[r.spans[n].from].Start], ","))
}

func (r *reader) measurable(col int) bool {
	c := r.s.t.Columns[col]
	_, ok := r.s.as(col)
	return ok && c.Role != dataset.Geometry
}

func (r *reader) newBest(i int, desc bool) *best {
	b := &best{span: i, col: -1, desc: desc, of: -1}
	if r.d.best == nil {
		r.d.best = b
		r.used[i] = true
	} else if r.d.best.col < 0 && r.d.best.of < 0 && !r.d.best.ends { // "the most … the most"
		r.d.best = b
		r.used[i] = true
	}
	return b
}

func (r *reader) scaleSup(i int, sup **best) bool {
	f := r.tokens[r.spans[i].from].Fold
	col, desc := r.measuredBy(f)
	if col < 0 {
		return false
	}
	if n := r.near(i, 1); n >= 0 && r.adjacent(i, n) { // "the longest time", where a distance is there too
		if k := r.column(n, r.measurable); k >= 0 && r.nameOf(n, k) >= 0.9 && !r.isTime(k) {
			col = k
			r.used[n], r.consumed[n] = true, true
		}
	}
	if p := r.near(i, -1); p >= 0 && (r.spans[p].has(opLeast)) && *sup != nil && (*sup).span == p {
		desc = !desc
		(*sup).col, (*sup).desc = col, desc
		return true
	}
	if *sup != nil && (*sup).col < 0 && (*sup).span == r.near(i, -1) {
		(*sup).col, (*sup).desc = col, desc
		return true
	}
	*sup = r.newBest(i, desc)
	(*sup).col = col
	return true
}

func (r *reader) counting(i int) *count {
	if r.d.count == nil {
		r.d.count = &count{span: i, head: -1, col: -1}
		r.used[i] = true
	}
	return r.d.count
}

func (r *reader) groupBy(col, i int) {
	r.d.groups = appendOnce(r.d.groups, col)
	r.used[i] = true
	if p := r.near(i, -1); p >= 0 && r.spans[p].has(opGroup) {
		r.used[p] = true
	}
}

func (r *reader) ask(col, i int) {
	r.used[i] = true
	r.doubtName(i, col)
	if !r.d.asked(col) {
		r.d.asks = append(r.d.asks, ask{col: col, span: i})
	}
}

// doubtName makes dear what a few words of a header, or the headers of several
// columns alike, are taken for.
func (r *reader) doubtName(i, col int) {
	if r.unitCols[i] != nil || r.d.on(col) {
		return
	}
	strength, all := r.nameOf(i, col), 0.0
	for j := range r.spans {
		all += r.nameOf(j, col)
	}
	r.d.cost += max(0, 0.4-all)
	for _, ref := range r.spans[i].cols {
		same := numbered(r.name(ref.col)) == numbered(r.name(col))
		if !same && r.s.titled && strength < 0.9 { // "entrées" of "Entrées payantes" and of "Entrées gratuites"
			same = r.figures(col) && r.figures(ref.col)
			for j := range r.spans {
				same = same && (j == i || r.nameOf(j, col) == r.nameOf(j, ref.col))
			}
		}
		if ref.col != col && ref.strength == strength && same {
			r.d.cost += 1.5 // which of the columns called so?
			return
		}
	}
}

// figures tells whether a column holds what may be added up.
func (r *reader) figures(col int) bool {
	return r.numeric(col) && r.s.t.Columns[col].Role == dataset.Measure
}

// numbered cuts the number by which columns of one name are told apart: "Votes (2)".
func numbered(name string) string {
	base, rest, ok := strings.Cut(name, " (")
	if n := strings.TrimSuffix(rest, ")"); ok && len(n) == 1 && n[0] >= '2' && n[0] <= '9' {
		return base
	}
	return name
}

// announces tells whether a column is named only to introduce a value beside
// it: "le prénom Adam", "the airport with code 'AKO'", "exploitées par la SNCF".
func (r *reader) announces(i, col int) bool {
	if from := r.spans[i].from; from > 0 && onlys[r.tokens[from-1].Fold] {
		return false // "the only venue in Spain"
	}
	for _, step := range []int{1, -1} {
		j := r.near(i, step)
		if j >= 0 && step > 0 && r.introduces(j) {
			j = r.near(j, step)
		}
		if j < 0 || r.valueOf[j] == 0 || r.d.conds[r.valueOf[j]-1].col != col || r.askedBeside(i, j, step) {
			continue
		}
		for k := min(i, j) + 1; k < max(i, j); k++ {
			if r.spans[k].has(opGroup) {
				r.used[k] = true
			}
		}
		return true
	}
	return false
}

// introduces tells whether a span is the one word between a column and its value:
// "by", "is", "not".
func (r *reader) introduces(j int) bool {
	sp := &r.spans[j]
	return sp.to-sp.from == 1 && (sp.has(opGroup) || sp.has(opNot) || sp.has(opYesNo) || sp.has(opEquals) || sp.has(opSince))
}

// askedBeside tells whether the column of span i is asked for although one of its
// values stands in span j, on the side that step says.
func (r *reader) askedBeside(i, j, step int) bool {
	if r.d.conds[r.valueOf[j]-1].op == query.Ne && len(r.d.asks) == 0 && !r.rows && r.d.count == nil {
		return true // "what other fee, besides free"
	}
	if p := r.near(i, -1); p >= 0 && (r.spans[p].has(opWhich) || r.spans[p].has(opList)) && step > 0 && r.spans[j].from-r.spans[i].to > 1 {
		return true // "which country is X in"
	}
	return step < 0 && r.spans[i].from-r.spans[j].to > 0
}

// byOne tells whether "by" introduces one that did it rather than a grouping.
func (r *reader) byOne(i int) bool {
	k := r.spans[i].to
	if r.tokens[k-1].Fold != "by" || k >= len(r.tokens) {
		return false
	}
	switch r.tokens[k].Fold {
	case "a", "an", "any", "one":
		return true
	}
	return false
}

// onlys are words before a noun that there is one of.
var onlys = wordSet("only sole seul seule unique")

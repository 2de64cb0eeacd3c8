package rules

import (
	"cigogne/internal/texts"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// parts gives the columns and the nouns their part, left to right: each takes
// the one that the words before it announce.
func (r *reader) parts() {
	var aggs []query.Agg
	var aggSpans []int
	var sup *best
	var pendingCount *count
	group, sorted, distinct := false, false, false
	clear := func() {
		aggs, aggSpans, sup, pendingCount, group, sorted, distinct = nil, nil, nil, nil, false, false, false
	}
	aggregate := func(i int, a query.Agg) { aggs, aggSpans = append(aggs, a), append(aggSpans, i) }
	for i := range r.spans {
		sp := &r.spans[i]
		if r.empty(i) {
			continue
		}
		if len(sp.ops) > 0 || r.isScale(i) && len(sp.vals) == 0 && !sp.unknown {
			switch {
			case r.used[i] && !sp.has(opAnd):
			case r.isScale(i) && r.scaleSup(i, &sup):
				r.used[i] = true
			case sp.has(opMedian):
				aggregate(i, query.Median)
			case sp.has(opAvg):
				aggregate(i, query.Avg)
			case sp.has(opMax):
				aggregate(i, query.Max)
			case sp.has(opMin):
				aggregate(i, query.Min)
			case sp.has(opDistinct):
				distinct = true
				r.d.distinct = true
				r.used[i] = true
			case sp.has(opRows) && pendingCount != nil && pendingCount.head < 0:
				pendingCount.rows, pendingCount.head = true, i
				pendingCount = nil
				r.used[i] = true
			case (sp.has(opMissing) || sp.has(opNot)) && r.missing(i):
			case sp.has(opTimes):
				if pendingCount == nil {
					pendingCount = r.counting(i)
				}
				pendingCount.rows, pendingCount.head = true, i
				pendingCount = nil
			case sp.has(opCommon), sp.has(opRare):
				sup = r.newBest(i, sp.has(opCommon))
				sup.byRows = true
			case sp.has(opMost), sp.has(opLeast):
				if sup == nil || r.used[i] {
					sup = r.newBest(i, sp.has(opMost))
				}
			case sp.has(opCount), sp.has(opHowMuch):
				if len(aggs) == 1 && aggs[0] == query.Sum { // "the total number of"
					r.used[aggSpans[0]] = true
					aggs, aggSpans = nil, nil
				}
				if r.d.count != nil && r.d.count.head < 0 && sp.from-r.spans[r.d.count.span].to <= 1 {
					pendingCount = r.d.count
					break
				}
				pendingCount = r.counting(i)
			case sp.has(opEvolution) && r.s.year >= 0:
				r.groupBy(r.s.year, i)
			case sp.has(opGroup) && r.near(i, 1) >= 0 && r.adjacent(i, r.near(i, 1)) && r.superlative(r.near(i, 1)): // "represented by the most drivers"
			case sp.has(opGroup) && r.byOne(i): // "won by a single athlete"
			case sp.has(opGroup):
				group = true
			case sp.has(opSort), sp.has(opAlpha), sp.has(opAsc), sp.has(opDesc):
				sorted, group = true, false
				r.sortWords(i)
			case sp.has(opSum):
				if pendingCount == nil {
					aggregate(i, query.Sum)
				} else {
					r.used[i] = true
				}
			case sp.has(opFirst) && r.firstPlace(i):
			case sp.has(opFirst), sp.has(opLast):
				b := r.newBest(i, sp.has(opLast))
				b.ends = true
				if sup == nil {
					sup = b
				}
			case sp.has(opWhich), sp.has(opWho), sp.has(opWhen), sp.has(opWhere), sp.has(opList):
				clear()
			}
			continue
		}
		if r.used[i] && (r.valueOf[i] > 0 || sp.num) {
			if pendingCount != nil && r.valueOf[i] > 0 && pendingCount.head < 0 {
				pendingCount.head, pendingCount.rows = i, true
			}
			if !r.linked(i) {
				aggs, group = nil, false
			}
			continue
		}
		if r.consumed[i] {
			continue
		}
		numeric := r.column(i, r.measurable)
		col := r.column(i, nil)
		switch {
		case sp.entity && !(group && col >= 0) && !(bestName(sp.cols) >= 0.9 && (len(aggs) > 0 || sorted || sup == nil && pendingCount == nil || distinct)):
			r.used[i] = true
			if m := r.money(); len(aggs) == 1 && aggs[0] == query.Sum && pendingCount == nil && r.s.titled && r.s.counter < 0 && m >= 0 { // "total des subventions"
				r.d.asks = append(r.d.asks, ask{col: m, agg: query.Sum, span: i})
				r.used[aggSpans[0]] = true
				r.d.notes = append(r.d.notes, texts.Say(r.l, "rules.the_column", "column", r.name(m)))
				aggs, aggSpans = nil, nil
				break
			}
			if len(aggs) == 1 && aggs[0] == query.Sum && pendingCount == nil { // "total des naissances"
				pendingCount = r.counting(aggSpans[0])
				r.used[aggSpans[0]] = true
				aggs, aggSpans = nil, nil
			}
			r.noun(i, &pendingCount, sup, &group, distinct, col)
		case col >= 0 && len(aggs) > 0 && numeric >= 0:
			r.doubtName(i, numeric)
			for _, a := range aggs {
				r.d.asks = append(r.d.asks, ask{col: numeric, agg: a, span: i})
			}
			r.used[i] = true
			if pendingCount != nil && pendingCount.head < 0 { // "the average number of affiliates"
				r.d.count, pendingCount = nil, nil
			}
			for _, a := range aggSpans {
				r.used[a] = true
			}
			if !r.joined(i) {
				aggs, aggSpans = nil, nil
			}
		case col >= 0 && group:
			r.groupBy(col, i)
			if !r.joined(i) {
				group = false
			}
		case col >= 0 && sorted:
			if k := len(r.d.sorts) - 1; k >= 0 && r.d.sorts[k].col < 0 {
				r.d.sorts[k].col = col
			} else {
				r.d.sorts = append(r.d.sorts, sortBy{col: col})
			}
			r.used[i] = true
		case col >= 0 && sup != nil && sup.ends && r.inPassing(i):
		case col >= 0 && sup != nil && sup.col < 0 && !sup.byRows && sup.of < 0:
			r.bestBy(i, sup, col)
			r.used[i] = true
			if pendingCount != nil {
				pendingCount.head = i
				r.d.count, pendingCount = nil, nil
			}
		case col >= 0 && sup != nil && sup.byRows && sup.of < 0:
			sup.of = i
			r.ask(col, i)
		case col >= 0 && pendingCount != nil && pendingCount.head < 0:
			r.counted(i, pendingCount, numeric, col)
			if !r.joined(i) {
				pendingCount = nil
			}
		case col >= 0 && r.announces(i, col):
			r.used[i] = true
		case col >= 0 && r.flag(i, col):
		case col >= 0 && r.inPassing(i):
		case col >= 0:
			r.ask(col, i)
		case sp.unknown && sup != nil && sup == r.d.best && sup.col < 0 && sup.of < 0 && often[r.tokens[sp.from].Fold]:
			sup.byRows = true // "the most used"
			r.used[i] = true
		case sp.unknown:
			r.unknownNoun(i, &pendingCount, sup)
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
	if sp.to-sp.from > 1 || bestName(sp.cols) >= 0.9 && !strings.HasSuffix(r.tokens[sp.from].Fold, "ed") {
		return false
	}
	p := r.near(i, -1)
	asked := p >= 0 && (r.spans[p].has(opWhich) || r.spans[p].has(opList) || r.spans[p].has(opAnd) || r.spans[p].has(opHowMuch) || r.spans[p].has(opExtent)) && r.spans[i].from-r.spans[p].to <= 1
	if asked {
		return false
	}
	f := r.tokens[sp.from].Fold
	if p >= 0 && bestName(sp.cols) >= 0.5 && len(r.d.asks) > 0 && r.d.asks[len(r.d.asks)-1].span == p && strings.Contains(r.q[r.tokens[r.spans[p].to-1].End:r.tokens[sp.from].Start], ",") {
		return false // "ids, names and descriptions"
	}
	if generic[f] {
		return true
	}
	if (strings.HasSuffix(f, "ed") || strings.HasSuffix(f, "ing")) && (len(r.d.asks) > 0 || r.rows || r.op(opWho) >= 0 || r.op(opWhen) >= 0 || r.op(opWhere) >= 0) && bestName(sp.cols) < 1 {
		r.used[i] = true
		r.d.cost += 0.1
		return true
	}
	return false
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
		if j >= 0 && step > 0 && (r.spans[j].has(opGroup) || r.spans[j].has(opNot) || r.spans[j].has(opYesNo) || r.spans[j].has(opEquals) || r.spans[j].has(opSince)) && r.spans[j].to-r.spans[j].from == 1 {
			j = r.near(j, step)
		}
		if j < 0 || r.valueOf[j] == 0 || r.d.conds[r.valueOf[j]-1].col != col {
			continue
		}
		if r.d.conds[r.valueOf[j]-1].op == query.Ne && len(r.d.asks) == 0 && !r.rows && r.d.count == nil {
			continue // "what other fee, besides free"
		}
		if p := r.near(i, -1); p >= 0 && (r.spans[p].has(opWhich) || r.spans[p].has(opList)) && step > 0 && r.spans[j].from-r.spans[i].to > 1 {
			continue // "which country is X in"
		}
		if step < 0 && r.spans[i].from-r.spans[j].to > 0 {
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

// noun gives the word for rows its part: what is counted, ranked or listed.
func (r *reader) noun(i int, pending **count, sup *best, group *bool, distinct bool, col int) {
	switch {
	case *pending == nil && sup == nil && !*group:
		r.rows = true
	case *group:
		if r.s.label >= 0 && (r.d.count != nil || len(r.d.asks) > 0 && r.d.asks[0].agg != "") {
			r.d.groups = appendOnce(r.d.groups, r.s.label)
		}
		*group = false
	case *pending != nil && (*pending).head < 0:
		(*pending).head, (*pending).rows, (*pending).things = i, true, true
		if distinct && col >= 0 {
			(*pending).col, (*pending).rows = col, false
		}
		*pending = nil
	case sup != nil && sup.col < 0 && sup.of < 0 && sup == r.d.best && !sup.ends && !sup.byRows:
		sup.of = i
	}
}

// bestBy gives a superlative its column: a number to rank by, or a text whose
// rows are counted.
func (r *reader) bestBy(i int, sup *best, col int) {
	if sup != r.d.best {
		r.ask(col, i)
		return
	}
	if m := r.column(i, r.measurable); m >= 0 && (m == col || r.nameOf(i, m) >= r.nameOf(i, col)-0.2) {
		r.doubtName(i, m)
		if sup.ends && !r.isTime(m) && r.s.t.Columns[m].Role == dataset.Measure {
			r.ask(m, i) // "the first score"
			return
		}
		sup.col = m
		n := r.near(sup.span, 1)
		switch rows := n >= 0 && n != i && r.s.titled && r.spans[n].entity && r.adjacent(sup.span, n); {
		case sup.ends && r.isTime(m) && rows: // "le premier marché notifié"
			r.rows = true
		case sup.ends && r.isTime(m):
			r.ask(m, i)
		}
		return
	}
	if sup.ends {
		r.ask(col, i)
		return
	}
	if p := r.near(i, -1); p == sup.span && !strings.HasPrefix(r.tokens[r.spans[p].to-1].Fold, "most") && !strings.HasSuffix(r.text(p), "of") && r.spans[i].from == r.spans[p].to {
		r.ask(col, i) // "the largest lake": ranked by something else
	}
	sup.of = i
}

func (r *reader) nameOf(i, col int) float64 {
	for _, ref := range r.spans[i].cols {
		if ref.col == col {
			return ref.strength
		}
	}
	return 0
}

// counted settles what "how many X" counts where X names a column.
func (r *reader) counted(i int, n *count, numeric, col int) {
	r.used[i] = true
	n.head = i
	if r.joined(i) {
		n.head = -1
	}
	if quantities[r.tokens[r.spans[i].from].Fold] && numeric < 0 && r.spans[i].to-r.spans[i].from == 1 {
		if r.nameOf(i, col) < 1 { // "points" where only a text is anything like them
			r.d.cost += 2
		}
		n.rows, n.head, n.col = true, i, -1 // "medals" where each row is one
		return
	}
	if r.nameOf(i, col) < 0.5 && n.col < 0 && !(numeric >= 0) && !r.s.titled { // a piece of the header: "games" of "Game site"
		n.rows, n.head = true, i
		r.d.cost += 0.2
		return
	}
	if numeric >= 0 && numeric == col && !r.isTime(col) && r.s.t.Columns[col].Role != dataset.Key && r.s.t.Columns[col].Role != dataset.Code {
		r.doubtName(i, numeric)
		r.d.asks = append(r.d.asks, ask{col: numeric, agg: auto, span: i})
		r.d.count = nil
		return
	}
	if r.d.count == n && n.col >= 0 { // "different series names and contents"
		r.d.asks = append(r.d.asks, ask{col: col, agg: query.CountDistinct, span: i})
		return
	}
	if _, _, ok := r.s.flagValues(col); ok && r.s.titled && len(r.s.t.Columns[col].Values) == 2 {
		r.d.cost += 2 // how many are so, or are not: never how many cells there are
	}
	n.col = col
	n.head = -1
	if !r.joined(i) {
		n.head = i
	}
}

// unknownNoun lets a noun that names nothing here stand for the rows, where it
// is what is counted and the file's name says nothing of what its rows are.
func (r *reader) unknownNoun(i int, pending **count, sup *best) {
	word := r.tokens[r.spans[i].from].norm
	if c := r.tokens[r.spans[i].from].Text[0]; c >= '0' && c <= '9' {
		return // "9th" is no noun
	}
	known := r.s.isTopic(word)
	if quantities[r.tokens[r.spans[i].from].Fold] && !known {
		return
	}
	if *pending != nil && (*pending).head < 0 {
		if col := r.topicFigures(word); col >= 0 && r.s.counter < 0 { // "pupils" of "Nombre d'élèves"
			r.used[i] = true
			r.d.asks = append(r.d.asks, ask{col: col, agg: auto, span: i})
			if r.d.count == *pending {
				r.d.count = nil
			}
			*pending = nil
			return
		}
		if known || !r.s.titled && (r.spans[i].from-r.spans[(*pending).span].to <= 2 || things[r.tokens[r.spans[i].from].Fold]) {
			(*pending).head, (*pending).rows, (*pending).things = i, true, known
			r.used[i] = true
			if !known {
				r.assume(i)
			}
			*pending = nil
		}
		return
	}
	p := r.near(i, -1)
	if p < 0 {
		return
	}
	switch {
	case sup != nil && sup == r.d.best && sup.col < 0 && sup.of < 0 && p == sup.span && !sup.byRows && !sup.ends && !r.s.titled:
		sup.of = i
		r.used[i] = true
		r.d.cost += 0.6
	case (r.spans[p].has(opWhich) || r.spans[p].has(opWho) || r.spans[p].has(opList)) && (known || !r.s.titled) && r.spans[i].from-r.spans[p].to <= 1:
		r.used[i] = true
		r.rows = true
		if !known {
			r.assume(i)
		}
	case !r.s.titled && things[r.tokens[r.spans[i].from].Fold] && (r.d.best == nil || r.d.best.span >= p) && len(r.d.asks) == 0 && r.d.count == nil && !r.rows:
		r.rows = true
		r.used[i] = true
		r.d.cost += 0.2
	case known:
		r.used[i] = true
	}
}

// topicFigures is the one column of figures that a topic of this word names, or -1.
func (r *reader) topicFigures(word string) int {
	found := -1
	for _, other := range topics[word] {
		if r.s.entity[other] {
			return -1
		}
		for _, ref := range r.s.names[other] {
			if ref.strength <= 0.3 || !r.figures(ref.col) || found >= 0 && ref.col != found {
				continue
			}
			found = ref.col
		}
	}
	return found
}

func (r *reader) assume(i int) {
	r.d.cost += 0.4
	if r.d.distinct || heads[r.tokens[r.spans[i].from].Fold] {
		r.d.cost++ // how many different ones, which year: nothing tells
	}
	r.d.notes = append(r.d.notes, texts.Say(r.l, "rules.the_rows_of_the_table", "words", r.text(i)))
}

// sortWords reads how a list is to be ordered.
func (r *reader) sortWords(i int) {
	r.used[i] = true
	sp := &r.spans[i]
	if len(r.d.sorts) == 0 || sp.has(opSort) && r.d.sorts[len(r.d.sorts)-1].col >= 0 {
		r.d.sorts = append(r.d.sorts, sortBy{col: -1})
	}
	k := &r.d.sorts[len(r.d.sorts)-1]
	k.desc = k.desc || sp.has(opDesc)
	k.text = k.text || sp.has(opAlpha)
}

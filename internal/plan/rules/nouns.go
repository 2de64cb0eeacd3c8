package rules

import (
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// noun gives a word for rows, a column or an unknown noun its part.
func (p *announced) noun(i int) {
	r, sp := p.r, &p.r.spans[i]
	col := r.column(i, nil)
	switch {
	case sp.entity && !(p.group && col >= 0) && !p.columnRather(i):
		p.rowsNamed(i, col)
	case col >= 0:
		p.column(i, col)
	case sp.unknown && p.ranksByNothing() && p.sup.of < 0 && often[r.tokens[sp.from].Fold]:
		p.sup.byRows = true // "the most used"
		r.used[i] = true
	case sp.unknown:
		p.unknown(i)
	}
}

// columnRather tells whether a word for rows names a column, as what was announced
// wants one.
func (p *announced) columnRather(i int) bool {
	wanted := len(p.aggs) > 0 || p.sorted || p.sup == nil && p.pending == nil || p.distinct
	return wanted && bestName(p.r.spans[i].cols) >= 0.9
}

// ranksByNothing tells whether the superlative is the question's, and waits for
// what it ranks by.
func (p *announced) ranksByNothing() bool {
	return p.sup != nil && p.sup == p.r.d.best && p.sup.col < 0
}

// takesGroups tells whether the superlative waits for what is counted in groups.
func (p *announced) takesGroups() bool {
	return p.ranksByNothing() && p.sup.of < 0 && !p.sup.ends && !p.sup.byRows
}

// figureAsked tells whether a number of rows or an aggregate is asked for.
func (r *reader) figureAsked() bool {
	return r.d.count != nil || len(r.d.asks) > 0 && r.d.asks[0].agg != ""
}

// rowsNamed gives a word for rows its part.
func (p *announced) rowsNamed(i, col int) {
	r := p.r
	r.used[i] = true
	if p.total() && p.pending == nil {
		r.used[p.aggSpans[0]] = true
		if m := r.money(); r.s.titled && r.s.counter < 0 && m >= 0 { // "total des subventions"
			r.d.asks = append(r.d.asks, ask{col: m, agg: query.Sum, span: i})
			r.d.notes = append(r.d.notes, texts.Say(r.l, "rules.the_column", "column", r.name(m)))
			p.aggs, p.aggSpans = nil, nil
			return
		}
		p.pending = r.counting(p.aggSpans[0]) // "total des naissances"
		p.aggs, p.aggSpans = nil, nil
	}
	p.rowsTake(i, col)
}

// rowsTake gives a word for rows what was announced: it is counted, ranked or listed.
func (p *announced) rowsTake(i, col int) {
	r := p.r
	switch {
	case p.pending == nil && p.sup == nil && !p.group:
		r.rows = true
	case p.group:
		if r.s.label >= 0 && r.figureAsked() {
			r.d.groups = appendOnce(r.d.groups, r.s.label)
		}
		p.group = false
	case p.waiting():
		p.pending.head, p.pending.rows, p.pending.things = i, true, true
		if p.distinct && col >= 0 {
			p.pending.col, p.pending.rows = col, false
		}
		p.pending = nil
	case p.takesGroups():
		p.sup.of = i
	}
}

// column gives a column what was announced: it is aggregated, grouped by, sorted
// by, ranked by or counted; else its cells are asked for.
func (p *announced) column(i, col int) {
	r := p.r
	numeric := r.column(i, r.measurable)
	switch {
	case len(p.aggs) > 0 && numeric >= 0:
		p.aggregated(i, numeric)
	case p.group:
		r.groupBy(col, i)
		p.group = r.joined(i)
	case p.sorted:
		r.sortColumn(i, col)
	case p.ranked(i, col):
	case p.waiting():
		counted := p.pending
		r.counted(i, counted, numeric, col)
		if !r.joined(i) {
			p.pending = nil
		}
	case r.announces(i, col):
		r.used[i] = true
	case r.flag(i, col):
	case r.inPassing(i):
	default:
		r.ask(col, i)
	}
}

// aggregated gives a column of numbers the aggregates that were announced.
func (p *announced) aggregated(i, numeric int) {
	r := p.r
	r.doubtName(i, numeric)
	for _, a := range p.aggs {
		r.d.asks = append(r.d.asks, ask{col: numeric, agg: a, span: i})
	}
	r.used[i] = true
	if p.waiting() { // "the average number of affiliates"
		r.d.count, p.pending = nil, nil
	}
	for _, a := range p.aggSpans {
		r.used[a] = true
	}
	if !r.joined(i) {
		p.aggs, p.aggSpans = nil, nil
	}
}

// ranked gives a column to the superlative that waits for one.
func (p *announced) ranked(i, col int) bool {
	r := p.r
	switch {
	case p.sup == nil:
		return false
	case p.sup.ends && r.inPassing(i):
	case p.sup.col < 0 && !p.sup.byRows && p.sup.of < 0:
		r.bestBy(i, p.sup, col)
		r.used[i] = true
		if p.pending != nil {
			p.pending.head = i
			r.d.count, p.pending = nil, nil
		}
	case p.sup.byRows && p.sup.of < 0:
		p.sup.of = i
		r.ask(col, i)
	default:
		return false
	}
	return true
}

// unknown lets a noun that names nothing here stand for the rows, where it
// is what is counted and the file's name says nothing of what its rows are.
func (p *announced) unknown(i int) {
	r := p.r
	t := r.tokens[r.spans[i].from]
	if c := t.Text[0]; c >= '0' && c <= '9' {
		return // "9th" is no noun
	}
	known := r.s.isTopic(t.norm)
	switch {
	case quantities[t.Fold] && !known:
	case p.waiting():
		p.unknownCounted(i, known)
	case r.near(i, -1) >= 0:
		p.unknownAfter(i, r.near(i, -1), known)
	}
}

// unknownCounted is an unknown noun after "how many".
func (p *announced) unknownCounted(i int, known bool) {
	r := p.r
	t := r.tokens[r.spans[i].from]
	if col := r.topicFigures(t.norm); col >= 0 && r.s.counter < 0 { // "pupils" of "Nombre d'élèves"
		r.used[i] = true
		r.d.asks = append(r.d.asks, ask{col: col, agg: auto, span: i})
		if r.d.count == p.pending {
			r.d.count = nil
		}
		p.pending = nil
		return
	}
	if !known && (r.s.titled || r.spans[i].from-r.spans[p.pending.span].to > 2 && !things[t.Fold]) {
		return
	}
	p.pending.head, p.pending.rows, p.pending.things = i, true, known
	r.used[i] = true
	if !known {
		r.assume(i)
	}
	p.pending = nil
}

// unknownAfter is an unknown noun after the words of span before.
func (p *announced) unknownAfter(i, before int, known bool) {
	r, sp := p.r, &p.r.spans[before]
	free := known || !r.s.titled
	switch {
	case p.takesGroups() && before == p.sup.span && !r.s.titled:
		p.sup.of = i
		r.used[i] = true
		r.d.cost += 0.6
	case free && r.asksWhich(before) && r.spans[i].from-sp.to <= 1:
		r.used[i] = true
		r.rows = true
		if !known {
			r.assume(i)
		}
	case !r.s.titled && things[r.tokens[r.spans[i].from].Fold] && r.nothingAsked(before):
		r.rows = true
		r.used[i] = true
		r.d.cost += 0.2
	case known:
		r.used[i] = true
	}
}

// asksWhich tells whether a span asks which, who or for a list.
func (r *reader) asksWhich(i int) bool {
	sp := &r.spans[i]
	return sp.has(opWhich) || sp.has(opWho) || sp.has(opList)
}

// nothingAsked tells whether nothing is asked for yet, and no superlative before a span.
func (r *reader) nothingAsked(before int) bool {
	return (r.d.best == nil || r.d.best.span >= before) && len(r.d.asks) == 0 && r.d.count == nil && !r.rows
}

// bySuperlative tells whether "by" goes on to a superlative, and groups nothing.
func (r *reader) bySuperlative(i int) bool {
	n := r.near(i, 1)
	return n >= 0 && r.adjacent(i, n) && r.superlative(n)
}

// sortColumn orders by a column.
func (r *reader) sortColumn(i, col int) {
	if k := len(r.d.sorts) - 1; k >= 0 && r.d.sorts[k].col < 0 {
		r.d.sorts[k].col = col
	} else {
		r.d.sorts = append(r.d.sorts, sortBy{col: col})
	}
	r.used[i] = true
}

// bestBy gives a superlative its column: a number to rank by, or a text whose
// rows are counted.
func (r *reader) bestBy(i int, sup *best, col int) {
	if sup != r.d.best {
		r.ask(col, i)
		return
	}
	if m := r.column(i, r.measurable); m >= 0 && (m == col || r.nameOf(i, m) >= r.nameOf(i, col)-0.2) {
		r.bestNumber(i, sup, m)
		return
	}
	if sup.ends || r.besideBest(i, sup) {
		r.ask(col, i)
	}
	if !sup.ends {
		sup.of = i
	}
}

// bestNumber ranks by a column of numbers; of the first and the last, time ranks,
// and a figure is asked for.
func (r *reader) bestNumber(i int, sup *best, m int) {
	r.doubtName(i, m)
	if sup.ends && !r.isTime(m) && r.s.t.Columns[m].Role == dataset.Measure {
		r.ask(m, i) // "the first score"
		return
	}
	sup.col = m
	if !sup.ends || !r.isTime(m) {
		return
	}
	n := r.near(sup.span, 1)
	if n >= 0 && n != i && r.s.titled && r.spans[n].entity && r.adjacent(sup.span, n) { // "le premier marché notifié"
		r.rows = true
		return
	}
	r.ask(m, i)
}

// besideBest tells whether a column right after a superlative is ranked by
// something else: "the largest lake".
func (r *reader) besideBest(i int, sup *best) bool {
	p := r.near(i, -1)
	return p == sup.span && !strings.HasPrefix(r.tokens[r.spans[p].to-1].Fold, "most") && !strings.HasSuffix(r.text(p), "of") && r.spans[i].from == r.spans[p].to
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
	switch {
	case quantities[r.tokens[r.spans[i].from].Fold] && numeric < 0 && r.spans[i].to-r.spans[i].from == 1:
		if r.nameOf(i, col) < 1 { // "points" where only a text is anything like them
			r.d.cost += 2
		}
		n.rows, n.head, n.col = true, i, -1 // "medals" where each row is one
	case r.nameOf(i, col) < 0.5 && n.col < 0 && numeric < 0 && !r.s.titled: // a piece of the header: "games" of "Game site"
		n.rows, n.head = true, i
		r.d.cost += 0.2
	case numeric == col && r.amount(col):
		r.doubtName(i, numeric)
		r.d.asks = append(r.d.asks, ask{col: numeric, agg: auto, span: i})
		r.d.count = nil
	case r.d.count == n && n.col >= 0: // "different series names and contents"
		r.d.asks = append(r.d.asks, ask{col: col, agg: query.CountDistinct, span: i})
	default:
		r.countValues(i, n, col)
	}
}

// amount tells whether a column holds amounts: numbers that are no times and name nothing.
func (r *reader) amount(col int) bool {
	role := r.s.t.Columns[col].Role
	return !r.isTime(col) && role != dataset.Key && role != dataset.Code
}

// countValues counts the values of a column.
func (r *reader) countValues(i int, n *count, col int) {
	if _, _, ok := r.s.flagValues(col); ok && r.s.titled && len(r.s.t.Columns[col].Values) == 2 {
		r.d.cost += 2 // how many are so, or are not: never how many cells there are
	}
	n.col = col
	n.head = -1
	if !r.joined(i) {
		n.head = i
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

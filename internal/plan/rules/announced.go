package rules

import (
	"cigogne/internal/query"
)

// announced is what the words read so far have announced: the aggregates, the
// superlative, the count, the grouping or the order that the next noun takes.
type announced struct {
	r *reader

	aggs     []query.Agg
	aggSpans []int // of the words that say them
	sup      *best
	pending  *count // whose noun has not come yet, or nil

	group, sorted, distinct bool
}

// operation reads words that ask for something to be done. The steps go from the
// words that mean one thing to those that mean the most; the first that reads the
// span ends it.
func (p *announced) operation(i int) {
	for _, reads := range []func(i int) bool{
		p.taken, p.scale, p.aggregate, p.rowsCounted, p.superlative, p.howMany, p.grouping, p.order, p.sum, p.end, p.again,
	} {
		if reads(i) {
			return
		}
	}
}

// taken tells whether other words took the span already.
func (p *announced) taken(i int) bool { return p.r.used[i] && !p.r.spans[i].has(opAnd) }

// scale reads an adjective that measures a column: "tallest".
func (p *announced) scale(i int) bool {
	if !p.r.isScale(i) || !p.r.scaleSup(i, &p.sup) {
		return false
	}
	p.r.used[i] = true
	return true
}

func (p *announced) aggregate(i int) bool {
	for _, said := range []struct {
		op  op
		agg query.Agg
	}{{opMedian, query.Median}, {opAvg, query.Avg}, {opMax, query.Max}, {opMin, query.Min}} {
		if p.r.spans[i].has(said.op) {
			p.announce(i, said.agg)
			return true
		}
	}
	return false
}

func (p *announced) announce(i int, a query.Agg) {
	p.aggs, p.aggSpans = append(p.aggs, a), append(p.aggSpans, i)
}

// rowsCounted reads what says which rows are counted: different ones, rows, those
// that are empty, times.
func (p *announced) rowsCounted(i int) bool {
	r, sp := p.r, &p.r.spans[i]
	switch {
	case sp.has(opDistinct):
		p.distinct, r.d.distinct = true, true
		r.used[i] = true
	case sp.has(opRows) && p.waiting():
		p.pending.rows, p.pending.head = true, i
		p.pending = nil
		r.used[i] = true
	case (sp.has(opMissing) || sp.has(opNot)) && r.missing(i):
	case sp.has(opTimes):
		if p.pending == nil {
			p.pending = r.counting(i)
		}
		p.pending.rows, p.pending.head = true, i
		p.pending = nil
	default:
		return false
	}
	return true
}

// waiting tells whether a count waits for its noun.
func (p *announced) waiting() bool { return p.pending != nil && p.pending.head < 0 }

func (p *announced) superlative(i int) bool {
	r, sp := p.r, &p.r.spans[i]
	switch {
	case sp.has(opCommon), sp.has(opRare):
		p.sup = r.newBest(i, sp.has(opCommon))
		p.sup.byRows = true
	case sp.has(opMost), sp.has(opLeast):
		if p.sup == nil || r.used[i] {
			p.sup = r.newBest(i, sp.has(opMost))
		}
	default:
		return false
	}
	return true
}

// howMany reads words that ask for a number; "the total number of" is one.
func (p *announced) howMany(i int) bool {
	r, sp := p.r, &p.r.spans[i]
	if !sp.has(opCount) && !sp.has(opHowMuch) {
		return false
	}
	if p.total() {
		r.used[p.aggSpans[0]] = true
		p.aggs, p.aggSpans = nil, nil
	}
	if r.d.count != nil && r.d.count.head < 0 && sp.from-r.spans[r.d.count.span].to <= 1 {
		p.pending = r.d.count
	} else {
		p.pending = r.counting(i)
	}
	return true
}

// total tells whether "total" alone was announced.
func (p *announced) total() bool { return len(p.aggs) == 1 && p.aggs[0] == query.Sum }

func (p *announced) grouping(i int) bool {
	r, sp := p.r, &p.r.spans[i]
	switch {
	case sp.has(opEvolution) && r.s.year >= 0:
		r.groupBy(r.s.year, i)
	case sp.has(opGroup):
		if !r.bySuperlative(i) && !r.byOne(i) { // "represented by the most drivers", "won by a single athlete"
			p.group = true
		}
	default:
		return false
	}
	return true
}

func (p *announced) order(i int) bool {
	sp := &p.r.spans[i]
	if !sp.has(opSort) && !sp.has(opAlpha) && !sp.has(opAsc) && !sp.has(opDesc) {
		return false
	}
	p.sorted, p.group = true, false
	p.r.sortWords(i)
	return true
}

func (p *announced) sum(i int) bool {
	switch {
	case !p.r.spans[i].has(opSum):
		return false
	case p.pending == nil:
		p.announce(i, query.Sum)
	default:
		p.r.used[i] = true
	}
	return true
}

// end reads first and last.
func (p *announced) end(i int) bool {
	r, sp := p.r, &p.r.spans[i]
	if !sp.has(opFirst) && !sp.has(opLast) {
		return false
	}
	if sp.has(opFirst) && r.firstPlace(i) {
		return true
	}
	b := r.newBest(i, sp.has(opLast))
	b.ends = true
	if p.sup == nil {
		p.sup = b
	}
	return true
}

// again forgets what was announced, where a question word begins another request.
func (p *announced) again(i int) bool {
	sp := &p.r.spans[i]
	if !sp.has(opWhich) && !sp.has(opWho) && !sp.has(opWhen) && !sp.has(opWhere) && !sp.has(opList) {
		return false
	}
	*p = announced{r: p.r}
	return true
}

// value lets a value that was read be what is counted.
func (p *announced) value(i int) {
	if p.waiting() && p.r.valueOf[i] > 0 {
		p.pending.head, p.pending.rows = i, true
	}
	if !p.r.linked(i) {
		p.aggs, p.group = nil, false
	}
}

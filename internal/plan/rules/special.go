package rules

import (
	"slices"
	"strconv"

	"cigogne/internal/query"
)

// beside tells whether a span asks for the row after (1) or before (-1) another, 0
// neither.
func (sp *span) beside() int {
	switch {
	case sp.has(opAfter) || sp.has(opNext):
		return 1
	case sp.has(opBefore) || sp.has(opPrevious):
		return -1
	}
	return 0
}

// neighbour writes "who came after X": the row beside that of a cell.
func (r *reader) neighbour(d *draft) []way {
	for i := range r.spans {
		step := r.spans[i].beside()
		at := r.valueAfter(i)
		if step == 0 || at < 0 || at >= len(d.conds) || d.conds[at].op != query.Eq || len(d.conds[at].vals) > 2 {
			continue
		}
		x := d.conds[at]
		if r.isTime(x.col) && !d.asked(x.col) && len(d.asks) > 0 && r.s.cells[x.col].date {
			continue
		}
		for j := range r.spans { // "the next one listed after"
			if r.spans[j].beside() != 0 {
				r.used[j] = true
			}
		}
		if r.descending() && !r.noticed("listed", "list", "below", "above", "chart", "table", "next") {
			step = -step
		}
		if d.count != nil {
			return []way{}
		}
		return []way{r.shifted(d, x, step)}
	}
	return nil
}

// valueAfter is the condition of the first value among the next few spans, -1 none.
func (r *reader) valueAfter(i int) int {
	for j, n := r.near(i, 1), 0; j >= 0 && n < 3; j, n = r.near(j, 1), n+1 {
		if r.valueOf[j] > 0 {
			return r.valueOf[j] - 1
		}
	}
	return -1
}

// shifted is what is asked of the row beside that of a cell.
func (r *reader) shifted(d *draft, x cond, step int) way {
	p := &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds), Shift: step}
	cost := 0.2
	if !r.once(d.conds) {
		cost += 0.4 // beside which of them? More than one is asked back
	}
	for _, a := range d.asks {
		p.Columns = append(p.Columns, r.name(a.col))
	}
	if len(p.Columns) == 0 || r.rows && !r.nounNamed() || r.op(opWho) >= 0 && (x.col == r.s.label || r.s.cells[x.col].person) {
		p.Columns = []string{r.name(x.col)}
	} else if !slices.Contains(p.Columns, r.name(x.col)) {
		cost += 0.2
	}
	return way{plan: p, cost: cost}
}

// nounNamed tells whether the noun right after the question word names a column.
func (r *reader) nounNamed() bool {
	first := r.near(-1, 1)
	if first < 0 || !r.spans[first].has(opWhich) {
		return false
	}
	n := r.near(first, 1)
	return n >= 0 && len(r.spans[n].cols) > 0 && len(r.spans[n].ops) == 0
}

// once tells whether some condition leaves one row.
func (r *reader) once(conds []cond) bool {
	for _, x := range conds {
		for _, v := range r.s.t.Columns[x.col].Values {
			if len(x.vals) == 1 && v.Text == x.vals[0] && v.Count == 1 {
				return true
			}
		}
	}
	return false
}

// descending tells whether the file lists the latest first.
func (r *reader) descending() bool {
	col := r.s.year
	if col < 0 {
		return false
	}
	c := r.s.t.Columns[col]
	return c.First == c.Max && c.Max != c.Min
}

// difference takes one named thing from another: "how many more X did A have
// than B", "the difference between the highest and the lowest".
func (r *reader) difference(d *draft) []way {
	at := r.op(opDifference)
	if at < 0 {
		return nil
	}
	r.used[at] = true
	for _, o := range []op{opBetween, opCompare} {
		if b := r.op(o); b >= 0 {
			r.used[b] = true
		}
	}
	m, ok := r.compared(d)
	if r.op(opMost) >= 0 && r.op(opLeast) >= 0 && ok && m.Column != "" {
		return r.spread(d, m)
	}
	for k, x := range d.conds {
		sides := x.sides
		if r.s.t.Columns[x.col].Type.Numeric() && x.op == query.Eq && len(x.vals) == 2 {
			sides = [][]any{{x.vals[0]}, {x.vals[1]}}
		}
		if x.op != query.Eq || len(sides) != 2 || d.best != nil {
			continue
		}
		cost := 0.1
		if !ok {
			m, cost = r.tally(), 0.5
		}
		side := func(vals []any) query.Measure {
			y := m
			y.Where = []query.Filter{{Column: r.name(x.col), Op: query.Eq, Values: vals}}
			y.Label = labelOf(vals[0])
			return y
		}
		rest := slices.Delete(slices.Clone(d.conds), k, k+1)
		p := &query.Plan{Table: r.s.t.ID, Where: r.filters(rest), Measures: []query.Measure{side(sides[0]), side(sides[1])}, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}
		return []way{{plan: p, cost: cost}}
	}
	return []way{}
}

// spread is the greatest less the least of a measure.
func (r *reader) spread(d *draft, m query.Measure) []way {
	for _, o := range []op{opMost, opLeast, opAnd} {
		if k := r.op(o); k >= 0 {
			r.used[k] = true
		}
	}
	most, least := m, m
	most.Agg, least.Agg = query.Max, query.Min
	return []way{{plan: &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds), Measures: []query.Measure{most, least}, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}}}
}

func labelOf(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return ""
}

// compared is the measure that two things are compared by.
func (r *reader) compared(d *draft) (query.Measure, bool) {
	if d.best != nil && d.best.col >= 0 {
		return r.measure(query.Sum, d.best.col), true
	}
	for _, a := range d.asks {
		if r.measurable(a.col) && (r.s.t.Columns[a.col].Type.Numeric() || r.s.cells[a.col].number) {
			return r.measure(query.Sum, a.col), true
		}
	}
	if d.count != nil && d.count.rows {
		return r.tally(), true
	}
	for i := range r.spans {
		if r.isScale(i) {
			if col, _ := r.measuredBy(r.tokens[r.spans[i].from].Fold); col >= 0 {
				return r.measure(query.Sum, col), true
			}
		}
	}
	return query.Measure{}, false
}

// alike writes "the same X as V" and "more X than V": a column compared with
// that of another row.
func (r *reader) alike(d *draft) []way {
	same, o := r.likened(d)
	if same < 0 || len(d.conds) == 0 || r.op(opOr) >= 0 {
		return nil
	}
	if !slices.ContainsFunc(r.spans[same:], func(sp span) bool { return sp.has(opThan) }) && !r.noticed("as", "than", "que") {
		return nil
	}
	for k, x := range d.conds {
		if x.op != query.Eq || x.pos < r.spans[same].from || len(x.sides) > 1 || !r.textual(x.col) {
			continue
		}
		col := r.likenedColumn(x, same, o)
		if col < 0 {
			var desc bool
			if col, desc = r.measuredBy(r.tokens[r.spans[same].from].Fold); col < 0 {
				return []way{}
			}
			if o == query.Gt && !desc {
				o = query.Lt
			}
		}
		r.used[same] = true
		if as, _ := r.s.as(col); as != "" && o != query.Eq {
			return []way{}
		}
		return r.likeRow(d, k, col, o)
	}
	return nil
}

// likened is the span that says a row is the same as (Eq), more (Gt) or less (Lt)
// than another; -1 none.
func (r *reader) likened(d *draft) (int, query.Op) {
	if same := r.op(opSame); same >= 0 {
		return same, query.Eq
	}
	same, o := -1, query.Eq
	for i := range r.spans {
		sp := &r.spans[i]
		switch {
		case r.used[i] && d.best == nil:
		case sp.has(opMoreThan):
			same, o = i, query.Gt
		case sp.has(opLessThan):
			same, o = i, query.Lt
		}
	}
	return same, o
}

// likenedColumn is the column by which rows are likened to that of x: the first one
// named after the comparison, for the same also before it ("launched the same year
// as"); -1 none.
func (r *reader) likenedColumn(x cond, same int, o query.Op) int {
	for i := same; i < len(r.spans) && r.spans[i].from < x.pos+3; i++ {
		if c := r.column(i, nil); c >= 0 && c != x.col && (o == query.Eq || r.measurable(c)) {
			r.used[i] = true
			return c
		}
	}
	for i := same - 1; i >= 0 && o == query.Eq; i-- {
		if c := r.column(i, nil); c >= 0 && c != x.col && c != r.s.label && len(r.spans[i].ops) == 0 {
			r.used[i] = true
			return c
		}
	}
	return -1
}

// likeRow asks of the rows whose column compares so with that of the row which the
// k-th condition names.
func (r *reader) likeRow(d *draft, k, col int, o query.Op) []way {
	x := d.conds[k]
	rest := slices.Delete(slices.Clone(d.conds), k, k+1)
	p := &query.Plan{Table: r.s.t.ID, Where: r.filters(rest)}
	p.Where = append(p.Where,
		query.Filter{Column: r.name(col), Op: o, Than: &query.Plan{Table: r.s.t.ID, Columns: []string{r.name(col)}, Where: r.filters([]cond{x}), Limit: 1}},
		query.Filter{Column: r.name(x.col), Op: query.Ne, Values: x.vals})
	e := d.clone()
	e.conds = append(rest, cond{col: col, op: o, pos: -1})
	e.best = nil
	e.asks = slices.DeleteFunc(e.asks, func(a ask) bool { return a.col == col })
	if e.count != nil {
		e.asks = nil
		return r.countOf(e, p)
	}
	if len(e.asks) == 0 {
		p.Columns = []string{r.name(x.col)}
		return []way{{plan: p, cost: 0.2}}
	}
	return r.cellsOf(e, p)
}

// choice writes "which is larger, A or B": the one of the named things that
// has the more.
func (r *reader) choice(d *draft) []way {
	if r.op(opOr) < 0 && !r.noticed("or") {
		return nil
	}
	at := slices.IndexFunc(d.conds, func(x cond) bool { return x.op == query.Eq && len(x.sides) == 2 })
	if at < 0 {
		return nil
	}
	x, b := d.conds[at], d.best
	if b == nil {
		b = r.comparative()
	}
	first := r.near(-1, 1)
	if b == nil {
		if len(d.conds) < 2 || !r.spans[first].has(opYesNo) && !r.spans[first].has(opWhich) || d.count != nil || len(d.having) > 0 {
			return nil
		}
		r.used[first] = true // "was it X or Y that …"
		return []way{{plan: &query.Plan{Table: r.s.t.ID, Columns: []string{r.name(x.col)}, Distinct: true, Where: r.filters(d.conds)}, cost: 0.2}}
	}
	if r.spans[first].has(opYesNo) {
		r.used[first] = true
	}
	for i := range r.spans {
		if r.spans[i].has(opOr) {
			r.used[i] = true
		}
	}
	return r.theOne(d, x, *b)
}

// comparative is the last span that compares two things by more or less, earlier or
// later, as a superlative; nil where there is none.
func (r *reader) comparative() *best {
	var b *best
	for i := range r.spans {
		sp := &r.spans[i]
		if r.used[i] || !(sp.has(opMoreThan) || sp.has(opLessThan) || sp.has(opLast) || sp.has(opFirst)) {
			continue
		}
		b = &best{span: i, col: -1, desc: sp.has(opMoreThan) || sp.has(opLast), of: -1, ends: sp.has(opFirst) || sp.has(opLast)}
		if col, desc := r.measuredBy(r.tokens[sp.from].Fold); col >= 0 {
			b.col, b.desc = col, desc
		}
		r.used[i] = true
	}
	return b
}

// rankedBy is the column that tells which of two things is the more, -1 none.
func (r *reader) rankedBy(d *draft, x cond, b best) int {
	if b.col >= 0 {
		return b.col
	}
	if b.ends {
		return r.s.timed()
	}
	by := -1
	for _, a := range d.asks {
		if r.measurable(a.col) && a.col != x.col {
			by = a.col
		}
	}
	return by
}

// theOne ranks the things named by what b says, else by their rows, and keeps the first.
func (r *reader) theOne(d *draft, x cond, b best) []way {
	p := &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds), Limit: 1, Ties: true}
	by := r.rankedBy(d, x, b)
	switch {
	case by >= 0:
		as, _ := r.s.as(by)
		p.Columns = []string{r.name(x.col), r.name(by)}
		p.OrderBy = []query.Order{{Column: r.name(by), As: as, Desc: b.desc != (r.rankedColumn(by) && !b.ends)}}
		p.Where = append(p.Where, query.Filter{Column: r.name(by), Op: query.NotNull})
		return []way{{plan: p, cost: 0.1}}
	case b.of >= 0 || d.count != nil:
		p.GroupBy = []string{r.name(x.col)}
		p.Measures = []query.Measure{r.tally()}
		p.OrderBy = []query.Order{{Measure: 1, Desc: b.desc}}
		return []way{{plan: p, cost: 0.4}}
	case b.ends:
		p.Columns, p.OrderBy, p.Ties = []string{r.name(x.col)}, []query.Order{{Desc: b.desc}}, false
		return []way{{plan: p, cost: 0.5}}
	}
	return []way{}
}

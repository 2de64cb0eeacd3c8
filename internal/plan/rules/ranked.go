package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// ranked writes a superlative: rows by a column, groups by their rows or by a
// sum, the ends of the file or of time.
func (r *reader) ranked(d *draft, p *query.Plan) []way {
	b := *d.best
	p.Limit, p.Offset, p.Ties = max(1, d.limit), b.offset, true
	if b.col < 0 && !b.ends && !b.byRows && strings.EqualFold(r.text(b.span), "top") && r.noticed(ofTheFile...) { // "the top listed venue"
		if b.of >= 0 {
			if col := r.column(b.of, nil); col >= 0 && !d.asked(col) {
				d = d.clone()
				d.asks = append(d.asks, ask{col: col, span: b.of})
			}
		}
		b.ends, b.desc = true, false
		return r.ends(d, p, b)
	}
	if b.ends && b.col < 0 {
		return r.ends(d, p, b)
	}
	if n := r.near(b.span, 1); b.col < 0 && b.of < 0 && n >= 0 && r.adjacent(b.span, n) && r.valueOf[n] > 0 { // "won the most Marlboro tours"
		b.byRows = true
	}
	if b.col < 0 && b.of < 0 && !b.byRows && !r.impliedColumn(d, &b) {
		return nil
	}
	if b.byRows {
		return r.commonest(d, p, b)
	}
	if b.col < 0 {
		return r.mostRows(d, p, b)
	}
	return r.byColumn(d, p, b)
}

// impliedColumn finds what "the most" is of where it comes last: "who is worth
// the most", or in a table with one measure.
func (r *reader) impliedColumn(d *draft, b *best) bool {
	if at, to := r.spans[b.span].from, r.spans[b.span].to; at > 0 && often[r.tokens[at-1].Fold] || to < len(r.tokens) && often[r.tokens[to].Fold] { // "is listed the most", "the most used"
		b.byRows = true
		return true
	}
	for k := len(d.asks) - 1; k >= 0; k-- {
		if a := d.asks[k]; r.measurable(a.col) && a.span < b.span && !r.isTime(a.col) {
			b.col = a.col
			d.asks = slices.Delete(slices.Clone(d.asks), k, k+1)
			return true
		}
	}
	col, cost := r.sizeOf(b.span), 0.3
	if col < 0 {
		col, cost = r.onlyMeasure(), 0.5
	}
	if col < 0 {
		return false
	}
	b.col = col
	d.cost += cost
	d.notes = append(d.notes, texts.Say(r.l, "rules.measured_by_2", "column", r.name(col)))
	return true
}

// sizeOf is the column of a size that "the largest lake" is the largest by, -1 none.
func (r *reader) sizeOf(span int) int {
	if !r.sizing(span) {
		return -1
	}
	for _, sized := range []string{"area", "superficie", "surface", "size", "population"} {
		for _, ref := range r.s.names[sized] {
			if r.measurable(ref.col) && ref.strength >= 0.4 && !r.isTime(ref.col) {
				return ref.col
			}
		}
	}
	return -1
}

// onlyMeasure is the table's measure where it has one, else -1.
func (r *reader) onlyMeasure() int {
	only := -1
	for k, c := range r.s.t.Columns {
		if c.Role != dataset.Measure || !c.Type.Numeric() {
			continue
		}
		if only >= 0 {
			return -1
		}
		only = k
	}
	return only
}

// sizing tells whether a superlative is of size: "the largest", not "the most".
func (r *reader) sizing(i int) bool {
	words := strings.Fields(lang.Fold(r.text(i)))
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "largest", "biggest", "smallest", "grand", "grande", "grands", "grandes", "petit", "petite", "petits", "petites":
		return true
	}
	return false
}

// degree tells whether a superlative is of one thing's size rather than of how many there are.
func (r *reader) degree(i int) bool {
	switch words := strings.Fields(lang.Fold(r.text(i))); words[len(words)-1] {
	case "largest", "biggest", "smallest", "highest", "lowest", "greatest", "grand", "grande", "eleve", "elevee", "petit", "petite", "haut", "haute", "bas", "basse", "gros", "grosse", "important", "importante":
		return true
	}
	return false
}

// targets are the columns that a superlative is asked of.
func (r *reader) targets(d *draft, not int) []int {
	var out []int
	for _, a := range d.asks {
		if a.col != not && a.agg == "" && !(r.rows && d.single(a.col)) {
			out = append(out, a.col)
		}
	}
	if r.op(opWho) >= 0 && !slices.ContainsFunc(out, func(k int) bool { return r.textual(k) && !r.s.cells[k].number }) {
		if col, _ := r.wanted(d); col >= 0 && col != not {
			out = append([]int{col}, out...)
		}
	}
	return out
}

// commonest is the value on most rows.
func (r *reader) commonest(d *draft, p *query.Plan, b best) []way {
	t := r.targets(d, -1)
	if len(t) == 0 {
		col, _ := r.wanted(d)
		if col < 0 {
			return nil
		}
		t = []int{col}
	}
	for _, col := range t[:1] {
		p.GroupBy = append(p.GroupBy, r.name(col))
		p.Where = append(p.Where, query.Filter{Column: r.name(col), Op: query.NotNull})
	}
	p.Measures = []query.Measure{r.tally()}
	p.OrderBy = []query.Order{{Measure: 1, Desc: b.desc}}
	return []way{{plan: p}}
}

// mostRows is the group with the most rows: "the country with the most singers".
func (r *reader) mostRows(d *draft, p *query.Plan, b best) []way {
	t := r.targets(d, -1)
	cost := 0.2
	var of = -1
	if b.of >= 0 {
		of = r.column(b.of, nil)
	}
	t = slices.DeleteFunc(t, func(k int) bool { return k == of })
	if of >= 0 && r.degree(b.span) { // "the largest result" is not the most results
		return nil
	}
	if b.of >= 0 && r.s.titled && r.s.counter < 0 && r.degree(b.span) { // "the largest grant" has the largest amount
		m := r.money()
		if m < 0 {
			return nil
		}
		b.col = m
		return r.byColumn(d, p, b)
	}
	if len(t) == 0 && of >= 0 && r.spans[b.of].entity && r.s.counter >= 0 { // "top 3 des prénoms"
		t, of = []int{of}, -1
	}
	if len(t) == 0 {
		if len(d.groups) > 0 {
			t = d.groups
		} else {
			col, c := r.wanted(d)
			if col < 0 || col == of {
				return nil
			}
			t, cost = []int{col}, cost+c
		}
	}
	p.GroupBy = []string{r.name(t[0])}
	p.Where = append(p.Where, query.Filter{Column: r.name(t[0]), Op: query.NotNull})
	m := r.tally()
	if of >= 0 && d.distinct {
		m = query.Measure{Agg: query.CountDistinct, Column: r.name(of)}
	}
	if r.s.t.Columns[t[0]].Distinct == r.s.t.Rows {
		return nil // each value is on one row
	}
	p.Measures = []query.Measure{m}
	p.OrderBy = []query.Order{{Measure: 1, Desc: b.desc}}
	return []way{{plan: p, cost: cost}}
}

// byColumn ranks the rows by a column, or the groups by its sum.
func (r *reader) byColumn(d *draft, p *query.Plan, b best) []way {
	t := r.targets(d, b.col)
	ranked := r.rankedColumn(b.col)
	desc := b.desc
	if ranked && !b.ends && !r.isScale(b.span) { // "the highest rank" is the smallest number
		desc = !desc
	}
	asksItself := len(t) == 0 && (d.asked(b.col) && !r.rows && r.op(opWho) < 0 || !r.asksRow())
	if asksItself && d.limit <= 1 && b.offset == 0 && r.op(opWho) < 0 {
		return []way{r.extreme(d, p, b.col, desc)}
	}
	cost := 0.0
	if len(t) == 0 {
		col, c := r.wanted(d)
		if col < 0 {
			return nil
		}
		t, cost = []int{col}, c
	}
	if d.count != nil {
		return nil
	}
	if r.op(opWhich) >= 0 && r.numeric(t[0]) && !r.isTime(t[0]) && r.s.t.Columns[t[0]].Role == dataset.Measure {
		cost += 0.6 // "which area is the least dense": hardly the figure of its size
	}
	ways := []way{{plan: r.rowsBy(d, p, t, b.col, desc), cost: cost}}
	c := r.s.t.Columns[t[0]]
	if !ranked && !r.isTime(b.col) && r.textual(t[0]) && c.Distinct < r.s.t.Rows*9/10 && !r.isScale(b.span) {
		sums := *p
		sums.GroupBy = []string{c.Name}
		sums.Measures = []query.Measure{r.measure(query.Sum, b.col)}
		sums.OrderBy = []query.Order{{Measure: 1, Desc: desc}}
		sums.Where = append(slices.Clone(p.Where), query.Filter{Column: c.Name, Op: query.NotNull})
		extra := 0.3
		if r.noticed("total", "overall", "combined", "altogether") || b.col == r.s.counter {
			extra = -0.4
		}
		ways = append(ways, way{plan: &sums, cost: cost + extra})
	}
	return ways
}

// extreme is the greatest or the least of a column itself, of each group.
func (r *reader) extreme(d *draft, p *query.Plan, col int, desc bool) way {
	q, cost := *p, 0.1
	if as, _ := r.s.as(col); as != "" {
		if len(d.groups) == 0 { // the cell as it is written, with its unit
			q.Columns = []string{r.name(col)}
			q.Where = append(slices.Clone(p.Where), query.Filter{Column: r.name(col), Op: query.NotNull, As: as})
			q.OrderBy, q.Ties = []query.Order{{Column: r.name(col), As: as, Desc: desc}}, false
			return way{plan: &q, cost: 0.2}
		}
		cost = 0.3
	}
	agg := query.Min
	if desc {
		agg = query.Max
	}
	q.Limit, q.Offset, q.Ties = 0, 0, false
	q.Measures = []query.Measure{r.measure(agg, col)}
	for _, g := range d.groups {
		q.GroupBy = append(q.GroupBy, r.name(g))
	}
	return way{plan: &q, cost: cost}
}

// rowsBy lists the cells of t and of what is asked of the rows that have the most of by.
func (r *reader) rowsBy(d *draft, p *query.Plan, t []int, by int, desc bool) *query.Plan {
	as, _ := r.s.as(by)
	rows := *p
	cols := append(slices.Clone(t), by)
	for _, a := range d.asks {
		if a.agg != "" {
			cols = append(cols, a.col)
		}
	}
	for _, col := range cols {
		if !slices.Contains(rows.Columns, r.name(col)) {
			rows.Columns = append(rows.Columns, r.name(col))
		}
	}
	rows.Where = append(slices.Clone(p.Where), query.Filter{Column: r.name(by), Op: query.NotNull, As: as})
	rows.OrderBy = []query.Order{{Column: r.name(by), As: as, Desc: desc}}
	rows.Distinct = as == "" && r.picks()
	return &rows
}

// asksRow tells whether the question wants what has the most rather than how much.
func (r *reader) asksRow() bool {
	first, at := r.near(-1, 1), r.d.best.span
	if first < 0 {
		return false
	}
	if r.op(opWho) >= 0 || r.op(opWhen) >= 0 || r.op(opWhere) >= 0 || r.d.best.of >= 0 || r.rows || r.scaledThing(at) {
		return true
	}
	if slices.ContainsFunc(r.spans[:at], func(sp span) bool { return sp.unknown && things[r.tokens[sp.from].Fold] }) { // "the team with the most"
		return true
	}
	for i, sp := range r.spans[:at] {
		if sp.entity && r.used[i] {
			return true
		}
	}
	return r.spans[first].has(opWhich) && at > first+1 && r.spans[at].from > r.spans[first].to+1
}

// scaledThing tells whether an adjective of size stands before the thing it is of:
// "the tallest tower".
func (r *reader) scaledThing(at int) bool {
	n := r.near(at, 1)
	return n >= 0 && r.isScale(at) && r.adjacent(at, n) && len(r.spans[n].ops) == 0 && !r.spans[n].num && r.column(n, r.measurable) < 0
}

// rankedColumn tells whether small numbers of a column are the better ones.
func (r *reader) rankedColumn(col int) bool {
	if !r.s.t.Columns[col].Type.Numeric() && !r.s.cells[col].number {
		return false
	}
	return slices.ContainsFunc(headerWords(r.s.t.Columns[col].Name), func(w string) bool {
		return w == "rank" || w == "ranking" || w == "position" || w == "place" || w == "rang" || w == "classement" || w == "finish"
	})
}

// ofTheFile are words that make the first and the last those of the file.
var ofTheFile = []string{"listed", "list", "chart", "table", "bottom"}

// ends takes the first or last rows: of the column that dates them, of the
// file, or of the ranks.
func (r *reader) ends(d *draft, p *query.Plan, b best) []way {
	t := r.targets(d, -1)
	cost := 0.1
	if len(t) == 0 {
		col, c := r.wanted(d)
		if col < 0 {
			return nil
		}
		t, cost = []int{col}, cost+c
	}
	if d.count != nil || r.aggregated(d) {
		return nil
	}
	for _, col := range t {
		p.Columns = append(p.Columns, r.name(col))
	}
	file := *p
	file.Ties = false
	file.OrderBy = []query.Order{{Desc: b.desc}}
	listed := r.noticed(ofTheFile...) || r.noticed("top")
	timed := r.s.timed()
	if timed < 0 || listed {
		return []way{{plan: &file, cost: cost}}
	}
	dated := *p
	as, _ := r.s.as(timed)
	dated.OrderBy = []query.Order{{Column: r.name(timed), As: as, Desc: b.desc}}
	return []way{{plan: &dated, cost: cost}, {plan: &file, cost: cost + 0.3}}
}

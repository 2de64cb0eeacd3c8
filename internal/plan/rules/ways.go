package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// way is one way to take a question: a plan, and what it takes for granted.
type way struct {
	rows  int // of its result, once run
	plan  *query.Plan
	cost  float64
	notes []string
	hint  string // what to add to the question to mean this way
}

// ways lists every way the draft can be taken.
func (r *reader) ways() []way {
	var all []way
	add := func(d *draft, extra float64) {
		for _, w := range r.build(d) {
			w.cost += extra + d.cost
			if w.plan != nil && r.echoes(d, w.plan) {
				w.cost++
			}
			w.notes = append(slices.Clone(d.notes), w.notes...)
			all = append(all, w)
		}
	}
	add(&r.d, 0)
	for _, c := range r.d.contested {
		for k := range all {
			all[k].hint = r.name(r.d.conds[c.at].col)
		}
		for k, other := range c.others {
			d := r.d.clone()
			d.conds[c.at] = other
			from := len(all)
			add(d, c.less[k])
			for ; from < len(all); from++ {
				all[from].hint = r.name(other.col)
			}
		}
	}
	return all
}

// echoes tells whether a plan would only say the question's own words again.
func (r *reader) echoes(d *draft, p *query.Plan) bool {
	if p.Shift != 0 || len(p.Columns) == 0 || slices.ContainsFunc(p.Where, func(f query.Filter) bool { return f.Than != nil }) {
		return false
	}
	return !slices.ContainsFunc(p.Columns, func(c string) bool {
		return !slices.ContainsFunc(d.conds, func(x cond) bool {
			return r.name(x.col) == c && x.op == query.Eq && len(x.vals) == 1 && x.as == "" && lang.Fold(labelOf(x.vals[0])) == lang.Fold(x.src)
		})
	})
}

func (r *reader) name(col int) string { return r.s.t.Columns[col].Name }

func (r *reader) filters(conds []cond) []query.Filter {
	var out []query.Filter
	for _, x := range conds {
		out = append(out, query.Filter{Column: r.name(x.col), Op: x.op, As: x.as, Values: x.vals})
	}
	return out
}

// build writes the draft as plans, by the first form that it fits.
func (r *reader) build(d *draft) []way {
	if w := r.verdict(d); w != nil {
		return w
	}
	if w := r.neighbour(d); w != nil {
		return w
	}
	if w := r.together(d); w != nil {
		return w
	}
	if w := r.difference(d); w != nil {
		return w
	}
	if w := r.alike(d); w != nil {
		return w
	}
	if w := r.choice(d); w != nil {
		return w
	}
	if w := r.share(d); w != nil {
		return w
	}
	if w := r.growth(d); w != nil {
		return w
	}
	if w := r.rate(d); w != nil {
		return w
	}
	p := &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds), Limit: d.limit}
	if d.count == nil && d.best == nil && len(d.asks) == 0 && len(d.groups) > 0 { // "gares par exploitant"
		d = d.clone()
		d.count = &count{span: -1, head: -1, col: -1, rows: true, things: true}
	}
	if d.count == nil && d.best == nil && len(d.having) == 0 && len(d.groups) > 0 && !r.aggregated(d) { // "montants par an"
		if !slices.ContainsFunc(d.asks, func(a ask) bool { return r.s.t.Columns[a.col].Role != dataset.Measure }) {
			d = d.clone()
			for i := range d.asks {
				d.asks[i].agg = query.Sum
			}
		}
	}
	switch {
	case len(d.having) > 0:
		return r.groupsWith(d, p)
	case d.best != nil:
		return r.ranked(d, p)
	case d.count != nil:
		return r.countOf(d, p)
	case r.aggregated(d):
		return r.aggregate(d, p)
	}
	return r.cellsOf(d, p)
}

func (r *reader) aggregated(d *draft) bool {
	return slices.ContainsFunc(d.asks, func(a ask) bool { return a.agg != "" })
}

// measure is an aggregate of a column, its texts read as numbers where they must be.
func (r *reader) measure(a query.Agg, col int) query.Measure {
	m := query.Measure{Agg: a, Column: r.name(col)}
	if c := r.s.t.Columns[col]; c.Type == dataset.Text && a != query.CountDistinct && a != query.Count {
		m.As, _ = r.s.as(col)
	}
	return m
}

// tally is the number of things: rows, or the sum of the column that says how
// many things a row stands for.
func (r *reader) tally() query.Measure {
	if r.s.counter >= 0 {
		return r.measure(query.Sum, r.s.counter)
	}
	return query.Measure{Agg: query.Count}
}

// groupColumns are the columns grouped on: those named after "each", or those
// asked where "for each" stands alone.
func (r *reader) groupColumns(d *draft) []string {
	var out []string
	for _, g := range d.groups {
		out = append(out, r.name(g))
	}
	if len(out) == 0 {
		for _, a := range d.asks {
			if a.agg == "" && !d.single(a.col) {
				out = append(out, r.name(a.col))
			}
		}
	}
	return out
}

func (r *reader) countOf(d *draft, p *query.Plan) []way {
	n := d.count
	cost := 0.0
	if r.op(opBetween) >= 0 && !r.used[r.op(opBetween)] && slices.ContainsFunc(d.conds, func(x cond) bool { return len(x.sides) == 2 && r.textual(x.col) }) {
		cost += 2 // how many stand between two rows is not how many they are
	}
	if len(d.groups) > 0 || r.op(opGroup) >= 0 || len(d.asks) > 0 && d.asks[0].span < n.span {
		p.GroupBy = r.groupColumns(d)
	} else {
		for _, a := range d.asks {
			if a.agg == "" && !d.single(a.col) && r.s.t.Columns[a.col].Distinct != 1 {
				cost += 0.4 // a column is named that nothing is done with
				if r.s.titled {
					cost += 2
				}
			}
		}
	}
	r.each(d)
	if k := r.uniqueRow(d); k >= 0 && len(d.groups) == 0 && len(d.asks) > 0 && r.measurable(d.asks[0].col) { // "the enrollment number of X"
		e := d.clone()
		e.count = nil
		p.GroupBy = nil
		if r.aggregated(e) {
			return r.aggregate(e, p)
		}
		return r.cellsOf(e, p)
	} else if k >= 0 && len(p.GroupBy) == 0 && !(n.head >= 0 && r.spans[n.head].has(opTimes)) {
		cost += 1.2 // one row by its name: there is nothing to count
	}
	for _, a := range d.asks {
		if a.agg != "" {
			p.Measures = append(p.Measures, r.measure(sumOf(a.agg), a.col))
		}
	}
	if r.s.titled && n.col < 0 && n.span >= 0 && r.spans[n.span].has(opHowMuch) && !n.things && (r.noticed(earned...) || r.s.counter < 0 && r.money() >= 0 && r.spans[n.span].to < len(r.tokens) && r.tokens[r.spans[n.span].to].Fold == "pour") { // "combien a reçu X": an amount
		m := r.money()
		if m < 0 || len(p.Measures) > 0 {
			return nil
		}
		p.Measures = []query.Measure{r.measure(query.Sum, m)}
		return []way{{plan: p, cost: cost + 0.1, notes: []string{texts.Say(r.l, "rules.the_column", "column", r.name(m))}}}
	}
	if n.col < 0 && n.things && n.head >= 0 && d.distinct {
		n.col = r.column(n.head, nil) // "combien de prénoms différents"
	}
	if n.col >= 0 {
		c := r.s.t.Columns[n.col]
		p.GroupBy = slices.DeleteFunc(p.GroupBy, func(g string) bool { return g == c.Name })
		m := query.Measure{Agg: query.CountDistinct, Column: c.Name}
		if c.Distinct == r.s.t.Rows-c.Nulls && c.Nulls == 0 {
			m = query.Measure{Agg: query.Count}
		}
		p.Measures = append([]query.Measure{m}, p.Measures...)
		ways := []way{{plan: p, cost: cost}}
		if !d.distinct && m.Agg == query.CountDistinct {
			rows := *p
			rows.Measures = append([]query.Measure{{Agg: query.Count, Column: c.Name}}, p.Measures[1:]...)
			ways = append(ways, way{plan: &rows, cost: cost})
			doubt := 0.3
			if share := float64(c.Distinct) / float64(max(1, r.s.t.Rows)); r.s.titled && share > 0.3 && share < 0.95 {
				doubt = 0.2 // asked back where they differ
			}
			ways[0].hint, ways[1].hint = texts.Say(r.l, "rules.different"), texts.Say(r.l, "rules.rows")
			if c.Distinct*10 >= r.s.t.Rows*6 { // nearly one a row: rows
				ways[0].cost += doubt
			} else {
				ways[1].cost += doubt
			}
		}
		return ways
	}
	if col := r.headColumn(n); col >= 0 && n.things && r.s.counter < 0 && len(p.GroupBy) == 0 && r.repeats(col) { // four museums over three years
		p.Measures = append([]query.Measure{{Agg: query.CountDistinct, Column: r.name(col)}}, p.Measures...)
		return []way{{plan: p, cost: cost}}
	}
	m := query.Measure{Agg: query.Count}
	switch {
	case n.head >= 0 && r.spans[n.head].has(opRows):
	case n.things || n.head >= 0 && r.spans[n.head].has(opTimes):
		m = r.tally()
	case n.head >= 0 && r.valueOf[n.head] > 0:
		m = r.tally()
		cost += 0.1
	case n.head >= 0 && len(d.conds) == 0 && len(p.GroupBy) == 0 && !things[r.tokens[r.spans[n.head].from].Fold] && r.spans[n.head].unknown:
		cost += 0.4 // every row, for a word that names nothing here
	case n.head < 0: // "how many are …"
		cost += 0.4
		m = r.tally()
	}
	if k := r.valueOf[max(n.head, 0)]; n.head >= 0 && k > 0 && k <= len(d.conds) && r.s.titled && len(p.GroupBy) == 0 && len(d.conds[k-1].sides) > 1 && d.conds[k-1].op == query.Eq && r.op(opAnd) >= 0 && r.op(opOr) < 0 && r.op(opSum) < 0 && r.textual(d.conds[k-1].col) { // "d'hommes et de femmes": each of them
		p.GroupBy = []string{r.name(d.conds[k-1].col)}
	}
	p.Measures = append([]query.Measure{m}, p.Measures...)
	r.sorted(d, p)
	ways := []way{{plan: p, cost: cost}}
	if n.head >= 0 && r.valueOf[n.head] > 0 && r.s.titled && len(p.GroupBy) == 0 && len(p.Measures) == 1 && r.valueOf[n.head] <= len(d.conds) {
		if x := d.conds[r.valueOf[n.head]-1]; len(x.vals) > 1 && x.op == query.Eq && r.textual(x.col) && r.s.cells[x.col].person { // "combien de clubs": they, or their rows?
			each := *p
			each.Measures = []query.Measure{{Agg: query.CountDistinct, Column: r.name(x.col)}}
			ways[0].hint = texts.Say(r.l, "rules.rows")
			ways = append(ways, way{plan: &each, cost: cost, hint: texts.Say(r.l, "rules.different")})
		}
	}
	if col := r.headColumn(n); col >= 0 && r.s.counter >= 0 && n.things && len(p.Measures) == 1 && len(p.GroupBy) == 0 { // names, or the children who bear them?
		values := *p
		values.Measures = []query.Measure{{Agg: query.CountDistinct, Column: r.name(col)}}
		ways[0].hint = texts.Say(r.l, "rules.in_total")
		if r.op(opSum) < 0 {
			ways = append(ways, way{plan: &values, cost: cost, hint: texts.Say(r.l, "rules.different")})
		}
	}
	return ways
}

// earned are verbs, folded, whose "combien" is an amount.
var earned = []string{"recu", "recoit", "recoivent", "touche", "touchent", "obtenu", "obtient", "obtiennent", "coute", "coutent", "paye", "payent", "received", "receive", "got", "cost", "costs"}

// money is the one column of sums of money, or -1.
func (r *reader) money() int {
	found := -1
	for _, sign := range []string{"€", "$", "£"} {
		for _, col := range r.s.units[unitNames[sign]] {
			if found >= 0 && col != found {
				return -1
			}
			found = col
		}
	}
	if found >= 0 && !r.figures(found) {
		return -1
	}
	return found
}

// headColumn is the column that the noun counted names too, or -1.
func (r *reader) headColumn(n *count) int {
	if n.head < 0 || bestName(r.spans[n.head].cols) < 0.4 {
		return -1
	}
	return r.column(n.head, r.textual)
}

// repeats tells whether the rows of a titled table are not the things that a
// column names, but what each of them was at several times.
func (r *reader) repeats(col int) bool {
	c := r.s.t.Columns[col]
	return r.s.titled && c.Distinct*10 <= r.s.t.Rows*6 && r.s.timed() >= 0 && !slices.ContainsFunc(r.s.t.Columns, func(c dataset.Column) bool { return c.Role == dataset.Key })
}

// uniqueRow returns the column of names by which the conditions leave one row, or -1.
func (r *reader) uniqueRow(d *draft) int {
	for _, x := range d.conds {
		c := r.s.t.Columns[x.col]
		if x.op != query.Eq || len(x.vals) != 1 || x.col != r.s.label && c.Role != dataset.Key {
			continue
		}
		for _, v := range c.Values {
			if v.Text == x.vals[0] && v.Count == 1 {
				return x.col
			}
		}
	}
	return -1
}

// each marks a lone "for each" as read where something is grouped on.
func (r *reader) each(d *draft) {
	for i := range r.spans {
		if r.spans[i].has(opGroup) && (len(d.groups) > 0 || len(d.asks) > 0) {
			r.used[i] = true
		}
	}
}

func sumOf(a query.Agg) query.Agg {
	if a == auto {
		return query.Sum
	}
	return a
}

func (r *reader) aggregate(d *draft, p *query.Plan) []way {
	for _, g := range d.groups {
		p.GroupBy = append(p.GroupBy, r.name(g))
	}
	r.each(d)
	cost := 0.0
	if k := r.uniqueRow(d); k >= 0 && len(d.groups) == 0 && len(d.asks) == 1 && r.textual(d.asks[0].col) && (d.asks[0].agg == auto || d.asks[0].agg == query.Sum) { // one cell: as it is written, with its unit
		e := d.clone()
		e.asks[0].agg = ""
		return r.cellsOf(e, p)
	}
	for _, a := range d.asks {
		if a.agg == "" && slices.ContainsFunc(d.asks, func(b ask) bool { return b.col == a.col && b.agg != "" }) {
			continue
		}
		if a.agg == "" && len(d.groups) == 0 && r.ofThem(d, a) {
			cost += 0.2
			continue
		}
		if a.agg == "" {
			p.GroupBy = append(p.GroupBy, r.name(a.col))
			if len(d.groups) == 0 {
				cost += 0.2
			}
			if r.s.t.Columns[a.col].Role == dataset.Measure && r.numeric(a.col) && len(d.groups) == 0 { // figures do not group
				p.GroupBy = p.GroupBy[:len(p.GroupBy)-1]
				if f := r.tokens[r.spans[a.span].from].Fold; !generic[f] {
					cost++
				}
			}
			continue
		}
		p.Measures = append(p.Measures, r.measure(sumOf(a.agg), a.col))
	}
	slices.Sort(p.GroupBy)
	p.GroupBy = slices.Compact(p.GroupBy)
	r.sorted(d, p)
	return []way{{plan: p, cost: cost}}
}

// ofThem tells whether a column is named only to say whose figures they are:
// "puissance moyenne des stations Izivia".
func (r *reader) ofThem(d *draft, a ask) bool {
	if !r.s.titled || !r.textual(a.col) || a.span < 0 {
		return false
	}
	sp := r.spans[a.span]
	if sp.from == 0 || r.tokens[sp.from-1].Fold != "des" {
		return false
	}
	p := r.near(a.span, -1)
	if p >= 0 && r.tokens[r.spans[p].from].Fold == "des" {
		p = r.near(p, -1)
	}
	return p >= 0 && slices.ContainsFunc(d.asks, func(b ask) bool { return b.agg != "" && b.span == p })
}

// groupsWith keeps the groups with so many rows: "documents with at least two paragraphs".
func (r *reader) groupsWith(d *draft, p *query.Plan) []way {
	p.GroupBy = r.groupColumns(d)
	if len(p.GroupBy) == 0 && d.count != nil && d.count.col >= 0 {
		p.GroupBy = []string{r.name(d.count.col)}
	}
	if len(p.GroupBy) == 0 {
		return nil
	}
	p.Measures = []query.Measure{r.tally()}
	if d.havingOf >= 0 { // "the regions with more than one format"
		p.Measures = []query.Measure{{Agg: query.CountDistinct, Column: r.name(d.havingOf)}}
		p.GroupBy = slices.DeleteFunc(p.GroupBy, func(g string) bool { return g == r.name(d.havingOf) })
		if len(p.GroupBy) == 0 {
			return nil
		}
	}
	p.Having = d.having
	if d.count != nil {
		p.Tally = true // "how many areas have at least 5 stations"
	}
	return []way{{plan: p, cost: 0.2}}
}

// sorted puts the order asked for, with "alphabetically" meaning the first column.
func (r *reader) sorted(d *draft, p *query.Plan) {
	for _, k := range d.sorts {
		o := query.Order{Desc: k.desc}
		col := k.col
		if col < 0 && len(d.asks) > 0 {
			col = d.asks[0].col
		}
		if col < 0 {
			if len(p.Columns) == 0 {
				continue
			}
			o.Column = p.Columns[0]
			p.OrderBy = append(p.OrderBy, o)
			continue
		}
		o.Column = r.name(col)
		if len(p.Measures) > 0 && !slices.Contains(p.GroupBy, o.Column) {
			at := slices.IndexFunc(p.Measures, func(m query.Measure) bool { return m.Column == o.Column })
			if at < 0 {
				continue
			}
			o.Column, o.Measure = "", at+1
		}
		if as, ok := r.s.as(col); ok && !k.text && o.Column != "" {
			o.As = as
		}
		p.OrderBy = append(p.OrderBy, o)
	}
}

// cellsOf lists cells: of the columns asked, or of the one that the question
// word calls for.
func (r *reader) cellsOf(d *draft, p *query.Plan) []way {
	cost := 0.0
	for _, a := range d.asks {
		if r.rows && (d.single(a.col) || len(d.asks) == 1 && d.on(a.col)) {
			continue // "which film has Marika as the role"
		}
		if !slices.Contains(p.Columns, r.name(a.col)) {
			p.Columns = append(p.Columns, r.name(a.col))
		}
	}
	if len(p.Columns) == 0 {
		col, c := r.wanted(d)
		if col < 0 {
			return nil
		}
		cost = c
		p.Columns = []string{r.name(col)}
		if other := r.otherName(col); (r.op(opWho) >= 0 || r.rows && r.s.titled) && other >= 0 && !d.on(other) {
			p.Columns = append(p.Columns, r.name(other))
		}
		if r.valueAsked() {
			cost += 1.5 // "quel est le NO2": a figure of it, not where it stands
		}
	}
	if len(d.conds) == 0 && len(d.sorts) == 0 && len(d.asks) == 0 {
		cost += 1 // everything: hardly what was asked
	}
	if r.s.titled && len(p.Columns) == 1 {
		for _, x := range d.conds { // "la population de Gap et d'Embrun": whose is which
			if len(x.sides) > 1 && x.op == query.Eq && r.textual(x.col) && !slices.Contains(p.Columns, r.name(x.col)) {
				p.Columns = append([]string{r.name(x.col)}, p.Columns...)
			}
		}
	}
	p.Distinct = d.distinct || len(p.Columns) == 1 && len(d.sorts) == 0 && r.picks()
	if len(d.sorts) == 0 && len(p.Columns) == 1 && p.Limit == 0 {
		for _, x := range d.conds { // "which year comes after 1995"
			if r.name(x.col) == p.Columns[0] && (x.op == query.Gt || x.op == query.Lt) && r.noticed("after", "before", "previous", "next", "follows") && r.picks() {
				p.Distinct, p.Limit = false, 1
				p.OrderBy = []query.Order{{Column: p.Columns[0], As: x.as, Desc: x.op == query.Lt}}
			}
		}
	}
	r.sorted(d, p)
	if p.Distinct {
		p.OrderBy = slices.DeleteFunc(p.OrderBy, func(o query.Order) bool { return !slices.Contains(p.Columns, o.Column) || o.As != "" })
	}
	return []way{{plan: p, cost: cost}}
}

// valueAsked tells whether what "quel est" asks for is a cell, over a titled table.
func (r *reader) valueAsked() bool {
	first := r.near(-1, 1)
	if !r.s.titled || first < 0 || !r.spans[first].has(opWhich) {
		return false
	}
	n := r.near(first, 1)
	if n < 0 || r.valueOf[n] == 0 || r.spans[n].entity || r.spans[n].from-r.spans[first].to > 2 {
		return false
	}
	return slices.ContainsFunc(r.tokens[:r.spans[n].from], func(t token) bool { return t.Fold == "est" || t.Fold == "is" || t.Fold == "etait" || t.Fold == "was" })
}

// otherName is the column of family names that goes with one of first names, or
// the other way round; -1 where there is none.
func (r *reader) otherName(col int) int {
	kin := map[string][]string{"prenom": {"nom"}, "nom": {"prenom"}, "prenoms": {"nom"}}
	for k, c := range r.s.t.Columns {
		a, b := headerWords(r.name(col)), headerWords(c.Name)
		if len(a) == 0 || len(b) == 0 || k == col || !r.textual(k) || !slices.Equal(a[1:], b[1:]) {
			continue
		}
		if slices.Contains(kin[a[0]], b[0]) {
			return k
		}
	}
	return -1
}

// picks tells whether the question wants a name rather than every row's: "which
// country", not "show the country of each".
func (r *reader) picks() bool {
	if r.noticed("each", "every", "all", "list", "show", "chaque", "tous", "toutes") {
		return false
	}
	for i := range r.spans {
		if strings.HasPrefix(strings.ToLower(r.text(i)), "quel") && r.spans[i].has(opWhich) {
			return true
		}
		if r.spans[i].has(opWhen) || r.spans[i].has(opWhere) {
			return true
		}
		switch strings.ToLower(r.text(i)) {
		case "which", "what", "who", "whom", "whose", "where", "when", "quel", "quelle", "quels", "quelles", "quels sont", "quelles sont", "qui":
			return true
		}
	}
	return false
}

// wanted is the column that answers the question word where none is named,
// and how doubtful that is.
func (r *reader) wanted(d *draft) (int, float64) {
	free := func(k int) bool { return !d.on(k) }
	pick := func(ok func(k int) bool) int {
		for k := range r.s.t.Columns {
			if free(k) && ok(k) {
				return k
			}
		}
		return -1
	}
	person := func(k int) bool { return r.s.cells[k].person && r.textual(k) }
	place := func(k int) bool { return r.s.cells[k].place && r.textual(k) }
	if k := r.generically(d); k >= 0 {
		return k, 0.2
	}
	switch {
	case r.op(opWho) >= 0:
		if r.s.label >= 0 && free(r.s.label) && person(r.s.label) {
			return r.s.label, 0.1
		}
		if k := pick(person); k >= 0 {
			return k, 0.2
		}
		if r.s.titled && r.s.label >= 0 && r.s.t.Columns[r.s.label].Role == dataset.Key {
			return -1, 0 // a number of a file is nobody
		}
	case r.op(opWhen) >= 0:
		if k := r.s.timed(); k >= 0 && free(k) {
			return k, 0.1
		}
		if r.s.year >= 0 && free(r.s.year) {
			return r.s.year, 0.1
		}
		return -1, 0
	case r.op(opWhere) >= 0:
		if k := pick(place); k >= 0 {
			return k, 0.2
		}
		return -1, 0
	case r.op(opExtent) >= 0:
		at := r.op(opExtent)
		words := strings.Fields(strings.ToLower(r.text(at)))
		k := r.headerOf(words[len(words)-1])
		if k >= 0 && free(k) {
			r.used[at] = true
			return k, 0.2
		}
		return -1, 0
	}
	if r.s.label >= 0 && free(r.s.label) {
		return r.s.label, 0.4
	}
	if k := pick(func(k int) bool { return r.textual(k) && !r.s.cells[k].number && !r.s.cells[k].date }); k >= 0 {
		return k, 0.8
	}
	return -1, 0
}

// generically is the column that a common word names where nothing else is
// asked for: "what was X's time?", "in which season".
func (r *reader) generically(d *draft) int {
	if r.op(opWho) >= 0 || r.op(opWhen) >= 0 || r.op(opWhere) >= 0 || r.op(opExtent) >= 0 {
		return -1
	}
	for i := range r.spans {
		sp := &r.spans[i]
		if r.used[i] || r.consumed[i] || len(sp.ops) > 0 || sp.to-sp.from > 1 || strings.HasSuffix(r.tokens[sp.from].Fold, "ed") || len(sp.vals) > 0 || sp.from > 0 && r.tokens[sp.from-1].Fold == "to" {
			continue
		}
		if k := r.column(i, func(k int) bool { return !d.on(k) }); k >= 0 && r.nameOf(i, k) >= 0.4 {
			r.used[i] = true
			return k
		}
	}
	return -1
}

// durational are the headers, normed, of what "how long" asks for.
var durational = map[string]bool{norm("length"): true, norm("duration"): true, norm("time"): true, norm("runtime"): true, norm("longueur"): true, norm("duree"): true}

// headerOf is the first column whose header has a word that the adjective
// measures, whatever its cells hold; or -1.
func (r *reader) headerOf(adjective string) int {
	if k, _ := r.measuredBy(adjective); k >= 0 {
		return k
	}
	for _, sc := range scales[adjective] {
		for _, h := range sc.headers {
			for _, f := range forms([]string{h}) {
				for _, ref := range r.s.names[f] {
					if ref.strength >= 0.4 && durational[h] {
						return ref.col
					}
				}
			}
		}
	}
	return -1
}

// noticed tells whether one of the words stands in the question.
func (r *reader) noticed(words ...string) bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool { return slices.Contains(words, strings.ToLower(t.Fold)) })
}

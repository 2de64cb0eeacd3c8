package rules

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// countForm writes a draft that asks how many as plans.
type countForm struct {
	r    *reader
	d    *draft
	n    *count
	p    *query.Plan
	cost float64 // of what is taken for granted
}

// countOf writes how many rows, or values of a column, there are: in all, or in
// each group.
func (r *reader) countOf(d *draft, p *query.Plan) []way {
	f := &countForm{r: r, d: d, n: d.count, p: p}
	f.doubtBetween()
	f.groups()
	r.each(d)
	if ways, settled := f.oneRow(); settled {
		return ways
	}
	for _, a := range d.asks {
		if a.agg != "" {
			p.Measures = append(p.Measures, r.measure(sumOf(a.agg), a.col))
		}
	}
	if f.asksAmount() {
		return f.amount()
	}
	if f.n.col < 0 && f.n.things && f.n.head >= 0 && d.distinct {
		f.n.col = r.column(f.n.head, nil) // "combien de prénoms différents"
	}
	if f.n.col >= 0 {
		return f.values()
	}
	if col := r.headColumn(f.n); col >= 0 && f.n.things && r.s.counter < 0 && len(p.GroupBy) == 0 && r.repeats(col) { // four museums over three years
		p.Measures = append([]query.Measure{{Agg: query.CountDistinct, Column: r.name(col)}}, p.Measures...)
		return []way{{plan: p, cost: f.cost}}
	}
	m := f.rows()
	f.eachSide()
	p.Measures = append([]query.Measure{m}, p.Measures...)
	r.sorted(d, p)
	ways := []way{{plan: p, cost: f.cost}}
	ways = f.orPersons(ways)
	return f.orNames(ways)
}

// doubtBetween makes a count between two named rows dear: how many stand between
// them is not how many they are.
func (f *countForm) doubtBetween() {
	at := f.r.op(opBetween)
	if at >= 0 && !f.r.used[at] && slices.ContainsFunc(f.d.conds, func(x cond) bool { return len(x.sides) == 2 && f.r.textual(x.col) }) {
		f.cost += 2
	}
}

// groups puts the columns that the count is told apart by.
func (f *countForm) groups() {
	r, d := f.r, f.d
	if len(d.groups) > 0 || r.op(opGroup) >= 0 || len(d.asks) > 0 && d.asks[0].span < f.n.span {
		f.p.GroupBy = r.groupColumns(d)
		return
	}
	for _, a := range d.asks {
		if a.agg != "" || d.single(a.col) || r.s.t.Columns[a.col].Distinct == 1 {
			continue
		}
		f.cost += 0.4 // a column is named that nothing is done with
		if r.s.titled {
			f.cost += 2
		}
	}
}

// times tells whether it is times that are counted.
func (f *countForm) times() bool { return f.n.head >= 0 && f.r.spans[f.n.head].has(opTimes) }

// oneRow reads "the enrollment number of X" as a cell of the row that bears a name;
// there is nothing to count where one row does.
func (f *countForm) oneRow() (ways []way, settled bool) {
	r, d := f.r, f.d
	if r.uniqueRow(d) < 0 {
		return nil, false
	}
	if len(d.groups) == 0 && len(d.asks) > 0 && r.measurable(d.asks[0].col) {
		e := d.clone()
		e.count = nil
		f.p.GroupBy = nil
		if r.aggregated(e) {
			return r.aggregate(e, f.p), true
		}
		return r.cellsOf(e, f.p), true
	}
	if len(f.p.GroupBy) == 0 && !f.times() {
		f.cost += 1.2
	}
	return nil, false
}

// asksAmount tells whether "combien" asks for an amount of money: "combien a reçu X".
func (f *countForm) asksAmount() bool {
	r, n := f.r, f.n
	if !r.s.titled || n.col >= 0 || n.span < 0 || !r.spans[n.span].has(opHowMuch) || n.things {
		return false
	}
	after := r.spans[n.span].to
	return r.noticed(earned...) || r.s.counter < 0 && r.money() >= 0 && after < len(r.tokens) && r.tokens[after].Fold == "pour"
}

// amount adds up the one column of money.
func (f *countForm) amount() []way {
	m := f.r.money()
	if m < 0 || len(f.p.Measures) > 0 {
		return nil
	}
	f.p.Measures = []query.Measure{f.r.measure(query.Sum, m)}
	return []way{{plan: f.p, cost: f.cost + 0.1, notes: []string{texts.Say(f.r.l, "rules.the_column", "column", f.r.name(m))}}}
}

// values counts the values of a column, and the rows that have one as another way
// to take the question where the two differ.
func (f *countForm) values() []way {
	r, p := f.r, f.p
	c := r.s.t.Columns[f.n.col]
	p.GroupBy = slices.DeleteFunc(p.GroupBy, func(g string) bool { return g == c.Name })
	m := query.Measure{Agg: query.CountDistinct, Column: c.Name}
	if c.Distinct == r.s.t.Rows-c.Nulls && c.Nulls == 0 {
		m = query.Measure{Agg: query.Count}
	}
	p.Measures = append([]query.Measure{m}, p.Measures...)
	ways := []way{{plan: p, cost: f.cost}}
	if f.d.distinct || m.Agg != query.CountDistinct {
		return ways
	}
	rows := *p
	rows.Measures = append([]query.Measure{{Agg: query.Count, Column: c.Name}}, p.Measures[1:]...)
	ways = append(ways, way{plan: &rows, cost: f.cost})
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
	return ways
}

// value is the condition that the noun counted is the value of, or nil.
func (f *countForm) value() *cond {
	if f.n.head < 0 {
		return nil
	}
	k := f.r.valueOf[f.n.head]
	if k == 0 || k > len(f.d.conds) {
		return nil
	}
	return &f.d.conds[k-1]
}

// rows is the measure that counts rows: each as one, or as many things as it
// stands for.
func (f *countForm) rows() query.Measure {
	r, n := f.r, f.n
	switch {
	case n.head >= 0 && r.spans[n.head].has(opRows):
	case n.things || f.times():
		return r.tally()
	case n.head >= 0 && r.valueOf[n.head] > 0:
		f.cost += 0.1
		return r.tally()
	case n.head < 0: // "how many are …"
		f.cost += 0.4
		return r.tally()
	case len(f.d.conds) == 0 && len(f.p.GroupBy) == 0 && !things[r.tokens[r.spans[n.head].from].Fold] && r.spans[n.head].unknown:
		f.cost += 0.4 // every row, for a word that names nothing here
	}
	return query.Measure{Agg: query.Count}
}

// eachSide tells "d'hommes et de femmes" apart: each of them.
func (f *countForm) eachSide() {
	r, x := f.r, f.value()
	if x == nil || !r.s.titled || len(f.p.GroupBy) > 0 || len(x.sides) < 2 || x.op != query.Eq || !r.textual(x.col) {
		return
	}
	if r.op(opAnd) >= 0 && r.op(opOr) < 0 && r.op(opSum) < 0 {
		f.p.GroupBy = []string{r.name(x.col)}
	}
}

// orPersons adds the names as another way to take "combien de clubs": they, or
// their rows?
func (f *countForm) orPersons(ways []way) []way {
	r, p, x := f.r, f.p, f.value()
	if x == nil || !r.s.titled || len(p.GroupBy) > 0 || len(p.Measures) != 1 {
		return ways
	}
	if len(x.vals) < 2 || x.op != query.Eq || !r.textual(x.col) || !r.s.cells[x.col].person {
		return ways
	}
	each := *p
	each.Measures = []query.Measure{{Agg: query.CountDistinct, Column: r.name(x.col)}}
	ways[0].hint = texts.Say(r.l, "rules.rows")
	return append(ways, way{plan: &each, cost: f.cost, hint: texts.Say(r.l, "rules.different")})
}

// orNames adds the different names as another way to take how many things there
// are: first names, or the children who bear them?
func (f *countForm) orNames(ways []way) []way {
	r, p := f.r, f.p
	col := r.headColumn(f.n)
	if col < 0 || r.s.counter < 0 || !f.n.things || len(p.Measures) != 1 || len(p.GroupBy) > 0 {
		return ways
	}
	values := *p
	values.Measures = []query.Measure{{Agg: query.CountDistinct, Column: r.name(col)}}
	ways[0].hint = texts.Say(r.l, "rules.in_total")
	if r.op(opSum) >= 0 {
		return ways
	}
	return append(ways, way{plan: &values, cost: f.cost, hint: texts.Say(r.l, "rules.different")})
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

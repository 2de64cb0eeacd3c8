package rules

import (
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
	for _, form := range []func(d *draft) []way{
		r.verdict, r.neighbour, r.together, r.difference, r.alike, r.choice, r.share, r.growth, r.rate,
	} {
		if w := form(d); w != nil {
			return w
		}
	}
	p := &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds), Limit: d.limit}
	d = r.grouped(d)
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

// grouped is the draft with what a grouping asks for where nothing else does: the
// number of rows of each ("gares par exploitant"), or sums ("montants par an").
func (r *reader) grouped(d *draft) *draft {
	if d.count != nil || d.best != nil || len(d.groups) == 0 {
		return d
	}
	if len(d.asks) == 0 {
		d = d.clone()
		d.count = &count{span: -1, head: -1, col: -1, rows: true, things: true}
		return d
	}
	if len(d.having) > 0 || r.aggregated(d) || slices.ContainsFunc(d.asks, func(a ask) bool { return r.s.t.Columns[a.col].Role != dataset.Measure }) {
		return d
	}
	d = d.clone()
	for i := range d.asks {
		d.asks[i].agg = query.Sum
	}
	return d
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
	if r.oneCell(d) { // as it is written, with its unit
		e := d.clone()
		e.asks[0].agg = ""
		return r.cellsOf(e, p)
	}
	for _, a := range d.asks {
		switch {
		case a.agg != "":
			p.Measures = append(p.Measures, r.measure(sumOf(a.agg), a.col))
		case slices.ContainsFunc(d.asks, func(b ask) bool { return b.col == a.col && b.agg != "" }):
		case len(d.groups) > 0:
			p.GroupBy = append(p.GroupBy, r.name(a.col))
		case r.ofThem(d, a):
			cost += 0.2
		case r.s.t.Columns[a.col].Role == dataset.Measure && r.numeric(a.col): // figures do not group
			cost += 0.2
			if !generic[r.tokens[r.spans[a.span].from].Fold] {
				cost++
			}
		default:
			cost += 0.2
			p.GroupBy = append(p.GroupBy, r.name(a.col))
		}
	}
	slices.Sort(p.GroupBy)
	p.GroupBy = slices.Compact(p.GroupBy)
	r.sorted(d, p)
	return []way{{plan: p, cost: cost}}
}

// oneCell tells whether the draft adds up the one text cell of a row known by its name.
func (r *reader) oneCell(d *draft) bool {
	return r.uniqueRow(d) >= 0 && len(d.groups) == 0 && len(d.asks) == 1 && r.textual(d.asks[0].col) && (d.asks[0].agg == auto || d.asks[0].agg == query.Sum)
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

// noticed tells whether one of the words stands in the question.
func (r *reader) noticed(words ...string) bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool { return slices.Contains(words, strings.ToLower(t.Fold)) })
}

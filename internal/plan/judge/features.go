package judge

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// Feature is something that speaks for or against a plan, by as much as Value
// times its learnt weight.
type Feature struct {
	Name  string
	Value float64
}

// Reader extracts the features of plans for one question over one table. It is
// for one goroutine: what is said once of the question is remembered.
type Reader struct {
	g      *ground.Ground
	cues   []string
	shared map[string][]Feature // aspect → its features with every cue

	measures int            // columns of the table that are there to be computed with
	noun     int            // the token that says what is counted, or -1
	rows     string         // what a row of the table is
	said     []ground.Sense // in the question

	last  *query.Plan // the plan that was taken apart last,
	taken *weigher    // and what was found: what contradicts a plan is looked for before what speaks for it
	usual int         // features of a plan, so far
}

// NewReader reads the cues of a question.
func NewReader(g *ground.Ground) *Reader {
	r := &Reader{g: g, cues: append(cuesOf(g.Question), tableCues(g.Table)...), shared: map[string][]Feature{}}
	for _, c := range g.Table.Columns {
		if c.Role == dataset.Measure {
			r.measures++
		}
	}
	r.noun, r.rows, r.said = countedNoun(g.Question), rowsAre(g.Table), g.Said()
	return r
}

// aspect lists the features of an aspect with every cue.
func (r *Reader) aspect(a string) []Feature {
	if f, ok := r.shared[a]; ok {
		return f
	}
	f := make([]Feature, len(r.cues))
	for i, c := range r.cues {
		f[i] = Feature{a + "&" + c, 1}
	}
	r.shared[a] = f
	return f
}

// Features lists what speaks for and against a plan: aspects apart, since many
// plans share them, then what is its own.
func (r *Reader) Features(p *query.Plan) (aspects []string, own []Feature) {
	w := r.looked(p)
	r.last, r.taken = nil, nil // it is added to
	w.coverage()
	w.whole()
	r.usual = max(r.usual, len(w.out))
	return w.aspects, w.out
}

// looked is a plan taken apart, once where it is asked for twice in a row.
func (r *Reader) looked(p *query.Plan) *weigher {
	if r.last != p {
		r.last, r.taken = p, r.weigher(p)
	}
	return r.taken
}

// weigher takes a plan apart and weighs its parts.
func (r *Reader) weigher(p *query.Plan) *weigher {
	d := takeApart(p, r.g.Table)
	w := &weigher{Reader: r, parts: d, covered: make([]bool, len(r.g.Tokens)), out: make([]Feature, 0, r.usual)}
	for _, u := range d.uses {
		w.use(u)
	}
	for _, f := range d.filters {
		w.filter(f)
	}
	w.numbers()
	return w
}

// Aspect lists the features of an aspect of this question's plans.
func (r *Reader) Aspect(a string) []Feature { return r.aspect(a) }

// weigher collects the features of one plan.
type weigher struct {
	*Reader
	parts
	covered []bool
	out     []Feature
}

func (w *weigher) add(value float64, name ...string) {
	w.out = append(w.out, Feature{strings.Join(name, "&"), value})
}

func (w *weigher) cover(from, to int) {
	for i := from; i < to; i++ {
		w.covered[i] = true
	}
}

// use weighs a column in a role by how the question names it.
func (w *weigher) use(u use) {
	c := w.g.Table.Columns[u.col]
	r := string(u.role)
	if u.agg != "" {
		r += "." + string(u.agg)
	}
	w.add(1, r, "is", string(c.Type), string(c.Role))
	if u.agg != "" && c.Role == dataset.Measure {
		w.add(1, r, "adds up", string(c.Additivity))
	}
	if c.Kind != "" {
		w.add(1, string(u.role), "is a", string(c.Kind))
	}
	best := -1
	for i, m := range w.g.Columns {
		if m.Col == u.col && (best < 0 || better(m, w.g.Columns[best])) {
			best = i
		}
	}
	if best < 0 {
		w.unnamed(u, c)
		return
	}
	m := w.g.Columns[best]
	w.cover(m.From, m.To)
	short := string(u.role)
	if m.How != ground.Meaning {
		for _, o := range w.g.Scattered(u.col) {
			w.cover(o.From, o.To)
		}
		w.add(w.g.Shares[u.col], short, "share of its header")
		w.add(1, short, "header said more", bucket(w.outdone(u.col)))
	}
	w.add(1, short, "how", string(m.How))
	w.add(m.Strength, short, "strength", string(m.How))
	w.add(1, short, "rivals", string(m.How), bucket(w.rivals(m)))
	w.around(short, m.From, m.To)
	w.add(1, short, "place", w.place(m))
	if w.taken(m) {
		w.add(1, short, "words of a cell")
	}
}

func better(a, b ground.Mention) bool {
	x, y := a.Strength*float64(a.To-a.From), b.Strength*float64(b.To-b.From)
	if a.How == ground.Meaning {
		x /= 2
	}
	if b.How == ground.Meaning {
		y /= 2
	}
	return x > y
}

// unnamed weighs a column that no word names.
func (w *weigher) unnamed(u use, c ground.Column) {
	r := string(u.role)
	w.add(1, r, "unnamed")
	w.add(w.g.Nearest[u.col], r, "unnamed", "nearness")
	w.add(1, r, "unnamed", string(c.Role))
	if c.Role == dataset.Measure { // the only one there is to be meant
		w.add(1, r, "unnamed", "of", bucket(w.measures))
	}
	if u.agg != "" {
		w.add(1, r, "unnamed", string(u.agg))
	}
	if u.col == w.g.Table.Label {
		w.add(1, r, "unnamed", "label")
	}
	for _, t := range w.g.Tokens {
		if t.Small || t.IsNum {
			continue
		}
		for _, h := range c.Stems {
			w.add(1, "pair", t.Stem+"~"+h)
		}
	}
}

// rivals counts the columns that the same words name at least as well.
func (w *weigher) rivals(m ground.Mention) int {
	n := 0
	for _, o := range w.g.Columns {
		if o.Col != m.Col && o.From < m.To && m.From < o.To && o.Strength >= m.Strength && o.How != ground.Meaning {
			n++
		}
	}
	return n
}

// outdone counts the columns whose headers the words say more of than this one's
// and that share a word of it: prix_2021 where prix_2022 is asked.
func (w *weigher) outdone(col int) int {
	n := 0
	for other, share := range w.g.Shares {
		if other != col && share > w.g.Shares[col] && slices.ContainsFunc(w.g.Table.Columns[other].Words, func(h string) bool {
			return slices.Contains(w.g.Table.Columns[col].Words, h)
		}) {
			n++
		}
	}
	return n
}

// taken tells whether the words of a mention are those of a cell the plan filters by.
func (w *weigher) taken(m ground.Mention) bool {
	for _, f := range w.filters {
		for _, c := range w.g.Cells {
			if c.From <= m.From && m.To <= c.To && c.How != ground.Flag && w.g.Table.Columns[c.Col].Name == f.Column && holds(f, c, w.g) {
				return true
			}
		}
	}
	return false
}

// place tells where among the named columns a mention stands.
func (w *weigher) place(m ground.Mention) string {
	before, after := 0, 0
	for _, o := range w.g.Columns {
		if o.How == ground.Meaning || o.From < m.To && m.From < o.To {
			continue
		}
		if o.From < m.From {
			before++
		} else {
			after++
		}
	}
	switch {
	case before == 0 && after == 0:
		return "only"
	case before == 0:
		return "first"
	case after == 0:
		return "last"
	}
	return "middle"
}

// around names the words beside a run of tokens.
func (w *weigher) around(what string, from, to int) {
	n := len(w.g.Tokens)
	if from > 0 {
		w.beside(what, "before", w.g.Tokens[from-1])
	} else {
		w.add(1, what, "before", "^")
	}
	if from > 1 {
		w.beside(what, "before2", w.g.Tokens[from-2])
	}
	if to < n {
		w.beside(what, "after", w.g.Tokens[to])
	} else {
		w.add(1, what, "after", "$")
	}
}

func (w *weigher) beside(what, where string, t ground.Token) {
	if t.Small || len(t.Senses) > 0 {
		w.add(1, what, where, t.Norm)
	} else {
		w.add(1, what, where, "other")
	}
	for _, s := range t.Senses {
		w.add(1, what, where, "s:"+string(s))
	}
}

// numbers covers the numbers that a plan holds as limit or threshold.
func (w *weigher) numbers() {
	for i, t := range w.g.Tokens {
		if t.Part != "" && w.reads(t.Part) || t.Rank > 1 && t.Rank == w.plan.Offset+1 {
			w.covered[i] = true
			w.add(1, "part of a day", "said")
		}
		if !t.IsNum {
			continue
		}
		if d := w.plan.Derived; d != nil && d.Value != nil && (*d.Value == t.Num || *d.Value == t.Plain) {
			w.covered[i] = true
			w.near("threshold", i, i+1)
		}
		if w.plan.Limit > 1 && t.Num == float64(w.plan.Limit) {
			w.covered[i] = true
			w.around("limit", i, i+1)
		}
		for _, h := range w.plan.Having {
			if h.Value == t.Num {
				w.covered[i] = true
				w.near("having="+string(h.Op), i, i+1)
			}
		}
	}
}

// reads tells whether the plan reads days, or a column of years, as a part of them.
func (w *weigher) reads(part query.As) bool {
	year := func(name string) bool {
		i := columnOf(w.g.Table, name)
		return part == query.AsYear && i >= 0 && w.g.Table.Columns[i].Role == dataset.Year
	}
	return slices.Contains(w.plan.GroupAs, part) || slices.ContainsFunc(w.plan.GroupBy, year) ||
		slices.ContainsFunc(w.plan.Measures, func(m query.Measure) bool { return m.As == part || m.Agg == query.CountDistinct && year(m.Column) }) ||
		slices.ContainsFunc(w.filters, func(f query.Filter) bool { return f.As == part || f.Than != nil && year(f.Column) })
}

// whole weighs what a plan is as a whole.
func (w *weigher) whole() {
	p := w.plan
	w.counting()
	w.turns()
	w.words()
	if len(p.OrderBy) > 0 && len(p.Columns) == 1 && p.OrderBy[0].Column == p.Columns[0] {
		w.add(1, "sorted by what is listed", bucket(p.Limit))
	}
	for _, f := range p.Where {
		if slices.Contains(p.Columns, f.Column) {
			w.add(1, "lists what it filters by", string(f.Op))
		}
		if slices.Contains(p.GroupBy, f.Column) {
			w.add(1, "groups by what it filters by", string(f.Op))
		}
	}
	if len(p.Measures) == 1 && p.Measures[0].Agg == query.Sum && w.ofLabels(p.Measures[0].Column) {
		w.add(1, "adds up labels")
	}
}

// ofLabels tells whether the numbers of a column are years, keys or codes.
func (w *weigher) ofLabels(column string) bool {
	i := columnOf(w.g.Table, column)
	return i >= 0 && slices.Contains([]dataset.Role{dataset.Year, dataset.Key, dataset.Code}, w.g.Table.Columns[i].Role)
}

func bucket(n int) string {
	switch {
	case n <= 3:
		return fmt.Sprint(n)
	case n <= 10:
		return "few"
	case n <= 100:
		return "tens"
	}
	return "many"
}

package propose

import (
	"slices"
	"sort"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
)

// pool is what a plan may be made of: the columns that words name, best first,
// and those that may be meant without being named.
type pool struct {
	g      *ground.Ground
	named  []named
	values []int // numeric columns to compute with
	groups []int // columns to group or count by
	sorts  []int // columns to sort by
	shown  []int // columns to list
	limits []int // numbers that may say how many rows
	ranks  []int // places in an order: "cinquième"
}

// named is a column with where and how well it is named.
type named struct {
	col      int
	at       int
	strength float64
}

// Bounds on how many columns a form tries in one role.
const (
	maxNamed  = 9
	maxValues = 6
	maxGroups = 4
)

func newPool(g *ground.Ground) *pool {
	p := &pool{g: g}
	best := map[int]named{}
	for _, m := range g.Columns {
		n := named{m.Col, m.From, weigh(m)}
		if have, ok := best[m.Col]; !ok || n.strength > have.strength {
			best[m.Col] = n
		}
	}
	for _, n := range best {
		for _, m := range g.Scattered(n.col) { // other words of its header, elsewhere
			if m.From != n.at {
				n.strength += m.Strength
			}
		}
		p.named = append(p.named, n)
	}
	sort.Slice(p.named, func(i, j int) bool {
		a, b := p.named[i], p.named[j]
		if a.strength != b.strength {
			return a.strength > b.strength
		}
		return a.col < b.col
	})
	p.named = p.named[:min(len(p.named), maxNamed)]
	p.roles()
	p.numbers()
	return p
}

// weigh orders mentions of columns: a rough count for the beam alone.
func weigh(m ground.Mention) float64 {
	w := m.Strength * float64(1+m.To-m.From)
	switch m.How {
	case ground.Exact:
		return w + 1
	case ground.Meaning:
		return m.Strength * 0.8
	}
	return w
}

func (p *pool) column(col int) ground.Column { return p.g.Table.Columns[col] }

// roles sorts the named columns by what they can be, and adds those that are
// often meant unnamed: the one measure, the column that names the rows.
func (p *pool) roles() {
	for _, n := range p.named {
		c := p.column(n.col)
		if c.Role == dataset.Geometry {
			continue
		}
		p.shown = append(p.shown, n.col)
		p.sorts = append(p.sorts, n.col)
		if c.Numeric() && c.Role != dataset.Year && !c.Role.Label() {
			p.values = append(p.values, n.col)
		}
		if c.Role != dataset.FreeText {
			p.groups = append(p.groups, n.col)
		}
	}
	for _, col := range p.unnamedValues() {
		if len(p.values) < maxValues {
			p.values = append(p.values, col)
			p.sorts = append(p.sorts, col)
		}
	}
	for _, c := range p.g.Table.Columns {
		if (c.Role == dataset.Year || c.Dated()) && !slices.Contains(p.sorts, c.Index) {
			p.sorts = append(p.sorts, c.Index)
			break
		}
	}
	if l := p.g.Table.Label; l >= 0 && !slices.Contains(p.shown, l) {
		p.shown = append(p.shown, l)
	}
	p.values = p.values[:min(len(p.values), maxValues)]
	p.groups = p.groups[:min(len(p.groups), maxGroups)]
	p.sorts = p.sorts[:min(len(p.sorts), 7)]
}

// unnamedValues are the measures that no word names, those nearest to a word
// first, at most three.
func (p *pool) unnamedValues() []int {
	var out []int
	for _, c := range p.g.Table.Columns {
		if c.Role == dataset.Measure && c.Numeric() && !slices.Contains(p.values, c.Index) {
			out = append(out, c.Index)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return p.g.Nearest[out[i]] > p.g.Nearest[out[j]]+0.05 })
	return out[:min(len(out), 3)]
}

// price is what a column costs in any role: little where words name it well, more
// where none does.
func (p *pool) price(col int) float64 {
	for i, n := range p.named {
		if n.col == col {
			cost := min(0.6, 0.08*float64(i))
			if !p.mentioned(col) {
				cost += 0.2
			}
			return cost
		}
	}
	if col == p.g.Table.Label {
		return 0.35
	}
	return 0.55
}

// numbers lists how many rows may be asked for.
func (p *pool) numbers() {
	for _, t := range p.g.Tokens {
		if t.Rank > 1 {
			p.ranks = append(p.ranks, t.Rank)
		}
		if t.IsNum && !t.Year && t.Num >= 2 && t.Num <= 100 && t.Num == float64(int(t.Num)) && !slices.Contains(p.limits, int(t.Num)) {
			p.limits = append(p.limits, int(t.Num))
		}
	}
}

// nameOf is the name of a column in a plan.
func (p *pool) nameOf(col int) string { return p.column(col).Name }

// mentioned tells whether words other than by meaning name a column.
func (p *pool) mentioned(col int) bool {
	return slices.ContainsFunc(p.g.Columns, func(m ground.Mention) bool { return m.Col == col && m.How != ground.Meaning })
}

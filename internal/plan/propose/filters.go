package propose

import (
	"slices"
	"sort"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// cond is a condition with the tokens that say it and a rough worth.
type cond struct {
	query.Filter
	from, to int
	worth    float64
	cell     bool // from a mention of cells: several on one column are one
	side     bool // of a span of days: may stand beside another, to be compared
}

// set is conditions that hold together, from different words.
type set struct {
	conds []cond
	worth float64
}

const (
	beamWidth = 14
	maxSets   = 10
	toll      = 0.4 // what a condition must be worth not to be better left out
)

// sets lists the sets of conditions that the words may mean, best first; the
// empty set is always among them.
func sets(p *pool) []set {
	conds := slices.Concat(cellConds(p.g), numberConds(p), dayConds(p.g), voidConds(p.g), meanConds(p), rivalConds(p), columnConds(p), endConds(p), textConds(p))
	sort.SliceStable(conds, func(i, j int) bool { return conds[i].worth > conds[j].worth })
	conds = conds[:min(len(conds), 60)]
	sort.SliceStable(conds, func(i, j int) bool { return conds[i].from < conds[j].from })
	beam := []set{{}}
	for _, c := range conds {
		next := beam
		for _, s := range beam {
			if t, ok := s.with(c); ok {
				next = append(next, t)
			}
		}
		sort.SliceStable(next, func(i, j int) bool { return next[i].worth > next[j].worth })
		beam = diverse(next)
	}
	beam = fewer(beam[:min(len(beam), maxSets-1)])
	if !slices.ContainsFunc(beam, func(s set) bool { return len(s.conds) == 0 }) {
		beam = append(beam, set{})
	}
	return beam
}

// fewer adds to the sets what is left of the likeliest where one condition is left
// out, or all but one: a word may say nothing of the rows.
func fewer(list []set) []set {
	if len(list) == 0 || len(list[0].conds) < 2 {
		return list
	}
	seen := map[string]bool{}
	for _, s := range list {
		seen[keyOf(s.filters())] = true
	}
	add := func(conds []cond) {
		s := set{conds: conds}
		for _, c := range conds {
			s.worth += c.worth - toll
		}
		if k := keyOf(s.filters()); !seen[k] {
			seen[k] = true
			list = append(list, s)
		}
	}
	best := list[0].conds
	for i := range best {
		add(slices.Delete(slices.Clone(best), i, i+1))
	}
	for _, c := range best {
		add([]cond{c})
	}
	return list
}

// diverse keeps the best sets, the same filters once.
func diverse(list []set) []set {
	var out []set
	seen := map[string]bool{}
	for _, s := range list {
		k := keyOf(s.filters())
		if !seen[k] && len(out) < beamWidth {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out
}

// with adds a condition whose words the set has not used.
func (s set) with(c cond) (set, bool) {
	for _, have := range s.conds {
		if have.from < c.to && c.from < have.to {
			return s, false
		}
		if have.Column == c.Column && (void(have.Op) || void(c.Op)) { // empty cells are none of the others
			return s, false
		}
		if have.Column == c.Column && have.Op == c.Op && !c.cell && !(c.side && have.side) {
			return s, false
		}
	}
	if len(s.conds) >= 5 {
		return s, false
	}
	return set{conds: append(slices.Clone(s.conds), c), worth: s.worth + c.worth - toll}, true
}

func void(op query.Op) bool { return op == query.Null || op == query.NotNull }

// filters writes a set: several cells of one column are one filter.
func (s set) filters() []query.Filter {
	var out []query.Filter
	for _, c := range s.conds {
		i := slices.IndexFunc(out, func(f query.Filter) bool {
			return c.cell && f.Column == c.Column && f.Op == c.Op && (c.Op == query.Eq || c.Op == query.Ne)
		})
		if i < 0 {
			f := c.Filter
			f.Values = slices.Clone(f.Values)
			out = append(out, f)
			continue
		}
		for _, v := range c.Values {
			if !slices.Contains(out[i].Values, v) {
				out[i].Values = append(out[i].Values, v)
			}
		}
	}
	for i, f := range out { // "more than the average in 2023" is that of 2023
		if f.Than != nil && len(f.Than.Measures) == 1 && f.Than.Measures[0].Agg == query.Avg {
			than := *f.Than
			than.Where = slices.DeleteFunc(slices.Clone(out), func(o query.Filter) bool { return o.Than != nil })
			out[i].Than = &than
			if len(than.Where) == 0 {
				than.Where = nil
			}
		}
	}
	return out
}

// voidConds reads "sans téléphone", "with a website" as empty or filled cells.
func voidConds(g *ground.Ground) []cond {
	var out []cond
	if !g.Has(ground.Missing, ground.Filled, ground.Not) {
		return nil
	}
	for _, m := range g.Columns {
		c := g.Table.Columns[m.Col]
		zero := c.Numeric() && c.Min == "0"
		if m.How == ground.Meaning || c.Nulls == 0 && !zero {
			continue
		}
		for i := max(0, m.From-4); i < min(len(g.Tokens), m.To+5); i++ {
			t := g.Tokens[i]
			name := c.Name
			from, to := min(i, m.From), max(i+1, m.To)
			if zero && t.Is(ground.Missing, ground.Not) { // "sans piscine": a number of them
				out = append(out, cond{Filter: query.Filter{Column: name, Op: query.Eq, Values: []any{0.0}}, from: from, to: to, worth: 0.5})
			}
			if c.Nulls == 0 {
				continue
			}
			if t.Is(ground.Missing, ground.Not) {
				out = append(out, cond{Filter: query.Filter{Column: name, Op: query.Null}, from: from, to: to, worth: 0.5})
			}
			if t.Is(ground.Filled) {
				out = append(out, cond{Filter: query.Filter{Column: name, Op: query.NotNull}, from: from, to: to, worth: 0.5})
			}
		}
	}
	return out
}

// textConds looks for words, and for what stands in quotes, within the texts
// of a column that is named, or that is prose.
func textConds(p *pool) []cond {
	var out []cond
	for _, c := range p.g.Table.Columns {
		if c.Type != dataset.Text || c.Role == dataset.Geometry || c.Distinct < 10 {
			continue
		}
		named := p.mentioned(c.Index)
		if !named && c.Role != dataset.FreeText && c.Index != p.g.Table.Label {
			continue
		}
		for _, r := range runs(p.g) {
			worth := 0.05
			if p.g.Has(ground.Contains, ground.Starts) {
				worth += 0.5
			}
			if named {
				worth += 0.15
			}
			if p.g.Tokens[r[0]].Name {
				worth += 0.2
			}
			op := query.Contains
			if p.g.Has(ground.Starts) {
				op = query.Starts
			}
			out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: op, Values: []any{p.g.Within(r[0], r[1])}}, from: r[0], to: r[1], worth: worth + 0.1*float64(r[1]-r[0])})
		}
	}
	return out
}

// runs are the words that may be looked for within texts: those that name no
// column, one by one, and names of several words.
func runs(g *ground.Ground) [][2]int {
	var out [][2]int
	for i := 0; i < len(g.Tokens); i++ {
		t := g.Tokens[i]
		if t.Small || len(t.Senses) > 0 && !t.Name || t.IsNum && !t.Year || t.Month > 0 || i == 0 || outright(g, i) {
			continue
		}
		out = append(out, [2]int{i, i + 1})
		j := i + 1
		for j < len(g.Tokens) && g.Tokens[j].Name {
			j++
		}
		if j > i+1 && t.Name {
			out = append(out, [2]int{i, j})
		}
	}
	return out[:min(len(out), 6)]
}

// outright tells whether a token is part of the whole name of a column.
func outright(g *ground.Ground, i int) bool {
	return slices.ContainsFunc(g.Columns, func(m ground.Mention) bool { return m.How == ground.Exact && m.From <= i && i < m.To })
}

package propose

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// Conditions that compare with what the question does not say: another column of
// the row, the row of another, the mean.

// columnConds compares two columns row by row: "plus de gaz que d'électricité",
// "baissé entre 2022 et 2023".
func columnConds(p *pool) []cond {
	at := slices.IndexFunc(p.g.Tokens, func(t ground.Token) bool {
		return t.Is(ground.Gt, ground.Lt, ground.Ge, ground.Le, ground.Change) || comparatives[t.Fold]
	})
	if at < 0 || bounded(p.g, at) {
		return nil
	}
	paired := slices.DeleteFunc(p.paired(), func(n named) bool { return !p.column(n.col).Type.Numeric() || !p.mentioned(n.col) })
	paired = paired[:min(len(paired), 4)]
	op := query.Gt
	if p.g.Has(ground.Lt, ground.Le, ground.Fall) {
		op = query.Lt
	}
	var out []cond
	for _, a := range paired {
		for _, b := range paired {
			if a.at == b.at { // one word names both
				continue
			}
			worth := 0.9 - p.price(a.col) - p.price(b.col)
			if (a.at > b.at) != p.g.Has(ground.Change) { // "between 2022 and 2023": the later one rises
				worth -= 0.15
			}
			out = append(out, p.columnCond(a.col, op, b.col, at, worth))
			if p.g.Has(ground.Ge) {
				out = append(out, p.columnCond(a.col, query.Ge, b.col, at, worth-0.05))
			}
		}
	}
	return out
}

// bounded tells whether a number follows a comparison: "plus de 5 000".
func bounded(g *ground.Ground, at int) bool {
	for i := at + 1; i < min(len(g.Tokens), at+4); i++ {
		if t := g.Tokens[i]; t.IsNum && !g.InName(i) && !t.Year {
			return true
		}
	}
	return false
}

func (p *pool) columnCond(a int, op query.Op, b, at int, worth float64) cond {
	return cond{Filter: query.Filter{Column: p.nameOf(a), Op: op, Other: p.nameOf(b)}, from: at, to: at + 1, worth: worth}
}

// comparatives are words that set one thing against another.
var comparatives = map[string]bool{"mieux": true, "davantage": true, "devant": true, "better": true, "exceed": true, "exceeds": true}

// meanConds reads "above average": more than the mean of the column.
func meanConds(p *pool) []cond {
	var out []cond
	for i, t := range p.g.Tokens {
		if !t.Is(ground.Mean) || i > 0 && p.g.Tokens[i-1].Is(ground.Mean) {
			continue
		}
		for _, col := range p.values {
			than := &query.Plan{Table: p.g.Table.Table.ID, Measures: []query.Measure{{Agg: query.Avg, Column: p.nameOf(col), As: p.column(col).Reads}}}
			for _, op := range []query.Op{query.Gt, query.Lt} {
				out = append(out, cond{Filter: query.Filter{Column: p.nameOf(col), Op: op, As: p.column(col).Reads, Than: than}, from: i, to: i + 1, worth: 0.6})
			}
		}
	}
	return out
}

// rivalConds reads "more than Metz": more than the cell of the row that is named.
func rivalConds(p *pool) []cond {
	var out []cond
	label := p.g.Table.Label
	if label < 0 || !p.g.Has(ground.Most, ground.Least, ground.Gt, ground.Lt) {
		return nil
	}
	for _, m := range p.g.Cells {
		if m.Col != label || len(m.Cells) != 1 || m.How != ground.Exact && m.How != ground.Part || !follows(p.g, m.From) {
			continue
		}
		for i, col := range p.values[:min(len(p.values), 3)] {
			than := &query.Plan{Table: p.g.Table.Table.ID, Columns: []string{p.nameOf(col)}, Where: []query.Filter{{Column: p.nameOf(label), Op: query.Eq, Values: []any{m.Cells[0]}}}, Limit: 1}
			for _, op := range []query.Op{query.Gt, query.Lt} {
				worth := 1 + 0.2*m.Strength - 0.1*float64(i)
				if op == query.Lt != p.g.Has(ground.Least, ground.Lt) {
					worth -= 0.3
				}
				out = append(out, cond{Filter: query.Filter{Column: p.nameOf(col), Op: op, Than: than}, from: m.From, to: m.To, worth: worth})
			}
		}
	}
	return out
}

// timely has the row that others are compared with be of their time: "plus que Metz
// en 2023" is more than Metz in 2023. It tells whether that row is one: not where
// what names it stands on several rows and nothing says of which.
func (p *pool) timely(where []query.Filter) ([]query.Filter, bool) {
	row := func(f query.Filter) bool { return f.Than != nil && len(f.Than.Columns) > 0 && len(f.Than.Where) == 1 }
	if !slices.ContainsFunc(where, row) {
		return where, true
	}
	out := slices.Clone(where)
	times := slices.DeleteFunc(slices.Clone(where), func(f query.Filter) bool { return f.Than != nil || !p.timed(f.Column) })
	for i, f := range out {
		if !row(f) {
			continue
		}
		named := slices.IndexFunc(p.g.Table.Columns, func(c ground.Column) bool { return c.Name == f.Than.Where[0].Column })
		if len(times) == 0 && named >= 0 && p.column(named).Distinct < p.g.Table.Table.Rows {
			return nil, false
		}
		than := *f.Than
		than.Where = slices.Concat(than.Where, times)
		out[i].Than = &than
	}
	return out, true
}

// timed tells whether a column holds years or days.
func (p *pool) timed(name string) bool {
	return slices.ContainsFunc(p.g.Table.Columns, func(c ground.Column) bool {
		return c.Name == name && (c.Dated() || c.Role == dataset.Year)
	})
}

// follows tells whether what something is compared with begins at a token: "que
// Metz", "than the".
func follows(g *ground.Ground, at int) bool {
	for i := max(0, at-3); i < at; i++ {
		switch g.Tokens[i].Fold {
		case "que", "qu", "than":
			return true
		}
	}
	return false
}

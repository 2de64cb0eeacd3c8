package ground

import "slices"

// spelt finds words that nothing knows a slip away from words of cells.
func (g *Ground) spelt() {
	for i, t := range g.Tokens {
		if t.Small || t.IsNum || len(t.Norm) < 5 || len(g.Table.parts[t.Norm]) > 0 || len(t.Senses) > 0 || g.named(i) {
			continue
		}
		if g.Table.vectors != nil && g.Table.vectors.Known(t.Fold) && !t.Name {
			continue
		}
		for _, w := range g.Table.heads[t.Norm[:2]] {
			if slip(t.Norm, w) {
				refs := g.Table.parts[w]
				at := len(g.Cells)
				g.addPartial(i, i+1, refs)
				for j := at; j < len(g.Cells); j++ {
					g.Cells[j].How = Spelt
				}
			}
		}
	}
}

// spelled finds words that nothing knows a slip away from words of headers.
func (g *Ground) spelled() {
	for i, t := range g.Tokens {
		if t.Small || t.IsNum || len(t.Norm) < 5 || len(t.Senses) > 0 || g.named(i) || g.Table.vectors != nil && g.Table.vectors.Known(t.Fold) {
			continue
		}
		for _, c := range g.Table.Columns {
			for _, w := range c.Words {
				if len(w) > 4 && slip(t.Norm, Norm(w)) {
					g.Columns = append(g.Columns, Mention{From: i, To: i + 1, Col: c.Index, How: Spelt, Strength: 1 / float64(len(bare(c.Words)))})
					break
				}
			}
		}
	}
}

// named tells whether a token is part of a mention of a column.
func (g *Ground) named(i int) bool {
	return slices.ContainsFunc(g.Columns, func(m Mention) bool { return m.From <= i && i < m.To && m.How != Meaning })
}

// slip tells whether two words are one letter (long ones two) apart.
func slip(a, b string) bool {
	d := len(a) - len(b)
	allowed := 1
	if len(a) > 8 {
		allowed = 2
	}
	if d > allowed || d < -allowed {
		return false
	}
	return distance(a, b) <= allowed
}

// distance counts the letters to put in, take out, change or swap.
func distance(a, b string) int {
	two, one, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return one[len(b)]
}

package propose

import (
	"cigogne/internal/lang"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// verdicts: yes or no. Is there any row, is one figure more than another, more
// or less than a number.
func verdicts(p *pool, s set, emit func(query.Plan)) {
	if !p.g.Has(ground.YesNo) && !opensAsked(p.g) {
		return
	}
	yes, no := "oui", "non"
	if p.g.Lang == lang.English {
		yes, no = "yes", "no"
	}
	if len(s.conds) > 0 {
		emit(query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Derived: &query.Derived{Op: query.Verdict, Of: 1, Value: new(float64), Says: []string{yes, no, no}}})
	}
	p.pairs(s, func(rest []query.Filter, of, over query.Measure) {
		emit(query.Plan{Where: rest, Measures: []query.Measure{of, over}, Derived: &query.Derived{Op: query.Verdict, Of: 1, Over: 2, Says: []string{yes, no, no}}})
		emit(query.Plan{Where: rest, Measures: []query.Measure{of, over}, Derived: &query.Derived{Op: query.Verdict, Of: 1, Over: 2, Says: []string{no, no, yes}}})
	})
	for i, t := range p.g.Tokens {
		if !t.IsNum || t.Year {
			continue
		}
		for _, op := range opsAt(p.g, i) {
			says, ok := map[query.Op][]string{query.Gt: {yes, no, no}, query.Ge: {yes, yes, no}, query.Lt: {no, no, yes}, query.Le: {no, yes, yes}, query.Eq: {no, yes, no}}[op]
			if !ok {
				continue
			}
			figures := []query.Measure{{Agg: query.Count}}
			for _, col := range p.values[:min(len(p.values), 3)] {
				figures = append(figures, p.measure(query.Sum, col))
			}
			for _, m := range figures {
				value := t.Num
				if m.Column != "" {
					value = t.NumberOn(p.column(indexOf(p.g, m.Column)))
				}
				emit(query.Plan{Measures: []query.Measure{m}, Derived: &query.Derived{Op: query.Verdict, Of: 1, Value: &value, Says: says}})
			}
		}
	}
}

// opensAsked tells whether a question opens with its verb.
func opensAsked(g *ground.Ground) bool {
	return len(g.Tokens) > 0 && g.Tokens[0].Is(ground.YesNo)
}

func indexOf(g *ground.Ground, column string) int {
	for i, c := range g.Table.Columns {
		if c.Name == column {
			return i
		}
	}
	return 0
}

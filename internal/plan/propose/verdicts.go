package propose

import (
	"cigogne/internal/lang"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// verdicts: yes or no. Is there any row, is a figure more or less than a number;
// those of two figures are written where the two are.
func verdicts(p *pool, s set, emit emitter) {
	if !p.asks() {
		return
	}
	yes, no := p.yesNo()
	if len(s.conds) > 0 {
		emit(0, query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Derived: &query.Derived{Op: query.Verdict, Of: 1, Value: new(float64), Says: []string{yes, no, no}}})
	}
	for i, t := range p.g.Tokens {
		if !t.IsNum || t.Year {
			continue
		}
		for j, op := range opsAt(p.g, i) {
			says, ok := map[query.Op][]string{query.Gt: {yes, no, no}, query.Ge: {yes, yes, no}, query.Lt: {no, no, yes}, query.Le: {no, yes, yes}, query.Eq: {no, yes, no}}[op]
			if !ok {
				continue
			}
			for _, f := range p.counted() {
				value := t.Num
				if m := f.measures[0]; m.Column != "" {
					value = t.NumberOn(p.column(indexOf(p.g, m.Column)))
				}
				emit(0.2+f.cost+0.1*float64(j), query.Plan{Measures: f.measures, Derived: &query.Derived{Op: query.Verdict, Of: 1, Value: &value, Says: says}})
			}
		}
	}
}

// asks tells a question for yes or no: none that opens with another, "combien …
// a-t-elle". English ones open with their verb.
func (p *pool) asks() bool {
	for _, t := range p.g.Tokens[:min(len(p.g.Tokens), 2)] {
		if t.Is(ground.CountOf, ground.Which, ground.Who, ground.When, ground.Where) {
			return false
		}
	}
	if p.g.Lang == lang.English {
		return len(p.g.Tokens) > 0 && p.g.Tokens[0].Is(ground.YesNo)
	}
	return p.g.Has(ground.YesNo)
}

// yesNo are the two answers in the language of the question.
func (p *pool) yesNo() (yes, no string) {
	if p.g.Lang == lang.English {
		return "yes", "no"
	}
	return "oui", "non"
}

// indexOf is the place of a column; 0 where there is none.
func indexOf(g *ground.Ground, column string) int {
	for i, c := range g.Table.Columns {
		if c.Name == column {
			return i
		}
	}
	return 0
}

package propose

import (
	"slices"

	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// shares: the part of the rows, or of a sum, that one of the conditions keeps, or
// all of them together.
func shares(p *pool, s set, emit emitter) {
	if !p.g.Has(ground.Share) || len(s.conds) == 0 {
		return
	}
	filters := s.filters()
	for _, f := range p.counted() {
		m := f.measures[0]
		for i, filter := range filters {
			of := m
			of.Where = []query.Filter{filter}
			rest := slices.Delete(slices.Clone(filters), i, i+1)
			emit(f.cost, query.Plan{Where: orNone(rest), Measures: []query.Measure{of, m}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}})
		}
		if len(filters) > 1 {
			of := m
			of.Where = filters
			emit(f.cost+0.2, query.Plan{Where: none, Measures: []query.Measure{of, m}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}})
		}
	}
}

// none marks a plan whose conditions are all within its measures.
var none = []query.Filter{}

func orNone(list []query.Filter) []query.Filter {
	if len(list) == 0 {
		return none
	}
	return list
}

// derivation is what may be made of two figures, with what that costs.
type derivation struct {
	query.Derived
	cost float64
}

// derivations are what the words may ask to be made of two figures, the first
// that is named over the second. turned: the other way round.
func (p *pool) derivations(of, over int, turned bool) []derivation {
	var out []derivation
	add := func(cost float64, d query.Derived) {
		d.Of, d.Over = of, over
		out = append(out, derivation{d, cost})
	}
	back := unless(!turned, 0.15)
	if p.g.Has(ground.Share) {
		add(back, query.Derived{Op: query.Share})
	}
	if p.g.Has(ground.Times, ground.PerCapita, ground.Each, ground.By, ground.Share, ground.AvgOf) {
		add(back+unless(p.g.Has(ground.Times, ground.PerCapita, ground.Each, ground.By), 0.3), query.Derived{Op: query.Ratio})
	}
	if p.g.Has(ground.Gap, ground.Change, ground.Trend, ground.Most, ground.Least, ground.Gt, ground.Lt, ground.Not) {
		add(back+unless(p.g.Has(ground.Gap, ground.Change), 0.3), query.Derived{Op: query.Difference})
	}
	if p.g.Has(ground.Share, ground.Trend) || p.g.Has(ground.Change) {
		add(back+unless(p.g.Has(ground.Change, ground.Trend) && p.g.Has(ground.Share), 0.15), query.Derived{Op: query.Growth})
	}
	if !turned && p.g.Has(ground.And, ground.SumOf) && !p.g.Has(ground.YesNo, ground.Share) {
		add(unless(p.g.Has(ground.SumOf), 0.3), query.Derived{Op: query.Total})
	}
	return append(out, p.judgements(of, over, back)...)
}

// judgements are yes or no, and its contrary, of two figures.
func (p *pool) judgements(of, over int, cost float64) []derivation {
	if !p.asks() {
		return nil
	}
	cost += unless(p.g.Has(ground.Most, ground.Least, ground.Gt, ground.Lt, ground.Ge, ground.Le, ground.Same, ground.Change, ground.Gap), 0.2) // "est-elle plus chargée que"
	yes, no := p.yesNo()
	return []derivation{
		{query.Derived{Op: query.Verdict, Of: of, Over: over, Says: []string{yes, no, no}}, cost},
		{query.Derived{Op: query.Verdict, Of: of, Over: over, Says: []string{no, no, yes}}, cost + 0.1},
	}
}

// maxPaired is how many columns are set against one another.
const maxPaired = 5

// twoColumns sets a column against another: one in a hundred of the other, how
// much there is of it for each of the other, how much more; of all rows, of each
// group, the groups where it is most.
func twoColumns(p *pool, s set, emit emitter) {
	paired := p.paired()
	var by []grouping
	if len(p.extents()) > 0 || p.g.Has(ground.Each, ground.By, ground.Sort) {
		by = p.groupings()
		by = by[:min(len(by), 3)]
	}
	for i, a := range paired {
		for j, b := range paired {
			if i == j {
				continue
			}
			turned := a.at > b.at
			for _, d := range p.derivations(1, 2, turned) {
				cost := d.cost + p.price(a.col) + p.price(b.col) - 0.1
				q := query.Plan{Measures: []query.Measure{p.whole(a.col), p.whole(b.col)}, Derived: &d.Derived}
				emit(cost+unless(len(by) == 0 || !p.g.Has(ground.Most, ground.Least, ground.Sort), 0.2), q)
				if d.Op == query.Verdict || d.Op == query.Total {
					continue
				}
				for _, g := range by {
					q.GroupBy, q.GroupAs = g.cols, g.as
					emit(cost+g.cost+0.3, q)
					p.ranked(cost+g.cost, q, emit)
				}
			}
		}
	}
}

// paired are the columns that may be set against one another: those that words
// name, best first, then others there are to compute with.
func (p *pool) paired() []named {
	var out []named
	for _, col := range p.values[:min(len(p.values), maxPaired)] {
		n := named{col: col, at: len(p.g.Tokens)}
		for _, have := range p.named {
			if have.col == col {
				n = have
				n.at = p.placeOf(have)
			}
		}
		out = append(out, n)
	}
	return out
}

// placeOf is where the words stand that name a column and not others like it:
// 2018 of "voyages … 2018".
func (p *pool) placeOf(n named) int {
	at, rivals := n.at, len(p.g.Table.Columns)
	for _, m := range p.g.Scattered(n.col) {
		others := 0
		for _, o := range p.g.Columns {
			if o.Col != n.col && o.How != ground.Meaning && o.From < m.To && m.From < o.To {
				others++
			}
		}
		if others < rivals {
			at, rivals = m.From, others
		}
	}
	return at
}

// sides compares the figures of two values of one column, both ways round.
func sides(p *pool, s set, emit emitter) {
	for i, a := range s.conds {
		for j, b := range s.conds {
			if i == j || a.Column != b.Column || a.Op != b.Op {
				continue
			}
			rest := set{}
			for k, c := range s.conds {
				if k != i && k != j {
					rest.conds = append(rest.conds, c)
				}
			}
			where := orNone(rest.filters())
			for _, d := range p.derivations(1, 2, i > j) {
				if d.Op == query.Total {
					continue
				}
				for _, f := range p.counted() {
					of, over := f.measures[0], f.measures[0]
					of.Where, over.Where = []query.Filter{a.Filter}, []query.Filter{b.Filter}
					emit(d.cost+f.cost-0.1, query.Plan{Where: where, Measures: []query.Measure{of, over}, Derived: &d.Derived})
				}
			}
		}
	}
	if !p.g.Has(ground.Gap, ground.Most, ground.Least, ground.Gt, ground.Lt) {
		return
	}
	for _, col := range p.values[:min(len(p.values), 3)] {
		emit(0.3+p.price(col), query.Plan{Measures: []query.Measure{p.measure(query.Max, col), p.measure(query.Min, col)}, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}})
	}
}

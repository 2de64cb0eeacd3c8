package judge

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// reverses: the least is asked for in words that begin as those for the most do,
// "le plus faible", and the first rows are those of the most. Of ranks, the least is
// the last.
func (r *Reader) reverses(p *query.Plan) bool {
	if p.Limit == 0 || len(p.OrderBy) == 0 || !p.OrderBy[0].Desc || r.ranked(p.OrderBy[0]) {
		return false
	}
	both := func(t ground.Token) bool { return t.Is(ground.Most) && t.Is(ground.Least) }
	at := slices.IndexFunc(r.g.Tokens, both)
	if at < 1 || at+1 >= len(r.g.Tokens) || !r.g.Tokens[at+1].Is(ground.Least) {
		return false
	}
	for i, t := range r.g.Tokens {
		if t.Is(ground.Most) && i != at && i != at-1 {
			return false // another superlative
		}
	}
	return true
}

// ranked tells an order by places in a ranking.
func (r *Reader) ranked(o query.Order) bool {
	at := columnOf(r.g.Table, o.Column)
	return at >= 0 && r.g.Table.Columns[at].Why == dataset.WhyRank
}

package judge

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// Belied names what the rows of a plan say against it, "" where they say nothing:
//   - one figure is asked for, and several values of a quantity that adds up are listed:
//     "quelle est la population de ce département ?"
//   - a part is larger than the whole.
func (r *Reader) Belied(p *query.Plan, rows [][]any) string {
	switch {
	case r.scattered(p, rows):
		return "scattered"
	case oversized(p, rows):
		return "more than the whole"
	}
	return ""
}

func (r *Reader) scattered(p *query.Plan, rows [][]any) bool {
	if len(rows) < 2 || len(p.Columns) != 1 || len(p.OrderBy) > 0 || p.Limit > 0 {
		return false
	}
	at := columnOf(r.g.Table, p.Columns[0])
	if at < 0 || !r.asksOne() && !r.begins(p.Columns[0]) {
		return false
	}
	c := r.g.Table.Columns[at]
	return c.Role == dataset.Measure && c.Additivity != dataset.Never && c.Type.Numeric()
}

// begins tells whether the question begins with a word of the column's name, as
// "élèves à Brest" does: which names nothing that a list of figures could be of.
func (r *Reader) begins(column string) bool {
	first := r.g.Tokens[0].Norm
	return slices.ContainsFunc(lang.Words(column), func(w lang.Word) bool { return ground.Norm(w.Fold) == first })
}

// asksOne tells a question for one value: "quel est", "what is", "combien de".
func (r *Reader) asksOne() bool {
	if r.g.Has(ground.CountOf) {
		return true
	}
	for i, t := range r.g.Tokens {
		if i+1 == len(r.g.Tokens) || i > 2 {
			break
		}
		next := r.g.Tokens[i+1].Fold
		switch t.Fold {
		case "quel", "quelle", "what":
			return next == "est" || next == "etait" || next == "is" || next == "was"
		}
	}
	return false
}

// oversized: a share of more than 100 % is none; rounding may give a little more.
func oversized(p *query.Plan, rows [][]any) bool {
	if p.Derived == nil || p.Derived.Op != query.Share || len(rows) != 1 || len(rows[0]) == 0 {
		return false
	}
	share, ok := rows[0][len(rows[0])-1].(float64)
	return ok && share > 100.01
}

package rules

import (
	"slices"

	"cigogne/internal/plan"
)

// Linked is a run of words of a question with the cells it may stand for.
type Linked struct {
	Words  string
	Column string
	Cells  []string
}

// Link lists what words of the question may stand for in a table: what a model
// is shown of its cells.
func (pl *Planner) Link(req plan.Request, c plan.Candidate) []Linked {
	s := pl.schema(c)
	tokens := tokenize(req.Question, req.Lang)
	lex := pl.lex
	if s.Annotation == nil {
		lex = pl.bareLex
	}
	var out []Linked
	for _, sp := range s.link(lex, tokens) {
		words := describe(tokens, req.Question, sp)
		byCol := map[int]int{}
		for _, id := range slices.Concat(sp.vals, sp.parts, sp.partial, sp.fuzzy) {
			v := s.val(id)
			at, ok := byCol[v.col]
			if !ok {
				at = len(out)
				byCol[v.col] = at
				out = append(out, Linked{Words: words, Column: s.t.Columns[v.col].Name})
			}
			for _, text := range v.texts {
				if len(out[at].Cells) < 5 && !slices.Contains(out[at].Cells, text) {
					out[at].Cells = append(out[at].Cells, text)
				}
			}
		}
	}
	return out
}

// Fit says how much of the question's words a table knows; it compares the
// candidates of one request.
func (pl *Planner) Fit(req plan.Request, c plan.Candidate) float64 {
	s := pl.schema(c)
	lex := pl.lex
	if s.Annotation == nil {
		lex = pl.bareLex
	}
	fit := 0.3 * c.Score
	for _, sp := range s.link(lex, tokenize(req.Question, req.Lang)) {
		if len(sp.vals)+len(sp.cols)+len(sp.partial)+len(sp.parts) > 0 || sp.entity || sp.scope {
			fit += sp.weight
		}
	}
	return fit
}

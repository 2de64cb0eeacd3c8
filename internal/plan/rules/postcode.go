package rules

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// aPostcode is five digits on their own.
var aPostcode = regexp.MustCompile(`(?:^|[^\d.,])(\d{5})(?:$|[^\d.,])`)

// besidePostcode are words that ask, beside a postcode, where that is, folded.
var besidePostcode = wordSet("quelle quelles quel ville villes commune communes ou correspond correspondent correspondre cp code postal postale zip postcode where what which town towns city is koi quoi endroit lieu coin insee")

// postcode answers "57000 c'est quelle ville ?": the rows that bear the code.
func (pl *Planner) postcode(ctx context.Context, req plan.Request) (plan.Outcome, bool, error) {
	m := aPostcode.FindStringSubmatchIndex(req.Question)
	if m == nil {
		return plan.Outcome{}, false, nil
	}
	rest := tokenize(req.Question[:m[2]]+" "+req.Question[m[3]:], req.Lang)
	asks := len(rest) == 0 && req.Previous == nil
	for _, t := range rest {
		if asks = asks || besidePostcode[t.Fold]; !besidePostcode[t.Fold] && !t.stop {
			return plan.Outcome{}, false, nil
		}
	}
	if !asks {
		return plan.Outcome{}, false, nil
	}
	for _, s := range pl.all(req.Candidates) {
		col := s.postcodes()
		if col < 0 {
			continue
		}
		p := &query.Plan{Table: s.t.ID, Columns: []string{s.a.Entity.Label}, Where: []query.Filter{{Column: s.t.Columns[col].Name, Op: query.Contains, Values: []any{req.Question[m[2]:m[3]]}}}}
		p.Columns = append(p.Columns, s.a.Entity.Where...)
		out := plan.Outcome{Plan: p, Candidate: s.Candidate}
		if held := s.yearsHeld(); len(held) > 0 {
			last := held[len(held)-1]
			p.Where = append(p.Where, query.Filter{Column: s.t.Columns[s.year].Name, Op: query.Eq, Values: []any{s.yearValue(last)}})
			out.Assumptions = append(out.Assumptions, texts.Say(req.Lang, "rules.the_most_recent_the_question_names", "kind", s.a.Time.Kind.In(req.Lang), "last", last))
		}
		return out, true, s.orCode(ctx, req, p)
	}
	return plan.Outcome{}, false, nil
}

// orCode reads the five digits as the code of a commune where they are no postcode.
func (s *schema) orCode(ctx context.Context, req plan.Request, p *query.Plan) error {
	if req.Run == nil || len(s.a.Entity.Key) != 1 {
		return nil
	}
	rows, err := req.Run(ctx, p)
	if err != nil || len(rows) > 0 {
		return err
	}
	byCode := *p
	byCode.Where = slices.Clone(p.Where)
	byCode.Where[0] = query.Filter{Column: s.a.Entity.Key[0], Op: query.Eq, Values: p.Where[0].Values}
	if rows, err = req.Run(ctx, &byCode); err == nil && len(rows) > 0 {
		p.Where = byCode.Where
	}
	return err
}

// postcodes is the column of an annotated table of named rows that people call
// postcodes, or -1.
func (s *schema) postcodes() int {
	if s.Annotation == nil || s.a.Entity.Label == "" {
		return -1
	}
	for i := range s.t.Columns {
		if slices.ContainsFunc(s.note(i).Words.FR, func(w string) bool {
			return strings.HasPrefix(lang.Fold(w), "code postal") || lang.Fold(w) == "codes postaux"
		}) {
			return i
		}
	}
	return -1
}

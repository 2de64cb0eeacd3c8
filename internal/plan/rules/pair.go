package rules

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// against sets two figures side by side in one question.
var against = regexp.MustCompile(`(?i)\s*,?\s*\b(?:par rapport (?:à celui |à celle |à ceux |à celles )?(?:au |aux |à la |à l['’]|à |du |de la |des |de )|comparée?s? (?:au |aux |à la |à l['’]|à |avec )|face (?:au |aux |à la |à l['’]|à )|compared (?:to|with) |versus |vs\.? )\s*`)

// aYear is a year in a text.
var aYear = regexp.MustCompile(`\b(?:19|20)\d\d\b`)

// sideBySide answers "budget de la culture par rapport au sport": two figures of
// one table, each read by itself, and what lies between them.
func (pl *Planner) sideBySide(ctx context.Context, req plan.Request) (plan.Outcome, bool, error) {
	at := against.FindStringIndex(req.Question)
	if at == nil || at[0] == 0 {
		return plan.Outcome{}, false, nil
	}
	if whole, err := pl.plan(ctx, req); err != nil || whole.Plan != nil && len(whole.NotUnderstood) == 0 {
		return plan.Outcome{}, false, err
	}
	before, after := req.Question[:at[0]], strings.TrimRight(req.Question[at[1]:], " ?!.")
	if one, err := pl.figure(ctx, req, before); err != nil {
		return plan.Outcome{}, false, err
	} else if one.Plan == nil { // "le Grand Est face à la Bretagne en recettes": what is compared comes last
		both := req
		both.Question = before + " " + wordsOf(req.Lang).And + " " + after
		if out, err := pl.plan(ctx, both); err != nil || out.Plan != nil && len(out.Plan.GroupBy) == 1 && len(out.NotUnderstood) == 0 {
			return out, err == nil, err
		}
	}
	return pl.twoFigures(ctx, req, before, after, &query.Derived{Op: query.Difference, Of: 1, Over: 2})
}

// moreThan answers "dépense-t-elle plus pour les lycées que pour les transports ?"
// and "dépense-t-on plus qu'en 2016 ?": yes or no, by two figures.
func (pl *Planner) moreThan(ctx context.Context, req plan.Request, before, what, after string, says []string) (plan.Outcome, bool, error) {
	return pl.twoFigures(ctx, req, before+" "+what, strings.TrimRight(after, " ?!."), &query.Derived{Op: query.Verdict, Of: 1, Over: 2, Says: says})
}

// twoFigures reads one text as a figure, and another in which it may be cut short
// ("budget de la culture", "sport"), and puts both into one plan.
func (pl *Planner) twoFigures(ctx context.Context, req plan.Request, one, two string, d *query.Derived) (plan.Outcome, bool, error) {
	switch y := aYear.FindAllString(two, -1); {
	case aYear.MatchString(one) && len(y) == 0:
		two += " " + aYear.FindString(one)
	case len(y) == 1 && !aYear.MatchString(one) && strings.Trim(lang.Fold(two), " ") != y[0] && !onlyWhen(two): // a year said last is of both
		one += " " + y[0]
	}
	first, err := pl.figure(ctx, req, one)
	if err != nil || first.Plan == nil {
		return plan.Outcome{}, false, err
	}
	words := strings.Fields(one)
	const tries = 8
	for k := len(words); k >= 0 && len(words)-k < tries; k-- {
		second, err := pl.figure(ctx, req, strings.Join(append(slices.Clone(words[:k]), two), " "))
		if err != nil {
			return plan.Outcome{}, false, err
		}
		if second.Plan == nil || second.Candidate.Table.ID != first.Candidate.Table.ID {
			continue
		}
		if p := beside(first.Plan, second.Plan, d); p != nil {
			out := first
			out.Plan, out.Label = p, ""
			for _, a := range second.Assumptions {
				if !slices.Contains(out.Assumptions, a) {
					out.Assumptions = append(slices.Clone(out.Assumptions), a)
				}
			}
			return out, true, overlapping(ctx, req, p, &out)
		}
	}
	return plan.Outcome{}, false, nil
}

// onlyWhen tells whether a text is a year and words around it.
func onlyWhen(text string) bool {
	ws := lang.Words(text)
	return len(ws) <= 2 && len(ws) > 0 && aYear.MatchString(ws[len(ws)-1].Text) && (len(ws) == 1 || ws[0].Fold == "en" || ws[0].Fold == "in")
}

// figure is a text read as one figure over an annotated table, every word of it
// understood; its plan is nil where it is none.
func (pl *Planner) figure(ctx context.Context, req plan.Request, text string) (plan.Outcome, error) {
	req.Question = text
	out, err := pl.plan(ctx, req)
	if err != nil || !single(out.Plan) || out.Candidate.Annotation == nil || len(out.NotUnderstood) > 0 {
		return plan.Outcome{}, err
	}
	return out, nil
}

// beside puts two figures of one measure into one plan; nil where they do not
// differ, or in more than one says apart.
func beside(a, b *query.Plan, d *query.Derived) *query.Plan {
	m, n := a.Measures[0], b.Measures[0]
	if m.Agg != n.Agg || m.Column != n.Column || m.As != n.As {
		return nil
	}
	same := func(in []query.Filter, f query.Filter) bool {
		return slices.ContainsFunc(in, func(g query.Filter) bool { return fmt.Sprint(f) == fmt.Sprint(g) })
	}
	p := &query.Plan{Table: a.Table, Derived: d}
	one, two := query.Measure{Agg: m.Agg, Column: m.Column}, query.Measure{Agg: m.Agg, Column: m.Column}
	all, others := slices.Concat(a.Where, m.Where), slices.Concat(b.Where, n.Where)
	for _, f := range all {
		if same(others, f) {
			p.Where = append(p.Where, f)
		} else {
			one.Where = append(one.Where, f)
		}
	}
	for _, f := range others {
		if !same(all, f) {
			two.Where = append(two.Where, f)
		}
	}
	if len(one.Where) != 1 || len(two.Where) != 1 || one.Where[0].Than != nil || two.Where[0].Than != nil {
		return nil
	}
	one.Label, two.Label = valuesOf(one.Where[0]), valuesOf(two.Where[0])
	if one.Label == two.Label || one.Label == "" || two.Label == "" {
		return nil
	}
	p.Measures = []query.Measure{one, two}
	return p
}

// valuesOf are the values of a filter, as a reader calls what they keep.
func valuesOf(f query.Filter) string {
	if f.Op != query.Eq {
		return ""
	}
	parts := make([]string, len(f.Values))
	for i, v := range f.Values {
		if parts[i] = fmt.Sprint(v); f.As != "" {
			return ""
		}
	}
	return strings.Join(parts, ", ")
}

// overlapping says where a part of one figure is counted in the other too: sport
// within culture, sport and leisure.
func overlapping(ctx context.Context, req plan.Request, p *query.Plan, out *plan.Outcome) error {
	one, two := p.Measures[0].Where[0], p.Measures[1].Where[0]
	if req.Run == nil || one.Column == two.Column {
		return nil
	}
	rows, err := req.Run(ctx, &query.Plan{Table: p.Table, Measures: []query.Measure{{Agg: query.Count}}, Where: append(slices.Clone(p.Where), one, two)})
	if err != nil {
		return fmt.Errorf("look for what two figures share: %w", err)
	}
	if n, ok := lang.Number(rows[0][0]); ok && n > 0 {
		out.Assumptions = append(slices.Clone(out.Assumptions), texts.Say(req.Lang, "rules.the_two_overlap", "one", valuesOf(one), "two", valuesOf(two)))
	}
	return nil
}

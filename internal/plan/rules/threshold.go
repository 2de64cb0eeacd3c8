package rules

import (
	"cigogne/internal/texts"
	"context"
	"regexp"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// bound is a threshold in a question for yes or no: "plus de 500 millions
// d'euros", "inférieure à 50 M€", "at least 3 museums".
var bound = regexp.MustCompile(`(?i)\b(plus|moins|au moins|au plus|supérieure?s? à|inférieure?s? à|more|less|fewer|at least|at most|over|under|above|below)\s+(?:de |d['’]|than )?(\d[\d\x{00a0}\x{202f} .,]*)\s*(millions?|milliards?|billions?|M€|Md€|k€|K€|€|%)?\s*(?:d['’]|de |of )?(euros?)?`)

// powers are what a bound's number is multiplied by.
var powers = map[string]float64{"million": 1e6, "millions": 1e6, "m€": 1e6, "milliard": 1e9, "milliards": 1e9, "md€": 1e9, "billion": 1e9, "billions": 1e9, "k€": 1e3}

// thresholded reads "la Région a-t-elle dépensé plus de 500 M€ pour les transports
// ?" as the figure itself, held against the bound.
func (pl *Planner) thresholded(ctx context.Context, req plan.Request, text string) (plan.Outcome, bool, error) {
	m := bound.FindStringSubmatchIndex(text)
	if m == nil || bound.FindStringIndex(text[m[1]:]) != nil {
		return plan.Outcome{}, false, nil
	}
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return strings.TrimSpace(text[m[2*i]:m[2*i+1]])
	}
	value, ok := lang.ParseNumber(strings.TrimRight(part(2), " .,"), req.Lang)
	if !ok {
		return plan.Outcome{}, false, nil
	}
	if by, scaled := powers[strings.ToLower(part(3))]; scaled {
		value *= by
	}
	before, after := text[:m[0]], text[m[1]:]
	words := wordsOf(req.Lang)
	for _, again := range []string{before + " " + after, words.HowMany + " " + after + " " + before, words.HowMuch + " " + before + " " + after} {
		figure := req
		figure.Question = again
		out, err := pl.plan(ctx, figure)
		if err != nil {
			return plan.Outcome{}, false, err
		}
		if single(out.Plan) {
			p := *out.Plan
			p.Derived = &query.Derived{Op: query.Verdict, Of: 1, Value: &value, Says: saysOf(part(1), req.Lang)}
			out.Plan, out.Label = &p, ""
			return out, true, nil
		}
	}
	return plan.Outcome{}, false, nil
}

// single tells whether a plan is one sum or one count and nothing else.
func single(p *query.Plan) bool {
	if p == nil || p.Grouped() || p.Derived != nil || p.Tally || p.Shift != 0 || len(p.Columns) > 0 || len(p.Measures) != 1 || len(p.Having) > 0 {
		return false
	}
	return p.Measures[0].Agg == query.Sum || p.Measures[0].Agg == query.Count && p.Measures[0].Column == ""
}

// saysOf is what a verdict says where the figure is above, at and below the bound.
func saysOf(word string, l lang.Lang) []string {
	yes, no := texts.Say(l, "rules.yes"), texts.Say(l, "rules.no")
	switch w := lang.Fold(word); {
	case w == "au moins" || w == "at least":
		return []string{yes, yes, no}
	case w == "au plus" || w == "at most":
		return []string{no, yes, yes}
	case w == "moins" || strings.HasPrefix(w, "inferieur") || w == "less" || w == "fewer" || w == "under" || w == "below":
		return []string{no, no, yes}
	}
	return []string{yes, no, no}
}

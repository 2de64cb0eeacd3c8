package rules

import (
	"cigogne/internal/texts"
	"context"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// bound is a threshold in a question for yes or no: "plus de 500 millions
// d'euros", "dépasse les 70 000", "inférieure à 50 M€", "at least 3 museums".
var bound = regexp.MustCompile(`(?i)(?:^|\s)(` + bounding + `|` + crossing + `)\s+(?:de |d['’]|les? |la barre des |than |the )?` +
	`(\d[\d\x{00a0}\x{202f} .,]*|un|une|deux|trois|cinq|dix|a|one|two|three|five|ten)\s*(millions?|milliards?|billions?|M€|Md€|k€|K€|€|%)?\s*(?:d['’]|de |of )?(euros?)?(?:$|[^\pL])`)

// What makes a number a threshold, and verbs that do so without "est-ce que".
const (
	bounding = `plus|moins|au moins|au plus|supérieure?s? à|inférieure?s? à|en dessous|sous|more|less|fewer|at least|at most|over|under|above|below`
	crossing = `dépass(?:ent|era|eront|ées?|és?|e)|att(?:eint|eignent)|franchi(?:t|ssent)?|exceed(?:s|ed)?|reach(?:es|ed)?`
)

// toned is a question by its tone alone, "Colmar dépasse les 70 000 habitants ?".
var toned = regexp.MustCompile(`(?i)^[^?]*\s(?:` + crossing + `)\s[^?]*\?\s*$`)

// powers are what a bound's number is multiplied by.
var powers = map[string]float64{"million": 1e6, "millions": 1e6, "m€": 1e6, "milliard": 1e9, "milliards": 1e9, "md€": 1e9, "billion": 1e9, "billions": 1e9, "k€": 1e3}

// thresholded reads "la Région a-t-elle dépensé plus de 500 M€ pour les transports
// ?" as the figure itself, held against the bound.
func (pl *Planner) thresholded(ctx context.Context, req plan.Request, text string) (plan.Outcome, bool, error) {
	m := bound.FindStringSubmatchIndex(text)
	if m == nil || bound.MatchString(text[m[1]:]) {
		return plan.Outcome{}, false, nil
	}
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return strings.TrimSpace(text[m[2*i]:m[2*i+1]])
	}
	value, ok := lang.ParseNumber(strings.TrimRight(part(2), " .,"), req.Lang)
	by, scaled := powers[strings.ToLower(part(3))]
	if !ok && scaled { // "un milliard"
		value, ok = wordNumber(part(2))
	}
	if !ok {
		return plan.Outcome{}, false, nil
	}
	if scaled {
		value *= by
	}
	end := m[2*2+1] // of the number, its scale and its euros
	for _, i := range []int{3, 4} {
		end = max(end, m[2*i+1])
	}
	before, after := text[:m[0]], text[end:]
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

// wordNumber is a small number in letters.
func wordNumber(word string) (float64, bool) {
	if strings.EqualFold(word, "a") { // "a million"
		return 1, true
	}
	v, ok := lang.NumberWord(lang.Fold(word))
	return v, ok
}

// single tells whether a plan is one sum or one count and nothing else.
func single(p *query.Plan) bool {
	if p == nil || p.Grouped() || p.Derived != nil || p.Tally || p.Shift != 0 || len(p.Columns) > 0 || len(p.Measures) != 1 || len(p.Having) > 0 {
		return false
	}
	return p.Measures[0].Agg == query.Sum || p.Measures[0].Agg == query.Count && p.Measures[0].Column == ""
}

// ofPlace tells whether the figure of one named territory is asked for.
func (r *reading) ofPlace() bool {
	return slices.ContainsFunc(r.conds, func(x cond) bool { return x.op == query.Eq && len(x.vals) == 1 && r.s.note(x.col).Level != "" })
}

// saysOf is what a verdict says where the figure is above, at and below the bound.
func saysOf(word string, l lang.Lang) []string {
	yes, no := texts.Say(l, "rules.yes"), texts.Say(l, "rules.no")
	switch w := lang.Fold(word); {
	case w == "au moins" || w == "at least", strings.HasPrefix(w, "att"), strings.HasPrefix(w, "franchi"), strings.HasPrefix(w, "reach"):
		return []string{yes, yes, no}
	case w == "au plus" || w == "at most":
		return []string{no, yes, yes}
	case w == "moins" || strings.HasPrefix(w, "inferieur") || w == "en dessous" || w == "sous" || w == "less" || w == "fewer" || w == "under" || w == "below":
		return []string{no, no, yes}
	}
	return []string{yes, no, no}
}

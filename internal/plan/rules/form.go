package rules

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// Some questions are others in another form: "Metz est-elle plus peuplée que
// Nancy ?" is the difference of two figures with a word for what it comes to,
// "les communes qui ont plus d'habitants que Metz" has a figure for a bound.

var (
	frenchYesNo  = regexp.MustCompile(`(?i)^\s*est[- ]ce (?:que |qu['’])|-t-(?:il|elle|ils|elles|on)\b|\b(?:est|sont|ont|était|étaient)-(?:il|elle|ils|elles|on)\b|^\s*y a[- ]t[- ]il\b`)
	askingWhich  = regexp.MustCompile(`(?i)^\s*(?:(?:dans|à|en|de|depuis) )?(?:où|qui|quand|combien|comment|pourquoi|quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s)(?:\P{L}|$)`) // for yes or no is none of these: "où a-t-on …"
	englishYesNo = regexp.MustCompile(`(?i)^\s*(?:is|are|was|were|do|does|did|has|have)\b`)
	someOf       = regexp.MustCompile(`(?i)\b(?:des|certaine?s|quelques|some|any|there)\s+(\p{L}+)`)
	comparing    = regexp.MustCompile(`(?i)\b(plus|moins|more|less|fewer)\b(.*?)(?:\bque\s|\bqu['’]|\bthan\s)`)
	timesMore    = regexp.MustCompile(`(?i)\b(?:combien de fois|how many times)\s+(plus|moins|more|less|fewer)\b(.*?)(?:\bque\s|\bqu['’]|\bthan\s)`)
	sized        = regexp.MustCompile(`(?i)\b(répartition|repartition|distribution)\b(.*?)\b(?:selon|par|by|according to) (?:leur |la |their )?population\b`)
	bigger       = regexp.MustCompile(`(?i)\b(?:bigger|larger) than\b`) // of places: by their people
	smaller      = regexp.MustCompile(`(?i)\bsmaller than\b`)
	peopled      = regexp.MustCompile(`(?i)\b(?:peuplée?s?|populous|populated)\b`)
	rowsMore     = regexp.MustCompile(`(?i)^(.*?)\b(plus|moins|more|fewer|less)\s+(?:de |d['’])?(\p{L}+)\s+(?:que\s|qu['’]|than\s)(?:à |a |dans |in )?(.+)$`)
)

// other answers a question that is another one in disguise; ok is false for all
// others, and where the other one has no answer of the kind.
func (pl *Planner) other(ctx context.Context, req plan.Request) (out plan.Outcome, ok bool, err error) {
	if m := sized.FindStringSubmatchIndex(req.Question); m != nil && !strings.Contains(lang.Fold(req.Question), "tranche") {
		again := req
		again.Question = req.Question[:m[0]] + req.Question[m[4]:m[5]] + wordsOf(req.Lang).ByBracket + req.Question[m[1]:]
		out, err := pl.plan(ctx, again)
		return out, out.Plan != nil, err
	}
	if m := timesMore.FindStringSubmatchIndex(req.Question); m != nil {
		return pl.compared(ctx, req, req.Question[:m[0]], req.Question[m[4]:m[5]], req.Question[m[1]:], func(d *query.Derived) {
			d.Op, d.Unit = query.Ratio, ""
			if strings.HasPrefix(strings.ToLower(req.Question[m[2]:m[3]]), "moins") || strings.HasPrefix(strings.ToLower(req.Question[m[2]:m[3]]), "less") || strings.HasPrefix(strings.ToLower(req.Question[m[2]:m[3]]), "fewer") {
				d.Of, d.Over = d.Over, d.Of
			}
		})
	}
	for _, form := range []func(context.Context, plan.Request) (plan.Outcome, bool, error){pl.postcode, pl.spoken, pl.cumulated, pl.sideBySide} {
		if out, ok, err := form(ctx, req); ok || err != nil {
			return out, ok, err
		}
	}
	text := frenchYesNo.ReplaceAllString(req.Question, " ")
	asks := text != req.Question && !askingWhich.MatchString(req.Question)
	if loc := englishYesNo.FindStringIndex(req.Question); !asks && req.Lang == lang.English && loc != nil {
		text, asks = bigger.ReplaceAllString(smaller.ReplaceAllString(req.Question[loc[1]:], "less populous than"), "more populous than"), true
	}
	if !asks && toned.MatchString(req.Question) {
		out, ok, err := pl.thresholded(ctx, req, req.Question)
		if r, read := out.Reading.(*reading); err != nil || ok && read && r.ofPlace() { // "communes qui dépassent …" are listed
			return out, ok, err
		}
	}
	if !asks {
		return pl.boundByRow(ctx, req)
	}
	if m := comparing.FindStringSubmatchIndex(text); m != nil && !pl.ofSome(req, text[:m[0]]) {
		says := saysOf(text[m[2]:m[3]], req.Lang)
		out, ok, err = pl.compared(ctx, req, text[:m[0]], text[m[4]:m[5]], text[m[1]:], func(d *query.Derived) {
			d.Op, d.Unit, d.Says = query.Verdict, "", says
		})
		if !ok && err == nil {
			out, ok, err = pl.moreThan(ctx, req, text[:m[0]], text[m[4]:m[5]], text[m[1]:], says)
		}
		if ok || err != nil {
			return out, ok, err
		}
	}
	return pl.thresholded(ctx, req, text) // "a-t-elle augmenté": the change itself answers, with its sign
}

// ofSome tells whether words are of some rows, of which no sum tells: "est-ce que des
// communes ont moins d'habitants qu'en 2021".
func (pl *Planner) ofSome(req plan.Request, words string) bool {
	m := someOf.FindStringSubmatch(words)
	return m != nil && slices.ContainsFunc(pl.all(req.Candidates), func(s *schema) bool { return s.Annotation != nil && s.entity[norm(lang.Fold(m[1]))] })
}

// compared reads "A … plus X que B" as the difference of X between A and B, and
// turns what it comes to; the first figure is A's.
func (pl *Planner) compared(ctx context.Context, req plan.Request, before, what, after string, turn func(d *query.Derived)) (plan.Outcome, bool, error) {
	again := req
	words := wordsOf(req.Lang)
	again.Question = peopled.ReplaceAllString(words.Difference+" "+before+" "+what+" "+words.And+" "+after, "population")
	out, err := pl.plan(ctx, again)
	if err != nil || out.Plan == nil || out.Plan.Derived == nil || out.Plan.Derived.Op != query.Difference || out.Plan.Grouped() || len(out.Plan.Measures) != 2 {
		return plan.Outcome{}, false, err
	}
	d := *out.Plan.Derived
	said := lang.Fold(before + " " + what + " | " + after)
	a, b := strings.Index(said, lang.Fold(out.Plan.Measures[d.Of-1].Label)), strings.Index(said, lang.Fold(out.Plan.Measures[d.Over-1].Label))
	if a < 0 || b < 0 || a == b {
		return plan.Outcome{}, false, nil
	}
	if a > b { // the figure of what is named first comes first
		d.Of, d.Over = d.Over, d.Of
	}
	turn(&d)
	p := *out.Plan
	p.Derived, p.OrderBy = &d, nil
	out.Plan, out.Label = &p, ""
	return out, true, nil
}

// boundByRow reads "les communes qui ont plus d'habitants que Metz": the figure
// of the one named is computed, then is the bound.
func (pl *Planner) boundByRow(ctx context.Context, req plan.Request) (out plan.Outcome, ok bool, err error) {
	m := rowsMore.FindStringSubmatch(strings.TrimRight(req.Question, " ?!."))
	if m == nil || req.Run == nil {
		return out, false, nil
	}
	one := req
	one.Question = m[3] + " " + wordsOf(req.Lang).OfPlace + " " + m[4]
	first, err := pl.plan(ctx, one)
	if err != nil || first.Plan == nil || first.Plan.Grouped() || first.Plan.Derived != nil || len(first.Plan.Measures) != 1 || first.Plan.Measures[0].Agg != query.Sum || first.Candidate.Annotation == nil || !ofOne(first) {
		return out, false, err
	}
	rows, err := req.Run(ctx, first.Plan)
	if err != nil || len(rows) != 1 || len(rows[0]) != 1 {
		return out, false, err
	}
	var figure float64
	switch v := rows[0][0].(type) {
	case int64:
		figure = float64(v)
	case float64:
		figure = v
	default:
		return out, false, nil
	}
	all := req
	rest := ""
	if at := strings.LastIndexAny(m[4], "0123456789"); at >= 3 { // "que Metz en 2021": of the same year
		if words := strings.Fields(m[4]); len(words) > 1 && len(words[len(words)-1]) == 4 {
			rest = " " + wordsOf(req.Lang).InYear + " " + words[len(words)-1]
		}
	}
	than := map[string]string{"plus": "plus de", "moins": "moins de", "more": "more than", "fewer": "fewer than", "less": "less than"}[strings.ToLower(m[2])]
	all.Question = fmt.Sprintf("%s%s %.0f %s%s", m[1], than, figure, m[3], rest)
	out, err = pl.plan(ctx, all)
	if err != nil || out.Plan == nil || out.Candidate.Table.ID != first.Candidate.Table.ID || !slices.ContainsFunc(out.Plan.Where, func(f query.Filter) bool { return (f.Op == query.Gt || f.Op == query.Lt) && len(f.Values) == 1 }) {
		return plan.Outcome{}, false, err
	}
	out.Assumptions = append(slices.Clone(out.Assumptions), strings.TrimSpace(m[4])+texts.Say(req.Lang, "answer.colon")+" "+lang.FormatNumber(figure, 0, req.Lang))
	return out, true, nil
}

// ofOne tells whether a figure is of rows that are named by more than their year:
// "qu'en 2021" names none.
func ofOne(o plan.Outcome) bool {
	return slices.ContainsFunc(o.Plan.Where, func(f query.Filter) bool {
		c := o.Candidate.Table.Column(f.Column)
		return f.Op == query.Eq && c != nil && c.Role != dataset.Year
	})
}

package rules

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

var (
	shareAsked = regexp.MustCompile(`(?i)(?:^|\s)(?:à combien s['’]élève |quelle est |what is )?(?:(?:la |quelle |the |what )?(?:part|proportion|share|percentage)(?: cumulée)?|(?:le |quel )?(?:pourcentage|poids)(?: cumulé)?|que (?:pèsent|pesent|représentent))\b(?: de la | du | des | de l['’]| de | d['’]| of the | of )?`)
	sharing    = regexp.MustCompile(`(?i)\b(?:font|pèsent|pesent|représentent|concentrent|regroupent|rassemblent|totalisent|vit|vivent|habite|habitent|lives?|account for|make up)\b(?: dans| in)?`)
	leading    = regexp.MustCompile(`(?i)(?:\b(?:dans |in |chez )?(?:les |des |the )?)?\b(\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|two|three|four|five|seven|eight|nine|ten|twenty) (premi(?:ère|er|ere)s|plus (?:grand|gros|grosse|peuplé|peuplee|important)e?s|largest|biggest|first|most populous) (\p{L}+)`)
)

// mostLeading is how many are named in one answer.
const mostLeading = 20

// cumulated answers "quelle part de la population font les dix premières communes
// ?": the first ones are found, then are the part of the whole.
func (pl *Planner) cumulated(ctx context.Context, req plan.Request) (plan.Outcome, bool, error) {
	top := leading.FindStringSubmatchIndex(req.Question)
	if top == nil || req.Run == nil || !shareAsked.MatchString(req.Question) {
		return plan.Outcome{}, false, nil
	}
	around := sharing.ReplaceAllString(shareAsked.ReplaceAllString(req.Question[:top[0]], " ")+" "+strings.TrimRight(req.Question[top[1]:], " ?!."), " ")
	again := req
	again.Question = strings.TrimSpace(req.Question[top[2]:top[1]] + " " + strings.Join(strings.Fields(around), " "))
	out, err := pl.plan(ctx, again)
	if s := out.Candidate.Annotation; err == nil && out.Plan == nil && s != nil && s.Measure != "" { // by what the table measures
		sch := pl.schema(out.Candidate)
		again.Question += texts.Say(req.Lang.Reads(), "rules.by") + sch.note(sch.col(s.Measure)).Label.In(req.Lang.Reads())
		out, err = pl.plan(ctx, again)
	}
	if err != nil || out.Plan == nil || out.Candidate.Annotation == nil || len(out.NotUnderstood) > 0 {
		return plan.Outcome{}, false, err
	}
	r := out.Plan
	column, m := rankedSum(r)
	if column == "" {
		return plan.Outcome{}, false, nil
	}
	rows, err := req.Run(ctx, r)
	if err != nil {
		return plan.Outcome{}, false, fmt.Errorf("look for the first ones: %w", err)
	}
	if len(rows) != r.Limit { // equals at the end: which of them is meant?
		return plan.Outcome{}, false, nil
	}
	part := query.Filter{Column: column, Op: query.Eq}
	sum := 0.0
	for _, row := range rows {
		v, _ := lang.Number(row[1])
		sum += v
		part.Values = append(part.Values, row[0])
	}
	where := slices.DeleteFunc(slices.Clone(r.Where), func(f query.Filter) bool { return f.Op == query.NotNull })
	of, whole := m, m
	of.Where, of.Label, whole.Label = append(slices.Clone(m.Where), part), texts.Say(req.Lang, "rules.part"), texts.Say(req.Lang, "rules.whole")
	check, err := req.Run(ctx, &query.Plan{Table: r.Table, Measures: []query.Measure{of}, Where: where})
	if err != nil {
		return plan.Outcome{}, false, fmt.Errorf("add the first ones up: %w", err)
	}
	if v, ok := lang.Number(check[0][0]); !ok || math.Abs(v-sum) > 1e-6*math.Abs(sum) { // a name that several bear
		return plan.Outcome{}, false, nil
	}
	out.Plan = &query.Plan{Table: r.Table, Measures: []query.Measure{of, whole}, Where: where, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}}
	out.Label, out.Reading = "", nil
	return out, true, nil
}

// rankedSum is what a plan ranks, a few from the largest, and the sum that it ranks them
// by; "" where it is no such plan.
func rankedSum(r *query.Plan) (column string, by query.Measure) {
	switch {
	case r.Limit < 2 || r.Limit > mostLeading || r.Offset > 0 || len(r.OrderBy) != 1 || !r.OrderBy[0].Desc || len(r.Having) > 0 || r.Derived != nil:
	case len(r.Columns) == 2 && r.OrderBy[0].Column == r.Columns[1]:
		return r.Columns[0], query.Measure{Agg: query.Sum, Column: r.Columns[1]}
	case len(r.GroupBy) == 1 && len(r.Measures) == 1 && r.Measures[0].Agg == query.Sum && r.OrderBy[0].Measure == 1:
		return r.GroupBy[0], r.Measures[0]
	}
	return "", by
}

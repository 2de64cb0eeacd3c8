package rules

import (
	"context"
	"regexp"

	"cigogne/internal/plan"
)

// holding is an intercommunality called by its kind and one of its communes, "la
// communauté de communes de Pont-à-Mousson", "la comcom de Toul".
var holding = regexp.MustCompile(`(?i)\b(?:communauté (?:de communes|d['’]agglo(?:mération)?|urbaine)|communaute (?:de communes|d['’]agglo(?:meration)?|urbaine)|com ?com|inter-?co)\s+(de |d['’]|du |des )`)

// spoken answers a question that calls an intercommunality so, where it has no
// plan as it stands: by the commune that lies in it.
func (pl *Planner) spoken(ctx context.Context, req plan.Request) (plan.Outcome, bool, error) {
	if !holding.MatchString(req.Question) {
		return plan.Outcome{}, false, nil
	}
	if out, err := pl.plan(ctx, req); err != nil || out.Plan != nil || out.Ask != "" {
		return out, err == nil, err
	}
	again := req
	again.Question = holding.ReplaceAllString(req.Question, wordsOf(req.Lang).Holder+" $1")
	out, err := pl.plan(ctx, again)
	return out, err == nil && out.Plan != nil, err
}

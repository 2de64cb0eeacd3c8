package decide

import (
	"context"
	"slices"

	"cigogne/internal/plan"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/propose"
	"cigogne/internal/query"
)

// held is a plan that a model wrote, held against the question.
type held struct {
	*weighed
	believed float64
}

// hold holds a plan of a model against the question: beside the plans that are
// one change away, and beside what was read without it. The one believed most is
// kept.
func (r *reading) hold(ctx context.Context, req plan.Request, p *query.Plan, j *judge.Judge) error {
	if r.r.Contradicts(p) {
		return nil
	}
	w := weigh(r.r, p, j)
	before := w.score
	ok, err := r.try(ctx, req, w, j)
	if !ok || err != nil {
		return err
	}
	h := judge.Held{Lang: r.g.Lang, Score: w.score, Margins: map[string]float64{}}
	if agree, differ := r.voices(w); agree+differ > 0 {
		h.Agree = float64(agree - differ)
		h.Score += j.Second[judge.Voted] * float64(agree)
	}
	for _, e := range propose.Near(r.g, p) {
		if r.r.Contradicts(e.Plan) {
			continue
		}
		m := before - weigh(r.r, e.Plan, j).score
		if have, ok := h.Margins[e.Kind]; !ok || m < have {
			h.Margins[e.Kind] = m
		}
	}
	if len(r.answers) > 0 {
		h.Best, h.First = r.top, r.answers[0].best.answer == w.answer
		h.Among = slices.ContainsFunc(r.answers[:min(len(r.answers), maxChoices)], func(a answer) bool { return a.best.answer == w.answer })
	}
	believed := j.Held.Of(judge.HeldFeatures(h, w.aspects, w.own))
	if r.held == nil || believed > r.held.believed {
		r.held = &held{w, believed}
	}
	return nil
}

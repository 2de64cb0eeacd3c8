// Package auto plans with the built-in planner and a model together. Where both
// answer and their figures differ, neither is given: the question is asked back.
package auto

import (
	"cigogne/internal/texts"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

type planner interface {
	Plan(ctx context.Context, req plan.Request) (plan.Outcome, error)
}

// Planner asks the built-in planner, and the model where that is worth a call.
type Planner struct {
	rules, model planner
	always       bool
	log          *slog.Logger
}

// New returns a planner over both. The model is always asked where always is
// true; else only where the built-in planner has no answer, or has one over a
// table that nobody annotated.
func New(rules, model planner, always bool, log *slog.Logger) *Planner {
	return &Planner{rules: rules, model: model, always: always, log: log}
}

// Plan asks both as New says. A model that fails, in whatever way, leaves the
// built-in planner's outcome.
func (pl *Planner) Plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	built, err := pl.rules.Plan(ctx, req)
	if err != nil {
		return plan.Outcome{}, err
	}
	built.Engine = cmp.Or(built.Engine, "rules")
	if built.Plan != nil && built.Candidate.Annotation != nil && !pl.always {
		return built, nil
	}
	other, err := pl.model.Plan(ctx, req)
	built.Tokens, built.Asking = other.Tokens, other.Asking
	switch {
	case ctx.Err() != nil:
		return plan.Outcome{}, ctx.Err()
	case err != nil:
		pl.log.InfoContext(ctx, "the model gave no plan", "error", err)
		return pl.told(built, req.Lang), nil
	case other.Plan == nil:
		return built, nil
	case built.Plan == nil:
		return other, nil
	case req.Run == nil:
		return built, nil
	}
	a, err := req.Run(ctx, built.Plan)
	if err != nil {
		return plan.Outcome{}, fmt.Errorf("run the built-in plan: %w", err)
	}
	b, err := req.Run(ctx, other.Plan)
	if err != nil {
		pl.log.InfoContext(ctx, "the model's plan does not run", "error", err)
		return built, nil
	}
	if same(a, b) {
		return built, nil
	}
	return differ(req.Lang, built, other), nil
}

// told says with an outcome that the model fails, the first time.
func (pl *Planner) told(out plan.Outcome, l lang.Lang) plan.Outcome {
	m, ok := pl.model.(interface{ Untold(l lang.Lang) string })
	if !ok {
		return out
	}
	says := m.Untold(l)
	switch {
	case says == "":
	case out.Refusal != "":
		out.Refusal += " " + says
	case out.Ask != "":
		out.Ask += " " + says
	default:
		out.Caveats = append(slices.Clone(out.Caveats), says)
	}
	return out
}

// differ asks which of two readings is meant.
func differ(l lang.Lang, outcomes ...plan.Outcome) plan.Outcome {
	out := plan.Outcome{Candidate: outcomes[0].Candidate, Ask: texts.Say(l, "rules.i_see_two_readings_of_this")}
	for _, o := range outcomes {
		names := func(_, column string) string {
			if a := o.Candidate.Annotation; a != nil {
				for _, n := range a.Column {
					if n.Name == column && n.Label.In(l) != "" {
						return n.Label.In(l)
					}
				}
			}
			return column
		}
		says := query.Plain(o.Plan, names, l)
		if outcomes[0].Candidate.Table.ID != outcomes[1].Candidate.Table.ID {
			says += " (" + o.Candidate.Name(l) + ")"
		}
		out.Choices = append(out.Choices, says)
		out.Readings = append(out.Readings, o)
	}
	return out
}

// same tells whether two results say the same: as many rows, each row of the
// one with all the cells of a row of the other that has fewer columns.
func same(a, b [][]any) bool {
	if len(a) != len(b) || len(a) == 0 {
		return len(a) == len(b)
	}
	if len(a[0]) > len(b[0]) {
		a, b = b, a
	}
	taken := make([]bool, len(b))
	for _, row := range a {
		found := false
		for i, other := range b {
			if !taken[i] && holds(other, row) {
				taken[i], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// holds tells whether a row has every cell of another.
func holds(row, cells []any) bool {
	for _, v := range cells {
		if !slices.ContainsFunc(row, func(w any) bool { return equal(v, w) }) {
			return false
		}
	}
	return true
}

func equal(v, w any) bool {
	x, ok1 := number(v)
	y, ok2 := number(w)
	if ok1 && ok2 {
		return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
	}
	return fmt.Sprint(v) == fmt.Sprint(w)
}

func number(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

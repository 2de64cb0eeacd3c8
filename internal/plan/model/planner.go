package model

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/chat"
	"cigogne/internal/plan/rules"
)

// Planner plans with what a model proposes, as far as the built-in planner's
// checks bear it out (rules.Guard). It is safe for concurrent use.
type Planner struct {
	proposer *Proposer
	rules    *rules.Planner
}

// New returns a planner.
func New(p *Proposer, rules *rules.Planner) *Planner { return &Planner{p, rules} }

// Untold says, the first time while it lasts, that the model fails; else "".
func (pl *Planner) Untold(l lang.Lang) string {
	c, ok := pl.proposer.client.(interface{ Untold() *chat.Trouble })
	if !ok {
		return ""
	}
	if t := c.Untold(); t != nil {
		return t.Sentence(l)
	}
	return ""
}

// Plan asks for a plan. The error is ErrNoPlan, or that of ctx; the outcome says
// what asking took even so.
func (pl *Planner) Plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	asked, err := pl.proposer.Propose(ctx, req)
	none := plan.Outcome{} // no plan, but it was asked
	if asked != nil {
		none.Tokens, none.Asking = asked.Usage.Prompt+asked.Usage.Completion, asked.Elapsed
	}
	if err != nil {
		return none, err
	}
	var why []error
	for _, p := range asked.Proposals {
		if p.Plan == nil {
			why = append(why, p.Why)
			continue
		}
		out, faults, err := pl.rules.Guard(ctx, req, p.Candidate, p.Plan)
		switch {
		case err != nil:
			return none, err
		case len(faults) > 0:
			why = append(why, errors.New(strings.Join(faults, "; ")))
		default:
			out.Engine, out.Tokens, out.Asking = "model", none.Tokens, none.Asking
			return out, nil
		}
	}
	return none, fmt.Errorf("%w: %w", ErrNoPlan, errors.Join(why...))
}

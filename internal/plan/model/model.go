// Package model is the planner that asks a language model, on any
// OpenAI-compatible server. Only a typed plan is taken from a reply, never a
// word or a number of it; the plan is validated against the table, and held
// against the question as the built-in planner's own would be (rules.Guard).
// What is wrong goes back to the model, twice at most.
package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	openai "github.com/sashabaranov/go-openai"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/plan/rules"
	"cigogne/internal/query"
)

// Planner asks a model for plans. It is safe for concurrent use.
type Planner struct {
	client *client
	rules  *rules.Planner
	log    *slog.Logger
}

// New returns a planner over a server; rules checks what it replies.
func New(s Server, rules *rules.Planner, log *slog.Logger) *Planner {
	return &Planner{client: newClient(s), rules: rules, log: log}
}

// ErrNoPlan says that the model gave no plan that holds; the wrapped error says
// why. What to do without is the caller's affair.
var ErrNoPlan = errors.New("no plan from the model")

// attempts is how often a question is put to the model.
const attempts = 3

// Plan asks for a plan. The error is ErrNoPlan, or that of ctx.
func (pl *Planner) Plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	tables := pl.shortlist(req)
	if len(tables) == 0 {
		return plan.Outcome{}, fmt.Errorf("%w: no table", ErrNoPlan)
	}
	system, user, err := prompt(req, tables, func(c plan.Candidate) []rules.Linked { return pl.rules.Link(req, c) }, newFence())
	if err != nil {
		return plan.Outcome{}, err
	}
	messages := []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleSystem, Content: system}, {Role: openai.ChatMessageRoleUser, Content: user}}
	var usage Usage
	defer func() {
		pl.log.DebugContext(ctx, "model asked", "calls", usage.Calls, "prompt_tokens", usage.Prompt, "completion_tokens", usage.Completion)
	}()
	var last error
	for range attempts {
		text, err := pl.client.complete(ctx, messages, &usage)
		if err != nil {
			if ctx.Err() != nil {
				return plan.Outcome{}, ctx.Err()
			}
			return plan.Outcome{}, fmt.Errorf("%w: %w", ErrNoPlan, err) // asked again by the client where that may help
		}
		out, err := pl.hold(ctx, req, tables, text)
		if err == nil {
			out.Engine, out.Tokens = "model", usage.Prompt+usage.Completion
			return out, nil
		}
		if errors.Is(err, errNone) {
			return plan.Outcome{}, fmt.Errorf("%w: %w", ErrNoPlan, err)
		}
		last = err
		pl.log.DebugContext(ctx, "model mends its plan", "why", err)
		messages = append(messages,
			openai.ChatCompletionMessage{Role: openai.ChatMessageRoleAssistant, Content: tame(text, 3000)},
			openai.ChatCompletionMessage{Role: openai.ChatMessageRoleUser, Content: "That plan does not hold: " + tame(err.Error(), 1000) + ". Reply with the whole object again, mended, or with {\"action\":\"none\"} if the tables cannot answer."})
	}
	return plan.Outcome{}, fmt.Errorf("%w: %w", ErrNoPlan, last)
}

// hold checks a reply: the form, the table's profile, the question.
func (pl *Planner) hold(ctx context.Context, req plan.Request, tables []plan.Candidate, text string) (plan.Outcome, error) {
	p, err := parse(text)
	if err != nil {
		return plan.Outcome{}, err
	}
	byID := func(id string) *dataset.Table {
		for _, c := range tables {
			if c.Table.ID == id {
				return c.Table
			}
		}
		return nil
	}
	if err := query.Validate(p, byID); err != nil {
		return plan.Outcome{}, err
	}
	c := tables[slices.IndexFunc(tables, func(c plan.Candidate) bool { return c.Table.ID == p.Table })]
	out, faults, err := pl.rules.Guard(ctx, req, c, p)
	if err != nil {
		return plan.Outcome{}, err
	}
	if len(faults) > 0 {
		return plan.Outcome{}, errors.New(strings.Join(faults, "; "))
	}
	if out.Plan == nil {
		return out, nil
	}
	if err := query.Validate(out.Plan, byID); err != nil { // with what the guard added
		return plan.Outcome{}, err
	}
	return out, nil
}

// shortlist keeps the tables that the question links to best.
func (pl *Planner) shortlist(req plan.Request) []plan.Candidate {
	type scored struct {
		plan.Candidate
		score float64
	}
	all := make([]scored, 0, len(req.Candidates))
	for _, c := range req.Candidates {
		all = append(all, scored{c, pl.rules.Fit(req, c)})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	out := make([]plan.Candidate, 0, maxTables)
	for _, s := range all[:min(len(all), maxTables)] {
		out = append(out, s.Candidate)
	}
	return out
}

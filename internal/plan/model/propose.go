// Package model proposes plans that a language model wrote. It writes one SELECT,
// as models are trained to; what is taken of its reply is the typed plan that
// the SELECT lifts to (see lift), never a word or a number of it, and the SQL is
// never run. A proposal is one more candidate, a strong one and no judge: whoever
// takes it holds it against the question as any other.
package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"time"

	"cigogne/internal/plan"
	"cigogne/internal/plan/chat"
	"cigogne/internal/plan/lift"
	"cigogne/internal/query"
)

// Proposal is a SELECT that a model wrote.
type Proposal struct {
	Plan      *query.Plan // nil where no plan says what the SQL says
	Why       error       // why there is no plan: *lift.Unsupported, *lift.Unknown …
	Candidate plan.Candidate
	SQL       string
	Votes     int // samples that gave this plan, or this SQL
}

// Asked is what a model was asked and what it cost.
type Asked struct {
	Proposals []Proposal // most votes first
	Usage     chat.Usage
	Elapsed   time.Duration
}

// Proposer asks a model for SELECTs. It is safe for concurrent use.
type Proposer struct {
	Samples int              // how often a question is put to the model; 0: once
	Today   func() time.Time // nil: time.Now

	client Asker
	parser lift.Parser
	log    *slog.Logger
}

// Asker puts a request to a model.
type Asker interface {
	Ask(ctx context.Context, r chat.Request) (chat.Reply, error)
}

// NewProposer returns a proposer; parser reads SQL (warehouse.Door).
func NewProposer(client Asker, parser lift.Parser, log *slog.Logger) *Proposer {
	return &Proposer{client: client, parser: parser, log: log}
}

// ErrNoPlan says that the model gave no SELECT; the wrapped error says why. What
// to do without is the caller's affair.
var ErrNoPlan = errors.New("no plan from the model")

// Of a reply: a SELECT takes some 60 tokens. The second sample and those after it
// are drawn, the first is the likeliest.
const (
	maxReply = 400
	drawn    = 0.7
)

// Propose asks for SELECTs that answer a question. The error is ErrNoPlan, or
// that of ctx.
func (p *Proposer) Propose(ctx context.Context, req plan.Request) (*Asked, error) {
	tables := shortlist(req)
	if len(tables) == 0 {
		return nil, fmt.Errorf("%w: no table", ErrNoPlan)
	}
	now := time.Now
	if p.Today != nil {
		now = p.Today
	}
	q, err := write(req, tables, now())
	if err != nil {
		return nil, err
	}
	began := time.Now()
	replies := make([]chat.Reply, max(1, p.Samples))
	errs := make([]error, len(replies))
	var wg sync.WaitGroup
	for i := range replies {
		wg.Go(func() {
			r := chat.Request{System: q.system, User: q.user, Most: maxReply}
			if i > 0 {
				r.Temperature = drawn
			}
			replies[i], errs[i] = p.client.Ask(ctx, r)
		})
	}
	wg.Wait()
	out := &Asked{Elapsed: time.Since(began)}
	for i, r := range replies {
		out.Usage.Add(r.Usage)
		if errs[i] == nil {
			errs[i] = p.take(ctx, req, q, tables, r, out)
		}
	}
	p.log.DebugContext(ctx, "model asked", "calls", out.Usage.Calls, "prompt_tokens", out.Usage.Prompt, "completion_tokens", out.Usage.Completion, "elapsed", out.Elapsed)
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	if len(out.Proposals) == 0 {
		return out, fmt.Errorf("%w: %w", ErrNoPlan, errors.Join(errs...))
	}
	slices.SortStableFunc(out.Proposals, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(votable(b), votable(a)), cmp.Compare(b.Votes, a.Votes))
	})
	return out, nil
}

func votable(p Proposal) int {
	if p.Plan != nil {
		return 1
	}
	return 0
}

// take adds what a reply proposes, or a vote for what another proposed.
func (p *Proposer) take(ctx context.Context, req plan.Request, q *asked, tables []plan.Candidate, r chat.Reply, out *Asked) error {
	sql, err := selectIn(r.Text, r.Cut)
	if err != nil {
		return err
	}
	prop := Proposal{SQL: sql, Votes: 1, Candidate: tables[0]}
	prop.Plan, prop.Why = lift.New(p.parser, req.Run).Lift(ctx, sql, q.tables)
	if prop.Plan != nil {
		prop.Candidate = tables[slices.IndexFunc(tables, func(c plan.Candidate) bool { return c.Table.ID == prop.Plan.Table })]
		relink(prop.Plan, prop.Candidate.Table)
		settle(prop.Plan)
	}
	for i, have := range out.Proposals {
		if have.SQL == sql || prop.Plan != nil && reflect.DeepEqual(have.Plan, prop.Plan) {
			out.Proposals[i].Votes++
			return nil
		}
	}
	out.Proposals = append(out.Proposals, prop)
	return nil
}

// settle makes a plan say what its SELECT leaves to chance: rows that equal the
// last one kept stay too, and a figure of some rows is called by what they are.
func settle(p *query.Plan) {
	p.Ties = p.Limit > 0 && len(p.OrderBy) > 0
	for i := range p.Measures {
		m := &p.Measures[i]
		if len(m.Where) == 1 && m.Where[0].Op == query.Eq && len(m.Where[0].Values) == 1 {
			m.Label = fmt.Sprint(m.Where[0].Values[0])
		}
	}
}

// shortlist keeps the tables that know most of what is asked.
func shortlist(req plan.Request) []plan.Candidate {
	if len(req.Candidates) <= 1 {
		return req.Candidates
	}
	n := newNamed(req.Question, req.Lang)
	type scored struct {
		plan.Candidate
		score float64
	}
	all := make([]scored, 0, len(req.Candidates))
	for _, c := range req.Candidates {
		all = append(all, scored{c, n.table(c)})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var out []plan.Candidate
	for _, s := range all[:min(len(all), maxTables)] {
		if s.score >= all[0].score/2 {
			out = append(out, s.Candidate)
		}
	}
	return out
}

// Package joined answers questions of two tables. Where no table answers alone, a
// table of places is read with what the register of territories says of each of its
// rows ("musées par intercommunalité"), and territories are kept by whether another
// table has rows of theirs ("communes avec un musée"). Rows never multiply: see
// query.Join.
//
// # How two tables meet
//
// Where a question is of two tables, joined has one planner read it over a table
// that bears columns of the other: a plan grouped by the key they share
// (query.Join), so no row is ever there twice, and what rows repeat of a parent
// counts once. They meet by codes of communes through the register (its last
// year), or by a key that another table of the same file is found to have. A
// clause ("avec un musée", "sans gare") is of the noun before it; it is taken out,
// the rest is planned, and the number of things is joined. Where no row has a
// partner the tables only happen to be called alike.
package joined

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

type planner interface {
	Plan(ctx context.Context, req plan.Request) (plan.Outcome, error)
}

// Planner asks another planner, and again of tables that meet where it declines.
type Planner struct {
	first, over planner

	mu  sync.Mutex
	met map[meeting]wider
}

// New returns a planner that asks first, and has over read tables that meet.
func New(first, over planner) *Planner {
	return &Planner{first: first, over: over, met: map[meeting]wider{}}
}

// Plan implements the planner of an assistant. Where two tables answer, the plan
// says how they were joined, and how many rows found no partner.
func (pl *Planner) Plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	alone := pl.named(req)
	if req.Run == nil {
		return pl.first.Plan(ctx, alone)
	}
	kept, none, err := pl.having(ctx, req) // read first: "la plus petite commune qui a un musée" has two superlatives for one table
	if err != nil || kept.Plan != nil {
		return kept, err
	}
	heads, err := pl.inhabitants(ctx, req)
	if err != nil || heads.Plan != nil {
		return heads, err
	}
	out, err := pl.first.Plan(ctx, alone)
	if err == nil && out.Plan == nil && out.Ask == "" && heads.Refusal != "" {
		return heads, nil
	}
	if err == nil && len(out.Candidate.Joins) > 0 && out.Plan != nil {
		out.Plan = query.With(out.Plan, out.Candidate.Joins)
		err = pl.tell(ctx, req, &out)
		if errors.Is(err, errStrangers) {
			req.Candidates = plan.Asked(req.Candidates)
			return pl.first.Plan(ctx, req)
		}
	}
	attach(out.Readings)
	if err != nil || out.Plan != nil || out.Ask != "" || none || len(out.NotUnderstood) == 0 && out.Candidate.Annotation != nil {
		return out, err
	}
	other, err := pl.beside(ctx, req)
	if err != nil || other.Plan != nil {
		return other, err
	}
	return out, nil
}

// named asks of the candidates that answer by themselves; those that nobody annotated
// have the columns that the register, or a table whose key they hold, gives them
// where the question names one of these: no other table would be asked of it.
func (pl *Planner) named(req plan.Request) plan.Request {
	asked := plan.Asked(req.Candidates)
	any := false
	for i, c := range asked {
		if c.Annotation != nil {
			continue
		}
		for _, other := range req.Candidates {
			if wide := pl.meet(c, other); len(wide.Joins) > 0 && wide.words.in(req.Question) {
				asked[i], any = wide.Candidate, true
				break
			}
		}
	}
	if !any {
		req.Candidates = asked
		return req
	}
	previous := req.Previous
	req = over(req, asked)
	req.Previous = previous
	return req
}

// attach puts into the plans of readings the joins whose columns they name.
func attach(readings []plan.Outcome) {
	for i := range readings {
		readings[i].Plan = query.With(readings[i].Plan, readings[i].Candidate.Joins)
	}
}

// beside reads the question over tables of places with the columns that the
// register gives them; no plan where these have no part in the answer.
func (pl *Planner) beside(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	wide := pl.widened(req.Candidates)
	wide = slices.DeleteFunc(slices.Clone(wide), func(c plan.Candidate) bool {
		return c.Annotation != nil && !phrasesOf(named(c.Annotation.Entity)).in(req.Question) // places alone are every table's
	})
	if len(wide) == 0 {
		return plan.Outcome{}, nil
	}
	out, err := pl.over.Plan(ctx, over(req, wide))
	if err != nil || out.Plan == nil {
		return plan.Outcome{}, err
	}
	out.Plan = query.With(out.Plan, out.Candidate.Joins)
	if len(out.Plan.Joins) == 0 || figures(out.Plan, out.Candidate.Table) {
		return plan.Outcome{}, nil
	}
	if err := pl.tell(ctx, req, &out); !errors.Is(err, errStrangers) {
		return out, err
	}
	return plan.Outcome{}, nil
}

// errStrangers: no row of one table has a partner in the other, whatever their names.
var errStrangers = errors.New("no row has a partner")

// tell says with an outcome how its tables were joined. The error is errStrangers, or
// that of req.Run.
func (pl *Planner) tell(ctx context.Context, req plan.Request, out *plan.Outcome) error {
	for _, j := range out.Plan.Joins {
		says, err := pl.partnerless(ctx, req, out.Plan, j)
		if err != nil {
			return err
		}
		out.Assumptions = append(slices.Clone(out.Assumptions), says...)
	}
	return nil
}

// figures tells whether a plan gives figures of another table's: those of this one
// are what is asked, the others only say which of its rows are meant.
func figures(p *query.Plan, t *dataset.Table) bool {
	for _, j := range p.Joins {
		for _, name := range j.As {
			if t.Column(name).Type.Numeric() && (slices.Contains(p.Columns, name) || slices.ContainsFunc(p.Measures, func(m query.Measure) bool { return m.Column == name }) ||
				slices.ContainsFunc(p.OrderBy, func(o query.Order) bool { return o.Column == name })) {
				return true
			}
		}
	}
	return false
}

// over asks of other tables, whose joined columns reach what is run.
func over(req plan.Request, candidates []plan.Candidate) plan.Request {
	run := req.Run
	req.Candidates, req.Previous = candidates, nil
	req.Run = func(ctx context.Context, p *query.Plan) ([][]any, error) {
		for _, c := range candidates {
			if c.Table.ID == p.Table {
				p = query.With(p, c.Joins)
			}
		}
		return run(ctx, p)
	}
	return req
}

// partnerless says where the columns of a join come from, and how many of the rows
// that the plan reads have no partner there.
func (pl *Planner) partnerless(ctx context.Context, req plan.Request, p *query.Plan, j query.Join) ([]string, error) {
	joined := func(f query.Filter) bool { return slices.Contains(j.As, f.Column) || slices.Contains(j.As, f.Other) }
	lone := &query.Plan{Table: p.Table, Joins: p.Joins, Measures: []query.Measure{{Agg: query.Count}}, Where: slices.DeleteFunc(slices.Clone(p.Where), joined)}
	all := *lone
	lone.Where = append(slices.Clone(lone.Where), query.Filter{Column: j.As[0], Op: query.Null})
	n, err := figure(ctx, req, lone)
	if err != nil {
		return nil, err
	}
	of, err := figure(ctx, req, &all)
	if err != nil {
		return nil, err
	}
	name, key := title(req, j.Of.Table), strings.Join(j.On, " + ")
	switch n {
	case 0:
		return []string{texts.Say(req.Lang, "joined.beside", "key", key, "table", name)}, nil
	case of:
		return nil, errStrangers
	}
	return []string{texts.Say(req.Lang, "joined.partnerless", "key", key, "table", name, "n", int(n), "of", int(of))}, nil
}

// title is what a reader calls a table.
func title(req plan.Request, table string) string {
	for _, c := range req.Candidates {
		if c.Table.ID == table {
			return c.Name(req.Lang)
		}
	}
	return table
}

// figure runs a plan that yields one whole number.
func figure(ctx context.Context, req plan.Request, p *query.Plan) (int64, error) {
	rows, err := req.Run(ctx, p)
	if err != nil {
		return 0, err
	}
	if len(rows) == 1 && len(rows[0]) == 1 {
		if n, ok := rows[0][0].(int64); ok {
			return n, nil
		}
	}
	return 0, nil
}

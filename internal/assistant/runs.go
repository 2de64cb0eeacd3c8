package assistant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/trace"
	"cigogne/internal/warehouse"
)

func (as *Assistant) runner(candidates []plan.Candidate) plan.Runner {
	return as.runs(candidates).rows
}

// runs runs plans for one question, each once: what a planner looked at to
// settle on a reading is not computed again to answer.
type runs struct {
	as         *Assistant
	candidates []plan.Candidate
	mu         sync.Mutex
	done       map[string]*warehouse.Result
	elsewhere  error // of a plan over a table that another engine alone holds
}

func (as *Assistant) runs(candidates []plan.Candidate) *runs {
	return &runs{as: as, candidates: candidates, done: map[string]*warehouse.Result{}}
}

func (r *runs) rows(ctx context.Context, p *query.Plan) ([][]any, error) {
	p = query.Settle(p, tables(r.candidates))
	compiled, err := query.Compile(p, tables(r.candidates))
	if err != nil {
		return nil, err
	}
	res, err := r.result(ctx, p, compiled)
	if err != nil {
		return nil, err
	}
	return res.Rows, nil
}

func (r *runs) result(ctx context.Context, p *query.Plan, compiled *query.Compiled) (*warehouse.Result, error) {
	key := fmt.Sprintf("%s\x00%q", compiled.SQL, compiled.Args)
	r.mu.Lock()
	res := r.done[key]
	r.mu.Unlock()
	if res != nil {
		return res, nil
	}
	ctx, end := trace.Span(ctx, "query", slog.String("tables", strings.Join(p.Tables(), " ")))
	res, err := r.as.library.Run(ctx, p, compiled)
	end(err)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		if errors.Is(err, warehouse.ErrElsewhere) && !errors.Is(err, query.ErrFileOrder) {
			r.elsewhere = err
		}
		return nil, err
	}
	r.done[key] = res
	return res, nil
}

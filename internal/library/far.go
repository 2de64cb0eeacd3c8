package library

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/warehouse"
	"cigogne/internal/warehouse/trino"
)

// Far is an engine on other machines, which is asked over tables too large for one.
type Far struct {
	Engine interface {
		Query(ctx context.Context, text string, args ...any) (*warehouse.Result, error)
	}
	Name  string // for people
	From  int64  // rows from which a table is asked there
	Alone int64  // rows from which the embedded engine does not hold it; 0: it holds all
	Log   *slog.Logger
}

// Keeps tells whether the embedded engine holds a table of so many rows.
func (f *Far) Keeps(rows int64) bool { return f == nil || f.Alone == 0 || rows < f.Alone }

// farRest is how long an engine that did not answer is left alone: nobody waits for
// it meanwhile.
const farRest = 10 * time.Second

// rest is when an engine may be asked again.
type rest struct {
	mu    sync.Mutex
	until time.Time
}

func (r *rest) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().After(r.until)
}

func (r *rest) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = time.Now().Add(farRest)
}

// Run implements assistant.Library: a plan is run by the far engine where one of its
// tables is so large, by the embedded one otherwise, and in its place, for what that
// one holds. warehouse.ErrElsewhere where it does not hold it.
func (c *Catalogue) Run(ctx context.Context, p *query.Plan, compiled *query.Compiled) (*warehouse.Result, error) {
	far, ids := c.parts.Far, p.Tables()
	if !c.large(ids) {
		return c.Query(ctx, ids, compiled.SQL, compiled.Args...)
	}
	held := c.here(ids) == nil
	res, err := c.ask(ctx, p)
	switch {
	case err == nil:
		return res, nil
	case ctx.Err() != nil, errors.Is(err, warehouse.ErrTimeout), errors.Is(err, warehouse.ErrMemory) && !held:
		return nil, err
	case !held:
		return nil, fmt.Errorf("%w: %w", warehouse.ErrElsewhere, err)
	}
	near, again := c.Query(ctx, ids, compiled.SQL, compiled.Args...)
	if again == nil && !errors.Is(err, query.ErrFileOrder) { // what it never answers needs no word
		near.Elsewhere.Engine = far.Name
	}
	return near, again
}

// large tells whether one of the tables is of a size that the far engine is asked for.
func (c *Catalogue) large(tables []string) bool {
	return c.parts.Far != nil && slices.ContainsFunc(tables, func(id string) bool {
		t := c.table(id)
		return t != nil && !slices.Contains(c.inMem, id) && t.Rows >= c.parts.Far.From
	})
}

// here is warehouse.ErrElsewhere where the far engine alone holds one of the tables.
func (c *Catalogue) here(tables []string) error {
	for _, id := range tables {
		if t := c.table(id); t != nil && !slices.Contains(c.inMem, id) && !c.parts.Far.Keeps(t.Rows) {
			return fmt.Errorf("%s: %w", id, warehouse.ErrElsewhere)
		}
	}
	return nil
}

// errResting is an engine that did not answer just now.
var errResting = errors.New("it did not answer just now")

// ask runs a plan on the far engine.
func (c *Catalogue) ask(ctx context.Context, p *query.Plan) (*warehouse.Result, error) {
	far := c.parts.Far
	compiled, err := query.CompileTrino(p, c.table, trino.Name)
	if err != nil {
		return nil, err
	}
	if !c.rest.over() {
		return nil, errResting
	}
	res, err := far.Engine.Query(ctx, compiled.SQL, compiled.Args...)
	if err != nil {
		if ctx.Err() == nil {
			far.Log.ErrorContext(ctx, "not answered by the distributed engine", "error", err, "tables", p.Tables())
		}
		if errors.Is(err, trino.ErrAway) {
			c.rest.begin()
		}
		return nil, err
	}
	res.Elsewhere = warehouse.Elsewhere{Engine: far.Name, SQL: compiled.Text}
	return res, nil
}

// table is a table that may answer, by its ID; nil where there is none.
func (c *Catalogue) table(id string) *dataset.Table {
	for i := range c.all {
		if c.all[i].Table.ID == id {
			return c.all[i].Table
		}
	}
	return nil
}

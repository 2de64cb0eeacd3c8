// Package workbench runs queries that others wrote, an agent for example: a typed
// plan, or one SELECT. A plan is validated, compiled and run as our own are. A
// SELECT passes warehouse.Door, then runs in a child process that can be killed.
package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/warehouse"
)

// Shelves hold the tables that may be asked.
type Shelves interface {
	Tables() []plan.Candidate
	// Place says where another process finds the tables, until done is called.
	Place(ctx context.Context, tables []string) (place warehouse.Database, done func(), err error)
}

// Planned answers plans; the assistant does.
type Planned interface {
	Written(ctx context.Context, p *query.Plan, candidates []plan.Candidate, l lang.Lang) (*answer.Answer, error)
}

// Refused is the error of a query that may not run or cannot: Why is one
// sentence for whoever has to write it anew, in English as the query's own terms.
type Refused struct{ Why string }

func (r *Refused) Error() string { return r.Why }

// Bench runs queries. It is safe for concurrent use.
type Bench struct {
	shelves Shelves
	planned Planned
	worker  *warehouse.Worker

	mu   sync.Mutex
	door *warehouse.Door
}

// New returns a bench; worker runs what passed the door.
func New(shelves Shelves, planned Planned, worker *warehouse.Worker) *Bench {
	return &Bench{shelves: shelves, planned: planned, worker: worker}
}

// Close stops the door's parser.
func (b *Bench) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.door == nil {
		return nil
	}
	err := b.door.Close()
	b.door = nil
	return err
}

// Plan answers a plan in JSON; see query.Plan. The error is *Refused where it
// may not run.
func (b *Bench) Plan(ctx context.Context, raw []byte, l lang.Lang) (*answer.Answer, error) {
	p, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	var candidates []plan.Candidate
	for _, id := range p.Tables() {
		c, err := b.table(id)
		if err != nil {
			return nil, err
		}
		candidates = append(candidates, c)
	}
	a, err := b.planned.Written(ctx, p, candidates, l)
	var bad *query.PlanError
	if errors.As(err, &bad) {
		return nil, &Refused{"The plan does not fit the table: " + bad.Error() + "."}
	}
	if err != nil {
		return nil, ended(err)
	}
	return a, nil
}

func (b *Bench) table(id string) (plan.Candidate, error) {
	all := b.shelves.Tables()
	i := slices.IndexFunc(all, func(c plan.Candidate) bool { return c.Table.ID == id })
	if i < 0 {
		return plan.Candidate{}, &Refused{fmt.Sprintf("There is no table %q%s", lang.Cut(id, 80), near(id, all))}
	}
	return all[i], nil
}

// near ends a sentence about a table that is not there.
func near(id string, all []plan.Candidate) string {
	var names []string
	words := strings.FieldsFunc(lang.Fold(id), func(r rune) bool { return r == '_' || r == ' ' || r == '-' || r == '.' })
	for _, c := range all {
		if slices.ContainsFunc(words, func(w string) bool { return len(w) > 3 && strings.Contains(c.Table.ID, w) }) && len(names) < 5 {
			names = append(names, c.Table.ID)
		}
	}
	if len(names) == 0 {
		return ": describe_dataset gives the names of tables."
	}
	return ": near it are " + strings.Join(names, ", ") + "."
}

// Table is what a SELECT gave. It is no checked answer: nothing holds the query
// against a question.
type Table struct {
	SQL       string // as it was run
	Columns   []warehouse.ResultColumn
	Rows      [][]any
	Truncated bool // there were more rows than asked for
	Sources   []answer.Source
	Caveats   []string
	Elapsed   time.Duration
}

// time and text that one SELECT may take.
const (
	sqlTime  = 10 * time.Second
	sqlBytes = 1 << 20
)

// SQL runs one SELECT and gives so many rows at most. The error is *Refused
// where it may not run, or cannot.
func (b *Bench) SQL(ctx context.Context, text string, rows int, l lang.Lang) (*Table, error) {
	door, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	all := b.shelves.Tables()
	var allowed warehouse.Allowed
	for _, c := range all {
		allowed.Tables = append(allowed.Tables, c.Table.ID)
	}
	checked, err := door.Check(ctx, text, allowed)
	if err != nil {
		return nil, refusal(err)
	}
	place, done, err := b.shelves.Place(ctx, checked.Tables())
	if err != nil {
		return nil, ended(fmt.Errorf("find the tables: %w", err))
	}
	defer done()
	res, err := b.worker.Query(ctx, place, checked, warehouse.Limits{Timeout: sqlTime, Rows: rows, Bytes: sqlBytes})
	if err != nil {
		return nil, ended(err)
	}
	out := &Table{SQL: checked.String(), Columns: res.Columns, Rows: res.Rows, Truncated: res.Truncated, Elapsed: res.Elapsed}
	for _, id := range checked.Tables() {
		c, err := b.table(id)
		if err != nil {
			return nil, err
		}
		out.Sources = append(out.Sources, answer.SourceOf(c.Dataset, c.Table))
		said, _ := assistant.Warnings(c, nil, l)
		out.Caveats = append(out.Caveats, said...)
	}
	return out, nil
}

func (b *Bench) open(ctx context.Context) (*warehouse.Door, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.door == nil {
		door, err := warehouse.OpenDoor(ctx)
		if err != nil {
			return nil, err
		}
		b.door = door
	}
	return b.door, nil
}

func refusal(err error) error {
	var r *warehouse.Refusal
	if !errors.As(err, &r) {
		return ended(err)
	}
	detail := r.Detail
	if r.Rule == warehouse.RuleTable { // its list of all tables may be very long
		if before, _, listed := strings.Cut(detail, "; tables:"); listed {
			detail = before + "; describe_dataset gives the names of tables"
		}
	}
	return &Refused{fmt.Sprintf("The SQL may not run (%s): %s.", r.Rule, oneLine(detail))}
}

// ended says how a query ended that did run, where its writer can do something
// about it.
func ended(err error) error {
	switch {
	case errors.Is(err, warehouse.ErrInvalid):
		return &Refused{"The query cannot be computed: " + oneLine(strings.TrimPrefix(err.Error(), warehouse.ErrInvalid.Error()+": ")) + "."}
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, warehouse.ErrElsewhere):
		return &Refused{"The table is held by the distributed engine alone: a plan may be asked of it while that engine answers, no SQL and not the order of its rows."}
	case errors.Is(err, warehouse.ErrTimeout):
		return &Refused{"The query took too long: narrow it to fewer rows, one year or one place."}
	case errors.Is(err, warehouse.ErrMemory):
		return &Refused{"The query needs too much memory: group or filter it, or ask for fewer columns."}
	}
	return err
}

func oneLine(s string) string {
	return strings.TrimRight(lang.Cut(strings.Join(strings.Fields(s), " "), 400), ".")
}

// Package lift reads one SELECT, written by a model or by people, into a typed
// query plan. DuckDB's own parser gives the tree (see Parser); what the tree
// says and a plan cannot say is an error that names it, so that nothing of a
// query is dropped on the way. The SQL itself is never run.
//
// A plan says the same as its SELECT but for these, where it follows the house
// instead: texts are compared with the cells that differ from them in case or
// accents alone where none is equal; a cell that is none of some values may be
// empty; empty cells sort last; a fall is a change with its sign.
//
// # What becomes of it
//
// A model writes one SELECT in one call; this package
// reads it through warehouse.Door's parser into a query.Plan, which is validated
// against the profile, then held word for word by rules.Guard, which also adds the
// annotation's defaults. What no plan says, or does not hold, is left, and the
// built-in planner answers or declines. With auto the model is asked only where
// the built-in planner has no answer or answers over a table that nobody
// annotated; with model, always. The SQL itself is not run for ask: nothing could
// hold it against the question's words. An agent may run its own, by run_query of
// surface/mcp: workbench takes a plan through the checks of figures that ask has,
// or a SELECT through the door; either result says that no question holds it,
// names what a question would have left out by default, and adds no years up that
// are states. Free SQL is not kept: replaying it would be running it outside its
// child.
package lift

import (
	"context"
	"encoding/json"
	"fmt"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// Parser gives the tree of a SELECT in JSON; warehouse.Door is one.
type Parser interface {
	Tree(ctx context.Context, sql string, tables []string) ([]byte, error)
}

// Table is a table with the names that a SELECT calls it and its columns by.
type Table struct {
	*dataset.Table
	Name    string            // in FROM; empty: Table.ID
	Columns map[string]string // other names of columns, each with the header it stands for; may be nil
}

func (t Table) name() string {
	if t.Name == "" {
		return t.ID
	}
	return t.Name
}

// Lifter lifts SELECTs. It is safe for concurrent use.
type Lifter struct {
	parser Parser
	run    plan.Runner
}

// New returns a lifter. run may be nil: it counts rows where a figure is made of
// cells of one row ("a / b"), which is lifted only where there is one.
func New(p Parser, run plan.Runner) *Lifter { return &Lifter{parser: p, run: run} }

// Unsupported is the error of a SELECT that says what no plan can say.
type Unsupported struct{ Construct string }

func (e *Unsupported) Error() string { return "no plan says " + e.Construct }

func unsupported(format string, args ...any) error {
	return &Unsupported{fmt.Sprintf(format, args...)}
}

// Unknown is the error of a name that is no column.
type Unknown struct{ Name string }

func (e *Unknown) Error() string { return fmt.Sprintf("no column %q", e.Name) }

// Lift reads a SELECT over the tables. The plan passes query.Validate. The error
// is an *Unsupported, an *Unknown, a *query.PlanError, or the parser's.
func (l *Lifter) Lift(ctx context.Context, sql string, tables []Table) (*query.Plan, error) {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.name()
	}
	raw, err := l.parser.Tree(ctx, sql, names)
	if err != nil {
		return nil, err
	}
	var s statement
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	p, err := (&scope{Lifter: l, ctx: ctx, tables: tables}).query(&s)
	if err != nil {
		return nil, err
	}
	err = query.Validate(p, func(id string) *dataset.Table {
		for _, t := range tables {
			if t.ID == id {
				return t.Table
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

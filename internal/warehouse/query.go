package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"cigogne/internal/dataset"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Result is what a query gave.
type Result struct {
	Columns []ResultColumn
	// Rows hold only nil, bool, int64, float64, string and time.Time (UTC).
	// Integers too large for int64 and decimals are float64; values that
	// are no number or date (NaN, infinity) are nil; lists and structures are JSON.
	Rows      [][]any
	Truncated bool          // there were more rows, or more text, than Limits allow
	Elapsed   time.Duration // of the query itself, without the wait for a slot
}

// ResultColumn is a column of a Result.
type ResultColumn struct {
	Name string       `json:"name"`
	Type dataset.Type `json:"type"`
}

// grace is how long after its end a query may still take to notice: DuckDB
// looks at an interrupt between chunks of rows.
const grace = 50 * time.Millisecond

// Query runs one SELECT on a connection of its own. The text is trusted: it
// comes from our compiler (with every value in args) or from Door.Check. It
// waits for a slot as long as ctx allows, then runs for at most
// Limits.Timeout, and returns within 100 ms of the end of either.
//
// Errors: ErrInvalid, ErrTimeout, ErrMemory, context.Canceled when the caller
// gave up.
func (db *DB) Query(ctx context.Context, text string, args ...any) (*Result, error) {
	select {
	case db.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ended(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, db.limits.Timeout)
	type outcome struct {
		result *Result
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-db.slots }()
		defer cancel()
		result, err := db.run(ctx, text, args)
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
	}
	// DuckDB does not interrupt everything at once. The caller is not kept
	// waiting; the slot stays taken until the engine has really stopped.
	select {
	case o := <-done:
		return o.result, o.err
	case <-time.After(grace):
		return nil, ended(ctx)
	}
}

func (db *DB) run(ctx context.Context, text string, args []any) (*Result, error) {
	start := time.Now()
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, explain(ctx, err)
	}
	defer conn.Close()
	// Inside parentheses only a SELECT parses, and only one. One row more
	// than is kept tells whether there are more.
	wrapped := fmt.Sprintf("from (\n%s\n) limit %d", text, db.limits.Rows+1)
	rows, err := conn.QueryContext(ctx, wrapped, args...)
	if err != nil {
		return nil, explain(ctx, err)
	}
	defer rows.Close()
	result, err := read(rows, db.limits)
	if err != nil {
		return nil, explain(ctx, err)
	}
	result.Elapsed = time.Since(start)
	return result, nil
}

// read copies rows into a Result, up to the limits.
func read(rows *sql.Rows, limits Limits) (*Result, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	result := &Result{Columns: make([]ResultColumn, len(types)), Rows: [][]any{}}
	engine := make([]string, len(types))
	for i, t := range types {
		engine[i] = t.DatabaseTypeName()
		result.Columns[i] = ResultColumn{Name: t.Name(), Type: columnType(engine[i])}
	}
	cells := make([]any, len(types))
	targets := make([]any, len(types))
	for i := range cells {
		targets[i] = &cells[i]
	}
	size := 0
	for rows.Next() {
		if len(result.Rows) == limits.Rows {
			result.Truncated = true
			break
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		row := make([]any, len(cells))
		for i, cell := range cells {
			row[i] = normal(cell, engine[i])
			if s, ok := row[i].(string); ok {
				size += len(s)
			}
		}
		if size > limits.Bytes {
			result.Truncated = true
			break
		}
		result.Rows = append(result.Rows, row)
	}
	return result, rows.Err()
}

// explain turns the driver's errors into ours.
func explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	var fault *duckdb.Error
	if !errors.As(err, &fault) {
		return fmt.Errorf("query: %w", err)
	}
	switch fault.Type {
	case duckdb.ErrorTypeOutOfMemory:
		first, _, _ := strings.Cut(fault.Msg, "\n") // then come hints for whoever owns the database
		return fmt.Errorf("%w: %s", ErrMemory, first)
	case duckdb.ErrorTypeInterrupt:
		return ErrTimeout
	case duckdb.ErrorTypeInternal, duckdb.ErrorTypeFatal, duckdb.ErrorTypeIO:
		return fmt.Errorf("query: %w", err)
	}
	return fmt.Errorf("%w: %s", ErrInvalid, fault.Msg)
}

// ended says how a context ended.
func ended(ctx context.Context) error {
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("query: %w", err)
	}
	return fmt.Errorf("%w: %w", ErrTimeout, context.DeadlineExceeded)
}

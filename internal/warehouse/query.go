package warehouse

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
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

	Elsewhere Elsewhere // what another engine has to do with it
}

// Elsewhere is what an engine on other machines has to do with a result; the zero
// value is nothing.
type Elsewhere struct {
	Engine string // its name, where a table is of a size that it is asked for
	SQL    string // what it ran, values written in; "" where the embedded one answered in its place
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
// comes from our compiler (with every value in args) or from Door.Check. A
// slice is bound as a list: x = any(?). Where two columns have one name, the
// second becomes name_1. It waits for a slot as long as ctx allows, then runs for at most
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
	conn, err := db.connect(ctx)
	if err != nil {
		return nil, explain(ctx, err)
	}
	defer conn.Close()
	if strings.ContainsRune(text, 0) { // where C would stop reading
		return nil, fmt.Errorf("%w: zero byte in the text", ErrInvalid)
	}
	// Inside parentheses only a SELECT parses. One row more than is kept
	// tells whether there are more. Prepare takes one statement and runs
	// nothing, where database/sql would run all but the last.
	prepared, err := conn.Prepare(fmt.Sprintf("from (\n%s\n) limit %d", text, db.limits.Rows+1))
	var fault *duckdb.Error
	if err != nil && !errors.As(err, &fault) {
		return nil, fmt.Errorf("%w: not one statement", ErrInvalid)
	}
	if err != nil {
		return nil, explain(ctx, err)
	}
	defer prepared.Close()
	statement, ok := prepared.(*duckdb.Stmt)
	if !ok {
		return nil, fmt.Errorf("query: statement of type %T", prepared)
	}
	values, err := named(conn, args)
	if err != nil {
		return nil, err
	}
	if want := statement.NumInput(); want != len(values) {
		return nil, fmt.Errorf("%w: %d parameters, %d values", ErrInvalid, want, len(values))
	}
	rows, err := statement.QueryContext(ctx, values)
	if err != nil {
		return nil, explain(ctx, err)
	}
	defer rows.Close()
	result, err := read(ctx, rows, db.limits)
	if err != nil {
		return nil, explain(ctx, err)
	}
	result.Elapsed = time.Since(start)
	return result, nil
}

// named gives arguments to the driver as database/sql would.
func named(conn *duckdb.Conn, args []any) ([]driver.NamedValue, error) {
	values := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
		err := conn.CheckNamedValue(&values[i])
		if errors.Is(err, driver.ErrSkip) {
			values[i].Value, err = driver.DefaultParameterConverter.ConvertValue(arg)
		}
		if err != nil {
			return nil, fmt.Errorf("bind value %d: %w", i+1, err)
		}
	}
	return values, nil
}

// read copies rows into a Result, up to the limits.
func read(ctx context.Context, rows driver.Rows, limits Limits) (*Result, error) {
	typed, ok := rows.(driver.RowsColumnTypeDatabaseTypeName)
	if !ok {
		return nil, fmt.Errorf("rows of type %T", rows)
	}
	names := rows.Columns()
	result := &Result{Columns: make([]ResultColumn, len(names)), Rows: [][]any{}}
	engine := make([]string, len(names))
	for i, name := range names {
		engine[i] = typed.ColumnTypeDatabaseTypeName(i)
		result.Columns[i] = ResultColumn{Name: name, Type: columnType(engine[i])}
		if strings.Contains(engine[i], unnamed) { // the driver reads none
			return nil, fmt.Errorf("%w: %s is several values in parentheses; select each of them by itself, or name them as {'a': 1, 'b': 2}", ErrInvalid, name)
		}
	}
	cells := make([]driver.Value, len(names))
	size := 0
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := rows.Next(cells)
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		row := make([]any, len(cells))
		for i, cell := range cells {
			row[i] = normal(cell, engine[i])
			if s, ok := row[i].(string); ok {
				size += len(s)
			}
		}
		if len(result.Rows) == limits.Rows || size > limits.Bytes {
			result.Truncated = true
			return result, nil
		}
		result.Rows = append(result.Rows, row)
	}
}

// unnamed begins the type of (1, 2): a structure whose fields have no names.
const unnamed = `STRUCT("" `

// explain turns the driver's errors into ours.
func explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	var fault *duckdb.Error
	switch {
	case errors.Is(err, ErrInvalid):
		return err
	case !errors.As(err, &fault):
		return fmt.Errorf("query: %w", err)
	}
	switch fault.Type {
	case duckdb.ErrorTypeOutOfMemory:
		return fmt.Errorf("%w: %s", ErrMemory, brief(fault.Msg))
	case duckdb.ErrorTypeInterrupt:
		return ErrTimeout
	case duckdb.ErrorTypeInternal, duckdb.ErrorTypeFatal, duckdb.ErrorTypeIO:
		return fmt.Errorf("query: %w", err)
	}
	return fmt.Errorf("%w: %s", ErrInvalid, brief(fault.Msg))
}

// brief is a message of the engine up to its quotation of the text, whose
// lines are not those of the asker, or its hints for whoever owns the database.
func brief(message string) string {
	message, _, _ = strings.Cut(message, "\n\nLINE ")
	message, _, _ = strings.Cut(message, "\nDatabase is launched")
	return message
}

// ended says how a context ended.
func ended(ctx context.Context) error {
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("query: %w", err)
	}
	return fmt.Errorf("%w: %w", ErrTimeout, context.DeadlineExceeded)
}

// Package trino asks a Trino server for the figures of tables too large for one
// machine. The tables are the Parquet files of the store, immutable, each registered
// as an external Hive table whose name holds the hash of its bytes: an answer and the
// file it was made of cannot part.
package trino

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/warehouse"

	driver "github.com/trinodb/trino-go-client/trino"
)

// Errors of the engine besides those of warehouse, to be told apart with errors.Is.
var (
	// ErrAway: the server does not answer, or cannot read the files.
	ErrAway = errors.New("trino does not answer")
	// ErrAbsent: it answers, and does not know the table.
	ErrAbsent = errors.New("trino does not have the table")
)

// Server is where Trino is and what it may do for one question.
type Server struct {
	URL      string // http://host:8080, https where there is a password
	User     string
	Password string
	Catalog  string // of Hive tables
	Schema   string
	Limits   warehouse.Limits // Timeout, Rows and Bytes count
}

// Engine asks one server. It is safe for concurrent use.
type Engine struct {
	db     *sql.DB
	server Server
}

// connections are how many queries one program has under way at most.
const connections = 8

// dial is how long a server may take to take a call.
const dial = 3 * time.Second

// Open returns an engine; nothing is asked of the server yet. Limits have their
// defaults from warehouse, but for the timeout: a minute.
func Open(s Server) (*Engine, error) {
	if s.Limits.Timeout <= 0 {
		s.Limits.Timeout = time.Minute
	}
	s.Limits = s.Limits.WithDefaults()
	address, err := url.Parse(s.URL)
	if err != nil {
		return nil, fmt.Errorf("address of Trino: %w", err)
	}
	address.User = url.User(s.User)
	if s.Password != "" {
		address.User = url.UserPassword(s.User, s.Password)
	}
	once := 1
	patience := s.Limits.Timeout
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dial}).DialContext,
		TLSHandshakeTimeout: dial,
		MaxIdleConnsPerHost: connections,
		IdleConnTimeout:     time.Minute,
	}
	connector, err := driver.NewConnector(&driver.Config{
		ServerURI: address.String(), Catalog: s.Catalog, Schema: s.Schema, Source: "cigogne", TimeZone: "UTC",
		HTTPClient:              &http.Client{Transport: transport},
		DisableExplicitPrepare:  true, // a prepared text goes in a header, which holds 8 kB
		RequestRetryMaxAttempts: &once,
		RequestRetryTimeout:     &patience,
		SessionProperties: map[string]string{
			"query_max_run_time": fmt.Sprintf("%dms", s.Limits.Timeout.Milliseconds()), // whatever becomes of us
			// Columns are found by their place: Hive has not every name.
			s.Catalog + ".parquet_use_column_names": "false",
			s.Catalog + ".timestamp_precision":      "MICROSECONDS",
		},
	})
	if err != nil {
		return nil, fmt.Errorf("open Trino: %w", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(connections)
	return &Engine{db, s}, nil
}

// Close ends the connections.
func (e *Engine) Close() error { return e.db.Close() }

// nameLength bounds what of a table's ID its name holds: Hive's metastore has 128
// characters.
const nameLength = 100

// Name is what Trino knows a table's file by.
func Name(t *dataset.Table) string {
	id := t.ID
	if len(id) > nameLength {
		id = id[:nameLength]
	}
	return id + "_" + t.Parquet[:min(16, len(t.Parquet))]
}

// Query runs one SELECT that query.CompileTrino wrote, for at most the limit, which
// the server knows too: it ends a query whose asker is gone. Cells are as those of
// warehouse.Result.
//
// Errors: ErrAway, ErrAbsent, warehouse.ErrInvalid, ErrTimeout, ErrMemory,
// context.Canceled when the caller gave up.
func (e *Engine) Query(ctx context.Context, text string, args ...any) (*warehouse.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, e.server.Limits.Timeout)
	defer cancel()
	start := time.Now()
	rows, err := e.db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, explain(ctx, err)
	}
	result, err := read(rows, e.server.Limits)
	closed := rows.Close() // ends the query where there are more rows
	if err != nil {
		return nil, explain(ctx, err)
	}
	if closed != nil && !result.Truncated {
		return nil, explain(ctx, closed)
	}
	result.Elapsed = time.Since(start)
	return result, nil
}

// Check asks whether the server answers and has the catalog; ErrAbsent where it
// does not have it.
func (e *Engine) Check(ctx context.Context) error {
	r, err := e.Query(ctx, "SELECT count(*) FROM system.metadata.catalogs WHERE catalog_name = ?", e.server.Catalog)
	if err != nil {
		return err
	}
	if r.Rows[0][0] == int64(0) {
		return fmt.Errorf("%w: no catalog %s", ErrAbsent, e.server.Catalog)
	}
	return nil
}

// explain turns the driver's errors into ours.
func explain(ctx context.Context, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", warehouse.ErrTimeout, context.DeadlineExceeded)
	case ctx.Err() != nil:
		return fmt.Errorf("query: %w", ctx.Err())
	}
	var said *driver.ErrTrino
	if !errors.As(err, &said) {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	switch name := said.ErrorName; {
	case name == "TABLE_NOT_FOUND", name == "SCHEMA_NOT_FOUND", name == "CATALOG_NOT_FOUND":
		return fmt.Errorf("%w: %s", ErrAbsent, said.Message)
	case name == "EXCEEDED_TIME_LIMIT", name == "EXCEEDED_CPU_LIMIT":
		return fmt.Errorf("%w: %s", warehouse.ErrTimeout, said.Message)
	case strings.HasPrefix(name, "EXCEEDED_"), name == "CLUSTER_OUT_OF_MEMORY":
		return fmt.Errorf("%w: %s", warehouse.ErrMemory, said.Message)
	case said.ErrorType == "USER_ERROR":
		return fmt.Errorf("%w: %s: %s", warehouse.ErrInvalid, name, said.Message)
	}
	return fmt.Errorf("%w: %s: %s", ErrAway, said.ErrorName, said.Message)
}

package trino

import (
	"context"
	"fmt"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// types are Trino's of what package table writes to Parquet.
var types = map[dataset.Type]string{
	dataset.Text: "varchar", dataset.Integer: "bigint", dataset.Number: "double",
	dataset.Date: "date", dataset.DateTime: "timestamp(6)", dataset.Boolean: "boolean",
}

// Register has Trino read a table's file: place is how Trino calls the folder that
// holds it alone, as s3://bucket/trino/NAME or local:///trino/NAME. What is
// registered already stays. The schema is made where it is not there.
func (e *Engine) Register(ctx context.Context, t *dataset.Table, place string) error {
	if err := e.exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+query.Quote(e.server.Schema)); err != nil {
		return err
	}
	columns := make([]string, len(t.Columns))
	for i, name := range query.TrinoColumns(t) {
		columns[i] = query.Quote(name) + " " + types[t.Columns[i].Type]
	}
	return e.exec(ctx, fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s (%s) WITH (format = 'PARQUET', external_location = '%s')",
		query.Quote(Name(t)), strings.Join(columns, ", "), strings.ReplaceAll(place, "'", "''")))
}

// Registered lists the tables of the schema.
func (e *Engine) Registered(ctx context.Context) (map[string]bool, error) {
	r, err := e.Query(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", e.server.Schema)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, row := range r.Rows {
		if name, ok := row[0].(string); ok {
			names[name] = true
		}
	}
	return names, nil
}

// Forget has Trino read a file no more; the file stays where it is.
func (e *Engine) Forget(ctx context.Context, name string) error {
	return e.exec(ctx, "DROP TABLE IF EXISTS "+query.Quote(name))
}

func (e *Engine) exec(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, e.server.Limits.Timeout)
	defer cancel()
	if _, err := e.db.ExecContext(ctx, text); err != nil {
		return explain(ctx, err)
	}
	return nil
}

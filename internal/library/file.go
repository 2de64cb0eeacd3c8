package library

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/search"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// File is a library of one table: a file given with the question.
type File struct {
	table *dataset.Table
	notes *dataset.Annotation
	db    *warehouse.DB
}

// OpenFile reads a CSV, Parquet or other tabular file and loads it. notes are
// the annotations that may fit it. Errors are those of table.Convert.
func OpenFile(ctx context.Context, reader *table.Reader, path string, notes []dataset.Annotation, limits warehouse.Limits) (*File, error) {
	dir, err := os.MkdirTemp("", "cigogne-table-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	parquet := filepath.Join(dir, "table.parquet")
	t, err := reader.Convert(ctx, path, parquet, table.Options{Name: filepath.Base(path)})
	if err != nil {
		return nil, err
	}
	t.ID = "given"
	t.Title = filepath.Base(path)
	db, err := warehouse.OpenTables(ctx, []warehouse.Source{{Name: t.ID, Parquet: parquet}}, limits)
	if err != nil {
		return nil, err
	}
	return &File{table: t, notes: fits(t, notes), db: db}, nil
}

// Close closes the database.
func (f *File) Close() error { return f.db.Close() }

// Candidates implements assistant.Library.
func (f *File) Candidates(context.Context, string) ([]plan.Candidate, bool, error) {
	return []plan.Candidate{{Table: f.table, Annotation: f.notes}}, true, nil
}

// Search implements assistant.Library: there is nothing else to find.
func (f *File) Search(context.Context, search.Query, lang.Lang) ([]answer.Dataset, error) {
	return nil, nil
}

// Replaced implements assistant.Library.
func (f *File) Replaced(string) bool { return false }

// Index implements assistant.Library: there is no catalogue.
func (f *File) Index(context.Context) (*search.Index, error) { return nil, nil }

// Query implements assistant.Library.
func (f *File) Query(ctx context.Context, _ []string, sql string, args ...any) (*warehouse.Result, error) {
	return f.db.Query(ctx, sql, args...)
}

package library

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/scratch"
	"cigogne/internal/search"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// File is a library of one table: a file given with the question.
type File struct {
	table *dataset.Table
	notes *dataset.Annotation
	db    *warehouse.DB
	dir   string // of the database's file, where it has one; goes with it
	kept  bool   // the file is a cache's
}

// givenID names the table in SQL.
const givenID = "given"

// inMemory is how large a Parquet file may be, in bytes, to be loaded into
// memory: such files are ten times as large there. Larger ones get a file.
const inMemory = 4 << 20

// OpenFile reads a CSV, Parquet or other tabular file and loads it. notes are
// the annotations that may fit it. Errors are those of table.Convert.
func OpenFile(ctx context.Context, reader *table.Reader, path string, notes []dataset.Annotation, limits warehouse.Limits) (_ *File, err error) {
	f := &File{}
	if f.dir, err = scratch.Dir("cigogne-table-"); err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() {
		if f.db == nil || !f.onDisk() {
			os.RemoveAll(f.dir)
		}
	}()
	parquet := filepath.Join(f.dir, "table.parquet")
	f.table, err = reader.Convert(ctx, path, parquet, table.Options{Name: filepath.Base(path)})
	if err != nil {
		return nil, err
	}
	f.table.ID = givenID
	f.table.Title = filepath.Base(path)
	f.notes = fits(f.table, notes)
	sources := []warehouse.Source{{Name: f.table.ID, Parquet: parquet}}
	info, err := os.Stat(parquet)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	if info.Size() <= inMemory {
		if f.db, err = warehouse.OpenTables(ctx, sources, limits); err != nil {
			return nil, err
		}
		return f, nil
	}
	if err := warehouse.Build(ctx, filepath.Join(f.dir, DatabaseFile), sources); err != nil {
		return nil, err
	}
	if err := os.Remove(parquet); err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	if f.db, err = warehouse.OpenFile(ctx, filepath.Join(f.dir, DatabaseFile), limits); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) onDisk() bool {
	_, err := os.Stat(filepath.Join(f.dir, DatabaseFile))
	return err == nil
}

// Close closes the database, and removes its file where no cache keeps it.
func (f *File) Close() error {
	if f.kept {
		return f.db.Close()
	}
	return errors.Join(f.db.Close(), os.RemoveAll(f.dir))
}

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

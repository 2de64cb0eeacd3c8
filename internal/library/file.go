package library

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/scratch"
	"cigogne/internal/search"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// File is a library of the tables of one file, given with the question.
type File struct {
	tables []*dataset.Table
	notes  []*dataset.Annotation // of each table; nil where nobody wrote one
	beside []plan.Candidate      // the register that its tables may be joined to
	db     *warehouse.DB
	dir    string // of the database's file, where it has one; goes with it
	kept   bool   // the file is a cache's
}

// Known is what is known before a file is read.
type Known struct {
	Annotations []dataset.Annotation // that may fit its tables
	Register    plan.Candidate       // of communes and what holds them, that its tables may be joined to; without a table: none
	Parquet     func(tableID string) ([]byte, error)
}

// meets tells whether a table says in which communes its rows are, by codes.
func (k Known) meets(tables []*dataset.Table) bool {
	return k.Register.Table != nil && slices.ContainsFunc(tables, func(t *dataset.Table) bool {
		return slices.ContainsFunc(t.Columns, func(c dataset.Column) bool { return c.Kind == dataset.KindCommune && c.Type == dataset.Text })
	})
}

// givenID names a file's first table in SQL; the others have their number behind.
const givenID = "given"

// given reads all tables of a file into a folder, and names them. Sources are
// theirs, and the register's where they meet it.
func given(ctx context.Context, reader *table.Reader, path, dir string, known Known) ([]*dataset.Table, []warehouse.Source, error) {
	parquet := func(n int) string { return filepath.Join(dir, fmt.Sprintf("table%d.parquet", n)) }
	name := filepath.Base(path)
	tables, _, err := reader.ConvertAll(ctx, path, parquet, table.Options{Name: name})
	if err != nil {
		return nil, nil, err
	}
	var sources []warehouse.Source
	for i, t := range tables {
		if t.ID = givenID; i > 0 {
			t.ID = fmt.Sprintf("%s_%d", givenID, i+1)
		}
		sources = append(sources, warehouse.Source{Name: t.ID, Parquet: parquet(i)})
	}
	if known.meets(tables) {
		register, err := WriteParquet(dir, []string{known.Register.Table.ID}, known.Parquet)
		if err != nil {
			return nil, nil, err
		}
		sources = append(sources, register...)
	}
	return tables, sources, nil
}

// titled names tables by the file as it is called now, and finds their annotations.
func (f *File) titled(path string, known Known) {
	f.notes, f.beside = nil, nil
	if known.meets(f.tables) {
		register := known.Register
		register.Beside = true
		f.beside = []plan.Candidate{register}
	}
	for _, t := range f.tables {
		t.Title = filepath.Base(path)
		if t.Part != "" {
			t.Title += " · " + t.Part
		}
		f.notes = append(f.notes, fits(t, known.Annotations))
	}
}

// inMemory is how large a Parquet file may be, in bytes, to be loaded into
// memory: such files are ten times as large there. Larger ones get a file.
const inMemory = 4 << 20

// OpenFile reads a CSV, Parquet or other tabular file and loads it. Errors are those of table.Convert.
func OpenFile(ctx context.Context, reader *table.Reader, path string, known Known, limits warehouse.Limits) (_ *File, err error) {
	f := &File{}
	if f.dir, err = scratch.Dir("cigogne-table-"); err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() {
		if f.db == nil || !f.onDisk() {
			os.RemoveAll(f.dir)
		}
	}()
	var sources []warehouse.Source
	if f.tables, sources, err = given(ctx, reader, path, f.dir, known); err != nil {
		return nil, err
	}
	f.titled(path, known)
	size := int64(0)
	for _, s := range sources {
		info, err := os.Stat(s.Parquet)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", path, err)
		}
		size += info.Size()
	}
	if size <= inMemory {
		if f.db, err = warehouse.OpenTables(ctx, sources, limits); err != nil {
			return nil, err
		}
		return f, nil
	}
	if err := warehouse.Build(ctx, filepath.Join(f.dir, DatabaseFile), sources); err != nil {
		return nil, err
	}
	for _, s := range sources {
		if err := os.Remove(s.Parquet); err != nil {
			return nil, fmt.Errorf("load %s: %w", path, err)
		}
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
	var out []plan.Candidate
	for i, t := range f.tables {
		out = append(out, plan.Candidate{Table: t, Annotation: f.notes[i]})
	}
	return append(out, f.beside...), true, nil
}

// Search implements assistant.Library: there is nothing else to find.
func (f *File) Search(context.Context, search.Query, lang.Lang) ([]answer.Dataset, error) {
	return nil, nil
}

// Replaced implements assistant.Library.
func (f *File) Replaced(string) bool { return false }

// Index implements assistant.Library: there is no catalogue.
func (f *File) Index(context.Context) (*search.Index, error) { return nil, nil }

// Run implements assistant.Library.
func (f *File) Run(ctx context.Context, _ *query.Plan, c *query.Compiled) (*warehouse.Result, error) {
	return f.db.Query(ctx, c.SQL, c.Args...)
}

// Query runs SQL over the tables.
func (f *File) Query(ctx context.Context, _ []string, sql string, args ...any) (*warehouse.Result, error) {
	return f.db.Query(ctx, sql, args...)
}

package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Build writes a DuckDB file of native tables, one for each source, that
// OpenFile opens. Rows keep the order of their Parquet file, so that rowid
// (0, 1, 2 …) tells the next and the previous row. The file is read-only
// (0444) and appears under its name only when it is whole.
func Build(ctx context.Context, path string, sources []Source) (err error) {
	// A directory of its own, beside the target: DuckDB adds a log and a
	// spill directory to the name, and all of it goes at the end.
	dir, err := os.MkdirTemp(filepath.Dir(path), ".build-*")
	if err != nil {
		return fmt.Errorf("build %s: %w", path, err)
	}
	defer os.RemoveAll(dir)
	temp := filepath.Join(dir, "tables.duckdb")
	if strings.ContainsAny(temp, "?#%") {
		return fmt.Errorf("build %s: a path with ?, # or %% cannot be opened", path)
	}
	if err := write(ctx, temp, sources); err != nil {
		return fmt.Errorf("build %s: %w", path, err)
	}
	if err := seal(temp); err != nil {
		return fmt.Errorf("build %s: %w", path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("build %s: %w", path, err)
	}
	return nil
}

func write(ctx context.Context, path string, sources []Source) (err error) {
	db, err := open(path+"?threads=2&memory_limit=400MB"+
		"&autoinstall_known_extensions=false&autoload_known_extensions=false", Limits{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.load(ctx, sources); err != nil {
		return err
	}
	return db.exec(ctx, "checkpoint")
}

// seal makes a file read-only, for its owner too, and waits until the disk
// holds it.
func seal(path string) error {
	if _, err := os.Stat(path + ".wal"); err == nil {
		return errors.New("checkpoint left a log behind")
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o444), f.Sync(), f.Close())
}

// Package store is the data directory: what was harvested and downloaded, in
// generations that are switched at once.
//
//	format              the layout's version
//	lock                held by the one process that writes
//	current             the name of the generation that is asked
//	objects/ab/abcd…    Parquet files under their SHA-256, never changed
//	generations/NAME/   one state of everything: manifest.json, datasets.jsonl,
//	                    tables.json, and other rooms' files (warehouse.duckdb, search.index)
//
// A generation is written in full beside the others, flushed, renamed into
// place, and only then named by current: a crash at any line leaves the one
// before in force.
package store

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

// Format is the version of the layout that this program writes.
const Format = 1

const (
	generations = "generations"
	objects     = "objects"
	current     = "current"
	formatFile  = "format"
)

// Store is a data directory. It is safe for concurrent use by several
// processes: many may read while one writes.
type Store struct{ dir string }

// Open looks at a data directory without creating anything; a directory that
// does not exist yet is an empty store. Errors are *Error.
func Open(dir string) (*Store, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &Store{dir}, nil
	}
	if err != nil {
		return nil, &Error{Code: Unreadable, Path: dir, Err: err}
	}
	if !info.IsDir() {
		return nil, &Error{Code: NotDirectory, Path: dir}
	}
	b, err := os.ReadFile(filepath.Join(dir, formatFile))
	if errors.Is(err, fs.ErrNotExist) {
		return &Store{dir}, nil
	}
	if err != nil {
		return nil, &Error{Code: Unreadable, Path: dir, Err: err}
	}
	version, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, &Error{Code: Damaged, Path: filepath.Join(dir, formatFile), Err: err}
	}
	if version > Format {
		return nil, &Error{Code: Newer, Path: dir, Version: version}
	}
	return &Store{dir}, nil
}

// Dir is the path of the data directory.
func (s *Store) Dir() string { return s.dir }

// Portal is a portal that was harvested.
type Portal struct {
	URL       string    `json:"url"`
	Type      string    `json:"type"`
	Datasets  int       `json:"datasets"`
	Refreshed time.Time `json:"refreshed"`
}

// manifest is what a generation says of itself.
type manifest struct {
	ID       string    `json:"id"`
	Created  time.Time `json:"created"`
	Datasets int       `json:"datasets"`
	Portals  []Portal  `json:"portals"`
}

// Generation is one state of the data directory. Its files never change.
type Generation struct {
	manifest
	dir string
}

var generationName = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}-[0-9a-z]+$`)

// Current returns the generation in force, nil where nothing was stored yet.
func (s *Store) Current() (*Generation, error) {
	b, err := os.ReadFile(filepath.Join(s.dir, current))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Error{Code: Unreadable, Path: s.dir, Err: err}
	}
	name := strings.TrimSpace(string(b))
	if !generationName.MatchString(name) {
		return nil, &Error{Code: Damaged, Path: filepath.Join(s.dir, current)}
	}
	return s.generation(name)
}

func (s *Store) generation(name string) (*Generation, error) {
	g := &Generation{dir: filepath.Join(s.dir, generations, name)}
	b, err := os.ReadFile(filepath.Join(g.dir, "manifest.json"))
	if err != nil {
		return nil, &Error{Code: Damaged, Path: g.dir, Err: err}
	}
	if err := json.Unmarshal(b, &g.manifest); err != nil {
		return nil, &Error{Code: Damaged, Path: g.dir, Err: err}
	}
	return g, nil
}

// ID names the generation.
func (g *Generation) ID() string { return g.manifest.ID }

// Created is when it was committed.
func (g *Generation) Created() time.Time { return g.manifest.Created }

// Portals lists the portals its datasets come from.
func (g *Generation) Portals() []Portal { return g.manifest.Portals }

// Count is how many datasets it holds.
func (g *Generation) Count() int { return g.manifest.Datasets }

// Path is where a file of the generation is, or would be.
func (g *Generation) Path(name string) string { return filepath.Join(g.dir, name) }

// Has tells whether the generation holds the file.
func (g *Generation) Has(name string) bool {
	_, err := os.Stat(g.Path(name))
	return err == nil
}

// Datasets calls yield for every dataset, in the order they were written, until
// it returns false.
func (g *Generation) Datasets(yield func(dataset.Dataset) bool) error {
	f, err := os.Open(g.Path("datasets.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &Error{Code: Unreadable, Path: g.dir, Err: err}
	}
	defer f.Close()
	dec := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	for dec.More() {
		var d dataset.Dataset
		if err := dec.Decode(&d); err != nil {
			return &Error{Code: Damaged, Path: g.Path("datasets.jsonl"), Err: err}
		}
		if !yield(d) {
			return nil
		}
	}
	return nil
}

// Holding is a table with the dataset it came with.
type Holding struct {
	Dataset dataset.Dataset `json:"dataset"`
	Table   dataset.Table   `json:"table"`
}

// Tables lists the tables with their datasets, without reading the other datasets.
func (g *Generation) Tables() ([]Holding, error) {
	b, err := os.ReadFile(g.Path("tables.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Error{Code: Unreadable, Path: g.dir, Err: err}
	}
	var tables []Holding
	if err := json.Unmarshal(b, &tables); err != nil {
		return nil, &Error{Code: Damaged, Path: g.Path("tables.json"), Err: err}
	}
	return tables, nil
}

// Object is the path of the file with that SHA-256, in hexadecimal.
func (s *Store) Object(sha256 string) string {
	if len(sha256) < 2 {
		return filepath.Join(s.dir, objects, "none")
	}
	return filepath.Join(s.dir, objects, sha256[:2], sha256)
}

func newName(now time.Time) string {
	return fmt.Sprintf("%s-%s", now.UTC().Format("20060102T150405"), strconv.FormatInt(now.UnixNano()%1_000_000_000, 36))
}

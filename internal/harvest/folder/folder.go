// Package folder reads a folder of this machine as a portal: metadata saved from
// portals, in any dialect known here, and files of tables, which a file of
// metadata beside them may describe.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Type is the name of this dialect.
const Type = "folder"

const (
	maxFiles = 100_000
	maxBytes = 256 << 20 // of a metadata file
	scheme   = "file://"
)

// Source is a folder, or one file.
type Source struct{ path string }

// Error is a folder that cannot be read.
type Error struct {
	Path string // of the folder, or of the file in it that is at fault
	Err  error
}

// Error says it in English, for logs; see Sentence for people.
func (e *Error) Error() string { return fmt.Sprintf("read %s: %v", e.Path, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says in one sentence, in the language given, what is wrong.
func (e *Error) Sentence(l lang.Lang) string {
	if errors.Is(e.Err, fs.ErrNotExist) {
		return texts.Say(l, "harvest.no_folder", "path", e.Path)
	}
	return texts.Say(l, "harvest.folder_unreadable", "path", e.Path, "why", e.Err)
}

// Is tells whether an address is that of a folder or file that exists.
func Is(address string) bool {
	_, err := os.Stat(Path(address))
	return err == nil
}

// Path is the path that an address stands for, "file://" or not.
func Path(address string) string {
	return filepath.Clean(filepath.FromSlash(strings.TrimPrefix(address, scheme)))
}

// New reads the folder at an address.
func New(address string) (*Source, error) {
	path, err := filepath.Abs(Path(address))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return nil, &Error{Path: Path(address), Err: err}
	}
	return &Source{path: path}, nil
}

// URL is the folder as an address.
func (s *Source) URL() string { return scheme + filepath.ToSlash(s.path) }

// Type is "folder".
func (s *Source) Type() string { return Type }

// Harvest implements harvest.Source: file after file, by name.
func (s *Source) Harvest(ctx context.Context, to harvest.Sink) (harvest.Report, error) {
	report := harvest.Report{Type: Type, Declared: -1}
	described, err := s.described()
	if err != nil {
		return report, err
	}
	had := map[string]bool{}
	files := 0
	err = filepath.WalkDir(s.path, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case strings.HasPrefix(entry.Name(), ".") && path != s.path:
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		if files++; files > maxFiles {
			return errTooMany
		}
		found, err := s.read(path, described, &report)
		if err != nil {
			report.Broken++
			return nil // one file's fault is that file's
		}
		for _, d := range found {
			if had[d.ID] {
				report.Duplicates++
				continue
			}
			had[d.ID] = true
			if err := to.Put(d); err != nil {
				return err
			}
			report.Datasets++
		}
		to.Told(report)
		return nil
	})
	report.Pages = files
	return report, err
}

var errTooMany = errors.New("folder of more than 100,000 files")

// metadata are the ends of files that may hold records of a portal.
var metadata = []string{".json", ".jsonld", ".geojson", ".xml", ".rdf", ".ttl", ".nt"}

// layerExt is the end of a file that is a map layer, where it holds no records.
const layerExt = ".geojson"

// tables are the ends of files that are tables themselves.
var tables = []string{".csv", ".tsv", ".xlsx", ".ods", ".parquet"}

func (s *Source) read(path string, described map[string]dataset.Dataset, report *harvest.Report) ([]dataset.Dataset, error) {
	ext := strings.ToLower(filepath.Ext(path))
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(tables, ext):
		return []dataset.Dataset{s.table(path, ext, info, described)}, nil
	case ext == layerExt && info.Size() > maxBytes:
		return []dataset.Dataset{s.table(path, ext, info, described)}, nil
	case slices.Contains(metadata, ext) && info.Size() <= maxBytes:
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		found, r, err := Records(b, s.URL())
		if ext == layerExt && len(found) == 0 { // no records of a portal: a map layer
			return []dataset.Dataset{s.table(path, ext, info, described)}, nil
		}
		report.Add(r)
		return found, err
	}
	return nil, nil
}

// table is a file as a dataset of its own.
func (s *Source) table(path, ext string, info fs.FileInfo, described map[string]dataset.Dataset) dataset.Dataset {
	rel, err := filepath.Rel(s.path, path)
	if err != nil || rel == "." {
		rel = filepath.Base(path)
	}
	rel = filepath.ToSlash(rel)
	d := described[rel]
	d.ID, d.Name, d.Portal = rel, rel, s.URL()
	if d.Title == "" {
		d.Title = strings.Join(strings.Fields(strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))), " ")
	}
	if d.Modified.IsZero() {
		d.Modified = info.ModTime().UTC()
	}
	d.Distributions = []dataset.Distribution{{ID: rel, Title: filepath.Base(path), URL: scheme + filepath.ToSlash(path), Format: ext[1:], Size: info.Size(), Modified: info.ModTime().UTC()}}
	return d
}

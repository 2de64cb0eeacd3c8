package store

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

// kept is how many generations stay: the current one and those that answers
// given lately may be replayed on.
const kept = 3

// Draft is a generation being written. It must end by Commit or Discard.
type Draft struct {
	s        *Store
	lock     *os.File
	name     string
	dir      string
	previous *Generation
	manifest manifest
	done     bool
}

// Begin starts a generation on top of the current one: it alone may write until
// it ends. Files that are not written anew are carried over from the one
// before. Errors are *Error; Busy when another process writes.
func (s *Store) Begin() (*Draft, error) {
	for _, d := range []string{s.dir, filepath.Join(s.dir, generations), filepath.Join(s.dir, objects)} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, &Error{Code: NotWritable, Path: s.dir, Err: err}
		}
	}
	lock, err := acquire(filepath.Join(s.dir, "lock"))
	if err != nil {
		return nil, err
	}
	d := &Draft{s: s, lock: lock, name: newName(time.Now())}
	d.dir = filepath.Join(s.dir, generations, "draft-"+d.name)
	if err := d.begin(); err != nil {
		d.Discard()
		return nil, err
	}
	return d, nil
}

func (d *Draft) begin() error {
	format := filepath.Join(d.s.dir, formatFile)
	if _, err := os.Stat(format); errors.Is(err, fs.ErrNotExist) {
		if err := writeFile(format, []byte(fmt.Sprintln(Format))); err != nil {
			return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
		}
	}
	leftovers, err := filepath.Glob(filepath.Join(d.s.dir, generations, "draft-*"))
	if err != nil {
		return err
	}
	for _, l := range leftovers {
		os.RemoveAll(l) // of a process that died; best effort
	}
	if err := os.Mkdir(d.dir, 0o755); err != nil {
		return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	if d.previous, err = d.s.Current(); err != nil {
		return err
	}
	if d.previous != nil {
		d.manifest.Portals = slices.Clone(d.previous.Portals())
		d.manifest.Datasets = d.previous.Count()
	}
	return nil
}

// Previous is the generation in force; nil for the first draft.
func (d *Draft) Previous() *Generation { return d.previous }

// Path is where to write a file of the new generation.
func (d *Draft) Path(name string) string { return filepath.Join(d.dir, name) }

// Drop keeps a file from being carried over from the generation before: it no
// longer goes with what the draft holds.
func (d *Draft) Drop(name string) error {
	return writeFile(d.Path(name+".dropped"), nil)
}

// Datasets takes the datasets of one portal, in place of those it had before;
// other portals' are carried over.
func (d *Draft) Datasets(portal Portal, datasets []dataset.Dataset) error {
	f, err := os.Create(d.Path("datasets.jsonl"))
	if err != nil {
		return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	count := 0
	var werr error
	write := func(x dataset.Dataset) bool {
		werr = enc.Encode(x)
		count++
		return werr == nil
	}
	if d.previous != nil {
		err := d.previous.Datasets(func(x dataset.Dataset) bool {
			return x.Portal == portal.URL || write(x)
		})
		if err := errors.Join(err, werr); err != nil {
			return fmt.Errorf("carry datasets over: %w", err)
		}
	}
	for _, x := range datasets {
		x.Portal = portal.URL
		if !write(x) {
			break
		}
	}
	if err := errors.Join(werr, w.Flush(), f.Sync()); err != nil {
		return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	portal.Datasets = len(datasets)
	d.manifest.Portals = append(slices.DeleteFunc(d.manifest.Portals, func(p Portal) bool { return p.URL == portal.URL }), portal)
	d.manifest.Datasets = count
	return nil
}

// Tables takes the tables of the generation, all of them.
func (d *Draft) Tables(tables iter.Seq[Holding]) error {
	b, err := json.Marshal(slices.Collect(tables))
	if err != nil {
		return err
	}
	if err := writeFile(d.Path("tables.json"), b); err != nil {
		return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	return nil
}

// Put moves a file of the same file system (TempDir) among the objects, under
// its SHA-256. A file that is there already stays.
func (d *Draft) Put(path, sha256 string) error {
	to := d.s.Object(sha256)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	if err := os.Chmod(path, 0o444); err != nil {
		return err
	}
	if err := os.Rename(path, to); err != nil {
		return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	return nil
}

// TempDir makes a folder inside the draft, gone with it or at its commit.
func (d *Draft) TempDir() (string, error) {
	dir := d.Path("tmp")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	return dir, nil
}

// Commit flushes the draft, puts it in force and removes the oldest generations
// and the objects that only they named.
func (d *Draft) Commit() (*Generation, error) {
	defer d.Discard()
	if err := d.carryOver(); err != nil {
		return nil, err
	}
	d.manifest.ID, d.manifest.Created = d.name, time.Now().UTC()
	b, err := json.MarshalIndent(d.manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := writeFile(d.Path("manifest.json"), b); err != nil {
		return nil, &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	final := filepath.Join(d.s.dir, generations, d.name)
	if err := errors.Join(syncDir(d.dir), os.Rename(d.dir, final), syncDir(filepath.Dir(final))); err != nil {
		return nil, &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	d.dir = final
	if err := writeFile(filepath.Join(d.s.dir, current), []byte(d.name+"\n")); err != nil {
		return nil, &Error{Code: NotWritable, Path: d.s.dir, Err: err}
	}
	d.done = true
	d.s.sweep()
	return d.s.generation(d.name)
}

// carryOver links the files of the generation before that the draft neither
// wrote nor dropped.
func (d *Draft) carryOver() error {
	os.RemoveAll(d.Path("tmp"))
	if d.previous != nil {
		entries, err := os.ReadDir(d.previous.dir)
		if err != nil {
			return &Error{Code: Unreadable, Path: d.previous.dir, Err: err}
		}
		for _, e := range entries {
			to := d.Path(e.Name())
			if exists(to) || exists(to+".dropped") || e.Name() == "manifest.json" {
				continue
			}
			if err := link(d.previous.Path(e.Name()), to); err != nil {
				return &Error{Code: NotWritable, Path: d.s.dir, Err: err}
			}
		}
	}
	dropped, err := filepath.Glob(d.Path("*.dropped"))
	for _, path := range dropped {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// Discard drops a draft that was not committed, and lets others write.
func (d *Draft) Discard() {
	if !d.done {
		os.RemoveAll(d.dir) // swept by the next Begin otherwise
	}
	if d.lock != nil {
		release(d.lock)
		d.lock = nil
	}
}

// sweep removes old generations and the objects nobody names any more. It is
// best effort: what stays is swept next time.
func (s *Store) sweep() {
	entries, err := os.ReadDir(filepath.Join(s.dir, generations))
	if err != nil {
		return
	}
	var names []string
	for _, e := range entries {
		if generationName.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	sort.Strings(names) // their names are their dates
	named := map[string]bool{}
	for i, name := range names {
		if i < len(names)-kept {
			os.RemoveAll(filepath.Join(s.dir, generations, name))
			continue
		}
		g, err := s.generation(name)
		if err != nil {
			return // a doubt removes no object
		}
		tables, err := g.Tables()
		if err != nil {
			return
		}
		for _, t := range tables {
			named[t.Table.Parquet] = true
		}
	}
	filepath.WalkDir(filepath.Join(s.dir, objects), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !named[filepath.Base(path)] {
			os.Remove(path)
		}
		return nil
	})
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// link makes to the same file as from, by a copy where links are not had.
func link(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm()|0o200)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close(), os.Chmod(to, info.Mode().Perm()))
}

// writeFile writes a small file at once: readers see the old one or the new one.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+strings.TrimPrefix(filepath.Base(path), ".")+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !isInvalid(err) {
		return err
	}
	return nil
}

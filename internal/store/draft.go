package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"cigogne/internal/dataset"
)

// Draft is a generation being written. It starts as a copy of the current one:
// portals and tables that are not put anew stay as they are. Files of other
// rooms do not: they are written again, or kept with Keep. A Draft is for one
// goroutine, and ends with Commit or Discard.
type Draft struct {
	s       *Store
	g       Generation
	base    *Generation
	lock    *os.File
	touched map[string]bool // folders whose new names the disk must hold before the switch
	done    bool
}

var errDone = errors.New("the draft is committed or discarded")

func (d *Draft) usable() error {
	if d.done {
		return errDone
	}
	return nil
}

// Begin takes the lock and starts a draft. It fails at once with an *Error of
// Reason Busy where another process, or another Draft of this one, has it.
// What a writer that died left behind is swept first.
func (s *Store) Begin(ctx context.Context) (*Draft, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.mode != Write {
		return nil, errors.New("begin a draft: store is open for reading")
	}
	lock, err := s.takeLock()
	if err != nil {
		return nil, err
	}
	d := &Draft{s: s, lock: lock, touched: map[string]bool{}}
	if err := d.start(); err != nil {
		d.unlock()
		return nil, s.fail("begin a draft", err)
	}
	return d, nil
}

func (s *Store) takeLock() (*os.File, error) {
	f, err := os.OpenFile(s.path("lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, s.fail("open lock", err)
	}
	taken, err := tryLock(f)
	if taken || err != nil {
		f.Close()
		if taken {
			return nil, s.refuse(Busy, nil)
		}
		return nil, s.fail("lock", err)
	}
	return f, nil
}

func (d *Draft) start() error {
	if err := os.RemoveAll(d.s.path("draft")); err != nil {
		return err
	}
	base, err := d.s.Current()
	if err != nil {
		return err
	}
	ids, err := d.s.generations()
	if err != nil {
		return err
	}
	last := 0
	if base != nil {
		d.base, d.g = base, *base
		d.g.Portals, d.g.held = slices.Clone(base.Portals), slices.Clone(base.held)
		last, _ = strconv.Atoi(base.ID)
	}
	for _, id := range ids {
		// A folder past the current one was never switched to.
		if base != nil && id > base.ID {
			if err := os.RemoveAll(d.s.path("generations", id)); err != nil {
				return err
			}
		}
	}
	d.g.s, d.g.ID = d.s, fmt.Sprintf(idLayout, last+1)
	for _, dir := range []string{"generations", "objects", "draft/files", "draft/temp"} {
		if err := os.MkdirAll(d.s.path(dir), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// unlock lets the next writer in.
func (d *Draft) unlock() {
	d.done = true
	d.lock.Close() // the lock goes with the file
}

// ID returns the id that the generation will have.
func (d *Draft) ID() string { return d.g.ID }

// Base returns the generation that the draft starts from, nil for the first.
func (d *Draft) Base() *Generation { return d.base }

// Draft returns the draft as the generation it will be, for reading what has
// been put so far. Its Path does not hold: see Draft.Path.
func (d *Draft) Draft() *Generation { return &d.g }

// Path returns where another room writes a file of the generation. Whoever
// writes there closes the file before Commit.
func (d *Draft) Path(name string) string { return within(d.s.path("draft", "files"), name) }

// Temp returns a folder for files in the making, on the same file system as
// the objects; it goes when the draft ends.
func (d *Draft) Temp() string { return d.s.path("draft", "temp") }

// Keep takes a file or folder over from the base generation unchanged. It
// reports an error that is os.ErrNotExist where the base has no such file.
func (d *Draft) Keep(name string) error {
	if err := d.usable(); err != nil {
		return err
	}
	if d.base == nil {
		return fmt.Errorf("keep %s: %w", name, os.ErrNotExist)
	}
	from, to := d.base.Path(name), d.Path(name)
	err := filepath.WalkDir(from, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return link(p, target)
	})
	return d.s.fail("keep "+name, err)
}

// PutDatasets replaces the datasets of the portal p.URL by those that fill
// puts, in their order, and returns how many. Where fill fails, the portal
// stays as it was and the error is returned as it came. p.Refreshed is set to
// now where it is zero.
func (d *Draft) PutDatasets(p Portal, fill func(put func(dataset.Dataset) error) error) (int, error) {
	if err := d.usable(); err != nil {
		return 0, err
	}
	w, err := newRecordWriter(d.Temp())
	if err != nil {
		return 0, d.s.fail("put datasets", err)
	}
	defer w.abort()
	if err := fill(func(ds dataset.Dataset) error {
		return d.s.fail("put dataset "+ds.ID, w.add(ds, ds.ID, ds.Name))
	}); err != nil {
		return 0, err
	}
	if p.records, err = w.finish(d); err != nil {
		return 0, d.s.fail("put datasets", err)
	}
	if p.Datasets = p.records.Count; p.Refreshed.IsZero() {
		p.Refreshed = d.s.now().UTC()
	}
	if i := slices.IndexFunc(d.g.Portals, func(q Portal) bool { return q.URL == p.URL }); i >= 0 {
		d.g.Portals[i] = p
	} else {
		d.g.Portals = append(d.g.Portals, p)
	}
	return p.Datasets, nil
}

// Drop removes a portal and its datasets; tables are not touched.
func (d *Draft) Drop(url string) {
	d.g.Portals = slices.DeleteFunc(d.g.Portals, func(p Portal) bool { return p.URL == url })
}

// PutTables replaces all tables. The objects they name (SHA256, Parquet) are
// kept as long as the generation is.
func (d *Draft) PutTables(tables []dataset.Table) error {
	if err := d.usable(); err != nil {
		return err
	}
	w, err := newRecordWriter(d.Temp())
	if err != nil {
		return d.s.fail("put tables", err)
	}
	defer w.abort()
	held := []string{}
	for i := range tables {
		t := &tables[i]
		if err := w.add(t, t.ID, t.DatasetID); err != nil {
			return d.s.fail("put table "+t.ID, err)
		}
		for _, sha := range []string{t.SHA256, t.Parquet} {
			if isHash(sha) && !slices.Contains(held, sha) {
				held = append(held, sha)
			}
		}
	}
	if d.g.tables, err = w.finish(d); err != nil {
		return d.s.fail("put tables", err)
	}
	d.g.held = held
	return nil
}

// Commit makes the draft the current generation, once the disk holds all of
// it, and lets the next writer in. Where it fails, the old one stays current.
func (d *Draft) Commit(ctx context.Context) (*Generation, error) {
	if err := d.usable(); err != nil {
		return nil, err
	}
	err := ctx.Err()
	if err == nil {
		err = d.commit()
	}
	d.clear()
	if err != nil {
		return nil, d.s.fail("commit generation "+d.g.ID, err)
	}
	return d.s.generation(d.g.ID)
}

func (d *Draft) commit() error {
	d.g.Created = d.s.now().UTC()
	text, err := json.MarshalIndent(d.g.manifest(), "", "\t")
	if err != nil {
		return err
	}
	files := d.s.path("draft", "files")
	if err := os.WriteFile(filepath.Join(files, manifestName), append(text, '\n'), 0o644); err != nil {
		return err
	}
	if err := syncTree(files); err != nil {
		return err
	}
	for dir := range d.touched {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	if err := syncDir(d.s.path("objects")); err != nil {
		return err
	}
	if err := os.Rename(files, d.s.path("generations", d.g.ID)); err != nil {
		return err
	}
	if err := syncDir(d.s.path("generations")); err != nil {
		return err
	}
	return d.s.replace("current", []byte(d.g.ID+"\n"))
}

// Discard drops the draft. It does nothing after Commit, so that it may be
// deferred.
func (d *Draft) Discard() error {
	if d.done {
		return nil
	}
	return d.clear()
}

func (d *Draft) clear() error {
	err := os.RemoveAll(d.s.path("draft"))
	d.unlock()
	return d.s.fail("discard draft", err)
}

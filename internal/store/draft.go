package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"cigogne/internal/dataset"
)

// Draft is a generation being written. It starts as a copy of the current one:
// portals and tables that are not put anew stay as they are. Files of other
// rooms do not: they are written again, or kept with Keep. Put and Adopt may be
// called by several goroutines at once, the other methods by one. A Draft ends
// with Commit or Discard.
type Draft struct {
	s    *Store
	g    Generation
	base *Generation
	lock *os.File
	done bool

	release func() // of the lock that all servers share; nil: there is none

	mu      sync.Mutex
	folders map[string]bool // of objects: the disk must hold their names before the switch
}

var errDone = errors.New("the draft is committed or discarded")

// Begin takes the lock and starts a draft. It fails at once with an *Error of
// Reason Busy where another process, or another Draft of this one, has it.
// What a writer that died left behind is swept first. Over a bucket the lock is that
// of all its servers, and the draft starts from what is in force there.
func (s *Store) Begin(ctx context.Context) (*Draft, error) {
	return s.begin(ctx, s.claim)
}

// begin starts a draft once the directory's lock is held and claim has the other one.
func (s *Store) begin(ctx context.Context, claim func(context.Context) (func(), error)) (*Draft, error) {
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
	release, err := claim(ctx)
	if err != nil {
		lock.Close()
		return nil, err
	}
	d := &Draft{s: s, lock: lock, release: release, folders: map[string]bool{}}
	if err := d.start(); err != nil {
		d.unlock()
		return nil, s.writing("begin a draft", err)
	}
	return d, nil
}

func (s *Store) takeLock() (*os.File, error) {
	f, err := os.OpenFile(s.path("lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, s.writing("open lock", err)
	}
	taken, err := tryLock(f)
	if taken || err != nil {
		f.Close()
		if taken {
			return nil, s.refuse(Busy, nil)
		}
		return nil, s.writing("lock", err)
	}
	return f, nil
}

func (d *Draft) start() error {
	// Another program may have changed the layout since the store was opened.
	if err := d.s.checkFormat(); err != nil {
		return err
	}
	base, err := d.s.Current()
	if e := (*Error)(nil); err != nil && !(errors.As(err, &e) && e.Reason == Damaged) {
		return err // a damaged directory is written anew
	}
	ids, err := d.s.generations()
	if err != nil {
		return err
	}
	last := 0
	if len(ids) > 0 {
		last, _ = strconv.Atoi(ids[len(ids)-1])
	}
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
	return d.s.lay()
}

// unlock lets the next writer in.
func (d *Draft) unlock() {
	d.done = true
	d.lock.Close() // the lock goes with the file
	if d.release != nil {
		d.release()
	}
}

// ID returns the id that the generation will have.
func (d *Draft) ID() string { return d.g.ID }

// Base returns the generation that the draft starts from, nil for the first.
func (d *Draft) Base() *Generation { return d.base }

// Generation returns the generation as it stands so far, for reading what has
// been put or taken over. Its Path does not hold yet: see Draft.Path.
func (d *Draft) Generation() *Generation { return &d.g }

// Path returns where another room writes a file of the generation. Whoever
// writes there closes the file before Commit.
func (d *Draft) Path(name string) string { return within(d.s.path("draft", "files"), name) }

// Temp returns a folder for files in the making, on the same file system as
// the objects; it goes when the draft ends.
func (d *Draft) Temp() string { return d.s.path("draft", "temp") }

// Keep takes a file or folder over from the base generation unchanged. It
// reports an error that is os.ErrNotExist where the base has no such file.
func (d *Draft) Keep(name string) error {
	if d.done {
		return errDone
	}
	if d.base == nil {
		return fmt.Errorf("keep %s: %w", name, os.ErrNotExist)
	}
	return d.s.writing("keep "+name, linkTree(d.base.Path(name), d.Path(name)))
}

// PutDatasets replaces the datasets of the portal p.URL by those that fill
// puts, in their order, and returns how many. Where fill fails, the portal
// stays as it was and the error is returned as it came. The datasets' Portal
// becomes p.URL; p.Refreshed becomes now where it is zero.
func (d *Draft) PutDatasets(p Portal, fill func(put func(dataset.Dataset) error) error) (int, error) {
	if d.done {
		return 0, errDone
	}
	var failed error // fill's own, which is not about the store
	r, err := d.writeRecords(func(add func(any, ...string) error) error {
		failed = fill(func(ds dataset.Dataset) error {
			ds.Portal = p.URL
			return add(ds, ds.ID, ds.Name)
		})
		return failed
	})
	if failed != nil {
		return 0, failed
	}
	if err != nil {
		return 0, d.s.writing("put datasets", err)
	}
	p.records = r
	if p.Datasets = p.records.Count; p.Refreshed.IsZero() {
		p.Refreshed = d.s.now().UTC()
	}
	if i := slices.IndexFunc(d.g.Portals, func(q Portal) bool { return q.URL == p.URL }); i >= 0 {
		p.withdrawn = d.g.Portals[i].withdrawn
		d.g.Portals[i] = p
	} else {
		d.g.Portals = append(d.g.Portals, p)
	}
	return p.Datasets, nil
}

// PutWithdrawn replaces the datasets that a portal published once and does no
// more by those that fill puts.
func (d *Draft) PutWithdrawn(url string, fill func(put func(dataset.Dataset) error) error) error {
	if d.done {
		return errDone
	}
	i := slices.IndexFunc(d.g.Portals, func(q Portal) bool { return q.URL == url })
	if i < 0 {
		return nil
	}
	r, err := d.writeRecords(func(add func(any, ...string) error) error {
		return fill(func(ds dataset.Dataset) error { return add(ds, ds.ID, ds.Name) })
	})
	if err != nil {
		return d.s.writing("put withdrawn datasets", err)
	}
	if r.Count == 0 {
		r = records{}
	}
	d.g.Portals[i].withdrawn = r
	return nil
}

// Drop removes a portal and its datasets; tables are not touched.
func (d *Draft) Drop(url string) {
	d.g.Portals = slices.DeleteFunc(d.g.Portals, func(p Portal) bool { return p.URL == url })
}

// PutTables replaces all tables. The objects they name (SHA256, Parquet) are
// kept as long as the generation is.
func (d *Draft) PutTables(tables []dataset.Table) error {
	if d.done {
		return errDone
	}
	named := map[string]bool{}
	r, err := d.writeRecords(func(add func(any, ...string) error) error {
		for i := range tables {
			t := &tables[i]
			if err := add(t, t.ID, t.DatasetID); err != nil {
				return err
			}
			named[t.SHA256], named[t.Parquet] = true, true
		}
		return nil
	})
	if err != nil {
		return d.s.writing("put tables", err)
	}
	d.g.tables, d.g.held = r, nil
	for sha := range named {
		if isHash.MatchString(sha) {
			d.g.held = append(d.g.held, sha)
		}
	}
	slices.Sort(d.g.held)
	return nil
}

// Commit makes the draft the current generation, once the disk holds all of
// it, and lets the next writer in. Where it fails, the old one stays current.
func (d *Draft) Commit(ctx context.Context) (*Generation, error) {
	if d.done {
		return nil, errDone
	}
	err := ctx.Err()
	if err == nil {
		err = d.commit(ctx)
	}
	d.clear()
	if err != nil {
		return nil, d.s.writing("commit generation "+d.g.ID, err)
	}
	return d.s.generation(d.g.ID)
}

func (d *Draft) commit(ctx context.Context) error {
	d.g.Created = d.s.now().UTC()
	files := d.s.path("draft", "files")
	var err error
	if d.g.files, err = sums(files); err != nil {
		return err
	}
	text, err := json.MarshalIndent(d.g.manifest(), "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(files, manifestName), append(text, '\n'), 0o644); err != nil {
		return err
	}
	if err := syncTree(files); err != nil {
		return err
	}
	d.folders[d.s.path("objects")] = true
	for dir := range d.folders {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	var h head
	if d.s.shared != nil { // first: what the bucket does not have is in force nowhere
		if h, err = d.s.publish(ctx, &d.g, files); err != nil {
			return d.s.away("publish generation "+d.g.ID, err)
		}
	}
	if err := os.Rename(files, d.s.path("generations", d.g.ID)); err != nil {
		return err
	}
	if err := syncDir(d.s.path("generations")); err != nil {
		return err
	}
	if err := d.s.replace("format", fmt.Appendln(nil, Version)); err != nil {
		return err
	}
	if err := d.s.replace("current", []byte(d.g.ID+"\n")); err != nil || d.s.shared == nil {
		return err
	}
	return d.s.mark(h)
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
	return d.s.writing("discard draft", err)
}

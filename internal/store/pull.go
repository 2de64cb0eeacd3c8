package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sync/errgroup"
)

// keptCopies is how many generations a copy holds: those who opened the one before
// finish with it.
const keptCopies = 2

// transfers is how many files come or go at once.
const transfers = 8

// Pull brings the directory to what is in force in the bucket, if it is not there
// yet, and tells whether it did. Only what is missing is fetched, and everything
// fetched is held against its hash before anything is switched. Where another
// process is at it, or writes, nothing is done. A store over no bucket has nothing
// to pull. The error is an *Error: Away, Foreign, or the directory's.
func (s *Store) Pull(ctx context.Context) (bool, error) {
	if s.shared == nil {
		return false, nil
	}
	h, err := s.shared.look(ctx)
	if err != nil || h.id == "" || s.holds(h) {
		return false, s.away("look for a generation", err)
	}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return false, s.writing("make data directory", err)
	}
	lock, err := s.takeLock()
	if e := (*Error)(nil); errors.As(err, &e) && e.Reason == Busy {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer lock.Close()
	if s.holds(h) {
		return false, nil // another process was faster
	}
	return true, s.pull(ctx, h)
}

// holds tells whether the directory is a copy of what is in force.
func (s *Store) holds(h head) bool {
	address, was := s.marked()
	text, err := os.ReadFile(s.path("current"))
	return err == nil && address == s.shared.bucket.Address() && was == h.String() && string(text) == h.id+"\n"
}

// pull copies a generation; the lock is held.
func (s *Store) pull(ctx context.Context, h head) error {
	if err := s.checkFormat(); err != nil {
		return err
	}
	c, err := s.shared.contents(ctx, h)
	if err != nil {
		return s.away("read the contents of generation "+h.id, err)
	}
	if err := s.ours(c); err != nil {
		return err
	}
	if err := s.copyIn(ctx, h, c); err != nil {
		return s.away("copy generation "+h.id, s.writing("copy generation "+h.id, err))
	}
	return s.writing("remove what is not needed any more", s.trim(ctx, h.id))
}

// ours refuses a directory with a generation of its own, which would be lost.
func (s *Store) ours(c contents) error {
	address, _ := s.marked()
	if address == s.shared.bucket.Address() {
		return nil
	}
	g, err := s.Current()
	if g == nil && err == nil {
		return nil
	}
	if g != nil && g.ID == c.ID { // the same one, that was moved
		if o, err := identify(g.Path(manifestName)); err == nil && o.SHA256 == c.Files[manifestName].SHA256 {
			return nil
		}
	}
	return &Error{Reason: Foreign, Dir: s.dir, Err: fmt.Errorf("not a copy of %s", s.shared.bucket.Address())}
}

func (s *Store) copyIn(ctx context.Context, h head, c contents) error {
	if err := s.replace("format", fmt.Appendln(nil, Version)); err != nil {
		return err
	}
	if err := s.lay(); err != nil {
		return err
	}
	defer os.RemoveAll(s.path("draft"))
	known, err := s.known()
	if err != nil {
		return err
	}
	files := s.path("draft", "files")
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(transfers)
	n := 0
	for name, b := range c.Files {
		group.Go(func() error { return s.bring(gctx, b, within(files, name), known) })
	}
	for _, b := range c.Objects {
		if info, err := os.Stat(s.Object(b.SHA256)); err == nil && info.Size() == b.Size {
			continue
		}
		n++
		temp := s.path("draft", "temp", strconv.Itoa(n))
		group.Go(func() error {
			if err := s.shared.fetch(gctx, b, temp); err != nil {
				return err
			}
			return s.name(temp, b.SHA256)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := syncTree(files); err != nil {
		return err
	}
	folder := s.path("generations", h.id)
	if err := os.RemoveAll(folder); err != nil { // never in force here: an attempt that was not finished
		return err
	}
	if err := os.Rename(files, folder); err != nil {
		return err
	}
	if err := errors.Join(syncDir(s.path("objects")), syncDir(s.path("generations"))); err != nil {
		return err
	}
	if err := s.replace("current", []byte(h.id+"\n")); err != nil {
		return err
	}
	return s.mark(h)
}

// lay makes the folders that a generation is written in, empty.
func (s *Store) lay() error {
	if err := os.RemoveAll(s.path("draft")); err != nil {
		return err
	}
	for _, dir := range []string{"generations", "objects", "draft/files", "draft/temp"} {
		if err := os.MkdirAll(s.path(dir), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// known finds files of the generations that are here by their hash.
func (s *Store) known() (map[string]string, error) {
	ids, err := s.generations()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, id := range ids {
		g, err := s.generation(id)
		if err != nil {
			continue // a damaged one gives nothing
		}
		for name, sum := range g.files {
			out[sum] = g.Path(name)
		}
	}
	return out, nil
}

// bring puts a file of a generation in its place: linked, where one before has it
// whole, else fetched.
func (s *Store) bring(ctx context.Context, b blob, to string, known map[string]string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if from, ok := known[b.SHA256]; ok {
		if bad, err := altered(ctx, from, b.SHA256); err == nil && !bad {
			return link(from, to)
		}
	}
	return s.shared.fetch(ctx, b, to)
}

// name gives a file that is whole and on the disk its name as an object.
func (s *Store) name(file, sha256 string) error {
	target := s.Object(sha256)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := os.Chmod(file, 0o444); err != nil {
		return err
	}
	if err := os.Rename(file, target); err != nil {
		return err
	}
	return syncDir(filepath.Dir(target))
}

// trim removes generations and objects that a copy does not need. What a kept
// answer needs beyond them is fetched when it is asked for.
func (s *Store) trim(ctx context.Context, current string) error {
	ids, err := s.generations()
	if err != nil {
		return err
	}
	kept, live := 0, map[string]bool{}
	for i := len(ids) - 1; i >= 0; i-- {
		g, err := s.generation(ids[i])
		if err != nil && ids[i] == current {
			return err
		}
		if err != nil || ids[i] > current || kept >= keptCopies {
			if err := os.RemoveAll(s.path("generations", ids[i])); err != nil {
				return err
			}
			continue
		}
		kept++
		for _, sha := range g.objects() {
			live[sha] = true
		}
	}
	_, err = s.sweep(ctx, live)
	return err
}

// Want makes sure that an object is here, where the bucket has it: for kept
// answers, whose files outlive their generations. Where neither has it, the error
// is fs.ErrNotExist.
func (s *Store) Want(ctx context.Context, sha256 string) error {
	if _, err := os.Stat(s.Object(sha256)); err == nil || s.shared == nil || !isHash.MatchString(sha256) {
		return err
	}
	dir, err := os.MkdirTemp(s.dir, ".want-")
	if err != nil {
		return s.writing("fetch object", err)
	}
	defer os.RemoveAll(dir)
	temp := filepath.Join(dir, "object")
	if err := s.shared.fetch(ctx, blob{SHA256: sha256, Size: mostSmall}, temp); err != nil {
		if missing(err) {
			return err
		}
		return s.away("fetch object", err)
	}
	return s.writing("keep object", s.name(temp, sha256))
}

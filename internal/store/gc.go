package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
)

// GC removes all but the last keep generations (at least the current one), and
// every object that none of those names. Hashes in retain stay too: files that
// kept answers still need. It returns the number of bytes freed, and fails
// with Busy while a Draft is open. Over a bucket, it does the same there.
func (s *Store) GC(ctx context.Context, keep int, retain ...string) (freed int64, err error) {
	d, err := s.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.Discard()) }()

	ids, err := s.generations()
	if err != nil {
		return 0, err
	}
	cut := max(0, len(ids)-max(keep, 1))
	live := map[string]bool{}
	for _, sha := range retain {
		live[sha] = true
	}
	// Names first: where one generation cannot be read, nothing is removed.
	for _, id := range ids[cut:] {
		g, err := s.generation(id)
		if err != nil {
			return 0, err
		}
		for _, sha := range g.objects() {
			live[sha] = true
		}
	}
	for _, id := range ids[:cut] {
		if err := os.RemoveAll(s.path("generations", id)); err != nil {
			return 0, s.writing("remove generation "+id, err)
		}
	}
	freed, err = s.sweep(ctx, live)
	if err == nil && s.shared != nil {
		err = s.away("remove what is not needed any more", s.sweepShared(ctx, keep, retain))
	}
	return freed, err
}

// sweep removes the objects that are not live.
func (s *Store) sweep(ctx context.Context, live map[string]bool) (freed int64, err error) {
	paths, err := filepath.Glob(s.path("objects", "??", "*"))
	if err != nil {
		return 0, err
	}
	for _, p := range paths {
		if err := ctx.Err(); err != nil {
			return freed, err
		}
		if live[filepath.Base(filepath.Dir(p))+filepath.Base(p)] {
			continue
		}
		info, err := os.Stat(p)
		if err != nil {
			return freed, s.writing("sweep objects", err)
		}
		if err := os.Remove(p); err != nil {
			return freed, s.writing("sweep objects", err)
		}
		freed += info.Size()
	}
	return freed, nil
}

// objects lists what the generation needs.
func (g *Generation) objects() []string {
	all := append(slices.Clone(g.held), g.tables.objects()...)
	for _, p := range g.Portals {
		all = append(all, p.objects()...)
	}
	return all
}

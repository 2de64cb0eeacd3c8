package store

import (
	"context"
	"errors"
	"os"
)

// MoveTo sends the generation in force here into the bucket, where none is yet, and
// those of the objects named that are here; the directory is a copy of the bucket from
// then on. It tells how many files were not there yet: none, where it is done again.
// Where the bucket has another generation, of which the directory is no copy, the
// error's Reason is Foreign.
func (s *Store) MoveTo(ctx context.Context, objects []string) (g *Generation, sent int, err error) {
	d, err := s.Begin(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, d.Discard()) }()
	h, err := s.shared.look(ctx)
	if err != nil {
		return nil, 0, s.away("look for a generation", err)
	}
	before := s.shared.sent.Load()
	if g = d.Base(); g != nil && h.id == "" {
		if h, err = s.publish(ctx, g, s.path("generations", g.ID)); err != nil {
			return nil, 0, s.away("publish generation "+g.ID, err)
		}
		if err := s.mark(h); err != nil {
			return nil, 0, s.writing("mark the copy", err)
		}
	}
	for _, sha := range objects {
		if _, err := os.Stat(s.Object(sha)); err != nil {
			continue // an embedded file: who computes the answer again has it
		}
		if err := s.Send(ctx, sha); err != nil {
			return nil, 0, err
		}
	}
	return g, int(s.shared.sent.Load() - before), nil
}

// MoveFrom makes a copy stand alone: the objects named that only the bucket has come
// over, and it is no copy any more. It tells how many came.
func (s *Store) MoveFrom(ctx context.Context, objects []string) (g *Generation, brought int, err error) {
	for _, sha := range objects {
		if _, err := os.Stat(s.Object(sha)); err == nil {
			continue
		}
		err := s.Want(ctx, sha)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		brought++
	}
	if err := os.Remove(s.path(marker)); err != nil && !missing(err) {
		return nil, 0, s.writing("end the copy", err)
	}
	g, err = s.Current()
	return g, brought, err
}

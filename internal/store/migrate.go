package store

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// found is the version of the directory's layout: of one that holds nothing yet,
// that of this program.
func (s *Store) found() (int, error) {
	text, err := os.ReadFile(s.path("format"))
	if missing(err) {
		ids, err := s.generations()
		if err != nil || len(ids) == 0 {
			return Version, err
		}
		return 1, nil // the first programs wrote it once they had the rest
	}
	if err != nil {
		return 0, s.refuse(Unreadable, err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, s.refuse(Unnumbered, fmt.Errorf("format: %.20q", text))
	}
	return n, nil
}

// Migrate brings a directory of an older format to this program's, and returns the
// format that it had. A new generation takes the place of the current one: its
// portals and tables are the same, and remake puts the files of other rooms into
// the draft, by Keep or anew. Where it fails, or the machine does, the directory is
// what it was, and can be read as it was. It fails with Busy while another process
// writes; that one migrates.
func (s *Store) Migrate(ctx context.Context, remake func(context.Context, *Draft) error) (from int, err error) {
	if from, err = s.found(); err != nil || from >= Version {
		return from, err
	}
	d, err := s.Begin(ctx)
	if err != nil {
		return from, err
	}
	defer d.Discard()
	if now, err := s.found(); err != nil || now >= Version || d.Base() == nil {
		return from, err // another process came first
	}
	if err := remake(ctx, d); err != nil {
		return from, fmt.Errorf("migrate from format %d: %w", from, err)
	}
	_, err = d.Commit(ctx)
	return from, err
}

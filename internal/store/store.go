package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Version is the version of the directory's layout that this program writes: of its
// generations' files each has its hash in the manifest, and the search index is a
// folder. Version 1 had neither; it is read, and Migrate brings it up to date.
const Version = 2

// Mode is what a Store is opened for.
type Mode int

// The modes.
const (
	Read  Mode = iota // creates and changes nothing; a missing directory is an empty store
	Write             // creates the directory where it is missing
)

// Store is an open data directory. It holds no file open between calls, so it
// needs no closing, and it is safe for concurrent use.
type Store struct {
	dir  string
	mode Mode
	now  func() time.Time

	shared *Shared // nil: the directory is the truth
}

// Open opens the data directory dir. Errors that are the directory's fault are
// of type *Error: NewerVersion, NotWritable, NotDirectory,
// Unreadable, Damaged.
func Open(dir string, mode Mode) (*Store, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	s := &Store{dir: abs, mode: mode, now: time.Now}
	info, err := os.Stat(abs)
	switch {
	case err == nil && !info.IsDir(), errors.Is(err, syscall.ENOTDIR):
		return nil, s.refuse(NotDirectory, err)
	case err == nil:
		return s, s.checkFormat()
	case !missing(err):
		return nil, s.refuse(Unreadable, err)
	case mode == Read:
		return s, nil
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, s.writing("make data directory", err)
	}
	return s, nil
}

// Dir returns the absolute path of the data directory.
func (s *Store) Dir() string { return s.dir }

// checkFormat refuses a directory of a later version.
func (s *Store) checkFormat() error {
	found, err := s.found()
	if err == nil && found > Version {
		return &Error{Reason: NewerVersion, Dir: s.dir, Found: found, Known: Version}
	}
	return err
}

func (s *Store) path(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

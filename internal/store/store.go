package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Version is the version of the directory's layout that this program writes.
const Version = 1

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
	text, err := os.ReadFile(s.path("format"))
	if missing(err) {
		return nil
	}
	if err != nil {
		return s.refuse(Unreadable, err)
	}
	found, err := strconv.Atoi(strings.TrimSpace(string(text)))
	switch {
	case err != nil:
		return s.damaged("format", err)
	case found > Version:
		return &Error{Reason: NewerVersion, Dir: s.dir, Found: found, Known: Version}
	}
	return nil
}

func (s *Store) path(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
}

// Open opens the data directory dir. Errors that are the directory's fault are
// of type *Error: NewerVersion, NotWritable, NotDirectory, Damaged.
func Open(dir string, mode Mode) (*Store, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	s := &Store{dir: abs, mode: mode, now: time.Now}
	info, err := os.Stat(abs)
	switch {
	case err == nil && !info.IsDir():
		return nil, s.refuse(NotDirectory, nil)
	case err != nil && !missing(err):
		return nil, s.fail("open data directory", err)
	case err != nil && mode == Read:
		return s, nil
	case err != nil:
		if err := os.MkdirAll(abs, 0o755); err != nil {
			return nil, s.fail("make data directory", err)
		}
	}
	return s, s.checkFormat()
}

// Dir returns the absolute path of the data directory.
func (s *Store) Dir() string { return s.dir }

const formatLine = "cigogne %d\n"

// checkFormat refuses a directory of a later version, and signs a new one.
func (s *Store) checkFormat() error {
	text, err := os.ReadFile(s.path("format"))
	if missing(err) {
		if s.mode == Read {
			return nil
		}
		line := fmt.Sprintf(formatLine, Version)
		return s.fail("write format", s.replace("format", []byte(line)))
	}
	if err != nil {
		return s.fail("read format", err)
	}
	var found int
	if _, err := fmt.Sscanf(string(text), formatLine, &found); err != nil || found < 1 {
		return s.damaged("format file is not ours", err)
	}
	if found > Version {
		return &Error{Reason: NewerVersion, Dir: s.dir, Found: found, Known: Version}
	}
	return nil
}

func (s *Store) path(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

// replace writes a small file of the directory whole or not at all.
func (s *Store) replace(name string, data []byte) (err error) {
	f, err := os.CreateTemp(s.dir, "."+name+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), s.path(name)); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// syncFile waits until the disk holds the file.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

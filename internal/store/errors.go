package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"cigogne/internal/lang"
	"cigogne/internal/scratch"
	"cigogne/internal/texts"
)

// Reason is why a data directory cannot be used.
type Reason string

// The closed list of reasons.
const (
	NewerVersion Reason = "newer_version" // written by a later version of this program
	NotWritable  Reason = "not_writable"  // no right to write there, or a read-only file system
	NotDirectory Reason = "not_directory" // a file stands in its place
	Busy         Reason = "busy"          // another process is writing
	Full         Reason = "full"          // no space left on the device
	Unreadable   Reason = "unreadable"    // no right to read there, or the device fails
	Damaged      Reason = "damaged"       // a file of it is missing, cut or not what it should be
	Unnumbered   Reason = "unnumbered"    // its format file holds no number
	Away         Reason = "away"          // the object store does not answer, or refuses
	Foreign      Reason = "foreign"       // the directory has a generation of its own, the object store another
	Unfenced     Reason = "unfenced"      // the object store cannot tell who wrote first
)

// Error is a data directory that cannot be used.
type Error struct {
	Reason Reason
	Dir    string // the data directory, or the address of the object store
	Found  int    // with NewerVersion: the version of the directory
	Known  int    // with NewerVersion: the latest version this program knows
	Err    error  // the cause, may be nil
}

// Error says the reason in English, for logs; see Sentence for people.
func (e *Error) Error() string {
	s := fmt.Sprintf("store %s: %s", e.Dir, e.Reason)
	if e.Reason == NewerVersion {
		s += fmt.Sprintf(" (version %d, this program knows %d)", e.Found, e.Known)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says in one sentence, in the language given, what is wrong with the
// directory and what to do.
func (e *Error) Sentence(l lang.Lang) string {
	switch e.Reason {
	case NewerVersion:
		return texts.Say(l, "store.data_directory_has_format_newer", "dir", e.Dir, "n", e.Found, "known", e.Known)
	case NotWritable:
		return texts.Say(l, "store.data_directory_cannot_be_written", "dir", e.Dir)
	case NotDirectory:
		return texts.Say(l, "store.is_not_directory_choose_another", "dir", e.Dir)
	case Busy:
		return texts.Say(l, "store.another_cigogne_process_is_writing", "dir", e.Dir)
	case Full:
		return texts.Say(l, "store.disk_is_full_nothing_that_was", "dir", e.Dir)
	case Unnumbered:
		return texts.Say(l, "store.unnumbered", "path", filepath.Join(e.Dir, "format"), "known", Version)
	case Away:
		return texts.Say(l, "store.away", "store", e.Dir)
	case Foreign:
		return texts.Say(l, "store.foreign", "dir", e.Dir)
	case Unfenced:
		return texts.Say(l, "store.unfenced", "store", e.Dir)
	case Unreadable:
		return texts.Say(l, "store.data_directory_cannot_be_read_check", "dir", e.Dir)
	default:
		return texts.Say(l, "store.data_directory_is_damaged_run_cigogne", "dir", e.Dir)
	}
}

// writing gives an error met while writing its reason, where it has one.
func (s *Store) writing(doing string, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	err = fmt.Errorf("%s: %w", doing, err)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return s.refuse(NotWritable, err)
	case errors.Is(err, syscall.ENOTDIR):
		return s.refuse(NotDirectory, err)
	case scratch.NoRoom(err):
		return s.refuse(Full, err)
	}
	return err
}

func (s *Store) refuse(r Reason, err error) error {
	return &Error{Reason: r, Dir: s.dir, Err: err}
}

// damaged gives an error met while reading a file that must be there its
// reason.
func (s *Store) damaged(path string, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	reason := Damaged
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EIO) {
		reason = Unreadable
	}
	return s.refuse(reason, fmt.Errorf("%s: %w", filepath.Base(path), err))
}

// missing tells that there is no such file, or that a file stands where its folder was.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

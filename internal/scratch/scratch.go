// Package scratch makes folders for what is needed for a moment.
package scratch

import (
	"errors"
	"os"
	"runtime"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Error says that there is no place to write to.
type Error struct{ Err error }

func (e *Error) Error() string { return "no temporary folder: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says it to a person, with the way out.
func (e *Error) Sentence(l lang.Lang) string {
	return texts.Say(l, "scratch.no_folder")
}

// Dir makes a new folder whose name begins so, for its caller to remove. Where
// the system's folder for such things cannot be written, as in a container whose
// disk is read-only, memory that is a folder is used; the error is an *Error.
func Dir(pattern string) (string, error) {
	var failed error
	for _, parent := range parents() {
		dir, err := os.MkdirTemp(parent, pattern)
		if err == nil {
			return dir, nil
		}
		failed = errors.Join(failed, err)
	}
	return "", &Error{failed}
}

func parents() []string {
	all := []string{os.TempDir()}
	if runtime.GOOS == "linux" {
		all = append(all, "/dev/shm", "/run/user", "/var/tmp")
	}
	if dir, err := os.UserCacheDir(); err == nil {
		all = append(all, dir)
	}
	return all
}

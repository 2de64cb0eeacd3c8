//go:build !unix

package store

import (
	"errors"
	"io/fs"
	"os"
)

// acquire takes the write lock by creating its file.
func acquire(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, &Error{Code: Busy, Path: path}
	}
	if err != nil {
		return nil, &Error{Code: NotWritable, Path: path, Err: err}
	}
	return f, nil
}

func release(f *os.File) {
	f.Close()
	os.Remove(f.Name())
}

// isInvalid is true: folders are not flushed here.
func isInvalid(error) bool { return true }

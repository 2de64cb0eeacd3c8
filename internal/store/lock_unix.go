//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// acquire takes the write lock, which ends with the process that holds it.
func acquire(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, &Error{Code: NotWritable, Path: path, Err: err}
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, &Error{Code: Busy, Path: path}
		}
		return nil, &Error{Code: NotWritable, Path: path, Err: err}
	}
	return f, nil
}

func release(f *os.File) {
	syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	f.Close()
}

// isInvalid tells whether a file system does not flush folders.
func isInvalid(err error) bool { return errors.Is(err, syscall.EINVAL) }

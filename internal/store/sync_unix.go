//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// syncDir waits until the disk holds the folder's names, where a file system
// can be asked to.
func syncDir(path string) error {
	err := syncFile(path)
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// tryLock takes the lock without waiting, until the file is closed; taken tells
// that another process has it.
func tryLock(f *os.File) (taken bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == syscall.EWOULDBLOCK {
		return true, nil
	}
	return false, err
}

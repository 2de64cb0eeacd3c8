//go:build unix

package store

import (
	"os"
	"syscall"
)

// syncDir waits until the disk holds the directory's names.
func syncDir(path string) error { return syncFile(path) }

// tryLock takes the lock without waiting; taken tells that another process has it.
func tryLock(f *os.File) (taken bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == syscall.EWOULDBLOCK {
		return true, nil
	}
	return false, err
}

package store

import (
	"os"

	"golang.org/x/sys/windows"
)

// syncDir does nothing: Windows has no call that flushes a directory.
func syncDir(string) error { return nil }

// tryLock takes the lock without waiting; taken tells that another process has it.
func tryLock(f *os.File) (taken bool, err error) {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if err == windows.ERROR_LOCK_VIOLATION {
		return true, nil
	}
	return false, err
}

package scratch

import (
	"errors"
	"syscall"
)

// NoRoom tells that a file could not grow: the disk is full, a quota is reached, or
// files may not be that large (RLIMIT_FSIZE).
func NoRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

package library

import (
	"fmt"
	"os"
	"syscall"
)

// inode is a file's number on its device and when it got its state, in nanoseconds.
func inode(info os.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d-%d-%d", st.Dev, st.Ino, st.Ctim.Nano())
}

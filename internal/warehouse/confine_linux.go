package warehouse

import (
	"bytes"
	"os"
	"strconv"
)

// resident gives a function that reads how many bytes of memory this process
// holds now. (The peak that getrusage tells starts at the parent's: the kernel
// hands it on when a program is started.)
func resident() func() (int, error) {
	file, openErr := os.Open("/proc/self/statm")
	return func() (int, error) {
		if openErr != nil {
			return 0, openErr
		}
		buffer := make([]byte, 128)
		n, err := file.ReadAt(buffer, 0)
		if n == 0 {
			return 0, err
		}
		fields := bytes.Fields(buffer[:n])
		if len(fields) < 2 {
			return 0, strconv.ErrSyntax
		}
		pages, err := strconv.Atoi(string(fields[1]))
		return pages * os.Getpagesize(), err
	}
}

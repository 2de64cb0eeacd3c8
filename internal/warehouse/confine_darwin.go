package warehouse

import "syscall"

// resident gives a function that reads the peak memory of this process in
// bytes.
func resident() func() (int, error) {
	return func() (int, error) {
		var usage syscall.Rusage
		err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
		return int(usage.Maxrss), err
	}
}

//go:build linux || darwin

package warehouse

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// confine takes from this process what a query does not need: writing to any
// file, dumping core, and memory beyond its share.
func confine() error {
	limits := map[int]uint64{
		syscall.RLIMIT_FSIZE: 0,
		syscall.RLIMIT_CORE:  0,
	}
	// A second wall behind watch: allocations beyond it fail at once. It
	// counts what is reserved, not what is used, so it stands further out.
	// Darwin takes the setting and does not enforce it.
	limits[syscall.RLIMIT_DATA] = maxReserved
	for which, limit := range limits {
		if err := syscall.Setrlimit(which, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("set limit %d: %w", which, err)
		}
	}
	// Questions come first: the group is this process alone, see apart. (Named by
	// its process, Linux would slow one thread down and leave the engine's.)
	if syscall.Getpgrp() == os.Getpid() {
		if err := syscall.Setpriority(syscall.PRIO_PGRP, 0, lowest); err != nil {
			return fmt.Errorf("lower priority: %w", err)
		}
	}
	return watch(resident())
}

// lowest is the priority that gives way to all others.
const lowest = 19

// apart starts a child as a process group of its own, which confine then slows
// down.
func apart(child *exec.Cmd) { child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killed tells whether a process was ended by SIGKILL; where we did not send
// it, the kernel did, for want of memory.
func killed(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

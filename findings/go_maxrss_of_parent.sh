#!/usr/bin/env bash
# Go on Linux: the most memory of a child, as its parent is told, is at least its parent's.
#
# A careful person who measures a program from a test would guess that the Maxrss of
# ProcessState.SysUsage is what the program held. Go starts a child in its own memory
# (CLONE_VM) until the program is loaded, and Linux carries the most of that memory over
# to the new program's count. A test that holds 300 MB while it starts `true` is told
# that `true` took 300 MB. VmHWM of /proc/self/status, read by the child itself, is the
# new program's alone.
#
# Seen with Go 1.26: true: 300 MB and more by Maxrss; below 10 MB by its own VmHWM (grep)
# Exits 0 while that is so, 1 where it changed. Needs Go and Linux.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

func main() {
	held := make([]byte, 300<<20)
	for i := range held {
		held[i] = byte(i)
	}
	cmd := exec.Command("grep", "VmHWM", "/proc/self/status")
	out, err := cmd.Output()
	if err != nil {
		panic(err)
	}
	told := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10
	var own int
	fmt.Sscan(strings.TrimPrefix(string(out), "VmHWM:"), &own)
	fmt.Printf("Maxrss: %d MB; the child's own VmHWM: %d MB (its parent holds %d MB)\n", told, own>>10, len(held)>>20)
	if told < 250 || own>>10 > 50 {
		fmt.Println("The behaviour changed.")
		os.Exit(1)
	}
}
GO
go mod init m >/dev/null 2>&1
go run .

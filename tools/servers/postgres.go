package servers

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// nobody is the user that PostgreSQL runs as where we are root, whom it refuses.
const nobody = "65534"

// Postgres starts a real server: Debian's, or that whose programs
// CIGOGNE_TEST_POSTGRES names a folder of. stop ends it as a power cut would;
// again brings it back.
func Postgres(t testing.TB) (address string, stop, again func()) {
	t.Helper()
	bin := os.Getenv("CIGOGNE_TEST_POSTGRES")
	if bin == "" {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
		if len(found) == 0 {
			t.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql, or CIGOGNE_TEST_POSTGRES=its bin folder): what servers share in it was not tried")
		}
		bin = found[len(found)-1]
	}
	dir, err := os.MkdirTemp("/tmp", "pg") // its socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	run := func(program string, args ...string) {
		t.Helper()
		command := append([]string{filepath.Join(bin, program)}, args...)
		if os.Geteuid() == 0 {
			command = append([]string{"setpriv", "--reuid=" + nobody, "--regid=" + nobody, "--clear-groups"}, command...)
		}
		c := exec.Command(command[0], command[1:]...)
		c.Dir, c.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
		if out, err := c.CombinedOutput(); err != nil {
			t.Skipf("PostgreSQL does not run here: %s: %v %s", program, err, out)
		}
	}
	if os.Geteuid() == 0 {
		if out, err := exec.Command("chown", nobody+":"+nobody, dir).CombinedOutput(); err != nil {
			t.Skipf("no folder for PostgreSQL: %s", out)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	data := filepath.Join(dir, "data")
	run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8")
	again = func() {
		run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -k %s", port, dir), "start")
	}
	stop = func() { run("pg_ctl", "-D", data, "-m", "immediate", "stop") }
	again()
	t.Cleanup(func() {
		c := exec.Command(filepath.Join(bin, "pg_ctl"), "-D", data, "-m", "immediate", "stop")
		if os.Geteuid() == 0 {
			c = exec.Command("setpriv", "--reuid="+nobody, "--regid="+nobody, "--clear-groups", filepath.Join(bin, "pg_ctl"), "-D", data, "-m", "immediate", "stop")
		}
		_ = c.Run()
	})
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port), stop, again
}

package ledger_test

import (
	"os/exec"
	"strings"
	"testing"

	"cigogne/internal/ledger"
)

// visit has another program look into a ledger and close it, and gives how many
// answers it saw.
func visit(t *testing.T, path string) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not there: no other program looked into the ledger")
	}
	const look = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("SELECT count(*) FROM answer").fetchone()[0])
db.close()`
	out, err := exec.CommandContext(t.Context(), python, "-c", look, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// A server looks into its own ledger beside the one that it keeps answers in (the
// month's report, the order of a fetch), while other programs come and go: what it
// keeps afterwards is on the disk for them, too.
func TestOpenedTwice(t *testing.T) {
	path := file(t)
	server := open(t, path)
	keep := func() {
		t.Helper()
		if err := server.Keep(t.Context(), figures()); err != nil {
			t.Fatal(err)
		}
	}
	keep()
	report, err := ledger.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Close(); err != nil {
		t.Fatal(err)
	}
	if n := visit(t, path); n != "1" {
		t.Fatalf("another program sees %s answers, 1 was kept", n)
	}
	keep()
	if n := visit(t, path); n != "2" {
		t.Errorf("another program sees %s answers, 2 were kept", n)
	}
}

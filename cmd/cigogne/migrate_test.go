package main

import (
	"strings"
	"testing"
)

// Without a server there is nowhere to migrate to; one that is away is said, with
// the way out, and no password.
func TestMigrate(t *testing.T) {
	dir := t.TempDir()
	if _, errs, code := cigogne(t, dir, "migrate"); code != 1 || !strings.Contains(errs, "[ledger] url") {
		t.Errorf("%d %s", code, errs)
	}
	for _, from := range []string{"postgres://u:secret@127.0.0.1:1/db", "x.db"} {
		_, errs, code := cigogne(t, dir, "migrate", "--from", from)
		if code != 1 || errs == "" || strings.Contains(errs, "secret") {
			t.Errorf("%s: %d %s", from, code, errs)
		}
	}
}

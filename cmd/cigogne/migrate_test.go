package main

import (
	"path/filepath"
	"strings"
	"testing"

	"cigogne/tools/servers"
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

// A data directory goes into an object store and PostgreSQL, and back into an empty
// one; done again, nothing is there twice.
func TestMigrateThereAndBack(t *testing.T) {
	at := servers.Fake(t)
	address, _, _ := servers.Postgres(t)
	p := newPortal(t, 3)
	const question = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"
	own := machine{t.TempDir(), map[string]string{"LANG": "en_GB.UTF-8"}}
	own.must(t, "harvest", p.URL, "--allow-private")
	own.must(t, "fetch", "--allow-private")
	kept := own.ask(t, question)
	p.newer.Store(1000)
	own.must(t, "harvest", p.URL, "--allow-private")
	own.must(t, "fetch", "--allow-private") // the kept answer's file is of an older generation now
	shared := overBucket(t, at, "region")
	shared.env["LANG"], shared.env["CIGOGNE_LEDGER_URL"] = "en_GB.UTF-8", address
	there := machine{own.data, shared.env}
	if out := there.must(t, "migrate"); !strings.Contains(out, "Answers copied: 1") || !strings.Contains(out, "4 datasets") || strings.Contains(out, "there yet: 0") {
		t.Error(out)
	}
	for range 2 {
		if out := there.must(t, "migrate"); !strings.Contains(out, "Answers copied: 0") || !strings.Contains(out, "there yet: 0") {
			t.Error(out)
		}
	}
	whole := func(t *testing.T, m machine) {
		t.Helper()
		if a := m.ask(t, question); len(a.Figures) == 0 || a.Figures[0].Value != 3500 {
			t.Errorf("it says %s", a.Text)
		}
		m.must(t, "answer", kept.AnswerID)
		if out := m.must(t, "replay", kept.AnswerID); strings.Contains(out, "no longer there") {
			t.Error(out)
		}
	}
	whole(t, shared) // an empty directory over both

	foreign := machine{t.TempDir(), map[string]string{"LANG": "en_GB.UTF-8"}}
	foreign.must(t, "harvest", p.URL, "--allow-private")
	if _, errs, status := (machine{foreign.data, shared.env}).run(t, "migrate"); status != 1 || !strings.Contains(errs, "another prefix") {
		t.Errorf("%d %s", status, errs)
	}

	back := machine{filepath.Join(t.TempDir(), "back"), map[string]string{"LANG": "en_GB.UTF-8"}}
	keys := machine{back.data, map[string]string{"LANG": "en_GB.UTF-8"}}
	for _, k := range []string{"CIGOGNE_STORE_ENDPOINT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		keys.env[k] = shared.env[k]
	}
	for range 2 {
		keys.must(t, "migrate", "--from", address, "--from", shared.env["CIGOGNE_STORE_URL"])
	}
	at.Stop()
	whole(t, back)
	back.must(t, "harvest", p.URL, "--allow-private") // it is its own again
}

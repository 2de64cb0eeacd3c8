package refresh_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"cigogne/internal/library"
	"cigogne/internal/refresh"
	"cigogne/internal/search"
	"cigogne/internal/search/embed"
	"cigogne/internal/store"
)

// former lays out a data directory as an earlier program left it.
func former(t *testing.T) string {
	t.Helper()
	a, err := txtar.ParseFile("testdata/format1.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		name, packed := strings.CutSuffix(f.Name, ".b64")
		data := f.Data
		if packed {
			if data, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(string(data), "\n", "")); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestADirectoryOfTheFormerFormatIsMigrated(t *testing.T) {
	dir := former(t)
	table, err := embed.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	options := search.Options{Embedders: []search.Embedder{table}}
	st, err := store.Open(dir, store.Write)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, store.Version} { // the second time there is nothing to do
		if from, err := refresh.Migrate(t.Context(), st, nil, options); err != nil || from != want {
			t.Fatalf("from %d: %v, want %d", from, err, want)
		}
	}
	gen, err := st.Current()
	if err != nil || gen.ID != "00000002" || gen.Count() != 2 || len(gen.Portals) != 1 || gen.Portals[0].Refreshed.IsZero() {
		t.Fatalf("%v %v", gen, err)
	}
	if found, err := gen.Dataset("halles"); err != nil || len(found) != 1 || found[0].Title != "Halles couvertes" {
		t.Errorf("%v %v", found, err)
	}
	_, err = search.Open(t.Context(), gen.Path(library.IndexFile), options)
	if err != nil {
		t.Fatalf("the index is not today's: %v", err)
	}
	if damage, err := gen.Check(t.Context()); err != nil || damage.Any() {
		t.Errorf("%+v %v", damage, err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "format")); err != nil || string(b) != "2\n" {
		t.Errorf("format %q %v", b, err)
	}
}

// What cannot be written is read as it is.
func TestADirectoryThatCannotBeMigratedStillServes(t *testing.T) {
	dir := former(t)
	writer, err := store.Open(dir, store.Write)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := writer.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer draft.Discard()
	st, err := store.Open(dir, store.Write)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := refresh.Migrate(t.Context(), st, nil, search.Options{}); err == nil {
		t.Error("migrated while another process writes")
	}
	if gen, err := st.Current(); err != nil || gen.ID != "00000001" || gen.Count() != 2 {
		t.Errorf("%v %v", gen, err)
	}
}

package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/store"
)

// generation commits one whose table names a new object; the object's hash is returned.
func generation(t *testing.T, s *store.Store, text string) string {
	t.Helper()
	d := begin(t, s)
	put(t, d, "https://a", text)
	o, err := d.Put(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.PutTables([]dataset.Table{{ID: "t", Parquet: o.SHA256, SHA256: "not kept here"}}); err != nil {
		t.Fatal(err)
	}
	commit(t, d)
	return o.SHA256
}

func has(s *store.Store, sha string) bool {
	_, err := os.Stat(s.Object(sha))
	return err == nil
}

func TestGC(t *testing.T) {
	s := open(t, t.TempDir())
	var shas []string
	for _, text := range []string{"un", "deux", "trois", "quatre"} {
		shas = append(shas, generation(t, s, text))
	}
	d := begin(t, s)
	dangling, err := d.Put(strings.NewReader("never named"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.GC(t.Context(), 2); reason(err) != store.Busy {
		t.Errorf("GC under a draft: %v", err)
	}
	d.Discard()

	freed, err := s.GC(t.Context(), 2, shas[0])
	if err != nil || freed == 0 {
		t.Fatalf("freed %d, %v", freed, err)
	}
	for i, want := range []bool{true, false, true, true} { // the first is retained
		if has(s, shas[i]) != want {
			t.Errorf("object %d is there: %v", i, !want)
		}
	}
	if has(s, dangling.SHA256) {
		t.Error("an object that nothing names is still there")
	}
	folders, _ := filepath.Glob(filepath.Join(s.Dir(), "generations", "*"))
	if len(folders) != 2 {
		t.Errorf("generations %v", folders)
	}
	g, err := s.Current()
	if err != nil || !slices.Equal(ids(t, g), []string{"quatre"}) {
		t.Errorf("%v, %v", g, err)
	}
	if freed, err = s.GC(t.Context(), 0); err != nil || freed == 0 || !has(s, shas[3]) {
		t.Errorf("keeping the least: freed %d, %v", freed, err)
	}
	if freed, err = s.GC(t.Context(), 0); err != nil || freed != 0 {
		t.Errorf("again: freed %d, %v", freed, err)
	}
}

func TestGCRemovesNothingInDoubt(t *testing.T) {
	s := open(t, t.TempDir())
	first := generation(t, s, "un")
	generation(t, s, "deux")
	manifest := filepath.Join(s.Dir(), "generations", "00000001", "generation.json")
	if err := os.WriteFile(manifest, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.GC(t.Context(), 5); reason(err) != store.Damaged || !has(s, first) {
		t.Errorf("%v; the object is there: %v", err, has(s, first))
	}
}

func TestObjects(t *testing.T) {
	s := open(t, t.TempDir())
	d := begin(t, s)
	path := filepath.Join(d.Temp(), "x")
	write(t, path, "contenu")
	o, err := d.Adopt(path)
	if err != nil || o.Size != 7 {
		t.Fatalf("%+v, %v", o, err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file is still in its old place")
	}
	// What was cut under the name is put right.
	os.Chmod(s.Object(o.SHA256), 0o644)
	write(t, s.Object(o.SHA256), "cont")
	again, err := d.Put(strings.NewReader("contenu"))
	if err != nil || again != o {
		t.Errorf("%+v, %v", again, err)
	}
	if text, err := os.ReadFile(s.Object(o.SHA256)); err != nil || string(text) != "contenu" {
		t.Errorf("%q, %v", text, err)
	}
	for _, bad := range []string{"", "zz", "../../etc/passwd", strings.Repeat("A", 64)} {
		if p := s.Object(bad); !strings.HasPrefix(p, s.Dir()) || has(s, bad) {
			t.Errorf("%q leads to %s", bad, p)
		}
	}
	if _, err := d.Adopt(filepath.Join(d.Temp(), "none")); err == nil {
		t.Error("a file that is not there was adopted")
	}
}

package library_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/library"
	"cigogne/internal/warehouse"
)

// FuzzCached opens entries of the cache whose profile was written by anything: they
// are damaged and made again, or they hold tables that can be asked.
func FuzzCached(f *testing.F) {
	for _, seed := range []string{`[]`, `null`, `[null]`, `{}`, `[{"id":"given","columns":[{"name":"montant","type":"integer"}]}]`, `[{"id":"x"}]`, `[{"columns":[{"values":[{"text":"a"}],"distinct":-1}]}]`, `[`} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	reader := newReader(f)
	src := filepath.Join(dir, "a.csv")
	long := "commune;note\nMetz;" + strings.Repeat("x", 1<<20) + "\nNancy;y\n" // worth keeping, and read in a moment
	if err := os.WriteFile(src, []byte(long), 0o600); err != nil {
		f.Fatal(err)
	}
	c := &library.Cache{Dir: filepath.Join(dir, "tables")}
	first, err := c.Open(f.Context(), reader, src, nil, warehouse.Limits{})
	if err != nil {
		f.Fatal(err)
	}
	first.Close()
	profiles, _ := filepath.Glob(filepath.Join(c.Dir, "*", "table.json"))
	if len(profiles) != 1 {
		f.Fatalf("profiles %q", profiles)
	}
	f.Fuzz(func(t *testing.T, profile []byte) {
		if err := os.MkdirAll(filepath.Dir(profiles[0]), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(profiles[0], profile, 0o600); err != nil {
			t.Fatal(err)
		}
		lib, err := c.Open(t.Context(), reader, src, nil, warehouse.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer lib.Close()
		if all, _, err := lib.Candidates(t.Context(), ""); err != nil || len(all) == 0 {
			t.Fatalf("%d tables: %v", len(all), err)
		}
	})
}

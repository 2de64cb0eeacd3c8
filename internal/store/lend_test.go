package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/store"
	"cigogne/tools/servers"
)

// What is lent stands alone in its folder, here or in the bucket, until it is taken
// back; the object stays.
func TestLend(t *testing.T) {
	servers.Each(t, func(t *testing.T, at servers.Objects) {
		b := at.Open(t, "lent")
		for name, s := range map[string]*store.Store{"here": open(t, t.TempDir()), "bucket": over(t, t.TempDir(), b, nil)} {
			g := publish(t, s, "https://a.example.org", "one", "d1")
			var sha string
			for table, err := range g.Tables() {
				if err != nil {
					t.Fatal(err)
				}
				sha = table.Parquet
			}
			want := ""
			if name == "bucket" {
				want = b.Address() + "/trino/t_1"
			}
			for range 2 {
				if place, err := s.Lend(t.Context(), sha, "t_1"); place != want || err != nil {
					t.Fatalf("%s: %q, %v", name, place, err)
				}
			}
			if loans, err := s.Loans(t.Context()); err != nil || len(loans) != 1 || loans["t_1"] != sha {
				t.Errorf("%s: %v, %v", name, loans, err)
			}
			if name == "here" {
				text, err := os.ReadFile(filepath.Join(s.Dir(), "trino", "t_1", sha+".parquet"))
				if string(text) != "parquet one" || err != nil {
					t.Errorf("%q, %v", text, err)
				}
			}
			if _, err := s.Lend(t.Context(), strings.Repeat("0", 64), "t_2"); err == nil {
				t.Errorf("%s: what is not there was lent", name)
			}
			if err := s.Return(t.Context(), "t_1", sha); err != nil {
				t.Error(err)
			}
			if loans, err := s.Loans(t.Context()); err != nil || len(loans) != 0 {
				t.Errorf("%s: %v, %v", name, loans, err)
			}
			if _, err := fs.Stat(os.DirFS(s.Dir()), "objects/"+sha[:2]+"/"+sha[2:]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

package library_test

import (
	"encoding/json"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/library"
)

// FuzzCached opens profiles of the cache that anything wrote: they are damaged, or they
// hold tables that can be asked. What stands beside them, DuckDB reads:
// TestCacheReadsAFileOnce and its neighbours open whole entries.
func FuzzCached(f *testing.F) {
	for _, seed := range []string{`[]`, `null`, `[null]`, `{}`, `[{"id":"given","columns":[{"name":"montant","type":"integer"}]}]`, `[{"id":"x"}]`, `[{"columns":[{"values":[{"text":"a"}],"distinct":-1}]}]`, `[`,
		`[{"part":"2020","key":["a"],"columns":[{"name":"a","type":"text","kind":"siret","within":["b"],"totals":["T"],"ratio":{"of":"a","over":"b","scale":0}}]}]`} {
		f.Add([]byte(seed))
	}
	notes := []dataset.Annotation{{ID: "any", Columns: []string{"a", "montant"}}}
	f.Fuzz(func(t *testing.T, profile []byte) {
		file, err := library.Profiled(profile, "a.csv", notes)
		if err != nil {
			return
		}
		all, _, err := file.Candidates(t.Context(), "")
		if err != nil || len(all) == 0 {
			t.Fatalf("%d tables: %v", len(all), err)
		}
		for _, c := range all {
			for _, col := range c.Table.Columns {
				if c.Table.Column(col.Name) == nil {
					t.Fatalf("column %q is not found by its name", col.Name)
				}
				col.Complete()
			}
			if _, err := json.Marshal(c.Table); err != nil {
				t.Fatalf("not written again: %v", err)
			}
		}
	})
}

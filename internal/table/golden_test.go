package table_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"cigogne/internal/table"
)

var update = flag.Bool("update", false, "write golden files")

// TestGolden compares whole profiles with those kept beside their files.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	r := newReader(t)
	for _, src := range files {
		t.Run(filepath.Base(src), func(t *testing.T) {
			got, err := r.Convert(t.Context(), src, filepath.Join(t.TempDir(), "x.parquet"), table.Options{Name: filepath.Base(src)})
			if err != nil {
				t.Fatal(err)
			}
			if got.Parquet == "" {
				t.Error("no hash of the Parquet copy")
			}
			got.Parquet = "" // changes with DuckDB's version
			text, err := json.MarshalIndent(got, "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			golden := src[:len(src)-len(".csv")] + ".json"
			if *update {
				if err := os.WriteFile(golden, append(text, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(text)+"\n" != string(want) {
				t.Errorf("profile differs from %s; run with -update and read the difference\n%s", golden, text)
			}
		})
	}
}

package query_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/table"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestDialects holds what each plan of testdata/plans.jsonl, over testdata/sites.csv,
// is written as for each engine against testdata/dialects.golden. That both mean the
// same is held by TestEnginesAgree of internal/warehouse/trino.
func TestDialects(t *testing.T) {
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	sites, err := reader.Convert(t.Context(), "testdata/sites.csv", filepath.Join(t.TempDir(), "sites.parquet"), table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sites.ID = "sites"
	tables := func(id string) *dataset.Table { return map[string]*dataset.Table{"sites": sites}[id] }
	f, err := os.Open("testdata/plans.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got bytes.Buffer
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c struct {
			Name string
			Plan query.Plan
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		duck, err := query.Compile(&c.Plan, tables)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		trino, err := query.CompileTrino(&c.Plan, tables, func(t *dataset.Table) string { return t.ID + "_0123" })
		written := "none: " + query.ErrFileOrder.Error()
		switch {
		case err == nil:
			written = trino.SQL
		case !errors.Is(err, query.ErrFileOrder):
			t.Fatalf("%s: %v", c.Name, err)
		}
		fmt.Fprintf(&got, "# %s\nDuckDB  %s\nTrino   %s\n\n", c.Name, duck.SQL, written)
	}
	golden := "testdata/dialects.golden"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("other than %s (-update writes it):\n%s", golden, got.Bytes())
	}
}

package table_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

// shared returns the folder of shared test material, or skips the test.
func shared(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CIGOGNE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no shared material: %v", err)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func newReader(t testing.TB) *table.Reader {
	t.Helper()
	r, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func names(t *dataset.Table) []string {
	var out []string
	for _, c := range t.Columns {
		out = append(out, c.Name)
	}
	return out
}

// TestMessy reads files drawn with every kind of mess French public bodies put
// in a CSV, and wants the rows, the sum and the codes their manifest states.
func TestMessy(t *testing.T) {
	script := filepath.Join(shared(t), "fixtures", "messy.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	r := newReader(t)
	for seed := 1; seed <= 3; seed++ {
		dir := t.TempDir()
		if out, err := exec.Command(python, script, dir, "--seed", fmt.Sprint(seed), "--count", "24").CombinedOutput(); err != nil {
			t.Fatalf("messy.py: %v\n%s", err, out)
		}
		data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		var manifest []struct {
			File       string
			Rows       int64
			Column     string
			Sum        float64
			CodeColumn string `json:"code_column"`
			FirstCode  string `json:"first_code"`
			Mess       []string
		}
		if err := json.Unmarshal(data, &manifest); err != nil {
			t.Fatal(err)
		}
		for _, want := range manifest {
			t.Run(fmt.Sprintf("%d/%s", seed, want.File), func(t *testing.T) {
				src := filepath.Join(dir, want.File)
				got, err := r.Convert(t.Context(), src, src+".parquet", table.Options{})
				if err != nil {
					t.Fatalf("%v: %v", want.Mess, err)
				}
				if got.Rows != want.Rows {
					t.Errorf("%v: rows %d, want %d; skipped %v", want.Mess, got.Rows, want.Rows, got.Skipped)
				}
				amount := got.Column(want.Column)
				if amount == nil {
					t.Fatalf("%v: no column %q in %q", want.Mess, want.Column, names(got))
				}
				if amount.Sum == nil || math.Abs(*amount.Sum-want.Sum) > 0.01 {
					t.Errorf("%v: sum of %s %s, want %f", want.Mess, amount.Type, amount.Name, want.Sum)
				}
				if code := got.Column(want.CodeColumn); code == nil || code.First != want.FirstCode {
					t.Errorf("%v: code column %q lost %q", want.Mess, want.CodeColumn, want.FirstCode)
				}
			})
		}
	}
}

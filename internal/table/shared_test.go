package table_test

import (
	"encoding/csv"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cigogne/internal/table"
)

// TestRealTables reads real clean tables and adds their columns up again with
// another reader: rows and sums must agree.
func TestRealTables(t *testing.T) {
	r := newReader(t)
	files, err := filepath.Glob(filepath.Join(shared(t), "data", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, src := range files {
		t.Run(filepath.Base(src), func(t *testing.T) {
			rows := readAll(t, src)
			got, err := r.Convert(t.Context(), src, filepath.Join(t.TempDir(), "x.parquet"), table.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows != int64(len(rows)-1) || len(got.Columns) != len(rows[0]) {
				t.Fatalf("%d rows of %d columns, want %d of %d", got.Rows, len(got.Columns), len(rows)-1, len(rows[0]))
			}
			for i, c := range got.Columns {
				if c.Name != rows[0][i] || c.First != rows[1][i] && c.First+".0" != rows[1][i] {
					t.Errorf("column %d is %q first %q, want %q first %q", i, c.Name, c.First, rows[0][i], rows[1][i])
				}
				if c.Sum == nil {
					continue
				}
				var sum float64
				for _, row := range rows[1:] {
					v, _ := strconv.ParseFloat(row[i], 64) // blanks add nothing
					sum += v
				}
				if math.Abs(sum-*c.Sum) > 1e-6*math.Abs(sum) {
					t.Errorf("%s: sum %f, want %f", c.Name, *c.Sum, sum)
				}
			}
		})
	}
}

// TestEvaluationTables reads every small table of the evaluations: each row is
// kept, or reported as skipped.
func TestEvaluationTables(t *testing.T) {
	r := newReader(t)
	dst := filepath.Join(t.TempDir(), "x.parquet")
	n := 0
	err := filepath.WalkDir(filepath.Join(shared(t), "eval", "tables"), func(src string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(src) != ".csv" {
			return err
		}
		n++
		got, err := r.Convert(t.Context(), src, dst, table.Options{})
		if err != nil {
			t.Errorf("%s: %v", src, err)
			return nil
		}
		check(t, got)
		rows := readAll(t, src)
		want := len(rows) - 1
		if slices.Contains(got.Notes, table.NoteHeadless) {
			want++ // its first row is data
		}
		if got.Rows+int64(len(got.Skipped)) != int64(want) && !twoRowHeader(rows) {
			t.Errorf("%s: %d rows and %d skipped, want %d", src, got.Rows, len(got.Skipped), want)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d tables: %v", n, err)
	}
}

// twoRowHeader tells a table whose second row goes on naming columns: several
// columns share a name in the first.
func twoRowHeader(rows [][]string) bool {
	seen := map[string]int{}
	for _, h := range rows[0] {
		seen[h]++
	}
	return len(rows) > 1 && seen["Rebounds"] > 1
}

// readAll reads a CSV with the standard library, blank rows left out.
func readAll(t *testing.T, src string) [][]string {
	t.Helper()
	data, err := os.ReadFile(src)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	if head, _, _ := strings.Cut(text, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
		r.Comma = ';'
	}
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, row := range all {
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

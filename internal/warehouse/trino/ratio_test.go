package trino_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/warehouse"
	"cigogne/internal/warehouse/trino"
	"cigogne/tools/servers"

	_ "github.com/duckdb/duckdb-go/v2"
)

// TestRatios prints how long grouped sums take on the embedded engine and on Trino,
// over one file of as many rows as CIGOGNE_RATIOS says, in turns, and wants the same
// figures of both. Where CIGOGNE_TEST_TRINO_URL names a coordinator with workers, it
// is they that are measured.
func TestRatios(t *testing.T) {
	rows, err := strconv.ParseInt(os.Getenv("CIGOGNE_RATIOS"), 10, 64)
	if err != nil {
		t.Skip("CIGOGNE_RATIOS is no number of rows: nothing is measured")
	}
	lake := servers.Trino(t)
	large := &dataset.Table{ID: "large", Rows: rows, Parquet: fmt.Sprintf("%064d", rows), Columns: []dataset.Column{
		{Name: "dep", Type: dataset.Text, Role: dataset.Code}, {Name: "an", Type: dataset.Integer, Role: dataset.Year},
		{Name: "commune", Type: dataset.Integer, Role: dataset.Code},
		{Name: "qte", Type: dataset.Integer, Role: dataset.Measure, Min: "0", Max: "999"}, {Name: "montant", Type: dataset.Number, Role: dataset.Measure},
	}}
	dir := filepath.Join(lake.Dir, "large", trino.Name(large))
	file := filepath.Join(dir, "data.parquet")
	if _, err := os.Stat(file); err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("duckdb", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf(`COPY (SELECT printf('%%02d', hash(i) %% 96) AS dep, CAST(2010 + hash(i + 1) %% 16 AS BIGINT) AS an, CAST(hash(i + 2) %% 36000 AS BIGINT) AS commune,
			CAST(hash(i + 3) %% 1000 AS BIGINT) AS qte, (hash(i + 4) %% 100000) / 100 AS montant FROM range(%d) r(i)) TO '%s' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`, rows, file)); err != nil {
			t.Fatal(err)
		}
		db.Close()
	}
	path := filepath.Join(t.TempDir(), "tables.duckdb")
	start := time.Now()
	if err := warehouse.Build(t.Context(), path, []warehouse.Source{{Name: "large", Parquet: file}}); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows; laid out for the embedded engine in %.0f s", rows, time.Since(start).Seconds())
	b := both{tables: func(string) *dataset.Table { return large }}
	if b.duck, err = warehouse.OpenFile(t.Context(), path, warehouse.Limits{Timeout: 10 * time.Minute}); err != nil {
		t.Fatal(err)
	}
	defer b.duck.Close()
	if b.trino, err = trino.Open(trino.Server{URL: lake.URL, User: "cigogne", Catalog: "lake", Schema: "test", Limits: warehouse.Limits{Timeout: 10 * time.Minute}}); err != nil {
		t.Fatal(err)
	}
	defer b.trino.Close()
	if err := b.trino.Register(t.Context(), large, "local:///large/"+trino.Name(large)); err != nil {
		t.Fatal(err)
	}
	recent := []query.Filter{{Column: "an", Op: query.Ge, Values: []any{2015.0}}}
	for name, p := range map[string]*query.Plan{
		"by department, since 2015": {Table: "large", GroupBy: []string{"dep"}, Where: recent, Measures: []query.Measure{{Agg: query.Sum, Column: "qte"}, {Agg: query.Avg, Column: "montant"}}},
		"by commune":                {Table: "large", GroupBy: []string{"commune"}, Measures: []query.Measure{{Agg: query.Sum, Column: "qte"}}, OrderBy: []query.Order{{Measure: 1, Desc: true}}, Limit: 10, Ties: true},
		"median":                    {Table: "large", Measures: []query.Measure{{Agg: query.Median, Column: "montant"}}},
	} {
		for round := range 3 {
			near, err := query.Compile(p, b.tables)
			if err != nil {
				t.Fatal(err)
			}
			far, err := query.CompileTrino(p, b.tables, trino.Name)
			if err != nil {
				t.Fatal(err)
			}
			duck, err := b.duck.Query(t.Context(), near.SQL, near.Args...)
			if err != nil {
				t.Errorf("%s: the embedded engine: %v", name, err)
				break
			}
			there, err := b.trino.Query(t.Context(), far.SQL, far.Args...)
			if err != nil {
				t.Errorf("%s: Trino: %v", name, err)
				break
			}
			t.Logf("%s, round %d: embedded %.1f s, Trino %.1f s, ratio %.1f", name, round+1, duck.Elapsed.Seconds(), there.Elapsed.Seconds(), there.Elapsed.Seconds()/duck.Elapsed.Seconds())
			if !same(duck.Rows, there.Rows) {
				t.Errorf("%s: they differ", name)
			}
		}
	}
}

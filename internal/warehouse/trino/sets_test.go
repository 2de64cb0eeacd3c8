package trino_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/gold"
	"cigogne/internal/plan/lift"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
	"cigogne/tools/servers"
)

// TestSetsAgree lifts the SQL of questions whose answers are known into plans and
// runs each on both engines, over the same file. It wants the sets in ../shared,
// and takes a sixth of their tables unless CIGOGNE_WHOLE is set; -v prints the count.
func TestSetsAgree(t *testing.T) {
	lake := servers.Trino(t)
	b := open(t, lake)
	door, err := warehouse.OpenDoor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for _, set := range []string{"fr_dev", "fr2_dev"} {
		questions, err := gold.Load(filepath.Join("../../../../shared/eval/tables", set+".jsonl"))
		if err != nil {
			t.Skipf("no set of questions: %v", err)
		}
		tables := map[string][]gold.Question{}
		var paths []string
		for _, q := range questions {
			if q.SQL == "" {
				continue
			}
			if tables[q.Path] == nil {
				paths = append(paths, q.Path)
			}
			tables[q.Path] = append(tables[q.Path], q)
		}
		slices.Sort(paths)
		n, alike, unordered := 0, 0, 0
		for i, path := range paths {
			if i%6 != 0 && os.Getenv("CIGOGNE_WHOLE") == "" {
				continue
			}
			c := b.over(t, lake, reader, path)
			lifter := lift.New(door, func(ctx context.Context, p *query.Plan) ([][]any, error) { return c.near(ctx, p) })
			of := c.tables("given")
			for _, q := range tables[path] {
				p, err := lifter.Lift(t.Context(), q.SQL, []lift.Table{{Table: of, Name: q.Name, Columns: q.Columns}})
				if err != nil {
					continue
				}
				if _, err := c.near(t.Context(), p); err != nil { // no plan of this table: a text is divided
					continue
				}
				duck, far, err := c.ask(t, p)
				switch {
				case errors.Is(err, query.ErrFileOrder):
					unordered++
				case err == nil:
					n++
					if c.alike(t, p, duck, far) {
						alike++
					} else {
						t.Errorf("%s %s\nDuckDB %v\nTrino  %v", q.ID, q.SQL, sample(duck), sample(far))
					}
				}
			}
			c.duck.Close()
			t.Logf("%s: %d plans so far, %d alike, %d that hang on the file's order", filepath.Base(path), n, alike, unordered)
		}
		t.Logf("%s: %d plans on both engines, %d alike; %d hang on the file's order", set, n, alike, unordered)
	}
}

func sample(rows [][]any) [][]any { return rows[:min(len(rows), 8)] }

// over is both engines over another file, the table "given".
func (b both) over(t *testing.T, lake servers.Lake, reader *table.Reader, path string) both {
	t.Helper()
	parquet := filepath.Join(t.TempDir(), "t.parquet")
	of, err := reader.Convert(t.Context(), path, parquet, table.Options{Name: filepath.Base(path)})
	if err != nil {
		t.Fatal(err)
	}
	of.ID = "given"
	c := both{trino: b.trino, tables: func(id string) *dataset.Table { return map[string]*dataset.Table{"given": of}[id] }}
	if c.duck, err = warehouse.OpenTables(t.Context(), []warehouse.Source{{Name: "given", Parquet: parquet}}, warehouse.Limits{}); err != nil {
		t.Fatal(err)
	}
	c.give(t, lake, of, parquet)
	return c
}

// near runs a plan on the embedded engine.
func (b both) near(ctx context.Context, p *query.Plan) ([][]any, error) {
	c, err := query.Compile(p, b.tables)
	if err != nil {
		return nil, err
	}
	r, err := b.duck.Query(ctx, c.SQL, c.Args...)
	if err != nil {
		return nil, err
	}
	return r.Rows, nil
}

// alike tells whether rows are the same, but for what a plan leaves open: the order
// of those that equal one another by its own, and which of them a limit leaves.
func (b both) alike(t *testing.T, p *query.Plan, duck, far [][]any) bool {
	t.Helper()
	if same(duck, far) {
		return true
	}
	if len(p.Columns) == 0 || !same(keys(p, duck), keys(p, far)) {
		return false
	}
	if p.Limit == 0 || p.Ties {
		sorted(duck)
		sorted(far)
		return same(duck, far)
	}
	whole := *p
	whole.Ties = true
	all, err := b.near(t.Context(), &whole)
	if err != nil {
		t.Fatal(err)
	}
	return !slices.ContainsFunc(far, func(row []any) bool {
		return !slices.ContainsFunc(all, func(other []any) bool { return same([][]any{row}, [][]any{other}) })
	})
}

package library_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/library"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
	"cigogne/internal/warehouse/trino"
)

// afar is a distributed engine that answers 42, or fails.
type afar struct {
	err   error
	asked int
}

func (a *afar) Query(context.Context, string, ...any) (*warehouse.Result, error) {
	a.asked++
	return &warehouse.Result{Rows: [][]any{{int64(42)}}}, a.err
}

// towns is a library of one harvested table of three rows.
func towns(t *testing.T, far *library.Far) (*library.Catalogue, *dataset.Table) {
	t.Helper()
	dir := t.TempDir()
	src, path := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.parquet")
	if err := os.WriteFile(src, []byte("ville;habitants\nA;1\nB;2\nC;4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	of, err := newReader(t).Convert(t.Context(), src, path, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	of.ID, of.Parquet = "t_towns", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	parts := library.Parts{Harvested: []library.Holding{{Table: of}}, Database: filepath.Join(dir, library.DatabaseFile), Far: far}
	if err := warehouse.Build(t.Context(), parts.Database, []warehouse.Source{{Name: of.ID, Parquet: path}}); err != nil {
		t.Fatal(err)
	}
	c := library.New(parts)
	t.Cleanup(func() { c.Close() })
	return c, of
}

func TestWhichEngineRuns(t *testing.T) {
	sum := query.Plan{Table: "t_towns", Measures: []query.Measure{{Agg: query.Sum, Column: "habitants"}}}
	first := query.Plan{Table: "t_towns", Columns: []string{"habitants"}, Limit: 1}
	quiet := slog.New(slog.DiscardHandler)
	for name, c := range map[string]struct {
		far    *library.Far
		fails  error
		plan   query.Plan
		want   int64
		engine string // that is said
		there  bool   // it answered
		err    error
	}{
		"none is set":                       {plan: sum, want: 7},
		"a small table":                     {far: &library.Far{From: 4}, plan: sum, want: 7},
		"a large one":                       {far: &library.Far{From: 3}, plan: sum, want: 42, engine: "Far", there: true},
		"it is away":                        {far: &library.Far{From: 3}, fails: trino.ErrAway, plan: sum, want: 7, engine: "Far"},
		"it lacks the table":                {far: &library.Far{From: 3}, fails: trino.ErrAbsent, plan: sum, want: 7, engine: "Far"},
		"it is away, and it alone holds":    {far: &library.Far{From: 3, Alone: 3}, fails: trino.ErrAway, plan: sum, err: warehouse.ErrElsewhere},
		"it is slow":                        {far: &library.Far{From: 3}, fails: warehouse.ErrTimeout, plan: sum, err: warehouse.ErrTimeout},
		"rows in their order":               {far: &library.Far{From: 3}, plan: first, want: 1},
		"rows in their order, it alone":     {far: &library.Far{From: 3, Alone: 3}, plan: first, err: query.ErrFileOrder},
		"it alone holds larger ones":        {far: &library.Far{From: 3, Alone: 4}, fails: trino.ErrAway, plan: sum, want: 7, engine: "Far"},
		"too much for it, not for this one": {far: &library.Far{From: 3}, fails: warehouse.ErrMemory, plan: sum, want: 7, engine: "Far"},
	} {
		t.Run(name, func(t *testing.T) {
			engine := &afar{err: c.fails}
			if c.far != nil {
				c.far.Engine, c.far.Name, c.far.Log = engine, "Far", quiet
			}
			lib, of := towns(t, c.far)
			compiled, err := query.Compile(&c.plan, func(string) *dataset.Table { return of })
			if err != nil {
				t.Fatal(err)
			}
			res, err := lib.Run(t.Context(), &c.plan, compiled)
			if c.err != nil {
				if !errors.Is(err, c.err) {
					t.Errorf("%v, want %v", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if by := res.Elsewhere; res.Rows[0][0] != c.want || by.Engine != c.engine || (by.SQL != "") != c.there {
				t.Errorf("%v by %+v", res.Rows, by)
			}
		})
	}
}

// Nobody waits for an engine that did not answer just now.
func TestAnEngineThatIsAwayIsLeftAlone(t *testing.T) {
	engine := &afar{err: trino.ErrAway}
	lib, of := towns(t, &library.Far{Engine: engine, Name: "Far", From: 1, Alone: 2, Log: slog.New(slog.DiscardHandler)})
	p := query.Plan{Table: "t_towns", Measures: []query.Measure{{Agg: query.Count}}}
	compiled, err := query.Compile(&p, func(string) *dataset.Table { return of })
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := lib.Run(t.Context(), &p, compiled); !errors.Is(err, warehouse.ErrElsewhere) {
			t.Errorf("%v", err)
		}
	}
	if engine.asked != 1 {
		t.Errorf("asked %d times", engine.asked)
	}
	if _, err := lib.Query(t.Context(), []string{"t_towns"}, "SELECT 1"); !errors.Is(err, warehouse.ErrElsewhere) {
		t.Errorf("SQL over it: %v", err)
	}
	if _, _, err := lib.Place(t.Context(), []string{"t_towns"}); !errors.Is(err, warehouse.ErrElsewhere) {
		t.Errorf("a place of it: %v", err)
	}
}

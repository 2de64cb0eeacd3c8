package trino_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
	"cigogne/internal/warehouse/trino"
	"cigogne/tools/servers"
)

// both are the two engines over the same files.
type both struct {
	duck   *warehouse.DB
	trino  *trino.Engine
	tables query.Tables
}

// open reads testdata/sites.csv of package query and gives it to both engines.
func open(t *testing.T, lake servers.Lake) both {
	t.Helper()
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	path := filepath.Join(t.TempDir(), "sites.parquet")
	sites, err := reader.Convert(t.Context(), "../../query/testdata/sites.csv", path, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sites.ID = "sites"
	b := both{tables: func(id string) *dataset.Table { return map[string]*dataset.Table{"sites": sites}[id] }}
	if b.duck, err = warehouse.OpenTables(t.Context(), []warehouse.Source{{Name: "sites", Parquet: path}}, warehouse.Limits{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.duck.Close() })
	if b.trino, err = trino.Open(trino.Server{URL: lake.URL, User: "cigogne", Catalog: "lake", Schema: "test"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.trino.Close() })
	b.give(t, lake, sites, path)
	return b
}

// give has Trino read a file.
func (b both) give(t *testing.T, lake servers.Lake, of *dataset.Table, path string) {
	t.Helper()
	name := trino.Name(of)
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(lake.Dir, "trino", name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(lake.Dir, "trino", name, "data.parquet"), bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is there already
		if err := b.trino.Register(t.Context(), of, "local:///trino/"+name); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = b.trino.Forget(context.Background(), name) })
}

// ask runs a plan on both; errFileOrder where Trino cannot.
func (b both) ask(t *testing.T, p *query.Plan) (duck, far [][]any, err error) {
	t.Helper()
	c, err := query.Compile(p, b.tables)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.duck.Query(t.Context(), c.SQL, c.Args...)
	if err != nil {
		t.Fatalf("DuckDB: %v\n%s", err, c.SQL)
	}
	c, err = query.CompileTrino(p, b.tables, trino.Name)
	if err != nil {
		return r.Rows, nil, err
	}
	s, err := b.trino.Query(t.Context(), c.SQL, c.Args...)
	if err != nil {
		t.Errorf("Trino: %v\n%s", err, c.SQL)
		return r.Rows, nil, err
	}
	return r.Rows, s.Rows, nil
}

// TestEnginesAgree runs each plan of package query's testdata on DuckDB and on a
// real Trino and wants the same cells, types and order of rows included; sums of
// numbers with decimals may differ by what the order of adding leaves.
func TestEnginesAgree(t *testing.T) {
	b := open(t, servers.Trino(t))
	f, err := os.Open("../../query/testdata/plans.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c struct {
			Name string
			Plan query.Plan
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Name, func(t *testing.T) {
			duck, far, err := b.ask(t, &c.Plan)
			if errors.Is(err, query.ErrFileOrder) {
				return
			}
			if !b.alike(t, &c.Plan, duck, far) {
				t.Errorf("DuckDB %v\nTrino  %v", duck, far)
			}
		})
	}
}

// The first of many rows, with those that equal the last one, are told without
// ranking them all, on both engines.
func TestTheFirstOfManyRows(t *testing.T) {
	b := open(t, servers.Trino(t))
	many := *b.tables("sites")
	many.Rows = 1_000_000 // as far as the compiler knows
	b.tables = func(string) *dataset.Table { return &many }
	for _, p := range []*query.Plan{
		{Table: "sites", Columns: []string{"annee", "ville", "code"}, OrderBy: []query.Order{{Column: "annee", Desc: true}}, Limit: 5, Ties: true},
		{Table: "sites", Columns: []string{"ville", "habitants"}, Where: []query.Filter{{Column: "habitants", Op: query.NotNull}, {Column: "annee", Op: query.Eq, Values: []any{2020.0}}},
			OrderBy: []query.Order{{Column: "habitants"}}, Limit: 3, Ties: true},
		{Table: "sites", Columns: []string{"ville", "annee"}, Distinct: true, OrderBy: []query.Order{{Column: "annee"}}, Limit: 2, Ties: true},
	} {
		duck, far, err := b.ask(t, p)
		if err == nil && !b.alike(t, p, duck, far) {
			t.Errorf("DuckDB %v\nTrino  %v", duck, far)
		}
		if c, err := query.CompileTrino(p, b.tables, trino.Name); err != nil || strings.Contains(c.SQL, "rank()") {
			t.Errorf("%v: %+v", err, c)
		}
	}
}

// keys are the cells that the rows of a list are in the order of.
func keys(p *query.Plan, rows [][]any) (out [][]any) {
	for _, row := range rows {
		var key []any
		for _, o := range p.OrderBy {
			if i := slices.Index(p.Columns, o.Column); i >= 0 {
				key = append(key, row[i])
			}
		}
		out = append(out, key)
	}
	return out
}

func sorted(rows [][]any) {
	slices.SortFunc(rows, func(a, b []any) int {
		if x, y := fmt.Sprint(a...), fmt.Sprint(b...); x < y {
			return -1
		} else if x > y {
			return 1
		}
		return 0
	})
}

func same(a, b [][]any) bool {
	return slices.EqualFunc(a, b, func(x, y []any) bool {
		return slices.EqualFunc(x, y, func(p, q any) bool {
			f, ok1 := p.(float64)
			g, ok2 := q.(float64)
			if ok1 && ok2 {
				return math.Abs(f-g) <= 1e-12*math.Max(math.Abs(f), math.Abs(g))
			}
			return p == q
		})
	})
}

// Cells keep their types, their digits and their commas on both engines, whatever
// their columns are called.
func TestCells(t *testing.T) {
	lake := servers.Trino(t)
	path := filepath.Join(t.TempDir(), "odd.json")
	text := `[{"Nom":"é, œ 😀","code postal":"01000","a,b":9007199254740993,"A,B":-9223372036854775807,"yes":true,"x":0.1,"vu":"2021-05-03T10:11:12.345678"},
{"Nom":null,"code postal":"2A004","a,b":9223372036854775806,"A,B":1,"yes":false,"x":-1e-300,"vu":"1850-01-01T00:00:00"},
{"Nom":"","code postal":"75001","a,b":9223372036854775800,"A,B":null,"yes":null,"x":null,"vu":null}]`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	b := open(t, lake)
	parquet := filepath.Join(t.TempDir(), "odd.parquet")
	odd, err := reader.Convert(t.Context(), path, parquet, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	odd.ID = "odd"
	b.tables = func(string) *dataset.Table { return odd }
	b.give(t, lake, odd, parquet)
	if b.duck, err = warehouse.OpenTables(t.Context(), []warehouse.Source{{Name: "odd", Parquet: parquet}}, warehouse.Limits{}); err != nil {
		t.Fatal(err)
	}
	defer b.duck.Close()
	for _, c := range odd.Columns {
		list := &query.Plan{Table: "odd", Columns: []string{c.Name}, OrderBy: []query.Order{{Column: c.Name}}}
		if duck, far, _ := b.ask(t, list); !same(duck, far) {
			t.Errorf("%s: DuckDB %v, Trino %v", c.Name, duck, far)
		}
		if !c.Type.Numeric() || c.Role != dataset.Measure {
			continue
		}
		sum := &query.Plan{Table: "odd", Measures: []query.Measure{{Agg: query.Max, Column: c.Name}, {Agg: query.Sum, Column: c.Name}}} // past 64 bits
		if duck, far, _ := b.ask(t, sum); !same(duck, far) {
			t.Errorf("sum of %s: DuckDB %v, Trino %v", c.Name, duck, far)
		}
	}
}

// What ends a question ends its query on the server too; a server that is not there
// is said so at once.
func TestQueriesEnd(t *testing.T) {
	lake := servers.Trino(t)
	b := open(t, lake)
	const long = `SELECT count(*) FROM "sites_%s" a, "sites_%s" b, "sites_%s" c, "sites_%s" d, "sites_%s" e, "sites_%s" f WHERE a.habitants + b.habitants + c.habitants + d.habitants + e.habitants > f.habitants`
	sha := b.tables("sites").Parquet[:16]
	text := fmt.Sprintf(long, sha, sha, sha, sha, sha, sha)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, err := b.trino.Query(ctx, text); !errors.Is(err, warehouse.ErrTimeout) {
		t.Errorf("at a deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(time.Second, cancel)
	if _, err := b.trino.Query(ctx, text); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	until := time.Now().Add(time.Minute)
	for { // the server may take a moment to see it
		r, err := b.trino.Query(t.Context(), "SELECT count(*) FROM system.runtime.queries WHERE query LIKE '%count(*)%sites%' AND query NOT LIKE '%runtime%' AND state NOT IN ('FAILED', 'FINISHED')")
		if err != nil {
			t.Fatal(err)
		}
		if r.Rows[0][0] == int64(0) {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("%v queries still run", r.Rows[0][0])
		}
		time.Sleep(500 * time.Millisecond)
	}
	if _, err := b.trino.Query(t.Context(), `SELECT 1 FROM "nowhere"`); !errors.Is(err, trino.ErrAbsent) {
		t.Errorf("a table that is not there: %v", err)
	}
	if _, err := b.trino.Query(t.Context(), `SELECT nothing`); !errors.Is(err, warehouse.ErrInvalid) {
		t.Errorf("no SQL: %v", err)
	}
	if err := b.trino.Check(t.Context()); err != nil {
		t.Error(err)
	}
	r, err := b.trino.Query(t.Context(), "SELECT * FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10)) b(y)")
	if err != nil || !r.Truncated || len(r.Rows) != 10000 {
		t.Errorf("more rows than are kept: %v", err)
	}
	names, err := b.trino.Registered(t.Context())
	if err != nil || !names[trino.Name(b.tables("sites"))] {
		t.Errorf("registered: %v, %v", names, err)
	}
}

func TestNobodyThere(t *testing.T) {
	e, err := trino.Open(trino.Server{URL: "http://127.0.0.1:1", User: "cigogne", Catalog: "lake", Schema: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.Check(t.Context()); !errors.Is(err, trino.ErrAway) {
		t.Errorf("got %v", err)
	}
}

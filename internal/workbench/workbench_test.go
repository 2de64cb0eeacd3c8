package workbench_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/search"
	"cigogne/internal/warehouse"
	"cigogne/internal/workbench"
)

// The test program is its own worker.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "sqlworker" {
		if err := warehouse.RunWorker(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// bench stands over the embedded catalogue, its communes harvested (from a file
// as a generation has it) where harvested is set.
func bench(t *testing.T, harvested bool) *workbench.Bench {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	parts := library.Parts{Annotations: c.Annotations, Parquet: catalog.Parquet,
		Index: func(ctx context.Context) (*search.Index, error) {
			return search.Build(ctx, c.Datasets, search.Options{})
		},
		Datasets: func() iter.Seq2[dataset.Dataset, error] { return nil }}
	var sources []warehouse.Source
	dir := t.TempDir()
	for i := range c.Tables {
		h := library.Holding{Table: &c.Tables[i]}
		for j := range c.Datasets {
			if c.Datasets[j].ID == h.Table.DatasetID {
				h.Dataset = &c.Datasets[j]
			}
		}
		parts.Embedded = append(parts.Embedded, h)
		if !harvested {
			continue
		}
		b, err := catalog.Parquet(h.Table.ID)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, h.Table.ID+".parquet")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, warehouse.Source{Name: h.Table.ID, Parquet: path})
		if h.Table.ID == "embedded_communes" {
			table := *h.Table
			table.ID = "harvested_communes"
			parts.Harvested = append(parts.Harvested, library.Holding{Dataset: h.Dataset, Table: &table})
			sources = append(sources, warehouse.Source{Name: table.ID, Parquet: path})
		}
	}
	if harvested {
		parts.Database = filepath.Join(dir, library.DatabaseFile)
		if err := warehouse.Build(t.Context(), parts.Database, sources); err != nil {
			t.Fatal(err)
		}
	}
	lib := library.New(parts)
	b := workbench.New(lib, assistant.New(lib, nil, "", slog.New(slog.DiscardHandler)), warehouse.NewWorker(2, os.Args[0], "sqlworker"))
	t.Cleanup(func() {
		b.Close()
		lib.Close()
	})
	return b
}

func TestSQL(t *testing.T) {
	for name, c := range map[string]struct {
		harvested bool
		sql       string
		want      any
		sources   int
	}{
		"an embedded table":         {false, "select sum(population) from embedded_communes where annee = 2026 and commune = 'Metz'", int64(122572), 1},
		"a harvested table":         {true, "select sum(population) from harvested_communes where annee = 2026 and commune = 'Metz'", int64(122572), 1},
		"both at once":              {true, "select count(distinct c.code_epci) from harvested_communes c join embedded_comptes_region r on false", int64(0), 2},
		"an embedded one beside it": {true, "select count(*) from embedded_comptes_region where false", int64(0), 1},
		"no table":                  {false, "select 1 + 1", int64(2), 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := bench(t, c.harvested).SQL(t.Context(), c.sql, 10, lang.English)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rows) != 1 || got.Rows[0][0] != c.want || len(got.Sources) != c.sources {
				t.Errorf("rows %v, want %v; %d sources", got.Rows, c.want, len(got.Sources))
			}
			for _, s := range got.Sources {
				if s.Licence == "" || s.Title == "" {
					t.Errorf("source %+v", s)
				}
			}
		})
	}
	t.Run("more rows than asked for", func(t *testing.T) {
		got, err := bench(t, false).SQL(t.Context(), "select commune from embedded_communes", 5, lang.English)
		if err != nil || len(got.Rows) != 5 || !got.Truncated {
			t.Errorf("%v %v", got, err)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	b := bench(t, false)
	for name, c := range map[string]struct{ sql, plan, says string }{
		"a file":                  {sql: "select * from read_csv('/etc/passwd')", says: "may not run (function)"},
		"a path for a table":      {sql: "select * from '/etc/passwd'", says: "may not run"},
		"two statements":          {sql: "select 1; drop table embedded_communes", says: "may not run"},
		"a setting":               {sql: "set threads = 1", says: "only a SELECT may run"},
		"an unknown table":        {sql: "select * from communes", says: "describe_dataset gives the names"},
		"an unknown column":       {sql: "select nothing from embedded_communes", says: "cannot be computed"},
		"no SQL":                  {sql: "Combien d'habitants ?", says: "may not run (syntax)"},
		"an endless query":        {sql: "select count(*) from range(1000000) a, range(1000000) b, range(1000) c", says: "took too long"},
		"a plan of no table":      {plan: `{"table":"embedded_commune","measures":[{"agg":"count"}]}`, says: "near it are embedded_communes"},
		"a column misspelt":       {plan: `{"table":"embedded_communes","measures":[{"agg":"sum","column":"populations"}],"where":[{"column":"annee","op":"=","values":[2026]}]}`, says: `column "populations": no such column`},
		"an operator of its own":  {plan: `{"table":"embedded_communes","measures":[{"agg":"count"}],"where":[{"column":"annee","op":"or 1=1","values":[1]}]}`, says: "no such operator"},
		"a plan of another form":  {plan: `{"table":["embedded_communes"]}`, says: "table cannot be a array"},
		"text after the plan":     {plan: `{"table":"t"} {"table":"u"}`, says: "one JSON object"},
		"a field that is ignored": {plan: `{"table":"t","filter":[]}`, says: `unknown field "filter"`},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "an endless query" && testing.Short() {
				t.Skip("takes ten seconds")
			}
			var err error
			if c.plan != "" {
				_, err = b.Plan(t.Context(), []byte(c.plan), lang.English)
			} else {
				_, err = b.SQL(t.Context(), c.sql, 10, lang.English)
			}
			var r *workbench.Refused
			if !errors.As(err, &r) || !strings.Contains(r.Why, c.says) || strings.Contains(r.Why, "\n") || !strings.HasSuffix(r.Why, ".") {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

func TestPlan(t *testing.T) {
	b := bench(t, false)
	for name, c := range map[string]struct {
		plan   string
		kind   answer.Kind
		figure float64
		says   []string
	}{
		"a figure": {`{"table":"embedded_communes","measures":[{"agg":"sum","column":"population"}],"where":[{"column":"commune","op":"=","values":["Metz"]},{"column":"annee","op":"=","values":[2025]}]}`,
			answer.KindFigure, 121695, []string{"written by the caller", "Licence Ouverte"}},
		"years that do not add up": {`{"table":"embedded_communes","measures":[{"agg":"sum","column":"population"}]}`,
			answer.KindRefusal, 0, []string{"do not add up", "annee"}},
		"years in groups": {`{"table":"embedded_communes","measures":[{"agg":"sum","column":"population"}],"group_by":["annee"]}`,
			answer.KindTable, 0, []string{"census 3 years earlier"}},
		"what a question would leave out": {`{"table":"embedded_comptes_region","measures":[{"agg":"sum","column":"BGT_MTREAL"}],"group_by":["BGT_CODRD"]}`,
			answer.KindTable, 0, []string{"A question would keep only"}},
		"no row": {`{"table":"embedded_communes","columns":["commune"],"where":[{"column":"commune","op":"=","values":["Lyon"]}]}`,
			answer.KindRefusal, 0, []string{"No row"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := b.Plan(t.Context(), []byte(c.plan), lang.English)
			if err != nil {
				t.Fatal(err)
			}
			if a.Kind != c.kind || a.Engine != assistant.EngineWritten {
				t.Fatalf("%s by %s: %s", a.Kind, a.Engine, a.Text)
			}
			if c.figure != 0 && a.Figures[0].Value != c.figure {
				t.Errorf("figures %v", a.Figures)
			}
			for _, want := range c.says {
				if !strings.Contains(a.Text, want) {
					t.Errorf("no %q in\n%s", want, a.Text)
				}
			}
		})
	}
}

func TestACancelledSelectStops(t *testing.T) {
	b := bench(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := b.SQL(ctx, "select count(*) from range(1000000) a, range(1000000) b, range(1000) c", 1, lang.English)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"table":"t","measures":[{"agg":"sum","column":"c","where":[{"column":"d","op":"=","values":[1,"x",true]}]}],"derived":{"op":"ratio","of":1,"per":{"table":"u"}}}`))
	f.Add([]byte(`{"table":"t"}{`))
	f.Add([]byte(`null`))
	f.Add([]byte(strings.Repeat(`{"where":[{"than":`, 40)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := workbench.Parse(raw)
		var r *workbench.Refused
		switch {
		case err != nil && !errors.As(err, &r):
			t.Fatalf("error %T", err)
		case err == nil && p.Table == "":
			t.Fatal("a plan of no table")
		case err == nil:
			p.Tables() // walks it whole
		}
	})
}

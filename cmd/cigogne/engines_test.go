package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/warehouse/trino"
	"cigogne/tools/servers"
)

// TestEnginesAnswerAlike asks the public questions of ../shared and, with
// CIGOGNE_WHOLE, all of ours, and runs what answers them on a real Trino too: the
// rows are the same, figure for figure.
func TestEnginesAnswerAlike(t *testing.T) {
	lake := servers.Trino(t)
	h := newHouse(newProgram(options{data: t.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
	defer h.Close()
	lib, err := h.library(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := trino.Open(trino.Server{URL: lake.URL, User: "cigogne", Catalog: "lake", Schema: "embedded"})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	tables := map[string]*dataset.Table{}
	for _, c := range lib.Tables() {
		tables[c.Table.ID] = lendEmbedded(t, lake, engine, *c.Table)
	}
	sets := []string{"../../../shared/eval/figures_dev.jsonl", "../../../shared/eval/dialogues_dev.jsonl"}
	if os.Getenv("CIGOGNE_WHOLE") != "" {
		sets = append(sets, "testdata/questions.jsonl")
	}
	for _, set := range sets {
		if _, err := os.Stat(set); err != nil {
			t.Logf("%s is not there", set)
			continue
		}
		n, alike, unordered := 0, 0, 0
		for _, g := range readGold(t, set) {
			a := h.answer(t.Context(), g.asked)
			if !a.Answered() || a.Run == nil {
				continue
			}
			near, err := lib.Query(t.Context(), a.Plan.Tables(), a.Run.SQL, a.Run.Args...)
			if err != nil {
				t.Fatal(err)
			}
			c, err := query.CompileTrino(a.Plan, func(id string) *dataset.Table { return tables[id] }, trino.Name)
			if err != nil {
				unordered++
				continue
			}
			far, err := engine.Query(t.Context(), c.SQL, c.Args...)
			if n++; err != nil {
				t.Errorf("%s %q: %v\n%s", g.ID, g.Question, err, c.SQL)
				continue
			}
			if !alikeRows(near.Rows, far.Rows, len(a.Plan.Columns) > 0) {
				t.Errorf("%s %q\nDuckDB %v\nTrino  %v", g.ID, g.Question, near.Rows, far.Rows)
				continue
			}
			alike++
		}
		t.Logf("%s: %d answers on both engines, %d alike; %d hang on the file's order", filepath.Base(set), n, alike, unordered)
	}
}

// lendEmbedded has Trino read an embedded table.
func lendEmbedded(t *testing.T, lake servers.Lake, engine *trino.Engine, of dataset.Table) *dataset.Table {
	t.Helper()
	b, err := catalog.Parquet(of.ID)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	of.Parquet = hex.EncodeToString(sum[:])
	dir := filepath.Join(lake.Dir, "embedded-files", trino.Name(&of))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data.parquet"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := engine.Register(t.Context(), &of, "local:///embedded-files/"+trino.Name(&of)); err != nil {
		t.Fatal(err)
	}
	return &of
}

// alikeRows compares cells; rows of a list may stand in another order.
func alikeRows(a, b [][]any, list bool) bool {
	if list {
		a, b = slices.Clone(a), slices.Clone(b)
		order := func(x, y []any) int { return strings.Compare(cellsOf([][]any{x})[0], cellsOf([][]any{y})[0]) }
		slices.SortFunc(a, order)
		slices.SortFunc(b, order)
	}
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

package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"cigogne/catalog"
	"cigogne/internal/library"
	"cigogne/internal/warehouse"
)

const firstQuestion = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"

func benchHouse(b *testing.B) *house {
	b.Helper()
	return newHouse(options{data: b.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }})
}

// BenchmarkFirstAnswer builds everything anew for each question, as a process
// that answers once does, and gives the ratio to the same tables loaded into
// DuckDB and the same SQL run alone.
func BenchmarkFirstAnswer(b *testing.B) {
	var whole, alone time.Duration
	var sql string
	for b.Loop() {
		start := time.Now()
		h := benchHouse(b)
		a := h.answer(b.Context(), asked{Question: firstQuestion})
		whole += time.Since(start)
		if len(a.Figures) == 0 || a.Figures[0].Value != 496779162 {
			b.Fatal(a.Text)
		}
		sql = a.SQL
		h.Close()

		start = time.Now()
		if err := loadAndRun(b, sql); err != nil {
			b.Fatal(err)
		}
		alone += time.Since(start)
	}
	b.ReportMetric(whole.Seconds()*1000/float64(b.N), "ms/answer")
	b.ReportMetric(float64(whole)/float64(alone), "x-duckdb-alone")
}

func loadAndRun(b *testing.B, sql string) error {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	sources, err := library.WriteParquet(dir, []string{"embedded_comptes_region", "embedded_communes", "embedded_intercommunalites"}, catalog.Parquet)
	if err != nil {
		return err
	}
	db, err := warehouse.OpenTables(b.Context(), sources, warehouse.Limits{})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Query(b.Context(), sql)
	return err
}

// BenchmarkWarmAnswer asks a warm house, and gives what an answer takes beyond
// its own SQL.
func BenchmarkWarmAnswer(b *testing.B) {
	h := benchHouse(b)
	defer h.Close()
	lib, err := h.library()
	if err != nil {
		b.Fatal(err)
	}
	for name, q := range map[string]string{"accounts": firstQuestion, "communes30k": "Les 5 communes les plus peuplées de l'Aube"} {
		b.Run(name, func(b *testing.B) {
			var whole, alone time.Duration
			for b.Loop() {
				start := time.Now()
				a := h.answer(b.Context(), asked{Question: q})
				whole += time.Since(start)
				if !a.Answered() {
					b.Fatal(a.Text)
				}
				start = time.Now()
				if _, err := lib.Query(b.Context(), a.Plan.Tables(), a.SQL); err != nil {
					b.Fatal(err)
				}
				alone += time.Since(start)
			}
			b.ReportMetric((whole-alone).Seconds()*1000/float64(b.N), "ms-beyond-SQL")
			b.ReportMetric(float64(whole)/float64(alone), "x-SQL-alone")
		})
	}
}

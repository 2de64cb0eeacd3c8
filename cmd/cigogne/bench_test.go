package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	return newHouse(newProgram(options{data: b.TempDir() + "/none"}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}))
}

// BenchmarkProcess is one question to a process of its own: what its processor
// time is, start and end included. The smallest of all is the least disturbed.
func BenchmarkProcess(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	data := b.TempDir() + "/none"
	var all []time.Duration
	for b.Loop() {
		c := exec.Command(self, "ask", "--data", data, firstQuestion)
		if out, err := c.Output(); err != nil || !strings.Contains(string(out), "496,8") {
			b.Fatal(string(out), err)
		}
		all = append(all, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
	}
	slices.Sort(all)
	b.ReportMetric(all[len(all)/2].Seconds()*1000, "cpu-ms/median")
	b.ReportMetric(all[0].Seconds()*1000, "cpu-ms/least")
}

// BenchmarkFileAgain asks a file of 2 million rows, then again in new processes,
// which find it read: the processor time of one, and its ratio to the first.
func BenchmarkFileAgain(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	file := filepath.Join(dir, "depenses.csv")
	var s strings.Builder
	s.WriteString("annee;commune;departement;montant\n")
	for i := range 2_000_000 {
		fmt.Fprintf(&s, "%d;Commune %d;%s;%d,%02d\n", 2020+i%5, i%30_000, []string{"Marne", "Vosges", "Meuse"}[i%3], i, i%100)
	}
	if err := os.WriteFile(file, []byte(s.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	time.Sleep(2 * time.Second) // a file changed just now is not trusted to be the same
	ask := func() time.Duration {
		c := exec.Command(self, "ask", "--data", dir, "--table", file, "montant total en 2021 dans la Marne")
		if out, err := c.Output(); err != nil {
			b.Fatal(string(out), err)
		}
		return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	first := ask()
	var all []time.Duration
	for b.Loop() {
		all = append(all, ask())
	}
	slices.Sort(all)
	b.ReportMetric(all[len(all)/2].Seconds()*1000, "cpu-ms/median")
	b.ReportMetric(all[0].Seconds()*1000, "cpu-ms/least")
	b.ReportMetric(float64(first)/float64(all[len(all)/2]), "x-first")
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

// BenchmarkWarmAnswer asks a warm house, over 30,000 rows and over 5 million, and
// gives what an answer takes beyond its own SQL run alone, in the same run.
func BenchmarkWarmAnswer(b *testing.B) {
	h := benchHouse(b)
	defer h.Close()
	lib, err := h.library(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	big := filepath.Join(b.TempDir(), "subventions.csv")
	if err := writeGrants(big, 5_000_000); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ name, question, table string }{
		{"accounts", firstQuestion, ""},
		{"communes30k", "Les 5 communes les plus peuplées de l'Aube", ""},
		{"grants5M", "montant total à Metz en 2021", big},
		{"grants5M-by-year", "montant total par année", big},
	} {
		b.Run(c.name, func(b *testing.B) {
			q := asked{Question: c.question, Table: c.table}
			a := h.answer(b.Context(), q) // reads the file, once
			if !a.Answered() {
				b.Fatal(a.Text)
			}
			run := lib.Query
			if c.table != "" {
				path, err := filepath.Abs(c.table)
				if err != nil {
					b.Fatal(err)
				}
				run = h.files[path].lib.Query
			}
			var whole, alone []time.Duration
			for b.Loop() {
				start := time.Now()
				a := h.answer(b.Context(), q)
				whole = append(whole, time.Since(start))
				start = time.Now()
				if _, err := run(b.Context(), a.Plan.Tables(), a.SQL); err != nil {
					b.Fatal(err)
				}
				alone = append(alone, time.Since(start))
			}
			b.ReportMetric(at(whole, 50), "p50-ms")
			b.ReportMetric(at(whole, 99), "p99-ms")
			b.ReportMetric(at(whole, 50)-at(alone, 50), "p50-ms-beyond-SQL")
			b.ReportMetric(at(whole, 99)-at(alone, 99), "p99-ms-beyond-SQL")
			b.ReportMetric(at(whole, 50)/at(alone, 50), "p50-x-SQL")
		})
	}
}

// at is a percentile, in milliseconds.
func at(times []time.Duration, percent int) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)-1)*percent/100].Seconds() * 1000
}

// writeGrants writes a file of n grants: year, town, subject, amount.
func writeGrants(path string, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	towns := []string{"Metz", "Nancy", "Reims", "Troyes", "Colmar", "Mulhouse", "Strasbourg", "Épinal"}
	fmt.Fprintln(w, "annee;commune;objet;montant")
	for i := range n {
		fmt.Fprintf(w, "%d;%s;objet %d;%d\n", 2016+i%7, towns[i%len(towns)], i%1000, i%99991)
	}
	return errors.Join(w.Flush(), f.Close())
}

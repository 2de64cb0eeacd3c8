package decide

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/judge"
	"cigogne/internal/query"
)

// wide is the profile of a table of 40 columns and 5,000 rows.
func wide(n int) *dataset.Table {
	t := &dataset.Table{ID: fmt.Sprintf("t%d", n), Title: fmt.Sprintf("table%d.csv", n), Rows: 5000}
	for i := range 40 {
		c := dataset.Column{Name: fmt.Sprintf("colonne_%d_%d", n, i), Distinct: 200}
		switch i % 4 {
		case 0:
			c.Type, c.Role, c.Min, c.Max = dataset.Number, dataset.Measure, "0", "90000"
		case 1:
			c.Type, c.Role, c.Min, c.Max, c.Distinct = dataset.Integer, dataset.Year, "2010", "2024", 15
		default:
			c.Type, c.Role = dataset.Text, dataset.Dimension
			for v := range 200 {
				c.Values = append(c.Values, dataset.Value{Text: fmt.Sprintf("Valeur %d du lieu %d", v, i*n), Count: 25})
			}
		}
		t.Columns = append(t.Columns, c)
	}
	t.Columns[0].Name, t.Columns[2].Name = "montant voté", "commune"
	return t
}

// BenchmarkPlanning plans over one table of 40 columns, and over 100 of them,
// with the weights that ship; the queries are not run. It reports the median
// and the 99th percentile as parts of their limits: 8 and 25 ms for one table,
// 40 and 120 ms for a hundred.
func BenchmarkPlanning(b *testing.B) {
	questions := []string{"montant voté par commune en 2022", "quelle commune a le montant voté le plus élevé ?", "combien de lignes pour Valeur 12 en 2021", "part de Valeur 3 dans le montant voté", "moyenne du montant voté entre 2015 et 2020"}
	for _, bb := range []struct {
		tables   int
		p50, p99 time.Duration
	}{{1, 8 * time.Millisecond, 25 * time.Millisecond}, {100, 40 * time.Millisecond, 120 * time.Millisecond}} {
		b.Run(fmt.Sprintf("%d tables", bb.tables), func(b *testing.B) {
			pl, err := New(other{}, judge.Builtin, nil)
			if err != nil {
				b.Fatal(err)
			}
			var candidates []plan.Candidate
			for n := range bb.tables {
				candidates = append(candidates, plan.Candidate{Table: wide(n)})
			}
			run := func(_ context.Context, p *query.Plan) ([][]any, error) { return [][]any{{int64(len(p.Where))}}, nil }
			ask := func(q string) {
				if _, err := pl.Plan(b.Context(), plan.Request{Question: q, Lang: lang.French, Given: bb.tables == 1, Candidates: candidates, Run: run}); err != nil {
					b.Fatal(err)
				}
			}
			ask(questions[0]) // the tables are indexed once
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				ask(questions[i%len(questions)])
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2])/float64(bb.p50), "p50/limit")
			b.ReportMetric(float64(took[len(took)*99/100])/float64(bb.p99), "p99/limit")
		})
	}
}

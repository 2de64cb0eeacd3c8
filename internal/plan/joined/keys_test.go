package joined

import (
	"context"
	"reflect"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// Orders and clients, whose key the orders hold.
func orders() (orders, clients plan.Candidate) {
	orders.Table = &dataset.Table{ID: "orders", Rows: 40, Key: []string{"number"}, Columns: []dataset.Column{
		{Name: "number", Type: dataset.Integer, Role: dataset.Key, Distinct: 40},
		{Name: "id_client", Type: dataset.Text, Role: dataset.Code, Distinct: 8},
		{Name: "amount", Type: dataset.Integer, Role: dataset.Measure, Distinct: 39},
	}}
	clients.Table = &dataset.Table{ID: "clients", Rows: 8, Key: []string{"ID client"}, Columns: []dataset.Column{
		{Name: "ID client", Type: dataset.Text, Role: dataset.Key, Distinct: 8},
		{Name: "sector", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3},
		{Name: "amount", Type: dataset.Integer, Role: dataset.Measure, Distinct: 8},
	}}
	return orders, clients
}

func TestLookedUp(t *testing.T) {
	for name, c := range map[string]struct {
		bend func(orders, clients *dataset.Table)
		want []string // columns that the clients give
	}{
		"what the orders lack":      {func(_, _ *dataset.Table) {}, []string{"sector"}},
		"no key":                    {func(_, c *dataset.Table) { c.Key = nil }, nil},
		"a key of two columns":      {func(_, c *dataset.Table) { c.Key = append(c.Key, "sector") }, nil},
		"clients twice":             {func(_, c *dataset.Table) { c.Columns[0].Distinct = 7 }, nil},
		"a client without a number": {func(_, c *dataset.Table) { c.Columns[0].Nulls = 1 }, nil},
		"numbers here, texts there": {func(o, _ *dataset.Table) { o.Columns[1].Type = dataset.Integer }, nil},
		"a measure is no key":       {func(_, c *dataset.Table) { c.Columns[0].Role = dataset.Measure }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o, k := orders()
			c.bend(o.Table, k.Table)
			wide := lookedUp(o, k)
			var got []string
			for _, j := range wide.Joins {
				got = append(got, j.As...)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("given %v, want %v", got, c.want)
			}
		})
	}
}

// scripted answers every question by one plan over the first candidate.
type scripted query.Plan

func (s scripted) Plan(_ context.Context, req plan.Request) (plan.Outcome, error) {
	p := query.Plan(s)
	p.Table = req.Candidates[0].Table.ID
	return plan.Outcome{Plan: &p, Candidate: req.Candidates[0]}, nil
}

func TestJoinedByAKey(t *testing.T) {
	o, k := orders()
	bySector := scripted{GroupBy: []string{"sector"}, Measures: []query.Measure{{Agg: query.Sum, Column: "amount"}}}
	for name, c := range map[string]struct {
		lone   int64 // orders without a client
		joined bool
		says   string
	}{
		"every order has a client": {0, true, "matched by “id_client” with “Clients”"},
		"some do":                  {5, true, "matched by “id_client” with “Clients”: 5 rows of 40 have no match there"},
		"none: two keys that happen to be called alike": {40, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k.Table.Title = "Clients"
			run := func(_ context.Context, p *query.Plan) ([][]any, error) {
				if len(p.Where) > 0 {
					return [][]any{{c.lone}}, nil
				}
				return [][]any{{int64(40)}}, nil
			}
			pl := New(bySector, bySector)
			out, err := pl.Plan(t.Context(), plan.Request{Question: "amount by sector", Lang: lang.English, Candidates: []plan.Candidate{o, k}, Given: true, Run: run})
			if err != nil {
				t.Fatal(err)
			}
			if got := len(out.Plan.Joins) == 1; got != c.joined {
				t.Errorf("joined: %v", got)
			}
			if c.says != "" && (len(out.Assumptions) != 1 || out.Assumptions[0] != c.says) {
				t.Errorf("says %q, want %q", out.Assumptions, c.says)
			}
		})
	}
}

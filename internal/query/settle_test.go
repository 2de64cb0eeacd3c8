package query_test

import (
	"errors"
	"reflect"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// clubs is a table with every kind of row and value that must not be counted twice.
var clubs = &dataset.Table{ID: "clubs", Rows: 9, Columns: []dataset.Column{
	{Name: "ville", Type: dataset.Text, Totals: []string{"Sous-total"}},
	{Name: "sexe", Type: dataset.Integer, Totals: []string{"0"}, Whole: "0"},
	{Name: "niveau", Type: dataset.Text, Levels: []string{"REG", "COM"}, Within: []string{"ville"}},
	{Name: "stade", Type: dataset.Text},
	{Name: "places", Type: dataset.Integer, Within: []string{"stade"}},
	{Name: "licences", Type: dataset.Integer},
	{Name: "taux", Type: dataset.Number, Additivity: dataset.Never, Why: dataset.WhyRate},
}}

func clubTables(id string) *dataset.Table {
	if id == clubs.ID {
		return clubs
	}
	return nil
}

func TestSettle(t *testing.T) {
	sum := []query.Measure{{Agg: query.Sum, Column: "licences"}}
	eq := func(column string, v any) query.Filter {
		return query.Filter{Column: column, Op: query.Eq, Values: []any{v}}
	}
	noSubtotal := query.Filter{Column: "ville", Op: query.Ne, Values: []any{"Sous-total"}}
	for name, c := range map[string]struct {
		plan  query.Plan
		where []query.Filter
	}{
		"nothing said: the total of a category, the finest level, no subtotals": {
			query.Plan{Measures: sum}, []query.Filter{noSubtotal, eq("sexe", 0.0), eq("niveau", "COM")},
		},
		"by category: its parts": {
			query.Plan{Measures: sum, GroupBy: []string{"sexe"}},
			[]query.Filter{noSubtotal, {Column: "sexe", Op: query.Ne, Values: []any{0.0}}, eq("niveau", "COM")},
		},
		"a cell named: that one, of its own level": {
			query.Plan{Measures: sum, Where: []query.Filter{eq("ville", "Toul"), eq("sexe", 1.0)}},
			[]query.Filter{eq("ville", "Toul"), eq("sexe", 1.0)},
		},
		"a total named: the total": {
			query.Plan{Measures: sum, Where: []query.Filter{eq("ville", "Sous-total"), eq("sexe", 0.0)}},
			[]query.Filter{eq("ville", "Sous-total"), eq("sexe", 0.0)},
		},
		"a part of the whole: the whole without its totals": {
			query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "licences", Where: []query.Filter{eq("ville", "Toul")}}, sum[0]},
				Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}},
			[]query.Filter{noSubtotal, eq("sexe", 0.0), eq("niveau", "COM")},
		},
		"cells listed": {
			query.Plan{Columns: []string{"ville", "licences"}, OrderBy: []query.Order{{Column: "licences", Desc: true}}, Limit: 1},
			[]query.Filter{noSubtotal, eq("sexe", 0.0), eq("niveau", "COM")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.plan.Table = "clubs"
			got := query.Settle(&c.plan, clubTables)
			if !reflect.DeepEqual(got.Where, c.where) {
				t.Errorf("filters %v, want %v", got.Where, c.where)
			}
			if again := query.Settle(got, clubTables); !reflect.DeepEqual(again, got) {
				t.Errorf("settled twice: %v, want %v", again, got)
			}
			if err := query.Validate(got, clubTables); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOnce(t *testing.T) {
	p := query.Settle(&query.Plan{Table: "clubs", GroupBy: []string{"sexe"}, Measures: []query.Measure{
		{Agg: query.Sum, Column: "places", Where: []query.Filter{{Column: "ville", Op: query.Eq, Values: []any{"Toul"}}}}}}, clubTables)
	c, err := query.Compile(p, clubTables)
	if err != nil {
		t.Fatal(err)
	}
	want := `SELECT "sexe" AS "sexe", list_sum(list_transform(list(DISTINCT {'value': "places", 'of1': "stade"}) FILTER (WHERE "ville" = ?), lambda x: x.value)) AS "sum places" FROM "clubs" WHERE ("ville" IS NULL OR "ville" <> ?) AND ("sexe" IS NULL OR "sexe" <> ?) AND "niveau" = ? GROUP BY "sexe" ORDER BY "sexe" NULLS LAST`
	if c.SQL != want {
		t.Errorf("SQL\n%s\nwant\n%s", c.SQL, want)
	}
	says := query.Explain(p, func(_, c string) string { return c }, lang.English)
	if want := "sum of places (counted once for each stade) (ville = Toul) by sexe, where ville ≠ Sous-total and sexe ≠ 0 and niveau = COM"; says != want {
		t.Errorf("says %q, want %q", says, want)
	}
}

func TestNeverAdded(t *testing.T) {
	err := query.Validate(&query.Plan{Table: "clubs", Measures: []query.Measure{{Agg: query.Sum, Column: "taux"}}}, clubTables)
	var bad *query.PlanError
	if !errors.As(err, &bad) || bad.Part != "measure" || bad.Name != "taux" {
		t.Errorf("got %v", err)
	}
	if err := query.Validate(&query.Plan{Table: "clubs", Measures: []query.Measure{{Agg: query.Avg, Column: "taux"}}}, clubTables); err != nil {
		t.Errorf("an average: %v", err)
	}
}

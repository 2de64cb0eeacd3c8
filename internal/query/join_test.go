package query_test

import (
	"context"
	"database/sql"
	"math/big"
	"reflect"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// Museums, several or none to a town, and the towns of two years.
var (
	museums = &dataset.Table{ID: "museums", Columns: []dataset.Column{
		{Name: "town", Type: dataset.Text, Role: dataset.Code},
		{Name: "visitors", Type: dataset.Integer, Role: dataset.Measure},
	}}
	places = &dataset.Table{ID: "places", Key: []string{"town", "year"}, Columns: []dataset.Column{
		{Name: "town", Type: dataset.Text, Role: dataset.Code},
		{Name: "year", Type: dataset.Integer, Role: dataset.Year},
		{Name: "county", Type: dataset.Text, Role: dataset.Dimension},
		{Name: "people", Type: dataset.Integer, Role: dataset.Measure, Unit: "habitants"},
	}}
)

func both(id string) *dataset.Table {
	return map[string]*dataset.Table{"museums": museums, "places": places}[id]
}

// Ways two tables meet.
var (
	byTown   = query.Join{On: []string{"town"}, Of: &query.Plan{Table: "museums", GroupBy: []string{"town"}, Measures: []query.Measure{{Agg: query.Count}}}, As: []string{"museums"}}
	ofPlaces = query.Join{On: []string{"town"}, As: []string{"county", "people"}, Of: &query.Plan{Table: "places", GroupBy: []string{"town"},
		Measures: []query.Measure{{Agg: query.Min, Column: "county"}, {Agg: query.Sum, Column: "people"}},
		Where:    []query.Filter{{Column: "year", Op: query.Eq, Values: []any{2021.0}}}}}
	in2021 = query.Filter{Column: "year", Op: query.Eq, Values: []any{2021.0}}
)

// Three towns; A has two museums, B one, C none; a museum stands in a town that nobody lists.
const rows = `CREATE TABLE museums AS SELECT * FROM (VALUES ('A', 10), ('A', 20), ('B', 5), ('Z', 7)) t(town, visitors);
CREATE TABLE places AS SELECT * FROM (VALUES ('A', 2020, 'North', 90), ('A', 2021, 'North', 100), ('B', 2021, 'North', 50), ('C', 2021, 'South', 30)) t(town, year, county, people)`

func TestJoins(t *testing.T) {
	db := database(t)
	for name, c := range map[string]struct {
		plan query.Plan
		sql  string
		rows [][]any
		says string
	}{
		"towns with a museum": {
			plan: query.Plan{Table: "places", Joins: []query.Join{byTown}, Columns: []string{"town", "people"}, Where: []query.Filter{in2021, {Column: "museums", Op: query.Ge, Values: []any{1.0}}}},
			sql: `SELECT "town" AS "town", "people" AS "people" FROM (SELECT "#0".rowid, "#0".*, coalesce("#1"."=1", 0) AS "museums" FROM "places" AS "#0"` +
				` LEFT JOIN (SELECT "town" AS "+1", count(*) AS "=1" FROM "museums" GROUP BY "town") AS "#1" ON "#0"."town" = "#1"."+1") WHERE "year" = ? AND "museums" >= ? ORDER BY rowid`,
			rows: [][]any{{"A", int64(100)}, {"B", int64(50)}},
			says: "liste : town, people, où year = 2021 et museums ≥ 1; museums : nombre de lignes par town",
		},
		"a town without one is counted": {
			plan: query.Plan{Table: "places", Joins: []query.Join{byTown}, Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{in2021, {Column: "museums", Op: query.Eq, Values: []any{0.0}}}},
			rows: [][]any{{int64(1)}},
		},
		"visitors by county, with those of nowhere": {
			plan: query.Plan{Table: "museums", Joins: []query.Join{ofPlaces}, GroupBy: []string{"county"}, Measures: []query.Measure{{Agg: query.Sum, Column: "visitors"}}},
			rows: [][]any{{"North", int64(35)}, {nil, int64(7)}},
		},
		"people of each county, by the county that a town is in": {
			plan: query.Plan{Table: "museums", Joins: []query.Join{{On: ofPlaces.On, As: ofPlaces.As[:1], Of: &query.Plan{Table: "places", GroupBy: []string{"town"}, Measures: ofPlaces.Of.Measures[:1], Where: ofPlaces.Of.Where}},
				{On: []string{"county"}, As: []string{"people"}, Of: &query.Plan{Table: "places", GroupBy: []string{"county"}, Measures: ofPlaces.Of.Measures[1:], Where: ofPlaces.Of.Where}}},
				GroupBy: []string{"county"}, Measures: []query.Measure{{Agg: query.Sum, Column: "visitors"}, {Agg: query.Sum, Column: "people"}}},
			rows: [][]any{{"North", int64(35), int64(150)}, {nil, int64(7), nil}},
		},
		"people are counted once a town, however many museums": {
			plan: query.Plan{Table: "museums", Joins: []query.Join{ofPlaces}, Measures: []query.Measure{{Agg: query.Sum, Column: "visitors"}, {Agg: query.Sum, Column: "people"}},
				Derived: &query.Derived{Op: query.Ratio, Of: 1, Over: 2}},
			rows: [][]any{{int64(42), int64(150), 42.0 / 150}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := query.Settle(&c.plan, both)
			compiled, err := query.Compile(p, both)
			if err != nil {
				t.Fatal(err)
			}
			if c.sql != "" && compiled.SQL != c.sql {
				t.Errorf("SQL\n%s\nwant\n%s", compiled.SQL, c.sql)
			}
			if says := query.Explain(&c.plan, func(_, column string) string { return column }, lang.French); c.says != "" && says != c.says {
				t.Errorf("says %q, want %q", says, c.says)
			}
			if got := fetched(t, db, compiled); !reflect.DeepEqual(got, c.rows) {
				t.Errorf("rows %v, want %v", got, c.rows)
			}
		})
	}
}

func database(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(rows); err != nil {
		t.Fatal(err)
	}
	return db
}

// fetched are the rows of a plan, whole numbers of any size as int64.
func fetched(t *testing.T, db *sql.DB, c *query.Compiled) [][]any {
	t.Helper()
	found, err := db.QueryContext(context.Background(), c.SQL, c.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var out [][]any
	for found.Next() {
		row := make([]any, len(c.Outputs))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, v := range row {
			switch x := v.(type) {
			case int32:
				row[i] = int64(x)
			case *big.Int:
				row[i] = x.Int64()
			}
		}
		out = append(out, row)
	}
	return out
}

func TestJoinsThatAreNone(t *testing.T) {
	for name, bend := range map[string]func(j *query.Join, p *query.Plan){
		"a name that the table has":     func(j *query.Join, _ *query.Plan) { j.As = []string{"people"} },
		"one that differs by a capital": func(j *query.Join, _ *query.Plan) { j.As = []string{"People"} },
		"no column to meet on":          func(j *query.Join, _ *query.Plan) { j.On = []string{"village"} },
		"columns of two types":          func(j *query.Join, _ *query.Plan) { j.On = []string{"year"} },
		"rows that are not grouped":     func(j *query.Join, _ *query.Plan) { j.Of.GroupBy = nil },
		"a group too many":              func(j *query.Join, _ *query.Plan) { j.Of.GroupBy = []string{"town", "visitors"} },
		"a part of the groups":          func(j *query.Join, _ *query.Plan) { j.Of.Limit = 1 },
		"no plan":                       func(j *query.Join, _ *query.Plan) { j.Of = nil },
		"a table that is not there":     func(j *query.Join, _ *query.Plan) { j.Of.Table = "castles" },
		"the row beside another":        func(_ *query.Join, p *query.Plan) { p.Shift = 1 },
		"columns more than there are ":  func(j *query.Join, _ *query.Plan) { j.As = []string{"museums", "visitors"} },
	} {
		t.Run(name, func(t *testing.T) {
			j := byTown
			of := *byTown.Of
			j.Of = &of
			p := query.Plan{Table: "places", Columns: []string{"town"}, Where: []query.Filter{in2021}}
			bend(&j, &p)
			p.Joins = []query.Join{j}
			if _, err := query.Compile(&p, both); err == nil {
				t.Error("taken")
			}
		})
	}
}

func TestWith(t *testing.T) {
	p := &query.Plan{Table: "museums", GroupBy: []string{"county"}, Measures: []query.Measure{{Agg: query.Count}}}
	got := query.With(p, []query.Join{ofPlaces, byTown})
	if len(got.Joins) != 1 || !reflect.DeepEqual(got.Joins[0].As, []string{"county"}) || len(got.Joins[0].Of.Measures) != 1 {
		t.Errorf("joins %+v, want the county of places alone", got.Joins)
	}
	if want := []string{"museums", "places"}; !reflect.DeepEqual(got.Tables(), want) {
		t.Errorf("tables %v, want %v", got.Tables(), want)
	}
	over := got.Over(func(table string) string { return "old_" + table })
	if over.Joins[0].Of.Table != "old_places" || got.Joins[0].Of.Table != "places" {
		t.Errorf("over other tables: %q, and before: %q", over.Joins[0].Of.Table, got.Joins[0].Of.Table)
	}
}

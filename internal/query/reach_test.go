package query_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/query"

	_ "github.com/duckdb/duckdb-go/v2"
)

// TestFirstOfManyRows asks for the first rows of a table that is said to be short,
// whose rows are ranked, and to be long, where the value that the last one reaches
// tells: both lists are the same, ties included.
func TestFirstOfManyRows(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE towns AS SELECT 'T' || i AS code, (i * 7) % 5 AS people, i % 3 AS year FROM range(20) r(i)`); err != nil {
		t.Fatal(err)
	}
	list := func(rows, nulls int64, p query.Plan) (string, string) {
		profile := &dataset.Table{ID: "towns", Rows: rows, Columns: []dataset.Column{
			{Name: "code", Type: dataset.Text, Role: dataset.Code, Distinct: 20},
			{Name: "people", Type: dataset.Integer, Role: dataset.Measure, Distinct: 5, Nulls: nulls},
			{Name: "year", Type: dataset.Integer, Role: dataset.Dimension, Distinct: 3},
		}}
		c, err := query.Compile(&p, func(string) *dataset.Table { return profile })
		if err != nil {
			t.Fatal(err)
		}
		found, err := db.Query("SELECT string_agg(code || ' ' || people, ', ' ORDER BY people, code) FROM ("+c.SQL+")", c.Args...)
		if err != nil {
			t.Fatal(c.SQL, err)
		}
		defer found.Close()
		var out sql.NullString
		for found.Next() {
			if err := found.Scan(&out); err != nil {
				t.Fatal(err)
			}
		}
		return out.String, c.SQL
	}
	year := query.Filter{Column: "year", Op: query.Eq, Values: []any{1.0}}
	held := query.Filter{Column: "people", Op: query.NotNull}
	for limit := 1; limit < 8; limit++ {
		for _, desc := range []bool{false, true} {
			for _, c := range []struct {
				where []query.Filter
				nulls int64
				ranks bool // as a long table's rows are too
			}{
				{nil, 0, false}, {[]query.Filter{year}, 0, false}, {[]query.Filter{held, year}, 3, false}, {[]query.Filter{year}, 3, true},
			} {
				t.Run(fmt.Sprint(limit, desc, len(c.where), c.nulls), func(t *testing.T) {
					p := query.Plan{Table: "towns", Columns: []string{"code", "people"}, Where: c.where, OrderBy: []query.Order{{Column: "people", Desc: desc}}, Limit: limit, Ties: true}
					want, ranked := list(20, c.nulls, p)
					got, text := list(1_000_000, c.nulls, p)
					if got != want || want == "" {
						t.Errorf("got %s, want %s\n%s", got, want, text)
					}
					if strings.Contains(text, "QUALIFY") != c.ranks || !strings.Contains(ranked, "QUALIFY") {
						t.Error(text)
					}
				})
			}
		}
	}
}

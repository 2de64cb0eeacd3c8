package query_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// towns is the profile of a small table.
var towns = &dataset.Table{ID: "towns", Rows: 4, Columns: []dataset.Column{
	{Name: "year", Type: dataset.Integer, Role: dataset.Year, Distinct: 2, Min: "2020", Max: "2021"},
	{Name: `to"wn`, Type: dataset.Text, Role: dataset.Dimension, Distinct: 2},
	{Name: "code", Type: dataset.Text, Role: dataset.Code, Distinct: 2},
	{Name: "people", Type: dataset.Integer, Role: dataset.Measure, Distinct: 4, Unit: "habitants"},
	{Name: "opened", Type: dataset.Date, Role: dataset.Time, Distinct: 4},
}}

func tables(id string) *dataset.Table {
	if id == towns.ID {
		return towns
	}
	return nil
}

func TestCompile(t *testing.T) {
	for name, c := range map[string]struct {
		plan query.Plan
		sql  string
		args []any
		says string // in French
	}{
		"a sum with filters": {
			plan: query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}},
				Where: []query.Filter{{Column: `to"wn`, Op: query.Eq, Values: []any{"L'Aigle"}}, {Column: "year", Op: query.Eq, Values: []any{2021.0}}}},
			sql:  `SELECT sum("people") AS "sum people" FROM "towns" WHERE "to""wn" = ? AND "year" = ?`,
			args: []any{"L'Aigle", int64(2021)},
			says: `somme de people, où to"wn = L'Aigle et year = 2021`,
		},
		"several values, none of them, bounds": {
			plan: query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Count}},
				Where: []query.Filter{{Column: `to"wn`, Op: query.Ne, Values: []any{"A", "B"}}, {Column: "people", Op: query.Between, Values: []any{10.0, 20.0}}, {Column: "opened", Op: query.Lt, Values: []any{"2020-05-01"}}}},
			sql:  `SELECT count(*) AS "count" FROM "towns" WHERE ("to""wn" IS NULL OR "to""wn" NOT IN (?, ?)) AND "people" BETWEEN ? AND ? AND "opened" < ?::DATE`,
			args: []any{"A", "B", int64(10), int64(20), "2020-05-01"},
			says: `nombre de lignes, où to"wn ≠ A ou B et people entre 10 et 20 et opened < 2020-05-01`,
		},
		"two columns, row by row": {
			plan: query.Plan{Table: "towns", Columns: []string{"code"}, Where: []query.Filter{{Column: "people", Op: query.Ge, Other: "year"}}},
			sql:  `SELECT "code" AS "code" FROM "towns" WHERE "people" >= "year" ORDER BY rowid`,
			says: `liste : code, où people ≥ year`,
		},
		"the first two, with ties": {
			plan: query.Plan{Table: "towns", Columns: []string{"code", "people"}, OrderBy: []query.Order{{Column: "people", Desc: true}}, Limit: 2, Ties: true},
			sql:  `SELECT "code" AS "code", "people" AS "people" FROM "towns" QUALIFY rank() OVER (ORDER BY "people" DESC NULLS LAST) BETWEEN 1 AND 2 ORDER BY "people" DESC NULLS LAST`,
			says: `liste : code, people, dans l'ordre people décroissant, 2 au plus et ex æquo`,
		},
		"a difference between two years": {
			plan: query.Plan{Table: "towns", Measures: []query.Measure{
				{Agg: query.Sum, Column: "people", Label: "2021", Where: []query.Filter{{Column: "year", Op: query.Eq, Values: []any{2021.0}}}},
				{Agg: query.Sum, Column: "people", Label: "2020", Where: []query.Filter{{Column: "year", Op: query.Eq, Values: []any{2020.0}}}}},
				Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}},
			sql:  `SELECT sum("people") FILTER (WHERE "year" = ?) AS "2021", sum("people") FILTER (WHERE "year" = ?) AS "2020", sum("people") FILTER (WHERE "year" = ?) - sum("people") FILTER (WHERE "year" = ?) AS "difference" FROM "towns"`,
			args: []any{int64(2021), int64(2020), int64(2021), int64(2020)},
			says: `somme de people (year = 2021) moins somme de people (year = 2020)`,
		},
		"how many towns have more than ten people": {
			plan: query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}}, GroupBy: []string{"code"},
				Having: []query.Having{{Measure: 1, Op: query.Gt, Value: 10}}, Tally: true},
			sql:  `SELECT count(*) AS "count" FROM (SELECT "code" AS "code", sum("people") AS "sum people" FROM "towns" GROUP BY "code" HAVING sum("people") > ?)`,
			args: []any{10.0},
			says: `nombre de valeurs de code, avec somme de people > 10`,
		},
		"how many towns have at least as many people as one": {
			plan: query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}}, GroupBy: []string{"code"}, Tally: true,
				Having: []query.Having{{Measure: 1, Op: query.Ge, Than: &query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}}, Where: []query.Filter{{Column: "code", Op: query.Eq, Values: []any{"01"}}}}}}},
			sql:  `SELECT count(*) AS "count" FROM (SELECT "code" AS "code", sum("people") AS "sum people" FROM "towns" GROUP BY "code" HAVING sum("people") >= (SELECT sum("people") FROM "towns" WHERE "code" = ?))`,
			args: []any{"01"},
			says: `nombre de valeurs de code, avec somme de people >= (somme de people, où code = 01)`,
		},
		"which towns lost people": {
			plan: query.Plan{Table: "towns", GroupBy: []string{"code"}, Measures: []query.Measure{
				{Agg: query.Sum, Column: "people", Label: "2021", Where: []query.Filter{{Column: "year", Op: query.Eq, Values: []any{2021.0}}}},
				{Agg: query.Sum, Column: "people", Label: "2020", Where: []query.Filter{{Column: "year", Op: query.Eq, Values: []any{2020.0}}}}},
				Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}, Having: []query.Having{{Measure: 3, Op: query.Lt}}},
			sql: `SELECT "code" AS "code", sum("people") FILTER (WHERE "year" = ?) AS "2021", sum("people") FILTER (WHERE "year" = ?) AS "2020", sum("people") FILTER (WHERE "year" = ?) - sum("people") FILTER (WHERE "year" = ?) AS "difference" FROM "towns" GROUP BY "code" HAVING ` +
				`sum("people") FILTER (WHERE "year" = ?) - sum("people") FILTER (WHERE "year" = ?) < ? ORDER BY "code" NULLS LAST`,
			args: []any{int64(2021), int64(2020), int64(2021), int64(2020), int64(2021), int64(2020), 0.0},
			says: `somme de people (year = 2021) moins somme de people (year = 2020) par code, avec somme de people (year = 2021) moins somme de people (year = 2020) < 0`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := query.Compile(&c.plan, tables)
			if err != nil {
				t.Fatal(err)
			}
			if got.SQL != c.sql {
				t.Errorf("SQL\n got %s\nwant %s", got.SQL, c.sql)
			}
			a, _ := json.Marshal(got.Args)
			if b, _ := json.Marshal(append([]any{}, c.args...)); string(a) != string(b) && len(c.args)+len(got.Args) > 0 {
				t.Errorf("args %s, want %s", a, b)
			}
			if says := query.Explain(&c.plan, func(_, column string) string { return column }, lang.French); says != c.says {
				t.Errorf("says %q\nwant %q", says, c.says)
			}
		})
	}
}

func TestValidateSaysWhatIsWrongAndWhatIsNear(t *testing.T) {
	sum := []query.Measure{{Agg: query.Sum, Column: "people"}}
	for name, c := range map[string]struct {
		plan query.Plan
		says string
	}{
		"no such table":             {query.Plan{Table: "villages", Measures: sum}, `table "villages"`},
		"no such column":            {query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "peoples"}}}, "near:"},
		"text added up":             {query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "code"}}}, "cannot be added up"},
		"years added up":            {query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "year"}}}, "means nothing"},
		"a word against a number":   {query.Plan{Table: "towns", Measures: sum, Where: []query.Filter{{Column: "people", Op: query.Eq, Values: []any{"many"}}}}, "does not fit"},
		"one bound of two":          {query.Plan{Table: "towns", Measures: sum, Where: []query.Filter{{Column: "people", Op: query.Between, Values: []any{1.0}}}}, "takes 2 value(s)"},
		"an operator of its own":    {query.Plan{Table: "towns", Measures: sum, Where: []query.Filter{{Column: "people", Op: "; DROP", Values: []any{1.0}}}}, "no such operator"},
		"an aggregate of its own":   {query.Plan{Table: "towns", Measures: []query.Measure{{Agg: "list_sort", Column: "people"}}}, "no such aggregate"},
		"nothing asked":             {query.Plan{Table: "towns"}, "asks for no column"},
		"a share of no measure":     {query.Plan{Table: "towns", Measures: sum, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}}, "no measure"},
		"a bound of two figures":    {query.Plan{Table: "towns", Measures: sum, GroupBy: []string{"code"}, Having: []query.Having{{Measure: 1, Op: query.Ge, Value: 3, Than: &query.Plan{Table: "towns", Measures: sum}}}}, "one figure"},
		"a tally of nothing":        {query.Plan{Table: "towns", Measures: sum, Tally: true}, "counts groups"},
		"a negative limit":          {query.Plan{Table: "towns", Measures: sum, Limit: -1}, "limit"},
		"order by what is no group": {query.Plan{Table: "towns", Measures: sum, OrderBy: []query.Order{{Column: "code"}}}, "not among the groups"},
		"plans without end":         {*within(5), "too many plans"},
	} {
		t.Run(name, func(t *testing.T) {
			err := query.Validate(&c.plan, tables)
			var e *query.PlanError
			if !errors.As(err, &e) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

// within is a plan that compares with a plan, so many deep.
func within(depth int) *query.Plan {
	p := &query.Plan{Table: "towns", Measures: []query.Measure{{Agg: query.Sum, Column: "people"}}}
	if depth > 0 {
		p.Where = []query.Filter{{Column: "people", Op: query.Gt, Than: within(depth - 1)}}
	}
	return p
}

// FuzzCompile takes plans as a model might write them: whatever they hold, they
// are refused or compiled, every value stays an argument, and no name leaves
// its quotes.
func FuzzCompile(f *testing.F) {
	f.Add(`{"table":"towns","measures":[{"agg":"sum","column":"people"}],"where":[{"column":"code","op":"=","values":["x'; DROP TABLE towns; --"]}]}`)
	f.Add(`{"table":"towns","columns":["to\"wn"],"distinct":true,"limit":3,"order_by":[{"desc":true}]}`)
	f.Add(`{"table":"towns","measures":[{"agg":"count"}],"group_by":["code"],"derived":{"op":"share_of_total","of":1},"having":[{"measure":1,"op":">","value":2}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var p query.Plan
		if json.Unmarshal([]byte(text), &p) != nil {
			return
		}
		c, err := query.Compile(&p, tables)
		if err != nil {
			return
		}
		query.Explain(&p, func(_, column string) string { return column }, lang.English)
		outside := unquoted(c.SQL)
		if n := strings.Count(outside, "?"); n != len(c.Args) {
			t.Fatalf("%d places for %d values: %s", n, len(c.Args), c.SQL)
		}
		if strings.ContainsAny(outside, ";'\\") || strings.Contains(outside, "--") {
			t.Fatalf("something left its quotes: %s", c.SQL)
		}
	})
}

// unquoted is a SQL text without its quoted names.
func unquoted(sql string) string {
	var b strings.Builder
	in := false
	for _, r := range sql {
		if r == '"' {
			in = !in
			continue
		}
		if !in {
			b.WriteRune(r)
		}
	}
	return b.String()
}

package query_test

import (
	"fmt"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// A plan is checked against its table, said in words, and written as SQL whose
// values are bound.
func Example() {
	towns := &dataset.Table{ID: "towns", Rows: 100, Columns: []dataset.Column{
		{Name: "town", Type: dataset.Text, Role: dataset.Dimension, Distinct: 100},
		{Name: "people", Type: dataset.Integer, Role: dataset.Measure, Unit: "inhabitants"},
	}}
	tables := func(id string) *dataset.Table {
		if id == towns.ID {
			return towns
		}
		return nil
	}
	p := &query.Plan{
		Table:    "towns",
		Measures: []query.Measure{{Agg: query.Sum, Column: "people"}},
		Where:    []query.Filter{{Column: "town", Op: query.Eq, Values: []any{"Metz"}}},
	}
	if err := query.Validate(p, tables); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(query.Explain(p, func(_, column string) string { return column }, lang.English))
	compiled, err := query.Compile(p, tables)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(compiled.SQL, compiled.Args)

	p.Where[0].Column = "city"
	fmt.Println(query.Validate(p, tables))
	// Output:
	// sum of people, where town = Metz
	// SELECT sum("people") AS "sum people" FROM "towns" WHERE "town" = ? [Metz]
	// column "city": no such column; near: town
}

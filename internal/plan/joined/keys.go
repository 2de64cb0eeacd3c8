package joined

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// lookedUp gives a table that nobody annotated the columns of another whose key it
// holds under the same name: the name of a client beside each of its orders. No
// joins where it holds none.
func lookedUp(c, other plan.Candidate) plan.Candidate {
	key := keyOf(other.Table)
	if c.Table == other.Table || key == nil {
		return plan.Candidate{}
	}
	at := slices.IndexFunc(c.Table.Columns, func(x dataset.Column) bool {
		return folded(x.Name) == folded(key.Name) && x.Type == key.Type
	})
	if at < 0 {
		return plan.Candidate{}
	}
	join := query.Join{On: []string{c.Table.Columns[at].Name}, Of: &query.Plan{Table: other.Table.ID, GroupBy: []string{key.Name}}}
	for _, x := range other.Table.Columns {
		held := slices.ContainsFunc(c.Table.Columns, func(own dataset.Column) bool { return strings.EqualFold(own.Name, x.Name) })
		if !held && x.Name != key.Name {
			join.As = append(join.As, x.Name)
			join.Of.Measures = append(join.Of.Measures, query.Measure{Agg: query.Min, Column: x.Name}) // of one row
		}
	}
	if len(join.As) == 0 {
		return plan.Candidate{}
	}
	wide := c
	wide.Joins = []query.Join{join}
	wide.Table = query.Joined(c.Table, wide.Joins, func(string) *dataset.Table { return other.Table })
	return wide
}

// keyOf is the column whose cells differ on each row of a table, and tell rows apart
// for others: a code, an identifier; nil where there is none.
func keyOf(t *dataset.Table) *dataset.Column {
	if len(t.Key) != 1 {
		return nil
	}
	c := t.Column(t.Key[0])
	if c == nil || c.Nulls > 0 || c.Distinct != t.Rows || c.Type != dataset.Text && c.Type != dataset.Integer || c.Role == dataset.Measure || c.Role == dataset.Year {
		return nil
	}
	return c
}

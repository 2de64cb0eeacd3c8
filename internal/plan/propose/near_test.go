package propose

import (
	"slices"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// What is one change away from a plan is whole, different, and holds the plan
// that a question means where the plan is that with one thing changed.
func TestNear(t *testing.T) {
	sport := query.Filter{Column: "Domaine", Op: query.Eq, Values: []any{"Sport"}}
	toul := query.Filter{Column: "Ville", Op: query.Eq, Values: []any{"Toul"}}
	sum := []query.Measure{{Agg: query.Sum, Column: "Montant"}}
	for name, tt := range map[string]struct {
		question    string
		plan, meant query.Plan
		kind        string
	}{
		"a condition was dropped": {"montant total pour le sport à Toul", query.Plan{Measures: sum, Where: []query.Filter{toul}}, query.Plan{Measures: sum, Where: []query.Filter{toul, sport}}, Added},
		"a condition was added":   {"montant total à Toul", query.Plan{Measures: sum, Where: []query.Filter{toul, sport}}, query.Plan{Measures: sum, Where: []query.Filter{toul}}, Dropped},
		"another cell":            {"montant total pour le sport", query.Plan{Measures: sum, Where: []query.Filter{{Column: "Domaine", Op: query.Eq, Values: []any{"Social"}}}}, query.Plan{Measures: sum, Where: []query.Filter{sport}}, Value},
		"a count for a sum":       {"montant total pour le sport", query.Plan{Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{sport}}, query.Plan{Measures: sum, Where: []query.Filter{sport}}, Counted},
		"another aggregate":       {"montant total pour le sport", query.Plan{Measures: []query.Measure{{Agg: query.Avg, Column: "Montant"}}, Where: []query.Filter{sport}}, query.Plan{Measures: sum, Where: []query.Filter{sport}}, Aggregate},
		"the other direction":     {"la plus grosse aide", query.Plan{Columns: []string{"Association"}, OrderBy: []query.Order{{Column: "Montant"}}, Limit: 1}, query.Plan{Columns: []string{"Association"}, OrderBy: []query.Order{{Column: "Montant", Desc: true}}, Limit: 1}, Direction},
		"every row":               {"les 3 plus grosses aides", query.Plan{Columns: []string{"Association"}, OrderBy: []query.Order{{Column: "Montant", Desc: true}}}, query.Plan{Columns: []string{"Association"}, OrderBy: []query.Order{{Column: "Montant", Desc: true}}, Limit: 3}, Limited},
		"another group":           {"montant par ville", query.Plan{Measures: sum, GroupBy: []string{"Domaine"}}, query.Plan{Measures: sum, GroupBy: []string{"Ville"}}, Grouped},
	} {
		t.Run(name, func(t *testing.T) {
			table := grants()
			q, err := ground.Read(tt.question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			tt.plan.Table, tt.meant.Table = "given", "given"
			edits := Near(ground.On(q, table), &tt.plan)
			if !slices.ContainsFunc(edits, func(e Edit) bool { return e.Kind == tt.kind && keyOf(e.Plan) == keyOf(tt.meant) }) {
				t.Errorf("%s is no %s of %s", keyOf(tt.meant), tt.kind, keyOf(tt.plan))
			}
			for _, e := range edits {
				if keyOf(e.Plan) == keyOf(tt.plan) {
					t.Errorf("%s changes nothing", e.Kind)
				}
				if err := query.Validate(e.Plan, func(string) *dataset.Table { return table.Table }); err != nil && e.Kind != Sides {
					t.Errorf("%s: %s: %v", e.Kind, keyOf(e.Plan), err)
				}
			}
		})
	}
}

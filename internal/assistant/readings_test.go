package assistant_test

import (
	"slices"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// places is a shelf with a table of communes by year.
type places struct{ shelves }

func (*places) Tables() []plan.Candidate {
	years := []dataset.Value{{Text: "2024"}, {Text: "2025"}}
	return []plan.Candidate{{
		Table: &dataset.Table{ID: "t", Columns: []dataset.Column{
			{Name: "annee", Type: dataset.Integer, Role: dataset.Year, Distinct: 2, Values: years}, {Name: "commune", Type: dataset.Text, Distinct: 5000},
			{Name: "dep", Type: dataset.Text, Distinct: 10}, {Name: "sorte", Type: dataset.Text, Distinct: 3}, {Name: "technique", Type: dataset.Text, Distinct: 3}, {Name: "pop", Type: dataset.Integer, Role: dataset.Measure}}},
		Annotation: &dataset.Annotation{Time: dataset.TimePolicy{Column: "annee"}, Column: []dataset.ColumnNote{
			{Name: "commune", Label: dataset.Bilingual{FR: "commune", EN: "municipality"}, Level: "commune"}, {Name: "dep", Label: dataset.Bilingual{FR: "département", EN: "department"}, Level: "department"},
			{Name: "sorte", Label: dataset.Bilingual{FR: "catégorie", EN: "category"}}, {Name: "technique", Label: dataset.Bilingual{FR: "technique"}, Hide: true}}},
	}}
}

func TestReadings(t *testing.T) {
	g := assistant.NewGuide(&places{})
	sum := []query.Measure{{Agg: query.Sum, Column: "pop"}}
	held := func(column string, v any) query.Filter {
		return query.Filter{Column: column, Op: query.Eq, Values: []any{v}}
	}
	for _, tt := range []struct {
		name string
		l    lang.Lang
		plan *query.Plan
		rows int
		want []string
	}{
		{"a total of one year", lang.French, &query.Plan{Measures: sum, Where: []query.Filter{held("annee", 2025.0)}}, 1, []string{"par année", "et en 2024 ?", "par département", "par catégorie"}},
		{"the first year has only one after it", lang.English, &query.Plan{Measures: sum, Where: []query.Filter{held("annee", int64(2024))}}, 1, []string{"by year", "and in 2025?", "by department", "by category"}},
		{"a commune is in one department", lang.French, &query.Plan{Measures: sum, Where: []query.Filter{held("commune", "Metz")}}, 1, []string{"par année", "par catégorie"}},
		{"groups have shares", lang.French, &query.Plan{Measures: sum, GroupBy: []string{"dep"}}, 10, []string{"par année", "en %", "par catégorie"}},
		{"years have none", lang.French, &query.Plan{Measures: sum, GroupBy: []string{"annee"}}, 2, []string{"par département", "par catégorie"}},
		{"an average has none", lang.French, &query.Plan{Measures: []query.Measure{{Agg: query.Avg, Column: "pop"}}, GroupBy: []string{"dep"}}, 10, []string{"par année", "par catégorie"}},
		{"the largest", lang.French, &query.Plan{Measures: sum, GroupBy: []string{"dep"}, Limit: 5, Where: []query.Filter{held("annee", 2025.0)}}, 5, []string{"et en 2024 ?"}},
		{"a list", lang.French, &query.Plan{Columns: []string{"commune"}}, 10, nil},
		{"a comparison", lang.French, &query.Plan{Measures: append(sum, sum...), Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}, 1, nil},
	} {
		tt.plan.Table = "t"
		a := &answer.Answer{Kind: answer.KindTable, Lang: tt.l, Plan: tt.plan, Rows: make([][]any, tt.rows)}
		if got := g.Readings(a); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := g.Readings(&answer.Answer{Kind: answer.KindRefusal}); got != nil {
		t.Errorf("of a refusal: %q", got)
	}
}

package assistant

import (
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

func TestDirection(t *testing.T) {
	table := &dataset.Table{ID: "t", Columns: []dataset.Column{{Name: "an", Role: dataset.Year}, {Name: "n"}}}
	in := func(y float64) query.Measure {
		return query.Measure{Agg: query.Sum, Column: "n", Where: []query.Filter{{Column: "an", Op: query.Eq, Values: []any{y}}}}
	}
	overTime := &query.Plan{Table: "t", Measures: []query.Measure{in(2025), in(2021)}, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}
	for _, tt := range []struct {
		question string
		lang     lang.Lang
		change   float64
		want     string
	}{
		{"De combien la population a-t-elle baissé ?", lang.French, 575, "C'est une hausse, non une baisse."},
		{"La population a-t-elle diminué ?", lang.French, -575, ""},
		{"La population a-t-elle augmenté ?", lang.French, -876, "C'est une baisse, non une hausse."},
		{"Did it increase?", lang.English, -876, "This is a fall, not a rise."},
		{"A-t-elle augmenté ou baissé ?", lang.French, 575, ""},
		{"Évolution de la population", lang.French, -575, ""},
	} {
		a := &answer.Answer{Question: tt.question, Lang: tt.lang, Figures: []answer.Figure{{Value: tt.change}}}
		direction(plan.Outcome{Plan: overTime, Candidate: plan.Candidate{Table: table}}, a)
		got := ""
		if len(a.Caveats) > 0 {
			got = a.Caveats[0]
		}
		if got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.question, tt.change, got, tt.want)
		}
	}

	// The earlier less the later is a gap without a direction.
	swapped := &query.Plan{Table: "t", Measures: overTime.Measures, Derived: &query.Derived{Op: query.Difference, Of: 2, Over: 1}}
	a := &answer.Answer{Question: "De combien a-t-elle baissé ?", Lang: lang.French, Figures: []answer.Figure{{Value: 575}}}
	if direction(plan.Outcome{Plan: swapped, Candidate: plan.Candidate{Table: table}}, a); len(a.Caveats) > 0 {
		t.Errorf("of a gap: %q", a.Caveats)
	}
}

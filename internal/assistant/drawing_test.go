package assistant_test

import (
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

const cities = "ville;total\nMetz;12\nNancy;10\nReims;17\n"

func TestAChartIsAskedForInWords(t *testing.T) {
	rows := plan.Outcome{Plan: &query.Plan{Table: "given", Columns: []string{"ville", "total"}}}
	figure := plan.Outcome{Plan: &query.Plan{Table: "given", Measures: []query.Measure{{Agg: query.Sum, Column: "total"}}}}
	for _, tt := range []struct {
		name    string
		outcome plan.Outcome
		turns   []string
		chart   bool
		kind    answer.Kind
		says    string
	}{
		{"at the end of a question", rows, []string{"total par ville en graphique"}, true, answer.KindTable, ""},
		{"in English", rows, []string{"total by city as a chart"}, true, answer.KindTable, ""},
		{"as a follow-up", rows, []string{"total par ville", "en graphique"}, true, answer.KindTable, ""},
		{"as an English follow-up", rows, []string{"total by city", "show me a chart"}, true, answer.KindTable, ""},
		{"of a figure alone", figure, []string{"total", "en graphique"}, false, answer.KindFigure, "Pas de graphique"},
		{"of a figure, at once", figure, []string{"total en graphique"}, false, answer.KindFigure, "Pas de graphique"},
		{"of nothing", rows, []string{"en graphique"}, false, answer.KindRefusal, "Un graphique de quoi"},
		{"not asked for", rows, []string{"total par ville"}, false, answer.KindTable, ""},
		{"a table of the file, not a drawing", rows, []string{"which is the first city on the chart"}, false, answer.KindTable, ""},
		{"the word of a subject", rows, []string{"combien d'arts graphique"}, false, answer.KindTable, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			as := over(t, cities, dataset.Dataset{Title: "Villes"}, tt.outcome)
			var a *answer.Answer
			for _, text := range tt.turns {
				var err error
				if a, err = as.Ask(t.Context(), assistant.Question{Text: text, Conversation: "c"}); err != nil {
					t.Fatal(err)
				}
			}
			if a.Chart != tt.chart || a.Kind != tt.kind || !strings.Contains(a.Text, tt.says) {
				t.Errorf("chart %v, kind %s: %s", a.Chart, a.Kind, a.Text)
			}
			if a.Question != tt.turns[len(tt.turns)-1] {
				t.Errorf("the question became %q", a.Question)
			}
		})
	}
}

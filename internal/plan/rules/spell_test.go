package rules

import (
	"context"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/territory"
)

// spoken is a dictionary of the words in a text.
type spoken string

func (s spoken) Known(word string) bool { return strings.Contains(" "+string(s)+" ", " "+word+" ") }

// towns is a table of communes and years, as its annotation tells it.
func towns() plan.Candidate {
	values := func(texts ...string) (vs []dataset.Value) {
		for _, t := range texts {
			vs = append(vs, dataset.Value{Text: t, Count: 2})
		}
		return vs
	}
	return plan.Candidate{
		Dataset: &dataset.Dataset{ID: "towns", Title: "Communes"},
		Table: &dataset.Table{ID: "towns", Rows: 8, Columns: []dataset.Column{
			{Name: "an", Type: dataset.Integer, Role: dataset.Year, Distinct: 2, Values: values("2020", "2021")},
			{Name: "commune", Type: dataset.Text, Role: dataset.Dimension, Distinct: 4, Values: values("Metz", "Mulhouse", "Châlons-en-Champagne", "Landres")},
			{Name: "pop", Type: dataset.Integer, Role: dataset.Measure, Distinct: 8, Min: "10", Max: "120000"},
		}},
		Annotation: &dataset.Annotation{
			ID: "towns", Measure: "pop", Title: dataset.Bilingual{FR: "Communes", EN: "Communes"},
			Entity: dataset.Entity{Name: dataset.Bilingual{FR: "commune", EN: "commune"}, Many: dataset.Bilingual{FR: "communes", EN: "communes"}, Label: "commune"},
			Time:   dataset.TimePolicy{Column: "an", Policy: "latest"},
			Scope:  dataset.Scope{Level: "region", Code: "44", Name: dataset.Bilingual{FR: "le Grand Est", EN: "the Grand Est"}},
			Column: []dataset.ColumnNote{
				{Name: "commune", Level: "commune"},
				{Name: "pop", Unit: "habitants", Words: dataset.Words{FR: []string{"population", "habitants"}, EN: []string{"population", "inhabitants"}}},
			},
		},
	}
}

func TestSlipsOfTheKeyboardAreReadAndSaid(t *testing.T) {
	pl := New(spoken("habitats londres combien population de"), territory.France)
	for _, c := range []struct {
		question string
		town     string // "" : no figure
		says     string // among the assumptions, or in the refusal
	}{
		{"population de Mulhouse", "Mulhouse", ""},
		{"poplation de Mulhouse", "Mulhouse", "« poplation » lu « population »"},
		{"population de Mulouse", "Mulhouse", "« Mulouse » lu « Mulhouse »"},
		{"population de Chalons en Chanpagne", "Châlons-en-Champagne", "« Chanpagne » lu « Champagne »"},
		{"combien d'habitats à Metz ?", "", "« habitats »"},            // a word of its own
		{"population de Toulouse", "", "« Toulouse » (Haute-Garonne)"}, // a place elsewhere
		{"salaire du maire de Metz", "", "« maire » dans"},             // the mayor, no village of the Vienne
		{"population de toulouse", "", "« toulouse » (Haute-Garonne)"},
		{"population de Toulose", "", "« Toulose »"}, // nearer to a place elsewhere
		{"population de Londres", "", "« Londres »"}, // not Landres
	} {
		out, err := pl.Plan(context.Background(), plan.Request{Question: c.question, Lang: lang.French, Candidates: []plan.Candidate{towns()}})
		if err != nil {
			t.Fatal(err)
		}
		if c.town == "" {
			if out.Plan != nil || !strings.Contains(out.Refusal+out.Ask, c.says) {
				t.Errorf("%s: plan %v, refusal %q, ask %q, want a refusal with %s", c.question, out.Plan, out.Refusal, out.Ask, c.says)
			}
			continue
		}
		if out.Plan == nil {
			t.Errorf("%s: no plan: %s%s", c.question, out.Refusal, out.Ask)
			continue
		}
		if out.Plan.Where[0].Values[0] != c.town || !strings.Contains(strings.Join(out.Assumptions, " ; "), c.says) {
			t.Errorf("%s: where %v, assumptions %q", c.question, out.Plan.Where, out.Assumptions)
		}
	}
}

package search

import (
	"testing"

	"cigogne/internal/dataset"
)

// A dataset is found by what people say of its columns and cells, too; a word for
// a column of territories or years names none.
func TestWordsOfAnnotationsFindTheirDatasets(t *testing.T) {
	notes := []dataset.Annotation{{
		ID: "stations", Datasets: []string{"elsewhere", "qualite-air"},
		Entity: dataset.Entity{Words: dataset.Words{FR: []string{"capteur"}}},
		Time:   dataset.TimePolicy{Column: "annee"},
		Column: []dataset.ColumnNote{
			{Name: "no2", Words: dataset.Words{FR: []string{"respirer"}}},
			{Name: "annee", Words: dataset.Words{FR: []string{"millésime"}}},
			{Name: "commune", Level: "commune", Words: dataset.Words{FR: []string{"bourgade"}}},
		},
		Synonyms: []dataset.Synonym{{Column: "type", Words: dataset.Words{FR: []string{"au bord des routes"}}}},
	}}
	x, err := Build(t.Context(), sample, Options{Notes: notes})
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"que peut-on respirer": "qualite-air", "capteurs": "qualite-air", "bord des routes": "qualite-air",
		"millésime": "", "bourgade": "",
	} {
		hits, err := x.Search(t.Context(), Query{Text: question})
		if err != nil || (want == "") != (len(hits) == 0) || want != "" && hits[0].Name != want {
			t.Errorf("%q: %+v, %v; want %q", question, hits, err, want)
		}
	}
	if hits, err := x.Search(t.Context(), Query{Text: "capteurs", Only: Filter{Tabular: true}}); err != nil || len(hits) != 1 {
		t.Errorf("what is annotated has a table: %+v, %v", hits, err)
	}

	// An index made of another finds the words that were written since.
	notes[0].Entity.Words.FR = []string{"girouette"}
	y, err := Build(t.Context(), sample, Options{Notes: notes, Previous: x})
	if err != nil {
		t.Fatal(err)
	}
	if hits, err := y.Search(t.Context(), Query{Text: "girouettes"}); err != nil || len(hits) != 1 {
		t.Errorf("%+v, %v", hits, err)
	}
}

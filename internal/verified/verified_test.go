package verified

import (
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

var book = []Entry{
	{Question: "Combien d'habitants à Metz ?", Annotation: "towns", Plan: &query.Plan{Table: "a", Measures: []query.Measure{{Agg: query.Count}}}},
	{Question: "Combien d'habitants à Nancy ?", Annotation: "towns", Plan: &query.Plan{Table: "a", Measures: []query.Measure{{Agg: query.Count}}}},
	{Question: "Combien d'habitants à Toul par quartier ?", Annotation: "towns", Plan: &query.Plan{Table: "gone", GroupBy: []string{"quarter"}, Measures: []query.Measure{{Agg: query.Count}}}}, // no candidate has the column
	{Question: "Dépenses de la Région pour les lycées en 2020", Plan: &query.Plan{Table: "b"}},
}

func candidate(id, annotation string) plan.Candidate {
	c := plan.Candidate{Table: &dataset.Table{ID: id}}
	if annotation != "" {
		c.Annotation = &dataset.Annotation{ID: annotation}
	}
	return c
}

func TestNearest(t *testing.T) {
	b := New(book)
	all := []plan.Candidate{candidate("a", "towns"), candidate("b", "")}
	for _, c := range []struct {
		question   string
		candidates []plan.Candidate
		want       string
	}{
		{"combien d habitants a Nancy", all, "Combien d'habitants à Nancy ?|Combien d'habitants à Metz ?"},
		{"combien d'habitants à Nancy", all[1:], ""},
		{"combien d'habitants à Nancy", []plan.Candidate{candidate("harvested", "towns")}, "Combien d'habitants à Nancy ?|Combien d'habitants à Metz ?"},
		{"dépense des lycées en 2020", all, "Dépenses de la Région pour les lycées en 2020"},
		{"météo de demain", all, ""},
		{"", all, ""},
	} {
		var got []string
		for _, v := range b.Nearest(c.question, c.candidates, 3) {
			got = append(got, v.Question)
			if !strings.HasPrefix(v.Plan.Table, "h") && len(c.candidates) == 1 && c.candidates[0].Table.ID == "harvested" {
				t.Errorf("%s: the plan is over %s", v.Question, v.Plan.Table)
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("Nearest(%q) = %s, want %s", c.question, s, c.want)
		}
	}
	if book[0].Plan.Table != "a" {
		t.Error("the book changed")
	}
}

func TestDigest(t *testing.T) {
	same := Digest([][]any{{"Metz", 1.0}})
	if same != Digest([][]any{{"Metz", int64(1)}}) || same != Digest([][]any{{"Metz", 1 + 1e-12}}) {
		t.Error("the same figures, another digest")
	}
	for _, other := range [][][]any{nil, {{"Metz", 2.0}}, {{"Metz"}, {1.0}}, {{nil, 1.0}}} {
		if Digest(other) == same {
			t.Errorf("%v: the same digest", other)
		}
	}
}

func TestReadNamesTheLine(t *testing.T) {
	for text, want := range map[string]string{
		`{"question":"a","plan":{}}` + "\n\n" + `{"question":"b"}`: "line 3",
		"{": "line 1",
		`{"question":"a","plan":{"table":"t"}}` + "\n": "",
	} {
		_, err := Read(strings.NewReader(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"question":"a","plan":{"table":"t"}}`)
	f.Fuzz(func(t *testing.T, s string) {
		entries, err := Read(strings.NewReader(s))
		if err == nil {
			New(entries).Nearest(s, nil, 3)
		}
	})
}

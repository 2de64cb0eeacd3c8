package rules

import (
	"slices"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
)

// Tables that hold the same column, as those that the register was joined to do, read
// its texts once, and number their cells each for itself.
func TestColumnsAreReadOnce(t *testing.T) {
	places := []dataset.Value{{Text: "Metz"}, {Text: "Bar-le-Duc"}}
	table := func(id string, columns ...dataset.Column) plan.Candidate {
		return plan.Candidate{Table: &dataset.Table{ID: id, Title: id, Columns: columns}}
	}
	commune := dataset.Column{Name: "commune", Type: dataset.Text, Role: dataset.Dimension, Values: places}
	kind := dataset.Column{Name: "sorte", Type: dataset.Text, Role: dataset.Dimension, Values: []dataset.Value{{Text: "musée"}, {Text: "gare"}, {Text: "metz"}}}
	pl := New(nil, nil)
	alone, beside := pl.schema(table("a", commune)), pl.schema(table("b", kind, commune))
	if alone.columns[0].cellNames != beside.columns[1].cellNames {
		t.Error("a column was read twice")
	}
	for _, c := range []struct {
		s      *schema
		phrase string
		want   []string // column and text of each
	}{
		{alone, "metz", []string{"commune Metz"}},
		{beside, "metz", []string{"sorte metz", "commune Metz"}},
		{beside, "bar le duc", []string{"commune Bar-le-Duc"}},
		{alone, "gare", nil},
	} {
		var got []string
		for _, id := range c.s.called(key(normAll(c.phrase))) {
			v := c.s.val(id)
			got = append(got, c.s.t.Columns[v.col].Name+" "+v.texts[0])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q in %s: %q, want %q", c.phrase, c.s.t.ID, got, c.want)
		}
	}
}

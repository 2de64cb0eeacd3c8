package query

import (
	"testing"

	"cigogne/internal/dataset"
)

func TestAlphabetic(t *testing.T) {
	values := func(cells ...string) (out []dataset.Value) {
		for _, c := range cells {
			out = append(out, dataset.Value{Text: c, Count: 1})
		}
		return out
	}
	table := &dataset.Table{Columns: []dataset.Column{
		{Name: "ville", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("Épernay", "Esternay")},
		{Name: "code", Type: dataset.Text, Role: dataset.Code, Distinct: 2, Values: values("2A004", "51230")},
		{Name: "mois", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("Août", "janvier")},
		{Name: "an", Type: dataset.Integer, Role: dataset.Year, Distinct: 2},
	}}
	for name, c := range map[string]struct {
		column string
		as     As
		want   string
	}{
		"names as a dictionary has them": {"ville", "", `"ville" COLLATE NOCASE.NOACCENT NULLS LAST, "ville"`},
		"codes as they are":              {"code", "", `"code" NULLS LAST`},
		"numbers as they are":            {"an", "", `"an" NULLS LAST`},
		"months as the calendar has them": {"mois", "",
			`list_position(['janvier', 'fevrier', 'mars', 'avril', 'mai', 'juin', 'juillet', 'aout', 'septembre', 'octobre', 'novembre', 'decembre'], strip_accents(lower("mois"))) NULLS LAST`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (&writer{d: duck{}}).alphabetic(table, c.column, c.as); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

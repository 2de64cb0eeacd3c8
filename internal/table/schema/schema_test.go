package schema_test

import (
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/table/schema"
)

const text = `{"name":"essai/arbres","fields":[
	{"name":"code","type":"string","constraints":{"required":true,"pattern":"^\\d{5}$"}},
	{"name":"essence","type":"string","constraints":{"enum":["chêne","hêtre"]}},
	{"name":"hauteur","type":"number","constraints":{"minimum":0,"maximum":100}},
	{"name":"planté le","type":"date"},
	{"name":"nom","type":"string","constraints":{"required":true}}]}`

func column(name string, kind dataset.Type, values ...string) dataset.Column {
	c := dataset.Column{Name: name, Type: kind, Distinct: int64(len(values))}
	for _, v := range values {
		c.Values = append(c.Values, dataset.Value{Text: v, Count: 1})
	}
	return c
}

func TestWrong(t *testing.T) {
	s, err := schema.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	hauteur := dataset.Column{Name: "hauteur", Type: dataset.Number, Min: "1.5", Max: "40"}
	high := dataset.Column{Name: "hauteur", Type: dataset.Number, Min: "1.5", Max: "140"}
	holes := column("nom", dataset.Text, "Grand chêne")
	holes.Nulls = 1
	good := []dataset.Column{column("code", dataset.Text, "67001"), column("Essence", dataset.Text, "chêne"), hauteur, column("planté le", dataset.Date), column("nom", dataset.Text, "a", "b")}
	with := func(i int, c dataset.Column) []dataset.Column {
		out := slices.Clone(good)
		out[i] = c
		return out
	}
	for name, c := range map[string]struct {
		columns []dataset.Column
		want    string
	}{
		"as it should be":        {good, ""},
		"a column that may lack": {slices.Delete(slices.Clone(good), 1, 2), ""},
		"another column":         {append(slices.Clone(good), column("x", dataset.Text)), ""},
		"one that must be there": {good[:4], "schema_missing: nom"},
		"empty cells":            {with(4, holes), "schema_empty: nom (1 / 2)"},
		"another form":           {with(0, column("code", dataset.Text, "67001", "1001")), "schema_form: code (1001)"},
		"none of those allowed":  {with(1, column("essence", dataset.Text, "chene")), "schema_listed: essence (chene)"},
		"out of bounds":          {with(2, high), "schema_bounds: hauteur (1.5 | 140)"},
		"no date":                {with(3, column("planté le", dataset.Text, "hier")), "schema_type: planté le"},
		"another order":          {[]dataset.Column{good[1], good[0], good[2], good[3], good[4]}, "schema_disorder"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(s.Wrong(&dataset.Table{Rows: 2, Columns: c.columns}), "; "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	for declared, want := range map[string]string{
		"scdl/budget": "https://schema.data.gouv.fr/schemas/scdl/budget/latest/schema.json",
		"https://schema.data.gouv.fr/etalab/schema-irve-statique/":           "https://schema.data.gouv.fr/schemas/etalab/schema-irve-statique/latest/schema.json",
		"https://schema.data.gouv.fr/etalab/schema-irve-statique/2.3.1.html": "https://schema.data.gouv.fr/schemas/etalab/schema-irve-statique/latest/schema.json",
		"https://git.exemple.fr/schema.json":                                 "https://git.exemple.fr/schema.json",
		"https://git.exemple.fr/lisez-moi":                                   "",
		"file:///etc/passwd.json":                                            "",
		"budget":                                                             "",
		"":                                                                   "",
	} {
		if got := schema.Address(declared); got != want {
			t.Errorf("%q: %q, want %q", declared, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(text), "67001")
	f.Add([]byte(`{"fields":[{"name":"a","type":"array","constraints":{"enum":[1,"b",null],"minimum":"x","pattern":"("}}]}`), "b")
	f.Fuzz(func(t *testing.T, b []byte, cell string) {
		s, err := schema.Parse(b)
		if err != nil {
			return
		}
		for _, x := range s.Fields[:min(5, len(s.Fields))] {
			s.Wrong(&dataset.Table{Rows: 1, Columns: []dataset.Column{column(x.Name, dataset.Text, cell)}})
		}
	})
}

package surface_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
)

func TestFacts(t *testing.T) {
	sum := 10.0
	for name, c := range map[string]struct {
		column dataset.Column
		want   []string
	}{
		"a code":               {dataset.Column{Type: dataset.Text, Kind: dataset.KindCommune}, []string{"Insee code of the commune"}},
		"a day says so itself": {dataset.Column{Type: dataset.Date, Kind: dataset.KindDate}, nil},
		"a rate":               {dataset.Column{Type: dataset.Number, Additivity: dataset.Never, Ratio: &dataset.Ratio{Of: "votants", Over: "inscrits", Scale: 100}}, []string{"does not add up", "100 × votants / inscrits"}},
		"a parent's amount":    {dataset.Column{Type: dataset.Number, Kind: dataset.KindMoney, Sum: &sum, Within: []string{"marche"}}, []string{"amount", "repeated on the rows of one marche: counted once"}},
		"totals and levels":    {dataset.Column{Type: dataset.Text, Totals: []string{"Total"}, Levels: []string{"REG", "DEP"}}, []string{"cells that are the total of the others: Total", "levels of one whole: REG, DEP"}},
		"nothing":              {dataset.Column{Type: dataset.Text}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := surface.Facts(&c.column, lang.English); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestEveryKindHasAName holds the words for kinds to the list that dataset declares.
func TestEveryKindHasAName(t *testing.T) {
	source, err := os.ReadFile("../dataset/facts.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`Kind += "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(kinds) < 40 {
		t.Fatalf("%d kinds found", len(kinds))
	}
	for _, k := range kinds {
		for _, l := range lang.Spoken {
			got := surface.Facts(&dataset.Column{Type: dataset.Text, Kind: dataset.Kind(k[1])}, l)
			if len(got) != 1 || got[0] == "" || strings.Contains(got[0], "facts.") {
				t.Errorf("%s in %s: %q", k[1], l, got)
			}
		}
	}
}

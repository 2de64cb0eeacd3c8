package discover_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/discover"
	"cigogne/internal/lang"
)

func path(t *testing.T) *discover.Path {
	t.Helper()
	b, err := catalog.Discover()
	if err != nil {
		t.Fatal(err)
	}
	p, err := discover.Parse(string(b))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestThePathHasFiveQuestionsAndSixSteps(t *testing.T) {
	p := path(t)
	if len(p.Stations) != 5 || len(p.Steps) != 6 || len(p.Talks) != 3 {
		t.Errorf("%d stations, %d steps, %d talks", len(p.Stations), len(p.Steps), len(p.Talks))
	}
	for _, s := range slices.Concat(p.Stations, p.Steps) {
		for _, q := range s.Ask {
			if q.FR == "" || q.EN == "" || s.Title.EN == "" || s.Learnt.EN == "" {
				t.Errorf("%q is not in both languages", s.Title.FR)
			}
		}
	}
}

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a name":              {"bitche", []string{"Bitche"}},
		"several of a name":   {"Saint-Louis", []string{"Saint-Louis (Haut-Rhin)", "Saint-Louis (Moselle)"}},
		"a former name":       {"Waldighofen", []string{"Waldighoffen"}},
		"merged into":         {"Rollainville", []string{"Neufchâteau"}},
		"a postcode":          {"67000", []string{"Strasbourg"}},
		"elsewhere":           {"Lyon", nil},
		"an intercommunality": {"Metz Métropole", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, x := range discover.Find(c.text) {
				got = append(got, x.Name)
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestCommuneIsAskedAboutByName(t *testing.T) {
	var asked []string
	ask := func(_ context.Context, q string, l lang.Lang) (*answer.Answer, error) {
		asked = append(asked, q)
		a := &answer.Answer{Question: q, Lang: l, Kind: answer.KindFigure, Figures: []answer.Figure{{Value: 5}}, Rows: [][]any{{5.0}}}
		switch {
		case strings.HasPrefix(q, "Intercommunalité"):
			a.Kind, a.Rows = answer.KindTable, [][]any{{"CC du Pays"}}
		case strings.HasPrefix(q, "Voyageurs à la gare"):
			a.Figures[0].Value = 0
		case strings.HasPrefix(q, "Part"):
			a.Kind = answer.KindRefusal
		}
		return a, nil
	}
	stops, err := path(t).Commune(t.Context(), discover.Commune{Name: "Les Islettes", Department: "Meuse"}, lang.French, ask)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Intercommunalité des Islettes", "Combien d’habitants aux Islettes ?", "Évolution de la population des Islettes", "Part des Islettes dans la population de la Meuse", "Population de la CC du Pays", "Voyageurs à la gare des Islettes en 2023", "Voyageurs dans les gares de la Meuse en 2023"}
	if !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
	if len(stops) != 4 || stops[3].Answer.Question != want[6] { // the share was refused, the station has no passengers
		t.Errorf("%d stops", len(stops))
	}
}

func TestAFileThatIsIncompleteIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no lesson":    "[[station]]\ntitle = { fr = \"a\" }\nask = [{ fr = \"b\" }]",
		"no question":  "[[step]]\ntitle = { fr = \"a\" }\nlearnt = { fr = \"b\" }",
		"unknown key":  "[[stations]]",
		"no such talk": "[[step]]\ntitle = { fr = \"a\" }\nask = [{ fr = \"b\" }]\nlearnt = { fr = \"c\" }\ntalk = 1",
		"no TOML":      "[[",
	} {
		if _, err := discover.Parse(text); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

package ground

import (
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// two is a space of two directions: homes, and the rest.
type two struct{}

func (two) Known(string) bool { return true }

func (two) Vector(text string) []float32 {
	switch lang.Fold(text) {
	case "houses", "maison":
		return []float32{1, 0}
	case "sold", "ventes":
		return []float32{0, 1}
	}
	return nil
}

func homes() *Table {
	values := func(texts ...string) []dataset.Value {
		var out []dataset.Value
		for _, t := range texts {
			out = append(out, dataset.Value{Text: t, Count: 4})
		}
		return out
	}
	return NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Title: "logements.csv", Rows: 20, Columns: []dataset.Column{
		{Name: "Type", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("Maison", "Appartement")},
		{Name: "nb ventes", Type: dataset.Integer, Role: dataset.Measure, Distinct: 15},
		{Name: "état", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("Bon", "Mauvais")},
		{Name: "sexe", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("F", "M")},
		{Name: "prix", Type: dataset.Number, Role: dataset.Measure, Unit: "€", Distinct: 15},
		{Name: "hauteur_m", Type: dataset.Number, Role: dataset.Measure, Distinct: 15},
	}}}, two{})
}

// Cells are found by what they mean, by another form of their word, by the words
// for the two sexes; headers by one of their words.
func TestMeanings(t *testing.T) {
	table := homes()
	for question, want := range map[string]string{
		"how many houses":     "houses: Type=Maison meaning",
		"how many were sold":  "sold: column nb ventes called",
		"état jugé mauvaise":  "mauvaise: état=Mauvais part",
		"vendus à des femmes": "femmes: sexe=F called",
		"vendus à un homme":   "homme: sexe=M called",
	} {
		t.Run(question, func(t *testing.T) {
			q, err := Read(question, lang.French, two{})
			if err != nil {
				t.Fatal(err)
			}
			if got := mentions(On(q, table)); !slices.Contains(got, want) {
				t.Errorf("no %q among\n%s", want, strings.Join(got, "\n"))
			}
		})
	}
}

// The word after a number tells the columns it may be compared with.
func TestMeasured(t *testing.T) {
	table := homes()
	for question, want := range map[string]string{
		"plus de 20 €":              "prix",
		"plus d'un million d'euros": "prix",
		"entre 10 et 15 mètres":     "hauteur_m",
		"plus de 30 chats":          "",
	} {
		t.Run(question, func(t *testing.T) {
			q, err := Read(question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			g := On(q, table)
			at := -1
			for i, tok := range q.Tokens {
				if tok.IsNum {
					at = i
				}
			}
			if at < 0 {
				t.Fatal("no number")
			}
			got := ""
			for _, c := range table.Columns {
				if g.Measured(at, c.Index) {
					got = c.Name
				}
			}
			if got != want {
				t.Errorf("%q is in the unit of the number, want %q", got, want)
			}
		})
	}
}

// What is left out stands behind a word that says so, or before one.
func TestLeftOut(t *testing.T) {
	table := libraries()
	for question, want := range map[string]bool{
		"prêts hors Épinal": true, "prêts, Épinal exclu": true, "prêts, Épinal mis à part": true, "prêts à part Épinal": true,
		"prêts à Épinal": false, "prêts à Épinal sans accès PMR": false,
	} {
		t.Run(question, func(t *testing.T) {
			q, err := Read(question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			g := On(q, table)
			i := slices.IndexFunc(g.Cells, func(m Mention) bool { return slices.Contains(m.Cells, "Épinal") })
			if i < 0 || g.LeftOut(g.Cells[i]) != want {
				t.Errorf("left out is not %v", want)
			}
		})
	}
}

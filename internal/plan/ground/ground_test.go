package ground

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// libraries is a small table of loans.
func libraries() *Table {
	values := func(texts ...string) []dataset.Value {
		var out []dataset.Value
		for _, t := range texts {
			out = append(out, dataset.Value{Text: t, Count: 2})
		}
		return out
	}
	t := &dataset.Table{ID: "given", Title: "bibliotheques.csv", Rows: 8, Columns: []dataset.Column{
		{Name: "Nom de l'établissement", Type: dataset.Text, Role: dataset.Key, Distinct: 8, Values: values("Médiathèque Jean Moulin", "Bibliothèque des Tanneurs", "Ludothèque du Parc")},
		{Name: "Commune", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Values: values("Épinal", "Saint-Dié-des-Vosges", "Gérardmer")},
		{Name: "Année", Type: dataset.Integer, Role: dataset.Year, Distinct: 2, Min: "2021", Max: "2022"},
		{Name: "Nb_prets", Type: dataset.Integer, Role: dataset.Measure, Distinct: 8},
		{Name: "Acces PMR", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("oui", "non")},
		{Name: "Section", Type: dataset.Text, Role: dataset.Dimension, Distinct: 2, Values: values("A", "J")},
		{Name: "Ouverture", Type: dataset.Date, Role: dataset.Time, Distinct: 8},
	}}
	return NewTable(plan.Candidate{Table: t}, nil)
}

func TestOn(t *testing.T) {
	table := libraries()
	for question, want := range map[string][]string{
		"Combien de prêts à Épinal ?":                     {"prêts: column Nb_prets piece", "Épinal: Commune=Épinal exact"},
		"prêts à Saint-Dié":                               {"Saint-Dié: Commune=Saint-Dié-des-Vosges part"},
		"les prêts de la médiathèque Jean Moulin en 2022": {"médiathèque Jean Moulin: Nom de l'établissement=Médiathèque Jean Moulin exact"},
		"prêts à Gerardmr":                                {"Gerardmr: Commune=Gérardmer spelt"},
		"établissements avec accès PMR":                   {"accès PMR: Acces PMR=oui flag", "établissements: column Nom de l'établissement piece"},
		"prêts aux adultes":                               {"adultes: Section=A initials"},
	} {
		t.Run(question, func(t *testing.T) {
			q, err := Read(question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			g := On(q, table)
			var got []string
			for _, m := range g.Columns {
				got = append(got, fmt.Sprintf("%s: column %s %s", q.Within(m.From, m.To), table.Columns[m.Col].Name, m.How))
			}
			for _, m := range g.Cells {
				got = append(got, fmt.Sprintf("%s: %s=%s %s", q.Within(m.From, m.To), table.Columns[m.Col].Name, strings.Join(m.Cells, "|"), m.How))
			}
			for _, w := range want {
				if !slices.Contains(got, w) {
					t.Errorf("no %q among\n%s", w, strings.Join(got, "\n"))
				}
			}
		})
	}
}

func TestDays(t *testing.T) {
	for question, want := range map[string]string{
		"les prêts du 3 mars 2022":             "2022-03-03 2022-03-03",
		"loans in February 2024":               "2024-02-01 2024-02-29",
		"ouvertes le 14/07/2021":               "2021-07-14 2021-07-14",
		"opened in the 1980s":                  "1980-01-01 1989-12-31",
		"loans may have grown":                 "",
		"combien de marchés":                   "",
		"entre le 1er juin et le 31 août 2020": "2020-06-01 2020-06-01 2020-08-31 2020-08-31",
	} {
		t.Run(question, func(t *testing.T) {
			l := lang.French
			if strings.Contains(question, "loans") || strings.Contains(question, "opened") {
				l = lang.English
			}
			q, err := Read(question, l, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range q.Days() {
				first, last := d.Bounds()
				got = append(got, strings.TrimSpace(first+" "+last))
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("got %q, want %q", s, want)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	table := libraries()
	q, err := Read("plus de 3 millions de prêts, le 5e rang, deux communes en 2022", lang.French, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tok := range q.Tokens {
		if tok.IsNum || tok.Rank > 0 {
			got = append(got, fmt.Sprint(tok.Fold, " ", tok.NumberOn(table.Columns[3]), " ", tok.Rank, " ", tok.Year))
		}
	}
	want := []string{"3 3e+06 0 false", "5e 0 5 false", "deux 2 0 false", "2022 2022 0 true"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := q.Tokens[2].NumberOn(Column{Column: &dataset.Column{Name: "Prêts (millions)"}}); n != 3 {
		t.Errorf("3 millions over a column of millions is %v", n)
	}
}

// Whatever people type is read without a fault, and every mention lies within it.
func FuzzOn(f *testing.F) {
	for _, s := range []string{"Combien de prêts à Épinal en 2022 ?", "≤ 3 % des 12e", "l'", "٣ 1 000,5", "\"", "a-t-elle 10 millions"} {
		f.Add(s)
	}
	table := libraries()
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Read(text, lang.French, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := On(q, table)
		for _, m := range slices.Concat(g.Columns, g.Cells) {
			if m.From < 0 || m.To > len(q.Tokens) || m.From >= m.To {
				t.Errorf("mention %+v of %d tokens", m, len(q.Tokens))
			}
		}
		q.Days()
	})
}

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
			got := mentions(g)
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
		"du 8 au 14 janvier 2023":              "2023-01-08 2023-01-08 2023-01-14 2023-01-14",
		"entre le 1er et le 10 août 2023":      "2023-08-01 2023-08-01 2023-08-10 2023-08-10",
		"mis en service dans les années 70":    "1970-01-01 1979-12-31",
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
	f.Add("médecins généralistes de la la la de Meurthe-et-Moselle, dans le 54")
	table, coded := libraries(), doctors()
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
		On(q, coded)
	})
}

// doctors is a table of the kind whose headers and cells are codes.
func doctors() *Table {
	values := func(texts ...string) []dataset.Value {
		var out []dataset.Value
		for _, t := range texts {
			out = append(out, dataset.Value{Text: t, Count: 2})
		}
		return out
	}
	t := &dataset.Table{ID: "given", Title: "medecins.csv", Rows: 8, Columns: []dataset.Column{
		{Name: "CODGEO", Type: dataset.Text, Role: dataset.Code, Kind: dataset.KindCommune, Distinct: 8, Values: values("54395", "88160")},
		{Name: "LIBGEO", Type: dataset.Text, Role: dataset.Key, Kind: dataset.KindCommuneName, Distinct: 8, Values: values("Lunéville", "Nantes")},
		{Name: "DEP", Type: dataset.Text, Role: dataset.Code, Kind: dataset.KindDepartment, Distinct: 2, Values: values("54", "55")},
		{Name: "NB_MG", Type: dataset.Integer, Role: dataset.Measure, Distinct: 8, Min: "0", Max: "40"},
		{Name: "entrées 2021", Type: dataset.Integer, Role: dataset.Measure, Distinct: 8, Min: "10", Max: "40"},
		{Name: "entrées 2022", Type: dataset.Integer, Role: dataset.Measure, Distinct: 8, Min: "10", Max: "40"},
		{Name: "STATUT", Type: dataset.Text, Role: dataset.Dimension, Distinct: 3, Values: values("PU", "PNL", "PC")},
	}}
	return NewTable(plan.Candidate{Table: t}, nil)
}

// Codes are found by what people call them: places by their names and by the
// words for who is of them, headers by first letters, cells by what they stand for.
func TestCodesByName(t *testing.T) {
	table := doctors()
	for question, want := range map[string]string{
		"médecins généralistes à Lunéville":         "médecins généralistes: column NB_MG called",
		"établissements du privé non lucratif":      "privé non lucratif: STATUT=PNL called",
		"combien de communes en Meurthe-et-Moselle": "Meurthe-et-Moselle: DEP=54 exact",
		"dans quelle commune meusienne":             "meusienne: DEP=55 spelt",
		"les généralistes nantais":                  "nantais: LIBGEO=Nantes spelt",
	} {
		t.Run(question, func(t *testing.T) {
			q, err := Read(question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := mentions(On(q, table)); !slices.Contains(got, want) {
				t.Errorf("no %q among\n%s", want, strings.Join(got, "\n"))
			}
		})
	}
}

// A header may be said in two places; years then tell columns apart.
func TestShares(t *testing.T) {
	q, err := Read("combien d'entrées à Lunéville en 2022", lang.French, nil)
	if err != nil {
		t.Fatal(err)
	}
	if g := On(q, doctors()); g.Shares[5] != 1 || g.Shares[4] != 0.5 {
		t.Errorf("shares of the headers: %v", g.Shares)
	}
}

func mentions(g *Ground) []string {
	var out []string
	for _, m := range g.Columns {
		out = append(out, fmt.Sprintf("%s: column %s %s", g.Within(m.From, m.To), g.Table.Columns[m.Col].Name, m.How))
	}
	for _, m := range g.Cells {
		out = append(out, fmt.Sprintf("%s: %s=%s %s", g.Within(m.From, m.To), g.Table.Columns[m.Col].Name, strings.Join(m.Cells, "|"), m.How))
	}
	return out
}

// Senses follow what is written: "des" begins no span of time, "de" one of
// numbers only, a superlative may hold its number.
func TestSenses(t *testing.T) {
	for question, want := range map[string]string{
		"les cinq plus fortes hauteurs des stations": "most",
		"stations ouvertes dès 2010":                 "since",
		"nombre de stations":                         "count",
		"des habitants perdus":                       "change fall",
		"température moyene":                         "avg",
	} {
		t.Run(question, func(t *testing.T) {
			q, err := Read(question, lang.French, known{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range q.Said() {
				got = append(got, string(s))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%v, want %s", got, want)
			}
		})
	}
}

// known is a space of vectors that knows words of French but no slips.
type known struct{}

func (known) Vector(string) []float32 { return nil }
func (known) Known(word string) bool  { return word != "moyene" }

// Cells are found by what people say of them.
func TestSaid(t *testing.T) {
	column := func(name string, kind dataset.Kind, cells ...string) dataset.Column {
		c := dataset.Column{Name: name, Type: dataset.Text, Role: dataset.Dimension, Kind: kind, Distinct: int64(len(cells))}
		for _, v := range cells {
			c.Values = append(c.Values, dataset.Value{Text: v, Count: 3})
		}
		return c
	}
	table := NewTable(plan.Candidate{Table: &dataset.Table{ID: "given", Rows: 30, Columns: []dataset.Column{
		column("periode", "", "2024-01", "2024-02"),
		column("trim", "", "2023-T1", "2023-T2"),
		column("ouverture", "", "07:00", "19:30"),
		column("cat_emploi", "", "A", "B", "C"),
		column("departement", dataset.KindDepartmentName, "Nord", "Isère"),
	}}}, nil)
	for question, want := range map[string]string{
		"inscrits en janvier 2024":             "2024-01",
		"total du 2e trimestre 2023":           "2023-T2",
		"combien ouvrent à 19h30 ?":            "19:30",
		"combien ouvrent à 7 heures ?":         "07:00",
		"les inscrits de catégorie A en Isère": "A",
		"combien de communes nordistes ?":      "Nord",
		"combien d'inscrites iséroises ?":      "Isère",
		"total par catégorie":                  "",
	} {
		t.Run(question, func(t *testing.T) {
			q, err := Read(question, lang.French, nil)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, m := range On(q, table).Cells {
				found = append(found, m.Cells...)
			}
			if want != "" && !slices.Contains(found, want) || want == "" && len(found) > 0 {
				t.Errorf("found %q, want %q", found, want)
			}
		})
	}
}

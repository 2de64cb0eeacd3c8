package rules

import (
	"context"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/territory"
)

// grants is a table that nobody annotated.
func grants() plan.Candidate {
	return plan.Candidate{Table: &dataset.Table{ID: "grants", Title: "subventions.csv", Rows: 40, Columns: []dataset.Column{
		{Name: "annee", Type: dataset.Integer, Role: dataset.Year, Distinct: 2, Min: "2020", Max: "2021", Values: []dataset.Value{{Text: "2020", Count: 20}, {Text: "2021", Count: 20}}},
		{Name: "club", Type: dataset.Text, Role: dataset.Dimension, Distinct: 4, Values: []dataset.Value{{Text: "Club A", Count: 10}, {Text: "Club B", Count: 10}, {Text: "Club C", Count: 10}, {Text: "Thé dansant", Count: 10}}},
		{Name: "montant", Type: dataset.Number, Role: dataset.Measure, Distinct: 40, Min: "10", Max: "900", Unit: "€"},
		{Name: "frais", Type: dataset.Number, Role: dataset.Measure, Distinct: 30, Min: "1", Max: "90"},
	}}}
}

// explained runs a question and says what came of it: the plan in words, or the
// beginning of what is said instead.
func explained(t testing.TB, pl *Planner, req plan.Request) string {
	t.Helper()
	out, err := pl.Plan(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	settled := 0
	for _, is := range []bool{out.Plan != nil, out.Ask != "", out.Refusal != ""} {
		settled += btoi(is)
	}
	if settled != 1 {
		t.Fatalf("%q: plan %v, ask %q, refusal %q: want exactly one", req.Question, out.Plan, out.Ask, out.Refusal)
	}
	switch {
	case out.Plan != nil:
		find := func(id string) *dataset.Table {
			for _, c := range req.Candidates {
				if c.Table.ID == id {
					return c.Table
				}
			}
			return nil
		}
		if err := query.Validate(out.Plan, find); err != nil {
			t.Fatalf("%q: %v", req.Question, err)
		}
		return query.Explain(out.Plan, func(_, column string) string { return column }, req.Lang)
	case out.Ask != "":
		return "? " + out.Ask
	}
	return "! " + out.Refusal
}

func TestPlan(t *testing.T) {
	pl := New(spoken("de la par en et"), territory.France)
	for _, c := range []struct{ question, want string }{
		// Over an annotated table.
		{"Combien d'habitants à Metz ?", "somme de pop, où commune = Metz et an = 2021"},
		{"Combien d'habitants à Metz en 2020 ?", "somme de pop, où commune = Metz et an = 2020"},
		{"population de Metz et Mulhouse", "somme de pop par commune, où commune = Metz ou Mulhouse et an = 2021"},
		{"population hors Metz et Mulhouse", "somme de pop, où commune ≠ Metz et commune ≠ Mulhouse et an = 2021"},
		{"combien de communes de plus de 1 000 habitants", "nombre de lignes, où pop > 1000 et an = 2021"},
		{"communes < 100 habitants", "liste : commune, où pop < 100 et an = 2021"},
		{"quelle commune a le plus d'habitants ?", "liste : commune, pop, où an = 2021 et pop est renseigné, dans l'ordre pop décroissant, 1 au plus et ex æquo"},
		{"évolution de la population de Metz", "somme de pop par an, où commune = Metz"},
		{"combien de communes ont perdu des habitants", "nombre de valeurs de commune, avec somme de pop (an = 2021) moins somme de pop (an = 2020) < 0"},
		{"communes de 100 à 1 500 habitants", "liste : commune, où pop entre 100 et 1500 et an = 2021"},
		{"combien de communes ne dépassent pas 100 habitants", "nombre de lignes, où pop ≤ 100 et an = 2021"},
		{"différence de population entre Metz et Mulhouse", "somme de pop (commune = Metz) moins somme de pop (commune = Mulhouse), où an = 2021"},
		{"Je suis journaliste : combien d'habitants à Metz ?", "somme de pop, où commune = Metz et an = 2021"},
		{"Je suis de Lyon : combien d'habitants ?", "! Je ne trouve pas « Lyon » (Rhône) dans"},
		{"deuxième commune", "liste : commune, pop, où an = 2021 et pop est renseigné, dans l'ordre pop décroissant, 1 au plus et ex æquo, à partir du rang 2"},
		{"population de Metz en mars 2020", "! « Communes » est tenu par année"},
		{"population de Metz au premier trimestre 2020", "! « Communes » est tenu par année"},
		{"how many inhabitants in Metz", "somme de pop, où commune = Metz et an = 2021"},
		{"répartition des communes par tranche de population", "nombre de lignes (pop ≥ 0 et pop < 100), nombre de lignes (pop ≥ 100 et pop < 500), nombre de lignes (pop ≥ 500 et pop < 2000), nombre de lignes (pop ≥ 2000 et pop < 10\u202f000), nombre de lignes (pop ≥ 10\u202f000 et pop < 50\u202f000), nombre de lignes (pop ≥ 50\u202f000 et pop < 100\u202f000), nombre de lignes (pop ≥ 100\u202f000), où an = 2021"},
		// A verb that says no more than having is left aside, and said.
		{"Quelle commune abrite le plus d'habitants ?", "liste : commune, pop, où an = 2021 et pop est renseigné, dans l'ordre pop décroissant, 1 au plus et ex æquo"},
		{"Combien d'habitants Metz accueille-t-elle ?", "somme de pop, où commune = Metz et an = 2021"},
		{"combien de communes accueillent plus de 1 000 habitants", "nombre de lignes, où pop > 1000 et an = 2021"},
		{"Combien d'habitants à la une ?", "! Je ne trouve pas « la une » dans"},
		{"Quelle commune fait fuir le plus d'habitants ?", "! Je ne trouve pas « fuir » dans"},
		{"Combien d'habitants pauvres la commune de Metz a-t-elle ?", "! Je ne trouve pas « pauvres » dans"},
		// What is not understood, or not held, is said, never guessed.
		{"Combien d'habitants à Lyon ?", "! Je ne trouve pas « Lyon » (Rhône) dans"},
		{"Combien d'habitants à Metz en 1999 ?", "! « Communes » ne couvre pas 1999"},
		{"Combien de chats à Metz ?", "! Je ne trouve pas « chats » dans"},
		{"population de Metz l'année dernière", "! Je ne trouve pas « dernière » dans"},
		{"population de la commune de Paris", "! Je ne trouve pas « Paris » "},
		{"bonjour", "! Quelle est votre question ?"},
		{"total", "! Quelle est votre question ?"},
	} {
		got := explained(t, pl, plan.Request{Question: c.question, Lang: lang.French, Candidates: []plan.Candidate{towns()}})
		if !strings.HasPrefix(got, c.want) || got[0] != '!' && got[0] != '?' && got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.question, got, c.want)
		}
	}
	for _, c := range []struct{ question, want string }{
		// Over a table that nobody annotated.
		{"montant total en 2020", "somme de montant, où annee = 2020"},
		{"montant moyen par club", "moyenne de montant par club"},
		{"montants par an", "somme de montant par annee"},
		{"quel est le montant total des subventions du Club C ?", "somme de montant, où club = Club C"},
		{"combien de subventions pour le thé dansant", "nombre de lignes, où club = Thé dansant"},
		{"montant du club Z", "! Je ne "},
		{"quels clubs ont le même montant que le thé dansant ?", "liste : club, où montant = (liste : montant, où club = Thé dansant) et club ≠ Thé dansant"},
		{"combien a reçu le thé dansant ?", "somme de montant, où club = Thé dansant"},
		{"montant et frais confondus en 2020", "somme de montant plus somme de frais, où annee = 2020"},
	} {
		got := explained(t, pl, plan.Request{Question: c.question, Lang: lang.French, Candidates: []plan.Candidate{grants()}, Given: true})
		if !strings.HasPrefix(got, c.want) || got[0] != '!' && got[0] != '?' && got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.question, got, c.want)
		}
	}
}

// TestFollowUps holds what a short question changes of the one before.
func TestFollowUps(t *testing.T) {
	pl := New(nil, nil)
	req := plan.Request{Question: "Combien d'habitants à Metz en 2020 ?", Lang: lang.French, Candidates: []plan.Candidate{towns()}}
	for _, c := range []struct{ question, want string }{
		{"et en 2021 ?", "somme de pop, où commune = Metz et an = 2021"},
		{"et à Mulhouse ?", "somme de pop, où commune = Mulhouse et an = 2020"},
		{"par commune", "somme de pop par commune, où commune = Metz et an = 2020"},
		{"et à Toulouse ?", "! Je ne trouve pas « Toulouse »"},
		{"hors Metz", "somme de pop, où commune ≠ Metz et an = 2020"},
		{"merci", "! Quelle est votre question ?"},
	} {
		first, err := pl.Plan(context.Background(), req)
		if err != nil || first.Plan == nil {
			t.Fatal(err, first.Refusal)
		}
		next := req
		next.Question, next.Previous = c.question, &plan.Turn{Question: req.Question, Reading: first.Reading, Plan: first.Plan}
		if got := explained(t, pl, next); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.question, got, c.want)
		}
	}
}

// TestGoingOn holds conversations: each question goes on from the one before.
func TestGoingOn(t *testing.T) {
	pl := New(nil, nil)
	for _, turns := range [][]struct{ question, want string }{
		{
			{"communes de plus de 1 000 habitants en 2020", "liste : commune, où pop > 1000 et an = 2020"},
			{"combien ?", "nombre de lignes, où pop > 1000 et an = 2020"},
			{"et de plus de 500 ?", "nombre de lignes, où pop > 500 et an = 2020"},
			{"lesquelles ?", "liste : commune, où pop > 500 et an = 2020"},
			{"combien d'habitants ?", "somme de pop, où pop > 500 et an = 2020"},
		},
		{
			{"croissance de la population de Metz entre 2020 et 2021", "somme de pop (an = 2021) moins somme de pop (an = 2020), où commune = Metz"},
			{"en %", "évolution en % de somme de pop (an = 2020) à somme de pop (an = 2021), où commune = Metz"},
			{"et à Mulhouse ?", "évolution en % de somme de pop (an = 2020) à somme de pop (an = 2021), où commune = Mulhouse"},
		},
		{
			{"population par commune en 2020", "somme de pop par commune, où an = 2020"},
			{"en %", "somme de pop et part dans le total par commune, où an = 2020, dans l'ordre somme de pop décroissant"},
		},
		{
			{"population de Metz en 2020", "somme de pop, où commune = Metz et an = 2020"},
			{"quelle part du total ?", "part de somme de pop (commune = Metz) dans somme de pop, où an = 2020"},
			{"et Mulhouse ?", "part de somme de pop (commune = Mulhouse) dans somme de pop, où an = 2020"},
			{"la plus grande population ?", "! Je ne trouve pas « la plus grande population ? »"},
		},
	} {
		req := plan.Request{Lang: lang.French, Candidates: []plan.Candidate{towns()}}
		for _, c := range turns {
			req.Question = c.question
			if got := explained(t, pl, req); !strings.HasPrefix(got, c.want) || got[0] != '!' && got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.question, got, c.want)
			}
			out, err := pl.Plan(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			if out.Plan != nil {
				req.Previous = &plan.Turn{Question: c.question, Reading: out.Reading, Plan: out.Plan}
			}
		}
	}
}

// FuzzPlan asks anything, twice in a conversation: there is always exactly one
// of a plan that is valid, a question back and a refusal.
func FuzzPlan(f *testing.F) {
	for _, q := range []string{"Combien d'habitants à Metz ?", "montant total par an > 10", "top 5", "et hors Metz, sauf 2020 ?", "%", "-3 100 M€ <=", "\u202eMetz", "communes de plus de 1e9 habitants entre 2020 et 2021", "quelle part de la population va à Metz"} {
		f.Add(q, "et en 2020 ?")
	}
	pl := New(spoken("de la"), territory.France)
	f.Fuzz(func(t *testing.T, first, second string) {
		for _, l := range []lang.Lang{lang.French, lang.English} {
			req := plan.Request{Question: first, Lang: l, Candidates: []plan.Candidate{towns(), grants()}}
			explained(t, pl, req)
			out, err := pl.Plan(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			req.Question, req.Previous = second, &plan.Turn{Question: first, Reading: out.Reading, Plan: out.Plan}
			explained(t, pl, req)
		}
	})
}

func BenchmarkPlan(b *testing.B) {
	pl := New(spoken("de la"), territory.France)
	for name, question := range map[string]string{"figure": "Combien d'habitants à Metz en 2020 ?", "misspelt": "poplation de Mulouse"} {
		b.Run(name, func(b *testing.B) {
			req := plan.Request{Question: question, Lang: lang.French, Candidates: []plan.Candidate{towns(), grants()}}
			for b.Loop() {
				explained(b, pl, req)
			}
		})
	}
}

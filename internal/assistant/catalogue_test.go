package assistant_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/search"
	"cigogne/internal/warehouse"
)

// shelf is a library of datasets without tables; one stepped aside for another.
type shelf struct {
	index *search.Index
	aside string
}

func (s shelf) Candidates(context.Context, string) ([]plan.Candidate, bool, error) {
	return nil, false, nil
}
func (s shelf) Index(context.Context) (*search.Index, error) { return s.index, nil }
func (s shelf) Replaced(id string) bool                      { return id == s.aside }
func (s shelf) Run(context.Context, *query.Plan, *query.Compiled) (*warehouse.Result, error) {
	return nil, nil
}
func (s shelf) Search(ctx context.Context, q search.Query, _ lang.Lang) (out []answer.Dataset, err error) {
	hits, err := s.index.Search(ctx, q)
	for _, h := range hits {
		if h.ID != s.aside {
			out = append(out, answer.Dataset{ID: h.ID, Name: h.Name, Title: h.Title, Publisher: h.Publisher, Score: h.Score, Similar: h.Similar})
		}
	}
	return out, err
}

func asked(t *testing.T) *assistant.Assistant {
	t.Helper()
	now := time.Now()
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	ds := []dataset.Dataset{
		{ID: "trees", Name: "trees", Title: "Arbres de Metz", Publisher: "Ville de Metz", Frequency: "annual", Created: ago(2000), Modified: ago(900)},
		{ID: "budget", Name: "budget", Title: "Budget de la Moselle", Publisher: "Département de la Moselle", Frequency: "monthly", Created: ago(10), Modified: ago(2)},
		{ID: "canteens", Name: "canteens", Title: "Cantines du Grand Est", Publisher: "Région Grand Est", Created: ago(400), Modified: ago(20)},
		{ID: "noise", Name: "noise", Title: "Bruit à Colmar", Publisher: "Ville de Colmar", Frequency: "weekly", Created: ago(400), Modified: ago(100)},
		{ID: "noise-again", Name: "noise", Title: "Bruit à Colmar", Publisher: "Ville de Colmar", Portal: "https://other.example", Created: ago(400), Modified: ago(101)},
		{ID: "sample", Name: "sample", Title: "Cantines du Grand Est (extrait embarqué)", Publisher: "Région Grand Est", Frequency: "annual", Created: ago(2000), Modified: ago(2000)},
	}
	x, err := search.Build(t.Context(), ds, search.Options{Home: "region-44"})
	if err != nil {
		t.Fatal(err)
	}
	return assistant.New(shelf{x, "sample"}, scripted{}, "scripted", slog.New(slog.DiscardHandler))
}

func TestQuestionsAboutTheCatalogueItself(t *testing.T) {
	as := asked(t)
	for _, c := range []struct {
		question string
		kind     answer.Kind
		says     string // parts of the text, in their order, between bars
		datasets string // IDs, in their order
	}{
		{"Combien de jeux de données avez-vous ?", answer.KindText, "tient 4 jeux de données", ""},
		{"How many datasets do you have?", answer.KindText, "holds 4 datasets", ""},
		{"Combien de jeux de données publie la Ville de Metz ?", answer.KindDatasets, "Ville de Metz publie 1 jeu de données :", "trees"},
		{"How many datasets does the Ville de Colmar publish?", answer.KindDatasets, "Ville de Colmar publishes 1 dataset:", "noise"},

		{"Qu'avez-vous sur les cantines ?", answer.KindDatasets, "Cantines du Grand Est", "canteens"},
		{"Quels jeux de données parlent du budget de la Moselle ?", answer.KindDatasets, "d'abord ceux de ce territoire (Moselle)", "budget"},
		{"What do you have on trees?", answer.KindDatasets, "Arbres de Metz", "trees"},
		{"Quels jeux de données parlent de la xyzzy ?", answer.KindRefusal, "aucun jeu de données|data.gouv.fr", ""},
		{"Which datasets are about xyzzy?", answer.KindRefusal, "no dataset|data.gouv.fr", ""},

		{"Qui publie des données ?", answer.KindText, "4 en tout|(1)", ""},
		{"Who publishes data on noise?", answer.KindText, "Ville de Colmar (1)", ""},

		{"Quoi de neuf ce mois-ci ?", answer.KindDatasets, "2 jeux de données, dont 1 de nouveau|Moselle|nouveau, le|Cantines|modifié le", "budget canteens"},
		{"What's new this month?", answer.KindDatasets, "2 datasets, of which 1 new", "budget canteens"},

		{"Quels jeux de données ne sont pas à jour ?", answer.KindDatasets, "2 jeux de données|Arbres|annuel|Bruit|hebdomadaire", "trees noise"},
		{"What is out of date?", answer.KindDatasets, "2 datasets|annual", "trees noise"},

		{"Quels jeux de données couvrent Metz ?", answer.KindDatasets, "Pour Metz, 3 jeux de données|Metz nommé dans 1|1 sur le département (Moselle)|1 sur la région (Grand Est)|toute la France", "trees budget canteens"},
		{"Quels jeux de données concernent la commune de Metz ?", answer.KindDatasets, "3 jeux", "trees budget canteens"},
		{"Which datasets cover Colmar?", answer.KindDatasets, "For Colmar, 2 datasets", "noise canteens"},
		{"Quels jeux de données couvrent la Moselle ?", answer.KindDatasets, "Moselle", "budget canteens"},
		{"Which datasets cover Lyon?", answer.KindRefusal, "No dataset of the catalogue says that it covers Lyon", ""},
		{"Quels jeux de données couvrent ma commune ?", answer.KindClarify, "Laquelle", ""},
		{"Which datasets cover my town?", answer.KindClarify, "Which one", ""},
		{"Quels jeux de données couvrent Saint-Louis ?", answer.KindClarify, "communes s'appellent ainsi", ""},
		{"Quels jeux de données couvrent Saint-Louis (Moselle) ?", answer.KindDatasets, "Saint-Louis", "budget canteens"},
	} {
		a, err := as.Ask(t.Context(), assistant.Question{Text: c.question})
		if err != nil {
			t.Errorf("%s: %v", c.question, err)
			continue
		}
		rest := a.Text
		for part := range strings.SplitSeq(c.says, "|") {
			_, after, ok := strings.Cut(rest, part)
			if !ok {
				t.Errorf("%s: no %q in order in\n%s", c.question, part, a.Text)
				break
			}
			rest = after
		}
		var ids []string
		for _, d := range a.Datasets {
			ids = append(ids, d.ID)
		}
		if got := strings.Join(ids, " "); a.Kind != c.kind || got != c.datasets {
			t.Errorf("%s: %s %q, want %s %q\n%s", c.question, a.Kind, got, c.kind, c.datasets, a.Text)
		}
	}
}

func TestACommuneIsPickedFromTheChoices(t *testing.T) {
	as := asked(t)
	a, err := as.Ask(t.Context(), assistant.Question{Text: "Quels jeux de données couvrent Saint-Louis ?", Conversation: "c"})
	if err != nil || len(a.Choices) < 2 {
		t.Fatalf("%v, %v", a, err)
	}
	if a, err = as.Ask(t.Context(), assistant.Question{Text: "Haut-Rhin", Conversation: "c"}); err != nil || a.Kind != answer.KindDatasets || !strings.Contains(a.Text, "Saint-Louis") {
		t.Errorf("%v: %+v", err, a)
	}
}

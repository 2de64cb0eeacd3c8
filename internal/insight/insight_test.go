package insight_test

import (
	"errors"
	"iter"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/insight"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
)

func record(day int, kind answer.Kind, question string, right *bool, missing ...string) *ledger.Record {
	a := &answer.Answer{Question: question, Lang: lang.French, Kind: kind, NotUnderstood: missing}
	if a.Answered() {
		a.Sources = []answer.Source{{DatasetID: "d", Title: "Comptes", Publisher: "Région"}}
	}
	return &ledger.Record{Answer: a, At: time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC), Right: right}
}

func all(records ...*ledger.Record) iter.Seq2[*ledger.Record, error] {
	return func(yield func(*ledger.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestReport(t *testing.T) {
	yes, no := true, false
	r, err := insight.Of(all(
		record(1, answer.KindFigure, "dépenses avant", nil),
		record(5, answer.KindFigure, "dépenses des lycées en 2020", &yes),
		record(5, answer.KindTable, "dépenses par fonction", &no),
		record(6, answer.KindClarify, "combien ?", nil),
		record(6, answer.KindRefusal, "Combien de bornes incendie à Metz ?", nil, "bornes", "incendie"),
		record(7, answer.KindRefusal, "nombre de bornes d'incendie à Metz en 2024", nil, "bornes"),
		record(8, answer.KindDatasets, "les bornes incendie de Metz", nil, "bornes"),
		record(8, answer.KindRefusal, "Qualité de l'eau du robinet à Nancy", nil, "robinet"),
		record(9, answer.KindRefusal, "12 ?", nil),
	), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if r.Asked != 8 || r.Answered != 2 || r.Back != 1 || r.Pointed != 1 || r.Declined != 4 || r.Right != 1 || r.Wrong != 1 {
		t.Errorf("counts %+v", r)
	}
	if len(r.Datasets) != 1 || r.Datasets[0].Answers != 2 || r.Datasets[0].Wrong != 1 {
		t.Errorf("datasets %+v", r.Datasets)
	}
	if len(r.Wanted) != 3 {
		t.Fatalf("wanted %+v", r.Wanted)
	}
	first := r.Wanted[0]
	if first.Times != 3 || first.Declined != 3 || first.Missing[0] != "bornes" || first.Question != "les bornes incendie de Metz" || first.Last.Day() != 8 {
		t.Errorf("most wanted %+v", first)
	}
	for _, w := range r.Wanted[1:] {
		if w.Times != 1 {
			t.Errorf("apart: %+v", w)
		}
	}
}

func TestABrokenLedgerIsNoReport(t *testing.T) {
	broken := errors.New("disk")
	if r, err := insight.Of(func(yield func(*ledger.Record, error) bool) { yield(nil, broken) }, time.Time{}); !errors.Is(err, broken) || r != nil {
		t.Errorf("%v %v", r, err)
	}
}

// What people and producers say of wanted data stays with its group, however its
// question is put next time; a publisher sees its own.
func TestWishesAndPublishers(t *testing.T) {
	no := false
	near := record(6, answer.KindDatasets, "les bornes incendie de Metz", nil, "bornes")
	near.Answer.Datasets = []answer.Dataset{{Title: "Voirie", Publisher: "Ville de Metz"}}
	wrong := record(7, answer.KindFigure, "dépenses par fonction", &no)
	wrong.Why = "c'est 2019"
	r, err := insight.Of(all(near, wrong, record(8, answer.KindRefusal, "Qualité de l'eau du robinet à Nancy", nil)), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	r.Wished([]ledger.Wish{
		{ID: "other", Question: "combien de bornes incendie à Metz en 2020 ?", Lang: lang.French, Votes: 4, Reply: "en juin"},
		{ID: "gone", Question: "piscines couvertes de Nancy", Lang: lang.French, Votes: 1},
		{ID: "closed", Question: "pistes cyclables de Toul", Lang: lang.French, AnswerID: "x"},
	})
	if len(r.Wanted) != 4 || r.Wanted[0].Question != "les bornes incendie de Metz" || r.Wanted[0].Votes != 4 || r.Wanted[0].Reply != "en juin" || r.Wanted[0].ID == "" {
		t.Errorf("%+v", r.Wanted)
	}
	if len(r.Review) != 1 || r.Review[0].Why != "c'est 2019" || len(r.Confirm) != 0 {
		t.Errorf("%+v %+v", r.Review, r.Confirm)
	}
	city := r.Publisher("metz")
	if len(city.Wanted) != 1 || len(city.Datasets) != 0 || city.Declined != 1 {
		t.Errorf("%+v", city)
	}
	region := r.Publisher("region")
	if len(region.Datasets) != 1 || region.Wrong != 1 {
		t.Errorf("%+v", region)
	}
}

package search

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"cigogne/internal/dataset"
)

var sample = []dataset.Dataset{
	{ID: "1", Name: "bornes", Title: "Bornes de recharge pour véhicules électriques", Description: "Localisation des IRVE dans le Grand Est."},
	{ID: "2", Name: "lycees", Title: "Lycées publics du Grand Est", Description: "Liste des établissements, effectifs d'élèves."},
	{ID: "3", Name: "qualite-air", Title: "Qualité de l'air : moyennes annuelles", Description: "Dioxyde d'azote et particules mesurés par les stations."},
	{ID: "4", Name: "open-damir", Title: "Open DAMIR : dépenses d'assurance maladie", Description: "Remboursements mensuels."},
}

func TestSearchFindsWordsAndRefusesNonsense(t *testing.T) {
	x, err := Build(t.Context(), sample, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"où recharger un véhicule électrique ?": "bornes",
		"opendamir":                 "open-damir",
		"LYCEES":                    "lycees",
		"lycee":                     "lycees",
		"moyenne annuelle de l’air": "qualite-air",
		"open-damir":                "open-damir",
		"xyzzy":                     "",
		"":                          "",
		"\xff\xfe":                  "",
	} {
		hits, err := x.Search(t.Context(), Query{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(hits) > 0 {
			got = hits[0].Name
		}
		if got != want {
			t.Errorf("%q: found %q, want %q", question, got, want)
		}
	}
}

func TestSaveOpen(t *testing.T) {
	x, err := Build(t.Context(), sample, Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "search.index")
	if err := x.Save(path); err != nil {
		t.Fatal(err)
	}
	y, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := x.Search(t.Context(), Query{Text: "recharge électrique"})
	b, _ := y.Search(t.Context(), Query{Text: "recharge électrique"})
	if len(a) == 0 || len(a) != len(b) || a[0].ID != b[0].ID || a[0].Score != b[0].Score {
		t.Errorf("before %v, after %v", a, b)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{0, 10, len(magic), len(file) / 2, len(file) - 1} {
		if err := os.WriteFile(path, file[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrFormat) {
			t.Errorf("file cut to %d bytes: %v", cut, err)
		}
	}
}

func TestBuildNothing(t *testing.T) {
	if _, err := Build(t.Context(), nil, Options{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v", err)
	}
}

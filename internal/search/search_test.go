package search

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/search/embed"
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

func series() []dataset.Dataset {
	ds := append([]dataset.Dataset{}, sample...)
	for _, town := range []string{"Colmar", "Épinal", "Troyes", "Reims", "Metz"} {
		ds = append(ds, dataset.Dataset{
			ID: "ppr-" + town, Name: "ppr-" + town, Publisher: "DDT", Title: "PPRN – Zone réglementée du plan de prévention de " + town,
			Description: "Ce jeu de données contient les zones réglementées du plan de prévention des risques naturels. Ces périmètres résultent d'un acte officiel et produisent leurs effets à l'entrée en vigueur de la servitude, selon le code de l'environnement. " + town,
		})
	}
	return ds
}

func TestSeriesTakeOneLine(t *testing.T) {
	x, err := Build(t.Context(), series(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := Query{Text: "plan de prévention des risques zone réglementée"}
	all, _ := x.Search(t.Context(), q)
	if len(all) != 5 {
		t.Errorf("unfolded: %d hits, want 5", len(all))
	}
	q.Fold = true
	hits, _ := x.Search(t.Context(), q)
	if len(hits) != 1 || hits[0].Similar != 4 {
		t.Errorf("folded: %+v, want one hit and 4 like it", hits)
	}
	q.Text += " Troyes"
	if hits, _ = x.Search(t.Context(), q); len(hits) != 1 || hits[0].ID != "ppr-Troyes" {
		t.Errorf("folded, with a town: %+v, want that town's sheet", hits)
	}
}

func TestPlaceNamedComesFirst(t *testing.T) {
	var ds []dataset.Dataset
	for _, d := range []string{"Bas-Rhin", "Haut-Rhin", "Marne", "Haute-Marne", "Vosges"} {
		ds = append(ds, dataset.Dataset{ID: d, Name: "mesures-" + d, Title: "Qualité de l'air : mesures dans le département (" + d + ")", Description: "Mesures des stations."})
	}
	ds = append(ds, dataset.Dataset{ID: "FR", Name: "mesures-france", Title: "Qualité de l'air : mesures", Description: "Mesures de toutes les stations du pays."})
	x, err := Build(t.Context(), ds, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"qualité de l'air dans le Haut-Rhin": "Haut-Rhin",
		"qualité de l'air haut rhin":         "Haut-Rhin",
		"qualité de l'air dans la Marne":     "Marne",
		"qualité de l'air":                   "FR",
	} {
		hits, err := x.Search(t.Context(), Query{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 || hits[0].ID != want {
			t.Errorf("%q: %+v, want %s first", question, hits, want)
		} else if want != "FR" && (len(hits[0].Why) == 0 || hits[0].Why[0] != (Reason{Kind: ByPlace, Asked: want})) {
			t.Errorf("%q: why is %v, want the place first", question, hits[0].Why)
		}
	}
}

func TestWhySaysTheSynonym(t *testing.T) {
	x, err := Build(t.Context(), sample, Options{})
	if err != nil {
		t.Fatal(err)
	}
	hits, _ := x.Search(t.Context(), Query{Text: "high school"})
	if len(hits) == 0 || hits[0].ID != "2" || !slices.Contains(hits[0].Why, Reason{BySynonym, "high school", "lycée"}) {
		t.Errorf("got %+v", hits)
	}
}

// counting embeds a text as its length and counts texts.
type counting struct {
	name  string
	texts int
	fail  error
}

func (c *counting) Name() string { return c.name }

func (c *counting) Query(_ context.Context, text string) ([]float32, error) {
	return []float32{1, 0}, c.fail
}

func (c *counting) Passages(_ context.Context, texts []embed.Passage) ([][]float32, error) {
	c.texts += len(texts)
	out := make([][]float32, len(texts))
	for i, p := range texts {
		a := float64(len(p.Title))
		out[i] = []float32{float32(math.Cos(a)), float32(math.Sin(a))}
	}
	return out, c.fail
}

func TestUpdateCostsWhatChanged(t *testing.T) {
	e := &counting{name: "a"}
	before := series()
	x, err := Build(t.Context(), before, Options{Embedders: []Embedder{e}})
	if err != nil {
		t.Fatal(err)
	}
	after := append([]dataset.Dataset{}, before[2:]...) // two are gone, one is changed, one is new
	after[3].Title += " et alentours"
	after = append(after, dataset.Dataset{ID: "new", Name: "new", Title: "Arbres remarquables", Description: "Inventaire."})
	e.texts = 0
	updated, err := Build(t.Context(), after, Options{Embedders: []Embedder{e}, Previous: x})
	if err != nil {
		t.Fatal(err)
	}
	if e.texts != 2 {
		t.Errorf("%d texts embedded, want the changed one and the new one", e.texts)
	}
	afresh, err := Build(t.Context(), after, Options{Embedders: []Embedder{e}})
	if err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	if err := errors.Join(updated.Save(a), afresh.Save(b)); err != nil {
		t.Fatal(err)
	}
	fa, _ := os.ReadFile(a)
	fb, _ := os.ReadFile(b)
	if !bytes.Equal(fa, fb) {
		t.Error("an updated index differs from one built afresh")
	}
	e.texts = 0
	if _, err := Build(t.Context(), after, Options{Embedders: []Embedder{&counting{name: "b"}}, Previous: updated}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), a, Options{Embedders: []Embedder{&counting{name: "b"}}}); !errors.Is(err, ErrModel) {
		t.Errorf("opened with another model: %v", err)
	}
}

func TestSearchGoesOnWithoutTheEmbedder(t *testing.T) {
	e := &counting{name: "a"}
	x, err := Build(t.Context(), sample, Options{Embedders: []Embedder{e}})
	if err != nil {
		t.Fatal(err)
	}
	e.fail = errors.New("server down")
	hits, err := x.Search(t.Context(), Query{Text: "lycées"})
	if err != nil || len(hits) == 0 || hits[0].ID != "2" {
		t.Errorf("got %v, %v", hits, err)
	}
	if _, err := Build(t.Context(), sample, Options{Embedders: []Embedder{e}}); err == nil {
		t.Error("an index without the vectors asked for was built")
	}
}

// Among sheets that say a word alike, the one that a question can be put to, of
// the region that the catalogue serves, comes before those of others.
func TestWhatCanBeAskedComesFirst(t *testing.T) {
	csv := []dataset.Distribution{{Format: "csv"}}
	ds := append([]dataset.Dataset{
		{ID: "sheet", Name: "sheet", Title: "Population des communes", Description: "Population légale."},
		{ID: "away", Name: "away", Title: "Population des communes de Bretagne", Description: "Population légale.", Distributions: csv},
		{ID: "home", Name: "home", Title: "Communes du Grand Est : population par millésime", Description: "Population légale.", Spatial: "Grand Est", Distributions: csv},
	}, sample...)
	x, err := Build(t.Context(), ds, Options{Home: "region-44"})
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{"population": "home", "population des communes": "home", "population Bretagne": "away"} {
		hits, err := x.Search(t.Context(), Query{Text: question})
		if err != nil || len(hits) == 0 || hits[0].ID != want {
			t.Errorf("%q: %+v, %v; want %s first", question, hits, err, want)
		}
	}
}

func TestQuestionsInPeoplesOwnWords(t *testing.T) {
	x, err := Build(t.Context(), sample, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{"où brancher ma voiture": "bornes", "où recharger sa voiture électrique ?": "bornes"} {
		if hits, err := x.Search(t.Context(), Query{Text: question}); err != nil || len(hits) == 0 || hits[0].Name != want {
			t.Errorf("%q: %+v, %v; want %s first", question, hits, err, want)
		}
	}
}

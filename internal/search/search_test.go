package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

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

// A word is worth more than those near it in meaning.
func TestTheWordItselfComesFirst(t *testing.T) {
	pairs := [][2]string{{"forêts", "bois"}, {"routes", "chemins"}, {"rivières", "ruisseaux"}, {"écoles", "collèges"}, {"oiseaux", "mammifères"}}
	var all []dataset.Dataset
	for _, p := range pairs {
		for _, w := range p {
			all = append(all, dataset.Dataset{ID: w, Name: w, Title: w + " du territoire"})
		}
	}
	x, err := Build(t.Context(), all, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		hits, err := x.Search(t.Context(), Query{Text: d.ID + " du territoire"})
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 || hits[0].Name != d.ID {
			t.Errorf("%q: found %+v first", d.ID, hits)
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
	files, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := filepath.Join(path, f.Name())
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range []int{0, 10, len(magic), len(whole) / 2, len(whole) - 1} {
			if err := os.WriteFile(name, whole[:cut], 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrFormat) {
				t.Errorf("%s cut to %d bytes: %v", f.Name(), cut, err)
			}
		}
		if err := os.WriteFile(name, whole, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(t.Context(), filepath.Join(path, listName), Options{}); !errors.Is(err, ErrFormat) {
		t.Errorf("a file where a folder is looked for: %v", err)
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

// Sheets whose titles differ by a commune, a code or a year are of one series,
// whatever their descriptions say; others that begin alike are not.
func TestFrames(t *testing.T) {
	for name, titles := range map[string][2]string{
		"communes":          {"PPRN – Périmètre du PPR Inondation - CHARENCY-VEZIN (54118", "PPRN – Périmètre du PPR Inondation - VANDIERES (54546"},
		"after a word":      {"Carte communale de Metz", "Carte communale d'Épinal"},
		"years":             {"Liste des prénoms 2019", "Liste des prénoms 2021"},
		"months":            {"Accidents de la route de janvier 2020", "Accidents de la route de mars 2021"},
		"years and a place": {"Loi de finances 2012, dotations", "Loi de finances 2013, dotations"},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := frameOf("DDT", titles[0]), frameOf("DDT", titles[1])
			if a != b || a == 0 {
				t.Errorf("%q and %q: %v, %v", titles[0], titles[1], frame(titles[0]), frame(titles[1]))
			}
		})
	}
	for name, titles := range map[string][2]string{
		"another subject":   {"Carte communale de Metz", "Carte scolaire de Metz"},
		"hardly a word":     {"Budget 2019", "Budget 2020"},
		"another publisher": {"Liste des prénoms 2019", "Liste des prénoms 2019"},
	} {
		t.Run(name, func(t *testing.T) {
			if a, b := frameOf("DDT", titles[0]), frameOf("Ville", titles[1]); a == b && a != 0 {
				t.Errorf("%q and %q: %v", titles[0], titles[1], frame(titles[0]))
			}
		})
	}
}

func TestASeriesIsOpened(t *testing.T) {
	x, err := Build(t.Context(), series(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	hits, err := x.Search(t.Context(), Query{Like: "ppr-Metz"})
	if err != nil || len(hits) != 5 || hits[0].Name != "ppr-Colmar" || hits[0].Series != hits[4].Series || hits[0].Series == "" {
		t.Errorf("%+v, %v", hits, err)
	}
	if hits, _ := x.Search(t.Context(), Query{Like: "nobody"}); len(hits) != 0 {
		t.Errorf("%+v", hits)
	}
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
	sameAnswers(t, updated, afresh, "plan de prévention", "zone réglementée Troyes", "arbres remarquables", "recharge", "lycées")
	a := filepath.Join(t.TempDir(), "a")
	if err := updated.Save(a); err != nil {
		t.Fatal(err)
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

// sameAnswers holds two indexes of the same datasets against each other. Those
// that score alike lie as they came, and which of them are last is chance.
func sameAnswers(t *testing.T, a, b *Index, questions ...string) {
	t.Helper()
	if a.Len() != b.Len() {
		t.Errorf("%d datasets, and %d", a.Len(), b.Len())
	}
	for _, q := range questions {
		x, y := answers(t, a, q), answers(t, b, q)
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%q:\n%+v\nand\n%+v", q, x, y)
		}
	}
}

func answers(t *testing.T, x *Index, question string) []Hit {
	t.Helper()
	hits, err := x.Search(t.Context(), Query{Text: question})
	if err != nil {
		t.Fatal(err)
	}
	for i := range hits {
		if hits[i].Score == hits[len(hits)-1].Score {
			hits[i] = Hit{Score: hits[i].Score}
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return hits
}

// Day after day an index takes in what changed: it answers as one made anew does,
// has few parts, and writes what is new alone.
func TestIndexOfManyUpdates(t *testing.T) {
	e := &counting{name: "a"}
	options := Options{Embedders: []Embedder{e}}
	ds := slices.Clone(sample)
	for i := range 300 {
		ds = append(ds, dataset.Dataset{ID: fmt.Sprint("d", i), Name: fmt.Sprint("n", i), Title: fmt.Sprintf("Relevé numéro%d de la station%d", i, i%17), Description: "Mesures quotidiennes de débit."})
	}
	dir := t.TempDir()
	var last string
	for day := range 24 {
		for i := day % 9; i < len(ds); i += 60 { // a few change
			ds[i].Description += fmt.Sprint(" Révision jour", day)
		}
		ds = slices.Delete(ds, 50+day, 51+day) // one goes
		ds = append(ds, dataset.Dataset{ID: fmt.Sprint("new", day), Name: fmt.Sprint("new", day), Title: fmt.Sprint("Nouveauté jour", day)})
		x, err := Build(t.Context(), ds, options)
		if err != nil {
			t.Fatal(err)
		}
		if last != "" {
			if options.Previous, err = Open(t.Context(), last, options); err != nil {
				t.Fatal(err)
			}
		}
		e.texts = 0
		updated, err := Build(t.Context(), ds, options)
		if err != nil {
			t.Fatal(err)
		}
		if changed := 8; last != "" && e.texts > changed {
			t.Errorf("day %d: %d texts embedded", day, e.texts)
		}
		options.Previous = nil
		last = filepath.Join(dir, fmt.Sprint(day))
		if err := updated.Save(last); err != nil {
			t.Fatal(err)
		}
		if updated, err = Open(t.Context(), last, options); err != nil {
			t.Fatal(err)
		}
		if len(updated.shelves) > 10 {
			t.Errorf("day %d: %d parts", day, len(updated.shelves))
		}
		// Nearness is over what is common to all, which a sample tells that differs by what is gone.
		updated.meanings[0].base = x.meanings[0].base
		sameAnswers(t, updated, x, "new3", "d70", fmt.Sprint("nouveauté jour", day), "révision jour3", "station4", "numéro120", "bornes de recharge", "qualité de l'air")
		if _, found := updated.named(fmt.Sprint("d", 46+2*day)); found {
			t.Errorf("day %d: what is gone is found", day)
		}
		if day > 0 {
			linked := 0
			files, _ := os.ReadDir(last)
			for _, f := range files {
				a, _ := os.Stat(filepath.Join(last, f.Name()))
				if b, err := os.Stat(filepath.Join(dir, fmt.Sprint(day-1), f.Name())); err == nil && os.SameFile(a, b) {
					linked++
				}
			}
			if linked == 0 && runtime.GOOS == "linux" && len(updated.shelves) > 1 {
				t.Errorf("day %d: every file is written anew", day)
			}
		}
	}
}

// The hash of a dataset covers each of its fields, or the field is named here as one that no index reads.
func TestHashCoversWhatIsRead(t *testing.T) {
	unread := map[string]bool{"Licence": true, "Origins": true, "Withdrawn": true}
	plain := dataset.Dataset{ID: "a", Name: "a", Title: "a"}
	for i := range reflect.TypeFor[dataset.Dataset]().NumField() {
		d := plain
		f := reflect.ValueOf(&d).Elem().Field(i)
		name := reflect.TypeFor[dataset.Dataset]().Field(i).Name
		switch v := f.Addr().Interface().(type) {
		case *string:
			*v += "b"
		case *[]string:
			*v = []string{"b"}
		case *time.Time:
			*v = time.Unix(1e9, 0)
		case *dataset.Period:
			v.End = "2020"
		case *dataset.Licence:
			v.ID = "lov2"
		case *[]dataset.Distribution:
			*v = []dataset.Distribution{{Format: "csv"}}
		default:
			t.Fatalf("%s has a type that this test does not fill", name)
		}
		if changed := contentHash(&d, nil) != contentHash(&plain, nil); changed == unread[name] {
			t.Errorf("%s: the hash changes with it: %v", name, changed)
		}
	}
}

package joined

import (
	"io/fs"
	"testing"

	"cigogne/internal/query"
)

func TestEveryWordsFileIsRead(t *testing.T) {
	paths, err := fs.Glob(files, "words/*.toml")
	if err != nil || len(paths) < 2 {
		t.Fatal(paths, err)
	}
	for _, p := range paths {
		if v, err := readWords(p); err != nil || len(v.With) == 0 || len(v.Without) == 0 {
			t.Errorf("%s: %+v, %v", p, v, err)
		}
	}
}

var (
	museumWords = []string{"musee", "musees", "museum", "museums", "musee de france", "musees de france"}
	townWords   = []string{"commune", "communes", "ville", "villes", "town", "towns"}
	others      = append([]string{"intercommunalites", "departement", "departements"}, townWords...)
)

func TestFind(t *testing.T) {
	for question, want := range map[string]struct {
		rest string
		op   query.Op
		n    float64
		of   bool // the clause is of towns
	}{
		"communes avec un musée et moins de 5 000 habitants":                 {"communes moins de 5 000 habitants", query.Ge, 1, true},
		"Quelles communes de moins de 1000 habitants ont un musée ?":         {"Quelles communes de moins de 1000 habitants ?", query.Ge, 1, true},
		"combien de communes n'ont pas de musée ?":                           {"combien de communes ?", query.Eq, 0, true},
		"combien de villes n'ont aucun musée ?":                              {"combien de villes ?", query.Eq, 0, true},
		"la plus grande ville qui n'a aucun musée de France":                 {"la plus grande ville", query.Eq, 0, true},
		"villes sans musée de plus de 3 000 habitants":                       {"villes de plus de 3 000 habitants", query.Eq, 0, true},
		"villes ayant au moins 2 musées":                                     {"villes", query.Ge, 2, true},
		"villes ayant plus de 2 musées":                                      {"villes", query.Gt, 2, true},
		"villes où il y a plusieurs musées":                                  {"villes", query.Ge, 2, true},
		"intercommunalités avec un musée":                                    {"intercommunalités", query.Ge, 1, false},
		"part des départements dans les communes avec un musée":              {"part des départements dans les communes", query.Ge, 1, true},
		"towns with no museum":                                               {"towns", query.Eq, 0, true},
		"Which towns that don't have a museum have over 9,000 inhabitants ?": {"Which towns have over 9,000 inhabitants ?", query.Eq, 0, true},
		"towns with at least one museum":                                     {"towns", query.Ge, 1, true},
		"communes qui ont un musée et une gare":                              {"communes qui ont une gare", query.Ge, 1, true},
		"communes qui ont une gare mais pas de musée":                        {"communes qui ont une gare", query.Eq, 0, true},
		"le prix du billet à un musée":                                       {},
		"villes avec 2 musées":                                               {},
		"combien de musées à Metz":                                           {},
		"la commune qui a le plus de musées":                                 {},
	} {
		t.Run(question, func(t *testing.T) {
			c, ok := find(question, museumWords)
			if ok != (want.rest != "") || c.rest != want.rest || ok && (c.op != want.op || c.n != want.n) {
				t.Fatalf("found %v, %q %s %v; want %+v", ok, c.rest, c.op, c.n, want)
			}
			if ok && c.of(townWords, others) != want.of {
				t.Errorf("of towns: %v", !want.of)
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	f.Add("communes avec un musée et moins de 5 000 habitants")
	f.Add("villes sans musée")
	f.Fuzz(func(t *testing.T, question string) {
		if c, ok := find(question, museumWords); ok && len(c.rest) >= len(question) {
			t.Errorf("%q: %q is left", question, c.rest)
		}
	})
}

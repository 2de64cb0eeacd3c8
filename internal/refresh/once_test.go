package refresh

import (
	"strings"
	"testing"

	"cigogne/internal/dataset"
)

func TestOnce(t *testing.T) {
	csv := func(urls ...string) (out []dataset.Distribution) {
		for _, u := range urls {
			out = append(out, dataset.Distribution{URL: u, Format: "csv"})
		}
		return out
	}
	const uuid = "5a26b0f6-0ccf-46ad-ac58-734054b91977"
	for name, c := range map[string]struct {
		all  []dataset.Dataset
		want string // IDs with their portals
	}{
		"one identifier":         {[]dataset.Dataset{{ID: uuid, Portal: "a"}, {ID: uuid, Portal: "b", Distributions: csv("https://x.fr/f.csv")}}, uuid + "@b"},
		"a short identifier":     {[]dataset.Dataset{{ID: "12", Portal: "a"}, {ID: "12", Portal: "b"}}, "12@a 12@b"},
		"named as the origin":    {[]dataset.Dataset{{ID: "copy", Portal: "a", Origins: []string{"http://www.source.fr/fr/jeu/arbres/"}, Distributions: csv("https://a.fr/f.csv")}, {ID: "arbres", Portal: "b", URL: "https://source.fr/jeu/arbres"}}, "arbres@b"},
		"the same files":         {[]dataset.Dataset{{ID: "x", Portal: "a", Distributions: csv("https://x.fr/f.csv", "https://x.fr/g.csv")}, {ID: "y", Portal: "b", Distributions: csv("https://x.fr/g.csv", "https://x.fr/f.csv")}}, "x@a"},
		"one file in common":     {[]dataset.Dataset{{ID: "x", Portal: "a", Distributions: csv("https://x.fr/f.csv", "https://x.fr/g.csv")}, {ID: "y", Portal: "b", Distributions: csv("https://x.fr/f.csv")}}, "x@a y@b"},
		"a page that many share": {[]dataset.Dataset{{ID: "x", Portal: "a", Origins: []string{"https://s.fr/catalogue"}}, {ID: "y", Portal: "a", Origins: []string{"https://s.fr/catalogue"}}, {ID: "z", Portal: "b", URL: "https://s.fr/catalogue"}}, "x@a y@a z@b"},
		"a home page":            {[]dataset.Dataset{{ID: "x", Portal: "a", URL: "https://source.exemple.fr/"}, {ID: "y", Portal: "b", Origins: []string{"https://source.exemple.fr"}}}, "x@a y@b"},
		"on three portals":       {[]dataset.Dataset{{ID: "x", Portal: "a", URL: "https://a.fr/jeu/arbres"}, {ID: "y", Portal: "b", URL: "https://b.fr/jeu/arbres", Origins: []string{"https://a.fr/jeu/arbres"}}, {ID: "z", Portal: "c", Origins: []string{"https://b.fr/jeu/arbres"}}}, "x@a"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range kept(t, c.all) {
				got = append(got, d.ID+"@"+d.Portal)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%s, want %s", s, c.want)
			}
		})
	}
	got := kept(t, []dataset.Dataset{{ID: uuid, Portal: "a", URL: "https://a.fr/1"}, {ID: uuid, Portal: "b", URL: "https://b.fr/2"}})
	if len(got) != 1 || len(got[0].Origins) != 1 || got[0].Origins[0] != "https://b.fr/2" {
		t.Errorf("origins %+v", got)
	}
}

// kept is what once leaves of a list.
func kept(t *testing.T, all []dataset.Dataset) (out []dataset.Dataset) {
	t.Helper()
	each, err := once(func(yield func(dataset.Dataset, error) bool) {
		for _, d := range all {
			if !yield(d, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for d := range each {
		out = append(out, d)
	}
	return out
}

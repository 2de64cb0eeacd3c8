package kit_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"cigogne/internal/kit"
	"cigogne/internal/lang"
)

const plain = `
title = { fr = "Eau", en = "Water" }
lead = { fr = "L'eau de la région." }

[[figure]]
says = { fr = "Stations" }
question = { fr = "Combien de stations ?" }
trend = { fr = "Évolution du nombre de stations" }

[[try]]
shows = "map"
question = { fr = "Stations par département" }

[[limit]]
fr = "Rien sur le prix."
`

const quiz = `
[[quiz]]
asks = { fr = "Où y en a-t-il le plus ?" }
choice = [{ fr = "Moselle" }, { fr = "Meuse" }]
right = 2
data = { fr = "Quel département a le plus de stations ?" }
`

func folder(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestRead(t *testing.T) {
	k, err := kit.Read(folder(map[string]string{
		"kit.toml": plain, "quiz.toml": quiz, "welcome.fr.md": "**Bonjour.**\n",
		"glossary.toml": "[[term]]\nword = { fr = \"SDAGE\" }\nmeans = { fr = \"Un schéma.\" }\nsource = \"https://example.org\"\n",
	}), "eau-2")
	if err != nil {
		t.Fatal(err)
	}
	if k.Name != "eau-2" || k.Title.In(lang.English) != "Water" || len(k.Figures) != 1 || k.Figures[0].Trend.FR == "" || k.Try[0].Shows != kit.ShowsMap || len(k.Limits) != 1 || k.Quiz[0].Right != 2 || k.Terms[0].Word.FR != "SDAGE" || k.Welcome.FR != "**Bonjour.**" || k.Welcome.EN != "" {
		t.Errorf("%+v", k)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		files  map[string]string
		folder string
		reason kit.Reason
		key    string
	}{
		"no kit":             {map[string]string{"quiz.toml": quiz}, "eau", kit.NoKit, ""},
		"name of a folder":   {map[string]string{"kit.toml": plain}, "L'eau", kit.BadName, ""},
		"no TOML":            {map[string]string{"kit.toml": "title = "}, "eau", kit.Unreadable, "1"},
		"not UTF-8":          {map[string]string{"kit.toml": "title = \"\xff\""}, "eau", kit.Unreadable, ""},
		"a slip in a key":    {map[string]string{"kit.toml": plain + "\n[[figures]]\n"}, "eau", kit.Unknown, "figures"},
		"no lead":            {map[string]string{"kit.toml": "title = { fr = \"Eau\" }"}, "eau", kit.Missing, "lead"},
		"no question":        {map[string]string{"kit.toml": plain + "\n[[figure]]\nsays = { fr = \"x\" }\n"}, "eau", kit.Missing, "figure 2: question"},
		"nothing to show":    {map[string]string{"kit.toml": "title = { fr = \"Eau\" }\nlead = { fr = \"x\" }"}, "eau", kit.Missing, "figure"},
		"shows what":         {map[string]string{"kit.toml": plain + "\n[[try]]\nshows = \"pie\"\nquestion = { fr = \"x\" }\n"}, "eau", kit.NotShown, "try 2: shows"},
		"right is no choice": {map[string]string{"kit.toml": plain, "quiz.toml": quiz + "\n[[quiz]]\nasks={fr=\"a\"}\nchoice=[{fr=\"a\"},{fr=\"b\"}]\nright=3\ndata={fr=\"a\"}\n"}, "eau", kit.NoChoice, "quiz 2: right"},
		"no http source":     {map[string]string{"kit.toml": plain, "glossary.toml": "[[term]]\nword={fr=\"a\"}\nmeans={fr=\"b\"}\nsource=\"javascript:alert(1)\"\n"}, "eau", kit.NotAddress, "term 1: source"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kit.Read(folder(c.files), c.folder)
			var e *kit.Error
			if !errors.As(err, &e) || e.Reason != c.reason || e.Key != c.key {
				t.Fatalf("%+v, want %s %q", err, c.reason, c.key)
			}
			for _, l := range []lang.Lang{lang.French, lang.English} {
				if s := e.Sentence(l); s == "" || s == "kit."+string(c.reason) {
					t.Errorf("no sentence in %s", l)
				}
			}
		})
	}
}

func TestOneBadKitStopsNoOther(t *testing.T) {
	kits, err := kit.All(folder(map[string]string{"eau/kit.toml": plain, "feu/kit.toml": "x", "README.md": "not a kit", ".git/config": ""}))
	var e *kit.Error
	if len(kits) != 1 || kits[0].Name != "eau" || !errors.As(err, &e) || e.Reason != kit.Unreadable {
		t.Errorf("%v %v", kits, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(plain, quiz, "**Bonjour.**")
	f.Add("title", "[[quiz]]", "\xff")
	f.Fuzz(func(t *testing.T, main, quiz, welcome string) {
		k, err := kit.Read(folder(map[string]string{"kit.toml": main, "quiz.toml": quiz, "welcome.fr.md": welcome}), "eau")
		if err != nil {
			return
		}
		for _, q := range k.Quiz {
			if q.Right < 1 || q.Right > len(q.Choices) {
				t.Fatalf("right is %d of %d choices", q.Right, len(q.Choices))
			}
		}
	})
}

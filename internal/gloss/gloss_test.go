package gloss

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cigogne/internal/lang"
)

func TestRead(t *testing.T) {
	for asked, want := range map[string]string{
		"Wie viele Einwohner hat Straßburg?":                  "combien de habitants a Strasbourg?",
		"Wie viele Gemeinden mit mehr als 10.000 Einwohnern?": "combien de communes de plus de 10.000 habitants?",
		"öffentliche Gymnasien":                               "lycées publics",
		"die fünf größten Staedte":                            "les cinq villes les plus grandes",
		"Kulturausgaben 2019":                                 "dépenses de culture 2019",
		"Bevoelkerungsentwicklung":                            "évolution de la population",
		"die einwohnerstärkste Gemeinde":                      "la communes les plus peuplées",
		"Schiltigheim, Metz":                                  "Schiltigheim, Metz",
		"":                                                    "",
		"Zug um Zug: 1.234,5 Mio. € für die privaten Gymnasien!": "transport ferroviaire transport ferroviaire: 1.234,5 millions. € pour la lycées privés!",
	} {
		t.Run(asked, func(t *testing.T) {
			if got := Read(asked, lang.German).French; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
	if got := Read("How many?", lang.English); got.French != "How many?" {
		t.Errorf("English is read as it is: %q", got.French)
	}
}

func TestBack(t *testing.T) {
	s := Read("Wie viele Störche leben in Straßburg?", lang.German)
	for french, want := range map[string]string{"Störche": "Störche", "Habitants": "leben", "combien de Störche": "Wie viele Störche", "Lyon": "Lyon", "": ""} {
		if got := s.Back(french); got != want {
			t.Errorf("%q was asked as %q, want %q", french, got, want)
		}
	}
	if got := s.Quoted("Ich finde „combien de“ und « dans » nicht."); got != "Ich finde „Wie viele“ und « in » nicht." {
		t.Errorf("quoted: %q", got)
	}
	if got := s.Whole(strings.TrimRight(s.French, "?") + " par chapitre"); got != "Wie viele Störche leben in Straßburg par chapitre" {
		t.Errorf("whole: %q", got)
	}
}

func TestEveryLanguageIsRead(t *testing.T) {
	for _, l := range lang.Spoken {
		if b, err := wordFiles.ReadFile("words/" + string(l) + ".txt"); err == nil {
			if _, err := read(string(b)); err != nil {
				t.Errorf("%s: %v", l, err)
			}
		} else if l.Reads() != l {
			t.Errorf("%s is read as %s, and no words say how", l, l.Reads())
		}
	}
	for name, text := range map[string]string{"no section": "a = b", "no sign": "[words]\na", "no phrase": "[words]\n = b"} {
		if _, err := read(text); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// FuzzRead says anything: what comes back lies in what was asked.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"Wie viele Einwohner hat Straßburg?", "öffentliche Gymnasien", "\xff ß ae", "„combien“", "über 10.000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, asked string) {
		s := Read(asked, lang.German)
		if utf8.ValidString(asked) && !utf8.ValidString(s.French) {
			t.Fatalf("%q became %q", asked, s.French)
		}
		for _, p := range s.pieces {
			if p.start < 0 || p.end > len(asked) || p.from > p.to || p.to > len(s.French) {
				t.Fatalf("%q: %+v", asked, p)
			}
			if back := s.Back(s.French[p.from:p.to]); utf8.ValidString(asked) && !strings.Contains(asked, back) && back != s.French[p.from:p.to] {
				t.Fatalf("%q: %q came back as %q", asked, s.French[p.from:p.to], back)
			}
		}
		s.Quoted("„" + s.French + "“")
		s.Whole(s.French)
	})
}

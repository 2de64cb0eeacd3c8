package lang_test

import (
	"testing"

	"cigogne/internal/lang"
)

func TestTypeset(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		l    lang.Lang
		want string
	}{
		"spaces":          {"Combien ? « 3 % » : 5 €", lang.French, "Combien\u202f? «\u00a03\u00a0%\u00a0»\u00a0: 5\u00a0€"},
		"elision":         {"l'eau d'aujourd'hui", lang.French, "l’eau d’aujourd’hui"},
		"minus":           {"-3 964 (-3,6 %)", lang.French, "−3 964 (−3,6\u00a0%)"},
		"no minus":        {"Bas-Rhin, 2021-07-09", lang.French, "Bas-Rhin, 2021-07-09"},
		"first":           {"1er janvier, 21ers", lang.French, "1ᵉʳ janvier, 21ers"},
		"English":         {"it's -5 % ?", lang.English, "it's −5 % ?"},
		"a quote is none": {"'a' 'b'", lang.French, "'a' 'b'"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := lang.Typeset(c.text, c.l); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if again := lang.Typeset(c.want, c.l); again != c.want {
				t.Errorf("typeset twice: %q", again)
			}
		})
	}
}

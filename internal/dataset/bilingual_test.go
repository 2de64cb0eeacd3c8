package dataset

import (
	"testing"

	"github.com/BurntSushi/toml"

	"cigogne/internal/lang"
)

func TestATextInALanguage(t *testing.T) {
	both := Bilingual{FR: "la Région", EN: "the Région"}
	for _, c := range []struct {
		name     string
		text     Bilingual
		language lang.Lang
		want     string
		says     bool
	}{
		{"French", both, "fr", "la Région", true},
		{"English", both, "en", "the Région", true},
		{"German, by the French", both, "de", "die Region", true},
		{"not said in German", Bilingual{FR: "le hibou"}, "de", "le hibou", false},
		{"a language that nobody speaks", both, "xx", "la Région", false},
		{"English for want of French", Bilingual{EN: "the owl"}, "de", "the owl", false},
		{"French for want of English", Bilingual{FR: "le hibou"}, "en", "le hibou", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.text.In(c.language); got != c.want || c.text.Says(c.language) != c.says {
				t.Errorf("%q, %v; want %q, %v", got, c.text.Says(c.language), c.want, c.says)
			}
		})
	}
	files, err := languageFiles.ReadDir("languages")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := languageFiles.ReadFile("languages/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]string
		if err := toml.Unmarshal(b, &all); err != nil {
			t.Errorf("%s: %v", f.Name(), err)
		}
	}
}

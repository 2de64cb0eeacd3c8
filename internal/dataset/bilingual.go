package dataset

import (
	"embed"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed languages/*.toml
var languageFiles embed.FS

// translations are what French texts of the catalogue are in a language, read once;
// none where there is no file.
var translations sync.Map // of string to func() map[string]string

// Pick returns the text in the language; French where it is not said in it, or
// English where there is no French either.
func (b Bilingual) Pick(language string) string {
	switch {
	case b.FR == "" || language == "en" && b.EN != "":
		return b.EN
	case language == "fr" || language == "en":
		return b.FR
	}
	if said := b.translated(language); said != "" {
		return said
	}
	return b.FR
}

func (b Bilingual) translated(language string) string {
	if said := b.Also[language]; said != "" {
		return said
	}
	return translated(language)[b.FR]
}

// Says tells whether the text is said in the language itself.
func (b Bilingual) Says(language string) bool {
	switch language {
	case "fr":
		return b.FR != ""
	case "en":
		return b.EN != ""
	}
	return b.translated(language) != ""
}

func translated(language string) map[string]string {
	load, known := translations.Load(language)
	if !known {
		load, _ = translations.LoadOrStore(language, sync.OnceValue(func() map[string]string {
			var all map[string]string
			if b, err := languageFiles.ReadFile("languages/" + language + ".toml"); err != nil || toml.Unmarshal(b, &all) != nil {
				return nil // a test reads each file
			}
			return all
		}))
	}
	return load.(func() map[string]string)()
}

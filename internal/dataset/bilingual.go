package dataset

import (
	"embed"
	"sync"

	"github.com/BurntSushi/toml"

	"cigogne/internal/lang"
)

//go:embed languages/*.toml
var languageFiles embed.FS

// translations are what French texts of the catalogue are in a language, read once;
// none where there is no file.
var translations sync.Map // of lang.Lang to func() map[string]string

// In returns the text in the language; French where it is not said in it, or
// English where there is no French either.
func (b Bilingual) In(l lang.Lang) string {
	switch {
	case b.FR == "" || l == lang.English && b.EN != "":
		return b.EN
	case l == lang.French || l == lang.English:
		return b.FR
	}
	if said := b.translated(l); said != "" {
		return said
	}
	return b.FR
}

func (b Bilingual) translated(l lang.Lang) string {
	if said := b.Also[string(l)]; said != "" {
		return said
	}
	return translated(l)[b.FR]
}

// Says tells whether the text is said in the language itself.
func (b Bilingual) Says(l lang.Lang) bool {
	switch l {
	case lang.French:
		return b.FR != ""
	case lang.English:
		return b.EN != ""
	}
	return b.translated(l) != ""
}

func translated(l lang.Lang) map[string]string {
	load, known := translations.Load(l)
	if !known {
		load, _ = translations.LoadOrStore(l, sync.OnceValue(func() map[string]string {
			var all map[string]string
			if b, err := languageFiles.ReadFile("languages/" + string(l) + ".toml"); err != nil || toml.Unmarshal(b, &all) != nil {
				return nil // a test reads each file
			}
			return all
		}))
	}
	return load.(func() map[string]string)()
}

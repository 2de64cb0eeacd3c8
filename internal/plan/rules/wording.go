package rules

import (
	"embed"
	"fmt"
	"sync"

	"github.com/BurntSushi/toml"

	"cigogne/internal/lang"
)

//go:embed words/*.toml
var wordFiles embed.FS

// wording is how a question that stands for another one is written again, in a
// language that the planner reads (words/LANGUAGE.toml).
type wording struct {
	ByBracket  string `toml:"by_bracket"` // par tranche de population
	Difference string `toml:"difference"`
	And        string `toml:"and"`
	OfPlace    string `toml:"of_place"` // habitants à Metz
	InYear     string `toml:"in_year"`  // en 2021
	HowMany    string `toml:"how_many"`
	HowMuch    string `toml:"how_much"`
	Holder     string `toml:"holder"` // the intercommunality that a commune lies in

	LessThanOne string `toml:"less_than_one"` // less {what} than {one}
	MoreThanOne string `toml:"more_than_one"`

	Told []told `toml:"told"` // turns of speech, in plain words
}

var wordings = sync.OnceValues(func() (map[lang.Lang]wording, error) {
	all := map[lang.Lang]wording{}
	for _, l := range []lang.Lang{lang.French, lang.English} {
		b, err := wordFiles.ReadFile("words/" + string(l) + ".toml")
		if err != nil {
			return nil, err
		}
		var w wording
		if err := toml.Unmarshal(b, &w); err != nil {
			return nil, fmt.Errorf("words/%s.toml: %w", l, err)
		}
		all[l] = w
	}
	return all, nil
})

// wordsOf are the words that questions of a language are written again with; none
// where the file cannot be read, which a test looks at.
func wordsOf(l lang.Lang) wording {
	all, err := wordings()
	if err != nil {
		return wording{}
	}
	return all[l.Reads()]
}

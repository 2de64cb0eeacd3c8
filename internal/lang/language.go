package lang

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed languages/*.toml
var languageFiles embed.FS

// language is what languages/LANGUAGE.toml says of one.
type language struct {
	Words   string `toml:"words"`   // folded, that the others do not have
	Letters string `toml:"letters"` // that it has and most others do not

	Group       string   `toml:"group"`
	Decimal     string   `toml:"decimal"`
	PointGroups bool     `toml:"point_groups"` // a point before three final digits groups them
	CommaGroups bool     `toml:"comma_groups"` // a comma does
	Day         string   `toml:"day"`          // the layout of a day in figures, as time.Format has it; "": ISO
	First       string   `toml:"first"`        // the first of a month; "": 1
	LongDay     string   `toml:"long_day"`
	Months      []string `toml:"months"`
	Nouns       bool     `toml:"nouns"` // are written with capitals

	words map[string]bool
}

// languages are read once. French comes first: it is the answer where nothing decides.
var languages = sync.OnceValue(func() map[Lang]*language {
	all := map[Lang]*language{}
	for _, l := range Spoken {
		var x language
		b, err := languageFiles.ReadFile("languages/" + string(l) + ".toml")
		if err == nil {
			err = toml.Unmarshal(b, &x)
		}
		if err != nil {
			continue // a test reads each file
		}
		x.words = wordSet(x.Words)
		all[l] = &x
	}
	return all
})

// of is what is known of a language; of one that is not spoken, as French.
func of(l Lang) *language {
	if x := languages()[l]; x != nil {
		return x
	}
	return languages()[French]
}

// Known is the language of that name ("de", "de-CH", "de_AT.UTF-8"), where it is spoken.
func Known(name string) (Lang, bool) {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	name, _, _ = strings.Cut(name, "_")
	name, _, _ = strings.Cut(name, "-")
	return Lang(name), slices.Contains(Spoken, Lang(name))
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range Words(s) {
		set[w.Fold] = true
	}
	return set
}

// Detect tells which language a question is written in: that of most of its
// words, and of the letters that tell, which weigh half as much, for names carry
// them; the first spoken where none leads.
func Detect(s string) Lang {
	folds := Words(s)
	best, most := Spoken[0], 0
	for _, l := range Spoken {
		x, n := of(l), 0
		for _, w := range folds {
			if x.words[w.Fold] {
				n += 2
			}
		}
		for _, r := range strings.ToLower(s) {
			if strings.ContainsRune(x.Letters, r) {
				n++
			}
		}
		if n > most {
			best, most = l, n
		}
	}
	return best
}

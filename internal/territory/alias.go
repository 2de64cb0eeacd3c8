package territory

import (
	_ "embed"
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// aliasesTSV is what communes are called besides their names, made by
// internal/territory/build.
//
//go:embed aliases.tsv
var aliasesTSV string

// Alias is what communes are called besides their names.
type Alias struct {
	Text  string
	Kind  string   // short: the beginning of a name; name: in another language; seat: of a department
	Codes []string // of the communes that may be meant, the largest first
}

// aliases are those of a register, by what they are found by.
type aliases struct {
	byKey   map[string]Alias // folded, or as written where another commune is called so but for accents
	common  map[string]bool
	longest int // words
}

func parseAliases(text string) aliases {
	a := aliases{byKey: map[string]Alias{}, common: map[string]bool{}}
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case f[0] == "common" && len(f) == 2:
			a.common[f[1]] = true
		case len(f) == 3:
			key := lang.Fold(f[1])
			a.longest = max(a.longest, 1+strings.Count(key, " "))
			codes := strings.Split(f[2], ",")
			if f[0] == "name" && len(codes) > 1 {
				key = strings.ToLower(f[1])
			}
			a.byKey[key] = Alias{f[1], f[0], codes}
		}
	}
	return a
}

// Alias returns what a text, as written, is another word for; ok is false where
// it is none.
func (r *Register) Alias(text string) (Alias, bool) {
	if a, ok := r.aliases.byKey[strings.ToLower(text)]; ok {
		return a, true
	}
	a, ok := r.aliases.byKey[lang.Fold(text)]
	return a, ok
}

// Common tells whether a folded name of a small commune is a word of everyday
// language besides.
func (r *Register) Common(folded string) bool { return r.aliases.common[folded] }

// Coded returns the commune of today that has a code; ok is false where there is
// none.
func (r *Register) Coded(code string) (u Unit, ok bool) {
	found := r.Find(code)
	i := slices.IndexFunc(found, func(u Unit) bool { return u.Level == "commune" && u.Code == code && u.Until == 0 })
	if i < 0 {
		return Unit{}, false
	}
	return found[i], true
}

// Package glossary explains the words of public data: a term a table of
// terms.toml, in every language, with the named source it was checked against.
package glossary

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"cigogne/internal/lang"
)

//go:embed terms.toml
var termsTOML string

// Term is a word or an acronym with what it means.
type Term struct {
	Names  map[lang.Lang][]string `toml:"names"` // the first is the term's title
	Text   map[lang.Lang]string   `toml:"text"`  // one or two sentences
	Source Source                 `toml:"source"`
	Plain  bool                   `toml:"plain"` // an everyday word: explained where that is asked, linked nowhere
}

// Source is where a term is explained at length.
type Source struct {
	Title string `toml:"title"`
	URL   string `toml:"url"`
}

// Title is the term's own name in a language.
func (t Term) Title(l lang.Lang) string {
	if names := t.Names[l]; len(names) > 0 {
		return names[0]
	}
	return ""
}

// Says is what the term means in a language.
func (t Term) Says(l lang.Lang) string { return t.Text[l] }

type file struct {
	Term []Term `toml:"term"`
}

func parse(text string) ([]Term, error) {
	var f file
	_, err := toml.Decode(text, &f)
	return f.Term, err
}

// book finds terms by their folded names.
type book struct {
	terms  []Term
	byName map[string]int
	most   int // words of the longest name
}

var open = sync.OnceValue(func() book {
	terms, err := parse(termsTOML)
	if err != nil {
		return book{} // a test reads the file
	}
	b := book{terms: terms, byName: map[string]int{}}
	for i, t := range terms {
		for _, names := range t.Names {
			for _, n := range names {
				folded := lang.Fold(n)
				b.byName[folded] = i
				b.most = max(b.most, len(strings.Fields(folded)))
			}
		}
	}
	return b
})

// Terms are all terms, in the order of the file.
func Terms() []Term { return slices.Clone(open().terms) }

// Find finds the term that a text is, and nothing else: "EPCI", "opérations d'ordre".
func Find(text string) (Term, bool) {
	folded := lang.Fold(text)
	b := open()
	for _, name := range []string{folded, strings.TrimSuffix(folded, "s")} {
		if i, known := b.byName[name]; known {
			return b.terms[i], true
		}
	}
	return Term{}, false
}

// Match is where a term stands in a text, in bytes.
type Match struct {
	Start, End int
	Term       Term
}

// In finds the terms in a text in the order that they stand there, each once,
// the longest name first: for pages that link them.
func In(text string) []Match {
	b := open()
	words := lang.Words(text)
	var out []Match
	seen := map[int]bool{}
	for i := 0; i < len(words); i++ {
		for n := min(b.most, len(words)-i); n > 0; n-- {
			span := text[words[i].Start:words[i+n-1].End]
			at, known := b.byName[lang.Fold(span)]
			if !known {
				continue
			}
			if !seen[at] {
				seen[at] = true
				out = append(out, Match{words[i].Start, words[i+n-1].End, b.terms[at]})
			}
			i += n - 1
			break
		}
	}
	return out
}

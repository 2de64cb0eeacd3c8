package ground

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// Sense is what a word or phrase of a question asks to do. The words files
// (words/LANGUAGE.txt) list them; what a sense weighs for a plan is learnt.
type Sense string

// The senses that code reads; the others are read by learnt weights alone.
const (
	Small     Sense = "small" // carries nothing by itself
	CountOf   Sense = "count"
	SumOf     Sense = "sum"
	AvgOf     Sense = "avg"
	MedianOf  Sense = "median"
	MaxOf     Sense = "max"
	MinOf     Sense = "min"
	Most      Sense = "most"
	Least     Sense = "least"
	First     Sense = "first"
	Last      Sense = "last"
	Next      Sense = "next"
	Previous  Sense = "previous"
	Share     Sense = "share"
	Change    Sense = "change"
	Gap       Sense = "difference"
	Each      Sense = "each"
	By        Sense = "by"
	Distinct  Sense = "distinct"
	Not       Sense = "not"
	Gt        Sense = "gt"
	Lt        Sense = "lt"
	Ge        Sense = "ge"
	Le        Sense = "le"
	Between   Sense = "between"
	Since     Sense = "since"
	Until     Sense = "until"
	After     Sense = "after"
	Before    Sense = "before"
	And       Sense = "and"
	Or        Sense = "or"
	Missing   Sense = "missing"
	Filled    Sense = "filled"
	Rows      Sense = "rows"
	Sort      Sense = "sort"
	Asc       Sense = "asc"
	Desc      Sense = "desc"
	Alpha     Sense = "alpha"
	Common    Sense = "common"
	Rare      Sense = "rare"
	Same      Sense = "same"
	Contains  Sense = "contains"
	Starts    Sense = "starts"
	Mean      Sense = "mean"
	Times     Sense = "times"
	YesNo     Sense = "yesno"
	Compare   Sense = "compare"
	When      Sense = "when"
	Where     Sense = "where"
	PerCapita Sense = "percapita"
	Which     Sense = "which"
	Who       Sense = "who"
	Trend     Sense = "evolution"
	Rise      Sense = "rise"
	Fall      Sense = "fall"
	Yes       Sense = "yes"
	No        Sense = "no"
	numbers   Sense = "number"
	ordinals  Sense = "ordinal"
	scales    Sense = "scale"
	months    Sense = "month"

	municipality Sense = "municipality" // words for places of a level
	department   Sense = "department"
	region       Sense = "region"
	country      Sense = "country"
)

//go:embed words/*.txt
var wordFiles embed.FS

// phrase is an entry of a words file.
type phrase struct {
	words []string
	said  string // as the file has it, accents kept
	sense Sense
	value float64 // of numbers, ordinals, scales and months
}

// lexicon finds phrases by their first word.
type lexicon map[string][]phrase

// words reads the words files once: people mix languages in one question, so
// all of them live in one lexicon.
var words = sync.OnceValues(func() (lexicon, error) {
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		return nil, err
	}
	lex := lexicon{}
	for _, f := range files {
		text, err := wordFiles.ReadFile("words/" + f.Name())
		if err != nil {
			return nil, err
		}
		if err := lex.read(string(text)); err != nil {
			return nil, fmt.Errorf("words/%s: %w", f.Name(), err)
		}
	}
	return lex, nil
})

// read adds the lines "sense: phrase | phrase=value" of a words file.
func (lex lexicon) read(text string) error {
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		sense, phrases, ok := strings.Cut(line, ":")
		if !ok {
			return fmt.Errorf("line %d: no sense", n+1)
		}
		for _, p := range strings.Split(phrases, "|") {
			said, value, valued := strings.Cut(p, "=")
			e := phrase{words: strings.Fields(lang.Fold(said)), said: strings.TrimSpace(said), sense: Sense(sense)}
			if len(e.words) == 0 {
				return fmt.Errorf("line %d: an empty phrase", n+1)
			}
			if valued {
				v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
				if err != nil {
					return fmt.Errorf("line %d: %w", n+1, err)
				}
				e.value = v
			}
			lex[e.words[0]] = append(lex[e.words[0]], e)
		}
	}
	return nil
}

// meant returns the word of a phrase that a word is a slip away from, the nearest
// where several are, or the word itself where none or several as near are.
func (lex lexicon) meant(fold string) string {
	found, nearest, several := fold, 3, false
	for w := range lex {
		if len(w) < 5 || w[0] != fold[0] || !slip(fold, w) && !(len(w) > 6 && distance(fold, w) <= 2) {
			continue
		}
		switch d := distance(fold, w); {
		case d < nearest:
			found, nearest, several = w, d, false
		case d == nearest && w != found && !lex.same(w, found):
			several = true
		}
	}
	if several {
		return fold
	}
	return found
}

// same tells whether two words by themselves have one sense: "moyen", "moyenne".
func (lex lexicon) same(a, b string) bool {
	for _, p := range lex[a] {
		if _, ok := lex.value(b, p.sense); ok && len(p.words) == 1 && p.sense != numbers && p.sense != months {
			return true
		}
	}
	return false
}

// mate is the word of a phrase that a word is another form of, "perdues" of
// "perdu", or the word itself where it has phrases of its own, or none.
func (lex lexicon) mate(t Token, l lang.Lang) string {
	if len(lex[t.Fold]) > 0 || len(t.Fold) < 5 || t.IsNum || t.Name {
		return t.Fold
	}
	if w := strings.TrimSuffix(t.Fold, "s"); len(lex[w]) > 0 { // "perdus": many words end so in the singular, and keep it as Norm
		return w
	}
	for _, ending := range []string{"", "e", "ent"} { // of French verbs and adjectives; the stem itself is English's
		for _, w := range []string{t.Stem + ending, t.Norm + ending} {
			if len(lex[w]) > 0 && stem(w, l) == t.Stem {
				return w
			}
		}
	}
	return t.Fold
}

// at lists the phrases that start at the first of the folded words.
func (lex lexicon) at(folds []string) []phrase {
	var found []phrase
	for _, p := range lex[folds[0]] {
		if len(p.words) <= len(folds) && equal(p.words, folds[:len(p.words)]) {
			found = append(found, p)
		}
	}
	return found
}

// equal compares the words of a phrase with those said, plurals after the first alike.
func equal(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] && (i == 0 || len(b[i]) < 5 || Norm(a[i]) != Norm(b[i])) {
			return false
		}
	}
	return true
}

// part tells which part of a day a word names, "" where none.
func (lex lexicon) part(fold string) query.As {
	for _, p := range lex[fold] {
		switch as := query.As(p.sense); {
		case len(p.words) == 1 && p.sense == "month of the year":
			return query.AsMonth
		case len(p.words) == 1 && as.Part() && p.sense != months:
			return as
		}
	}
	return ""
}

// value returns what a folded word is worth in a sense, and whether it has it.
func (lex lexicon) value(fold string, sense Sense) (float64, bool) {
	for _, p := range lex[fold] {
		if len(p.words) == 1 && p.sense == sense {
			return p.value, true
		}
	}
	return 0, false
}

// Affirms tells whether a text says yes.
func Affirms(text string) bool {
	lex, err := words()
	if err != nil {
		return false
	}
	_, yes := lex.value(lang.Fold(text), Yes)
	return yes
}

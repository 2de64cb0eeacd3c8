package joined

import (
	"embed"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

//go:embed words/*.toml
var files embed.FS

// vocabulary is what people say of a territory that has something or not, folded:
// a file a language, taken together.
type vocabulary struct {
	With    []string `toml:"with"`    // before what it has
	Without []string `toml:"without"` // before what it has none of
	One     []string `toml:"one"`     // between the two: at least one
	Several []string `toml:"several"` // at least two
	AtLeast []string `toml:"atleast"` // before a number: that many or more
	Above   []string `toml:"above"`   // before a number: more
	None    []string `toml:"none"`    // none, after "with"
	And     []string `toml:"and"`     // joins it to what else is asked
	Per     []string `toml:"per"`     // before who a figure is given for
	Lists   []string `toml:"lists"`   // in titles, before what a table lists
	Heads   []string `toml:"heads"`   // an inhabitant, or some
}

var vocabularies = sync.OnceValue(func() vocabulary {
	var all vocabulary
	paths, err := fs.Glob(files, "words/*.toml")
	if err != nil {
		return all // the pattern is written above
	}
	for _, path := range paths {
		v, err := readWords(path)
		if err != nil {
			continue // a test reads each file
		}
		all.With, all.Without = append(all.With, v.With...), append(all.Without, v.Without...)
		all.One, all.Several = append(all.One, v.One...), append(all.Several, v.Several...)
		all.AtLeast, all.Above = append(all.AtLeast, v.AtLeast...), append(all.Above, v.Above...)
		all.None, all.And = append(all.None, v.None...), append(all.And, v.And...)
		all.Lists = append(all.Lists, v.Lists...)
		all.Per, all.Heads = append(all.Per, v.Per...), append(all.Heads, v.Heads...)
	}
	return all
})

func readWords(path string) (v vocabulary, err error) {
	b, err := files.ReadFile(path)
	if err != nil {
		return v, err
	}
	err = toml.Unmarshal(b, &v)
	return v, err
}

// clause is a part of a question that keeps what has so many of something.
type clause struct {
	rest string      // the question without it
	lead []lang.Word // what stands before it
	op   query.Op
	n    float64
}

// find finds such a part: "qui n'ont pas de musée", "with at least two stations".
// things are the words for what is had, folded.
func find(question string, things []string) (c clause, ok bool) {
	words := lang.Words(question)
	for i := range words {
		n := longest(words[i:], things)
		if n == 0 {
			continue
		}
		if from, many, c, ok := before(words[:i]); ok {
			c.lead = words[:from]
			if to := i + n; to+1 < len(words) && slices.Contains(vocabularies().And, words[to].Fold) && longest(words[to+1:], vocabularies().One) > 0 {
				from = many // "un musée et une gare": what is said of the one is said of the other
			}
			c.rest = without(question, words, from, i+n)
			return c, true
		}
	}
	return clause{}, false
}

// before reads what stands before the thing: how many, from the word many on, and
// that it is had or not, from the word from on.
func before(words []lang.Word) (from, many int, c clause, ok bool) {
	v := vocabularies()
	c = clause{op: query.Ge, n: 1}
	counted := false
	end := len(words)
	switch {
	case end > 0 && number(words[end-1]) >= 0:
		c.n, counted = number(words[end-1]), true
		end--
		switch {
		case ends(words[:end], v.AtLeast) > 0:
			end -= ends(words[:end], v.AtLeast)
		case ends(words[:end], v.Above) > 0:
			end -= ends(words[:end], v.Above)
			c.op = query.Gt
		default:
			return 0, 0, c, false // exactly, or at least?
		}
	case ends(words, v.AtLeast) > 0:
		end -= ends(words, v.AtLeast)
	case ends(words, v.Several) > 0:
		end -= ends(words, v.Several)
		c.n, counted = 2, true
	case ends(words, v.None) > 0:
		end -= ends(words, v.None)
		c.op, c.n, counted = query.Eq, 0, true
	case ends(words, v.One) > 0:
		end -= ends(words, v.One)
		if n := ends(words[:end], v.AtLeast); n > 0 {
			end -= n
		}
	}
	none := c.op == query.Eq
	if n := ends(words[:end], v.Without); n > 0 && (none || !counted) {
		c.op, c.n = query.Eq, 0
		return end - n, end, c, true
	}
	if n := ends(words[:end], v.With); n > 0 {
		return end - n, end, c, true
	}
	return 0, 0, c, false
}

func number(w lang.Word) float64 {
	if n, err := strconv.Atoi(w.Fold); err == nil {
		return float64(n)
	}
	return -1
}

// ends is how many words of the longest phrase the list ends with; 0: none.
func ends(words []lang.Word, phrases []string) int {
	best := 0
	for _, p := range phrases {
		parts := strings.Fields(p)
		if len(parts) > best && len(parts) <= len(words) && same(words[len(words)-len(parts):], parts) {
			best = len(parts)
		}
	}
	return best
}

// of tells whether the clause is of a place: of all nouns for territories that stand
// before it, the last is the place's. others are the nouns for other territories.
func (c clause) of(place, others []string) bool {
	for end := len(c.lead); end > 0; end-- {
		mine, theirs := ends(c.lead[:end], place), ends(c.lead[:end], others)
		if mine+theirs > 0 {
			return mine >= theirs
		}
	}
	return false
}

// longest is how many words of the longest phrase the list begins with; 0: none.
func longest(words []lang.Word, phrases []string) int {
	best := 0
	for _, p := range phrases {
		parts := strings.Fields(p)
		if len(parts) > best && len(parts) <= len(words) && same(words[:len(parts)], parts) {
			best = len(parts)
		}
	}
	return best
}

func same(words []lang.Word, parts []string) bool {
	return slices.EqualFunc(words, parts, func(w lang.Word, p string) bool {
		return w.Fold == p && (p != "a" || !strings.ContainsAny(w.Text, "àÀ"))
	})
}

// without is the question without its words from..to, and the "and" beside them.
func without(question string, words []lang.Word, from, to int) string {
	and := vocabularies().And
	if to < len(words) && slices.Contains(and, words[to].Fold) {
		to++
	} else if from > 0 && slices.Contains(and, words[from-1].Fold) {
		from--
	}
	start, end := words[from].Start, words[to-1].End
	return strings.Join(strings.Fields(question[:start]+" "+question[end:]), " ")
}

// phrases are texts as they are found in questions, folded.
type phrases struct {
	all     map[string]bool
	longest int // words
}

func phrasesOf(texts []string) phrases {
	p := phrases{all: map[string]bool{}}
	for _, t := range texts {
		if f := folded(t); f != "" {
			p.all[f] = true
			p.longest = max(p.longest, strings.Count(f, " ")+1)
		}
	}
	return p
}

// in tells whether a question has one of them.
func (p phrases) in(question string) bool {
	words := lang.Words(question)
	for i := range words {
		text := ""
		for _, w := range words[i:min(len(words), i+p.longest)] {
			text = strings.TrimPrefix(text+" "+w.Fold, " ")
			if p.all[text] {
				return true
			}
		}
	}
	return false
}

// named are the words for the rows of a table, folded.
func named(e dataset.Entity) []string {
	var out []string
	for _, w := range append(e.Words.All(), e.Name.FR, e.Name.EN, e.Many.FR, e.Many.EN) {
		if s := folded(w); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

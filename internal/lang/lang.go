// Package lang holds what the rest of the house needs to know of text in the
// languages spoken: folding, words, stems, the language of a question, numbers
// and dates read and written the way each language writes them
// (languages/LANGUAGE.toml).
package lang

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Lang is the language a question was asked in and is answered in.
type Lang string

// The languages spoken here.
const (
	French  Lang = "fr"
	English Lang = "en"
	German  Lang = "de"
)

// Spoken are the languages that questions are read and answered in. The first is
// the answer where nothing tells which.
var Spoken = []Lang{French, English, German}

// Reads is the language in which the planners read a question: English is read
// as it is; the others are said in French first (package gloss).
func (l Lang) Reads() Lang {
	if l == English {
		return English
	}
	return French
}

// Common is a heading as it stands within a sentence: in small letters, but in
// German, which writes nouns with capitals.
func (l Lang) Common(heading string) string {
	if of(l).Nouns {
		return heading
	}
	return strings.ToLower(heading)
}

// Fold lowers s and removes accents, ligatures, elisions' apostrophes and
// punctuation, so that "L'Élan-d’Œuf" and "l elan d oeuf" compare equal. Runs
// of anything that is not a letter or a digit become one space; the result has
// no space at either end.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	b := make([]byte, 0, len(s)+2)
	space := false
	for _, r := range s {
		var as string
		switch {
		case isPlain(r):
			as = ascii[r : r+1]
		case r >= 'A' && r <= 'Z':
			as = ascii[r+'a'-'A' : r+'a'-'A'+1]
		case r < 0x80, r == '\u00a0', r == '’', r == '«', r == '»', r == '–':
			space = true
			continue
		case r >= firstLatin && r < firstLatin+rune(len(latin)):
			as = latin[r-firstLatin]
		case r == 'œ' || r == 'Œ':
			as = "oe"
		}
		if as == "" {
			return decomposed(s)
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		b = append(b, as...)
	}
	return string(b)
}

// isFolded tells whether a text is plain folded words already, as most that are
// folded here are.
func isFolded(s string) bool {
	space := true // none may come next
	for i := range len(s) {
		switch c := s[i]; {
		case isPlain(rune(c)):
			space = false
		case c == ' ' && !space:
			space = true
		default:
			return false
		}
	}
	return s == "" || !space
}

// isPlain tells what folding leaves as it is.
func isPlain(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

const firstLatin = 'À'

var (
	ascii = func() string {
		var b [0x80]byte
		for i := range b {
			b[i] = byte(i)
		}
		return string(b[:])
	}()
	// latin is what each letter from À to ÿ becomes; "" of the two signs among them.
	latin = func() (as [64]string) {
		for i := range as {
			as[i] = decomposed(string(rune(firstLatin + i)))
		}
		return as
	}()
)

// decomposed is Fold of any text; a text of the letters of French is folded
// without it, for it takes ten times as long.
func decomposed(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	write := func(r rune) {
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	// NFKD leaves what follows a byte of no encoding as it is.
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, " ")) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case isPlain(r):
			write(r)
		case r == 'œ' || r == 'Œ':
			write('o')
			write('e')
		case r == 'æ' || r == 'Æ':
			write('a')
			write('e')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			write(unicode.ToLower(r))
		default:
			space = true
		}
	}
	return b.String()
}

// Word is a word of a text as it stands and as it compares.
type Word struct {
	Text  string // as written
	Fold  string // folded, never empty
	Start int    // byte offsets in the text
	End   int
}

// Words cuts s into runs of letters and digits. A decimal or grouped number
// ("10 000", "1 234,5", "5,000") stays one word; see ParseNumber for its value.
func Words(s string) []Word {
	var words []Word
	start := -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		if f := Fold(s[start:end]); f != "" {
			words = append(words, Word{Text: s[start:end], Fold: f, Start: start, End: end})
		}
		start = -1
	}
	for i := 0; i < len(s); {
		if start < 0 {
			if n := numberLen(s[i:]); n > 0 {
				start = i
				flush(i + n)
				i += n
				continue
			}
		}
		r, size := decodeRune(s[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) {
			if start < 0 {
				start = i
			}
		} else {
			flush(i)
		}
		i += size
	}
	flush(len(s))
	return words
}

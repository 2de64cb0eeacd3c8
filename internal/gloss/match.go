package gloss

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
)

// match is the entry that takes most of the words, an exact one before one by
// stems; 0 where none begins there.
func (d *dictionary) match(keys []string, file bool) (entry, int) {
	best, most := entry{}, 0
	exactly := false
	for _, e := range d.phrases[stem(keys[0])] {
		if len(e.words) > len(keys) || len(e.words) < most || e.file && !file {
			continue
		}
		same, exact := e.fits(keys)
		if same && (len(e.words) > most || exact && !exactly || e.file && !best.file && exact == exactly) {
			best, most, exactly = e, len(e.words), exact
		}
	}
	return best, most
}

// fits tells whether words begin with the entry's, by stems, and exactly.
func (e entry) fits(keys []string) (same, exact bool) {
	same, exact = true, true
	for i, w := range e.words {
		exact = exact && w == keys[i]
		same = same && stem(w) == stem(keys[i])
	}
	return same, exact
}

// beforeName is the entry that begins the words and has a name behind it: a word with
// a capital that the dictionary does not hold; 0 where none is.
func (d *dictionary) beforeName(words []lang.Word, keys []string) (entry, int) {
	for _, e := range d.names {
		n := len(e.words)
		if len(keys) <= n || !slices.Equal(e.words, keys[:n]) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(words[n].Text)
		if _, known := d.match(keys[n:], false); known == 0 && unicode.IsUpper(first) && d.compound(keys[n]) == "" {
			return e, n
		}
	}
	return entry{}, 0
}

// compound is what a word of two parts is, "" where it is none: the second is
// what it is, the first of what.
func (d *dictionary) compound(key string) string {
	for cut := len(key) - 3; cut >= 3; cut-- {
		head := d.part(key[cut:])
		if head == "" {
			continue
		}
		for _, link := range []string{"", "s", "es", "n", "en", "er", "e"} {
			if of, ok := strings.CutSuffix(key[:cut], link); ok {
				if of := d.part(of); of != "" {
					return head + " de " + of
				}
			}
		}
	}
	return ""
}

func (d *dictionary) part(key string) string {
	if french := d.parts[key]; french != "" {
		return french
	}
	return d.parts[stem(key)]
}

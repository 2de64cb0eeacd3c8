package lang

import (
	"strings"

	snowball "github.com/kljensen/snowball/english"
	snowballfr "github.com/kljensen/snowball/french"
)

// Stem cuts a folded word to what its inflections share: "communes" and
// "commune", "récoltés" and "récolte". Digits are left alone. The French
// stemmer works on folded (accentless) words, so stems compare with stems only.
func Stem(folded string, l Lang) string {
	if folded == "" || folded[0] >= '0' && folded[0] <= '9' {
		return folded
	}
	if l == English {
		return snowball.Stem(folded, true)
	}
	// Snowball keeps "-aux" and "-al" apart.
	if n := len(folded); n > 5 && strings.HasSuffix(folded, "aux") && !strings.HasSuffix(folded, "eaux") {
		folded = folded[:n-3] + "al"
	}
	return snowballfr.Stem(folded, true)
}

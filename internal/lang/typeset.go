package lang

import (
	"regexp"
	"strings"
)

// spaces are where French puts a space that no line may end at: before the signs
// of two parts and units, and within quotation marks.
var spaces = strings.NewReplacer(" :", "\u00a0:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!", " %", "\u00a0%", " €", "\u00a0€", "« ", "«\u00a0", " »", "\u00a0»")

var (
	elision = regexp.MustCompile(`(\pL)'(\pL)`)
	minus   = regexp.MustCompile(`(^|[\s(\x{a0}\x{202f}])-(\d)`)
	first   = regexp.MustCompile(`\b1er\b`)
)

// Typeset makes a text fit for being read on a page: the one place that knows
// French typography, its spaces that no line ends at, its apostrophe, its 1ᵉʳ,
// and the minus that every language has. What is written for programs, or for a
// pipe, keeps plain characters.
func Typeset(s string, l Lang) string {
	if strings.Contains(s, "-") {
		s = minus.ReplaceAllString(s, "${1}−$2")
	}
	if l != French {
		return s
	}
	if strings.Contains(s, "'") {
		s = elision.ReplaceAllString(s, "$1’$2")
	}
	if strings.Contains(s, "1er") {
		s = first.ReplaceAllString(s, "1ᵉʳ")
	}
	return spaces.Replace(s)
}

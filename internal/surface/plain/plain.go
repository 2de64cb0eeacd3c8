// Package plain takes out of a text what a reader does not see but a terminal or
// a model obeys: control characters, escape sequences' first of all, marks that
// turn the direction of writing, invisible letters.
package plain

import (
	"strings"
	"unicode"
)

// Text is s without them; line ends and tabs stay.
func Text(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.Is(unicode.Cc, r) && !unicode.Is(unicode.Cf, r) && !invisible(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// invisible are letters and marks that have no shape: Hangul fillers, variation
// selectors beyond those of emoji.
func invisible(r rune) bool {
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r >= 0xe0100 && r <= 0xe01ef
}

// Line is s on one line.
func Line(s string) string { return strings.Join(strings.Fields(Text(s)), " ") }

package lang

import (
	"strings"
	"unicode/utf8"
)

// Cut shortens a text to n characters at most, the ellipsis that it then ends
// with among them: at a space where one is near.
func Cut(s string, n int) string {
	return CutBy(s, n, func(rune) int { return 1 })
}

// CutBy is Cut where characters take more than one place: width says how many.
func CutBy(s string, n int, width func(rune) int) string {
	if len(s) <= n && utf8.RuneCountInString(s) == len(s) { // ASCII, which is one place a byte everywhere
		return s
	}
	used, at, space := 0, 0, -1 // at: where it is cut if it turns out too long
	for i, r := range s {
		if used <= n-1 {
			at = i
			if r == ' ' || r == '\n' {
				space = i
			}
		}
		if used += width(r); used > n {
			if space > at*nearly/5 {
				at = space
			}
			return strings.TrimRight(s[:at], " \n") + "…"
		}
	}
	return s
}

// nearly of five parts of a text must be left where it is cut at a space.
const nearly = 4

// CutBytes shortens a text to n bytes at most, whole characters, and marks
// nothing: for what is stored or sent rather than read.
func CutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

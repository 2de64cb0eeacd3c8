package lang

import "strings"

// spaces are where French puts a space that no line may end at: before the signs
// of two parts and units, and within quotation marks.
var spaces = strings.NewReplacer(" :", "\u00a0:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!", " %", "\u00a0%", " €", "\u00a0€", "« ", "«\u00a0", " »", "\u00a0»")

// Typeset makes a text fit for lines that are broken where they are full: the
// one place that knows French typography. What is written for programs, or for
// a pipe, keeps its plain spaces.
func Typeset(s string, l Lang) string {
	if l != French {
		return s
	}
	return spaces.Replace(s)
}

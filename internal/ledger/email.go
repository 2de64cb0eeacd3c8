package ledger

import (
	"regexp"
	"strings"
	"unicode"
)

// An address is a name, a sign that stands for @, and labels between dots; each
// of the signs as people write it to hide it from programs.
const (
	namePart = `(?:"[^"\n]{1,64}"|[\p{L}\p{N}._%+'’&/=~-]*[\p{L}\p{N}_%+=~-])`
	label    = `[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?`
	atSign   = `(?:\s?(?:@|%40|&#0*64;|&#x0*40;|&commat;)\s?|\s?[\[({<*/]\s?(?:at|arobase|arobas|arrobase|chez|@)\s?[\])}>*/]\s?)`
	dot      = `(?:\.|\s\.\s|\s?[\[({<*/]\s?(?:dot|point|pt|\.)\s?[\])}>*/]\s?|\s+(?:dot|point)\s+|[_-](?:dot|point)[_-])`
	spoken   = `(?:[\p{L}\p{N}]+\s+(?:point|dot|tiret|underscore)\s+)*`
)

var addressForms = []func() *regexp.Regexp{
	lazy(`(?i)` + namePart + atSign + `(?:\[[0-9a-f.:]{3,45}\]|` + label + `(?:` + dot + label + `)*)`),
	lazy(`(?i)` + spoken + namePart + `\s+(?:arobase|arobas|arrobase)\s+` + label + `(?:` + dot + label + `)+`),
	// "at" and "chez" are words: the dots have to be spelled out, or the capitals meant.
	lazy(`(?i)` + spoken + namePart + `\s+(?:at|chez)\s+` + label + `(?:\s+(?:dot|point)\s+` + label + `)+`),
	lazy(spoken + namePart + `\s*AT\s*` + label + `(?:(?:\s*DOT\s*|\.)` + label + `)+`),
	lazy(`(?i)[\p{L}\p{N}.+-]+[_-](?:at|arobase)[_-][\p{L}\p{N}]+(?:(?:[_-](?:dot|point)[_-]|\.)[\p{L}\p{N}]+)+`),
}

// emails finds e-mail addresses.
func emails(text string) (spans []span) {
	for _, form := range addressForms {
		for _, m := range form().FindAllStringIndex(text, -1) {
			a := text[m[0]:m[1]]
			_, domain, hasAt := strings.Cut(a, "@")
			if strings.ContainsFunc(a, unicode.IsSpace) && hasAt && !strings.Contains(a, ".") && !strings.Contains(strings.ToLower(a), "point") && !strings.Contains(strings.ToLower(a), "dot") ||
				hasAt && !strings.ContainsFunc(domain, unicode.IsLetter) && !strings.HasSuffix(domain, "]") {
				continue // 5 @ 3
			}
			spans = append(spans, span{m[0], m[1], email})
		}
	}
	return spans
}

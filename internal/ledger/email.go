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
	open     = `[\[({<*/|«‹≪-]`
	shut     = `[\])}>*/|»›≫-]`
	atSign   = `(?:\s?(?:@|%40|&#0*64;|&#x0*40;|&commat;)\s?|\s?` + open + `\s?(?:at|ät|` + named + `|chez|@)\s?` + shut + `\s?)`
	dot      = `(?:\.|\s\.\s|\s?` + open + `\s?(?:dot|point|punkt|pt|\.)\s?` + shut + `\s?|\s+(?:dot|point|punkt)\s+|[_-](?:dot|point|punkt)[_-])`
	spoken   = `(?:[\p{L}\p{N}]+\s+(?:point|dot|punkt|tiret|underscore)\s+)*`
	named    = `arobase|arobas|arrobase|klammeraffe|affenschwanz`
)

var addressForms = []func() *regexp.Regexp{
	lazy(`(?i)` + namePart + atSign + `(?:\[[0-9a-f.:]{3,45}\]|` + label + `(?:` + dot + label + `)*)`),
	lazy(`(?i)` + spoken + namePart + `\s+(?:` + named + `|ät)\s+` + label + `(?:` + dot + label + `)+`),
	// "at" and "chez" are words: the dots have to be spelled out, or the capitals meant.
	lazy(`(?i)` + spoken + namePart + `\s+(?:at|chez)\s+` + label + `(?:\s+(?:dot|point|punkt)\s+` + label + `)+`),
	// A name with a dot of its own is none of a sentence's words; it may be a site.
	lazy(`(?i)\b[\p{L}\p{N}]+[._][\p{L}\p{N}._]*[\p{L}\p{N}]\s+(?:at|chez)\s+` + label + `(?:\.` + label + `)+`),
	// (a) is a letter of a list, too: names on both sides touch it, with a dot; so do envelopes.
	lazy(`(?i)` + namePart + `(?:[\[({<]a[\])}>]|\s?[📧📨📩✉]\s?)` + label + `(?:\.` + label + `)+`),
	lazy(`(?i)\b(?:[a-z0-9._-]\s){2,}@(?:\s[a-z0-9._-]){3,}`), // l u c @ w e b . d e
	lazy(spoken + namePart + `\s*AT\s*` + label + `(?:(?:\s*DOT\s*|\.)` + label + `)+`),
	lazy(`(?i)[\p{L}\p{N}.+-]+[_-](?:at|arobase)[_-][\p{L}\p{N}]+(?:(?:[_-](?:dot|point)[_-]|\.)[\p{L}\p{N}]+)+`),
}

// site is what stands in a place: data.gouv.fr chez Etalab.
var site = lazy(`(?i)^\S+\.(?:fr|com|org|net|eu|de|lu|be|ch)\s+(?:at|chez)\s`)

// emails finds e-mail addresses.
func emails(text string) (spans []span) {
	for _, form := range addressForms {
		for _, m := range form().FindAllStringIndex(text, -1) {
			a := text[m[0]:m[1]]
			_, domain, hasAt := strings.Cut(a, "@")
			if strings.ContainsFunc(a, unicode.IsSpace) && hasAt && !strings.Contains(a, ".") && !strings.Contains(strings.ToLower(a), "point") && !strings.Contains(strings.ToLower(a), "dot") ||
				site().MatchString(a) || hasAt && !strings.ContainsFunc(domain, unicode.IsLetter) && !strings.HasSuffix(domain, "]") {
				continue // 5 @ 3
			}
			spans = append(spans, span{m[0], m[1], email})
		}
	}
	return spans
}

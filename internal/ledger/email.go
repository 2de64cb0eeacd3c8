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
	fence    = `[^\p{L}\p{N}\s.,;:?!'’]{1,2}` // (at), [at], #at#, «at»
	atSign   = `(?:\s?(?:@{1,3}|%40|&#0*64;|&#x0*40;|&commat;)\s?|\s?` + fence + `\s?(?:at|ät|` + named + `|chez|@)\s?` + fence + `\s?)`
	fenced   = `\s?` + fence + `\s?(?:dot|point|punkt|pt|\.)\s?` + fence + `\s?`
	dot      = `(?:\.|&period;|&#0*46;|\s\.\s|` + fenced + `|\s+(?:dot|point|punkt)\s+|[_-](?:dot|point|punkt)[_-])`
	joint    = `\s+(?:tiret|dash|hyphen|bindestrich|minus|underscore|unterstrich)\s+`
	spoken   = `(?:[\p{L}\p{N}]+(?:\s+(?:point|dot|punkt)\s+|` + joint + `|\s\.\s|` + fenced + `))*`
	host     = label + `(?:` + joint + label + `)*`
	named    = `at[ -]sign|arobase|arobas|arrobase|klammeraffe|affenschwanz`
	domains  = `(?:fr|com|org|net|eu|de|lu|be|ch)`
)

var addressForms = []func() *regexp.Regexp{
	lazy(`(?i)` + spoken + namePart + atSign + `(?:\[[0-9a-f.:]{3,45}\]|\[` + label + `\](?:` + dot + label + `)+|` + label + `(?:` + dot + label + `)+|` + label + `(?:,|\.\s|\s\.)` + domains + `\b|` + label + `)`),
	lazy(`(?i)` + spoken + namePart + `\s+(?:` + named + `|ät)\s+` + host + `(?:` + dot + host + `)+`),
	// "at" and "chez" are words: the dots have to be spelled out, or the capitals meant.
	lazy(`(?i)` + spoken + namePart + `\s+(?:at|chez)\s+` + host + `(?:\s+(?:dot|point|punkt)\s+` + host + `)+`),
	// A name with a sign of its own is none of a sentence's words; it may be a site.
	lazy(`(?i)\b[\p{L}\p{N}]+[._][\p{L}\p{N}._-]*[\p{L}\p{N}]\s+(?:at|chez|à)\s+` + label + `(?:\.` + label + `)+`),
	lazy(`\b\p{Ll}+-\p{Ll}+\s+(?:at|chez|à)\s+` + label + `\.` + domains + `\b`),
	// (a) is a letter of a list, too: names on both sides touch it, with a dot; so do envelopes.
	lazy(`(?i)` + namePart + `(?:[\[({<]a[\])}>]|\s?[\[({<]à[\])}>]\s?|\s?[📧📨📩✉]\s?)` + label + `(?:\.` + label + `)+`),
	lazy(`(?i)\b(?:[a-z0-9._-]\s){2,}@(?:\s[a-z0-9._-]){3,}`), // l u c @ w e b . d e
	lazy(spoken + namePart + `\s*AT\s*` + label + `(?:(?:\s*DOT\s*|\.)` + label + `)+`),
	lazy(`(?i)[\p{L}\p{N}.+-]+[_-](?:at|arobase)[_-][\p{L}\p{N}]+(?:(?:[_-](?:dot|point)[_-]|\.)[\p{L}\p{N}]+)+`),
	lazy(`(?i)[\p{L}\p{N}.]+\.(?:at|arobase)\.[\p{L}\p{N}-]+(?:\.(?:dot|point)\.[\p{L}\p{N}-]+)+`),
}

// site is what stands in a place: data.gouv.fr chez Etalab.
var site = lazy(`(?i)^\S+\.` + domains + `\s+(?:at|chez|à)\s`)

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

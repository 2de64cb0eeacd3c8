package ledger

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/lang"
)

// kind is what is personal about a part of a text.
type kind int

const (
	email kind = iota
	telephone
	socialSecurity
	bankAccount
	bankCard
	vehicle
	address
)

// marks are the words that take its place.
var marks = map[kind][2]string{
	email:          {"[adresse e-mail]", "[e-mail address]"},
	telephone:      {"[téléphone]", "[telephone]"},
	socialSecurity: {"[numéro de sécurité sociale]", "[social security number]"},
	bankAccount:    {"[compte bancaire]", "[bank account]"},
	bankCard:       {"[carte bancaire]", "[bank card]"},
	vehicle:        {"[plaque d'immatriculation]", "[number plate]"},
	address:        {"[adresse postale]", "[postal address]"},
}

// span is a part of a text that is personal, in bytes.
type span struct {
	start, end int
	kind       kind
}

func (s span) mark(l lang.Lang) string { return l.Pick(marks[s.kind][0], marks[s.kind][1]) }

// finders look for one kind of thing each, in a folded text; where two find the
// same place, the earlier one is right.
var finders = []func(text string) []span{emails, accounts, cards, securityNumbers, plates, phones, spokenPhones, addresses}

// personal lists what is personal in a text, in order, without overlaps: e-mail
// and postal addresses, telephone, social security, bank account and card
// numbers, number plates, however they are written.
func personal(text string) []span {
	f := folded(text)
	var found []span
	for _, find := range finders {
		for _, s := range find(f.text) {
			s.start, s.end = f.from[s.start], f.to[s.end-1]
			if !slices.ContainsFunc(found, func(o span) bool { return s.start < o.end && o.start < s.end }) {
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	return found
}

// Scrub puts a word in place of each thing in a text that is personal.
func Scrub(text string, l lang.Lang) string {
	var b strings.Builder
	at := 0
	for _, s := range personal(text) {
		b.WriteString(text[at:s.start] + s.mark(l))
		at = s.end
	}
	return b.String() + text[at:]
}

// lazy compiles an expression when a text is first looked at: most processes
// answer one question and keep nothing.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

package ledger

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// kind is what is personal about a part of a text: the message of the ledger whose
// words take its place is "mark_" and the kind.
type kind string

const (
	email          kind = "email"
	telephone      kind = "telephone"
	socialSecurity kind = "social_security"
	bankAccount    kind = "bank_account"
	bankCard       kind = "bank_card"
	vehicle        kind = "vehicle"
	address        kind = "address"
)

// mark is what takes the place of a part of the kind: "[bank card]".
func (k kind) mark(l lang.Lang) string { return "[" + texts.Say(l, "ledger.mark_"+string(k)) + "]" }

// span is a part of a text that is personal, in bytes.
type span struct {
	start, end int
	kind       kind
}

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
		b.WriteString(text[at:s.start] + s.kind.mark(l))
		at = s.end
	}
	return b.String() + text[at:]
}

// lazy compiles an expression when a text is first looked at: most processes
// answer one question and keep nothing.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

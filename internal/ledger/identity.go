package ledger

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cigogne/internal/lang"
)

// securityNumber is a French social security number (NIR): sex, year, month,
// department (2A and 2B are Corsica), commune, order, and the key where it is
// given. Months from 20 on stand for births whose month is not known.
var securityNumber = lazy(`(?i)\b[12][ ._/-]?\d{2}[ ._/-]?(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)[ ._/-]?(?:2[ab]|\d{2})[ ._/-]?\d{3}[ ._/-]?\d{3}(?:[ ._/-]?\d{2})?\b`)

// keyed is one in groups of any size, which its key tells: what is wanting to 97 of
// the rest by 97.
var keyed = lazy(`\b[12](?:[ ._/-]?\d){14}\b`)

func securityNumbers(text string) (spans []span) {
	for _, m := range keyed().FindAllStringIndex(text, -1) {
		n, err := strconv.ParseInt(strings.Map(digitsOnly, text[m[0]:m[1]]), 10, 64)
		if err == nil && n%100 == 97-n/100%97 && !thousands().MatchString(text[m[0]:m[1]]) {
			spans = append(spans, span{m[0], m[1], socialSecurity})
		}
	}
	for _, m := range securityNumber().FindAllStringIndex(text, -1) {
		if !thousands().MatchString(text[m[0]:m[1]]) {
			spans = append(spans, span{m[0], m[1], socialSecurity})
		}
	}
	return spans
}

// thousands is an amount in groups of three.
var thousands = lazy(`^\d{1,3}(?:[ .]\d{3})+$`)

// account is an IBAN: country, check digits, then up to thirty letters and
// digits (ISO 13616).
var account = lazy(`(?i)\b[a-z]{2}[ ._/-]?\d{2}(?:[ ._/-]?[a-z0-9]{4}){2,7}(?:[ ._/-]?[a-z0-9]{1,3})?\b`)

// rib is a French account as banks print it, within an IBAN or without: bank, branch,
// account, key.
var rib = lazy(`(?i)\b(?:fr[ ._/-]?\d{2}[ ._/-])?\d{5}[ ._/-]\d{5}[ ._/-][a-z0-9]{11}[ ._/-]\d{2}\b`)

func accounts(text string) (spans []span) {
	for _, m := range rib().FindAllStringIndex(text, -1) {
		spans = append(spans, span{m[0], m[1], bankAccount})
	}
	for _, m := range account().FindAllStringIndex(text, -1) {
		// The end may hold a word that follows: the longest part that checks is it.
		for end := m[1]; end > m[0]+14; end-- {
			iban := alphanumerics(text[m[0]:end])
			french := strings.HasPrefix(iban, "FR") && len(iban) == 27 && strings.Count(strings.Map(digitsOnly, iban), "") > 20
			if (french || len(iban) >= 15 && checks(iban)) && !wordBreak(text, end) {
				spans = append(spans, span{m[0], end, bankAccount})
				break
			}
		}
	}
	return spans
}

// wordBreak tells whether a cut would fall within a word.
func wordBreak(text string, at int) bool {
	return at < len(text) && alphanumerics(text[at-1:at]) != "" && alphanumerics(text[at:at+1]) != ""
}

func digitsOnly(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func alphanumerics(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, s))
}

// checks tells whether an IBAN's remainder of 97 is 1, letters counting from 10.
func checks(iban string) bool {
	rest := 0
	for _, r := range iban[4:] + iban[:4] {
		if r >= 'A' {
			rest = (rest*100 + int(r-'A'+10)) % 97
		} else {
			rest = (rest*10 + int(r-'0')) % 97
		}
	}
	return rest == 1
}

// card is a bank card's number: four groups of four digits, or as many at once
// or one by one; fifteen of American Express, fourteen of Diners, thirteen of old ones.
var card = lazy(`\b(?:\d{4}([ ._/:-])\d{4}[ ._/:-]\d{4}[ ._/:-]\d{4}|\d{16}|(?:\d[ ._/-]){15}\d|3[47]\d{2}(?:[ ._-]?\d){11}|\d{4}[ ._-]\d{6}[ ._-]\d{6}|3[0689]\d{2}[ ._-]\d{6}[ ._-]\d{4}|4\d{3}[ ._-]\d{4}[ ._-]\d{4}[ ._-]\d)\b`)

func cards(text string) (spans []span) {
	for _, m := range card().FindAllStringSubmatchIndex(text, -1) {
		number := text[m[0]:m[1]]
		digits := strings.Map(digitsOnly, number)
		grouped := m[2] >= 0
		if !years(number) && !round(number) && (grouped || lang.Luhn(digits) || cued(text[:m[0]], "carte", "card", "cb", "visa", "mastercard")) {
			spans = append(spans, span{m[0], m[1], bankCard})
		}
	}
	return spans
}

// round tells whether all groups of a number are hundreds: 1000 2000 3000 4000.
func round(number string) bool {
	groups := strings.FieldsFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	return len(groups) > 1 && !slices.ContainsFunc(groups, func(g string) bool { return !strings.HasSuffix(g, "00") })
}

// years tells whether all groups of a number are years.
func years(number string) bool {
	for _, g := range strings.FieldsFunc(number, func(r rune) bool { return r < '0' || r > '9' }) {
		if !year(g) {
			return false
		}
	}
	return true
}

// plate is a number plate of today, by its capitals or hyphens; oldPlate one of
// before 2009, which only a word before it tells from a code.
var (
	plate      = lazy(`\b(?:[A-HJ-NP-TV-Z]{2}([ -]?)\d{3}[ -]?[A-HJ-NP-TV-Z]{2})\b`)
	hyphenated = lazy(`(?i)\b[a-hj-np-tv-z]{2}(?:\s?-\s?\d{3}\s?-\s?|\.\d{3}\.|_\d{3}_|/\d{3}/)[a-hj-np-tv-z]{2}\b`)
	cuedPlate  = lazy(`(?i)\b(?:[a-zäöü]{1,3}[ -][a-z]{1,2}[ -]?\d{1,4}[eh]?|[a-hj-np-tv-z]{2}[ -]?\d{3}[ -]?[a-hj-np-tv-z]{2}|\d{1,4}[ -]?[a-z]{2,3}[ -]?(?:\d{2,3}|2[ab]))\b`)
)

func plates(text string) (spans []span) {
	add := func(form func() *regexp.Regexp, fits func(m []int) bool) {
		for _, m := range form().FindAllStringIndex(text, -1) {
			if fits(m) {
				spans = append(spans, span{m[0], m[1], vehicle})
			}
		}
	}
	add(hyphenated, func([]int) bool { return true })
	capitals := !strings.ContainsFunc(text, unicode.IsLower) && strings.Count(text, " ") > 3 // all of it shouts: DE 100 KM
	add(plate, func([]int) bool { return !capitals })
	add(cuedPlate, func(m []int) bool {
		cues := []string{"plaque", "immatriculation", "immatricule", "immatriculee", "vehicule", "voiture", "plate", "registration", "kennzeichen", "nummernschild"}
		return cued(text[:m[0]], cues...) || follows(text[m[1]:], cues...)
	})
	return spans
}

// follows tells whether one of the first three words of a text is one of some.
func follows(text string, cues ...string) bool {
	words := lang.Words(text[:min(len(text), 80)])
	return slices.ContainsFunc(words[:min(3, len(words))], func(w lang.Word) bool { return slices.Contains(cues, w.Fold) })
}

// cued tells whether one of some folded words stands among the last four before.
func cued(before string, cues ...string) bool {
	words := lang.Words(tail(before, 80))
	for _, w := range words[max(0, len(words)-4):] {
		for _, c := range cues {
			if w.Fold == c {
				return true
			}
		}
	}
	return false
}

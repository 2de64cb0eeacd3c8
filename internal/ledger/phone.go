package ledger

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
)

// phones lists telephone numbers. Years, dates, amounts, lists of codes, SIREN
// and SIRET numbers look much like them and stay.
func phones(text string) (spans []span) {
	text = typed(text)
	for _, chain := range chains(text) {
		if rising(chain) {
			continue
		}
		for i := 0; i < len(chain); {
			n := phone(text, chain[i:])
			if n == 0 {
				i++
				continue
			}
			start, end := chain[i].start, chain[i+n-1].end
			if chain[i].plus {
				start = strings.LastIndexByte(text[:start], '+')
			}
			if chain[i].opened && strings.Contains(text[start:end], ")") {
				start--
			}
			spans = append(spans, span{start, end, telephone})
			i += n
		}
	}
	return spans
}

// typed is a text with letters that stand for digits, O and l beside a digit, as
// digits; what a letter follows or precedes is a word.
func typed(text string) string {
	b := []byte(text)
	for i, c := range b {
		d, alike := lookalikes[c]
		if !alike {
			continue
		}
		before, _ := utf8.DecodeLastRune(b[:i])
		after, _ := utf8.DecodeRuneInString(text[i+1:])
		if !wordy(before) && !wordy(after) && (unicode.IsDigit(before) || unicode.IsDigit(after)) {
			b[i] = d
		}
	}
	return string(b)
}

// lookalikes are letters that old keyboards, and people who hide, type for digits.
var lookalikes = map[byte]byte{'O': '0', 'o': '0', 'l': '1', 'I': '1'}

// rising tells a list of two-digit codes from telephone numbers: 06 07 08 09 10,
// 00 10 20 30 40 in even steps up to ten, or more of them than one number has,
// each larger than the one before.
func rising(chain []group) bool {
	value := func(i int) int { return int(chain[i].text[0]-'0')*10 + int(chain[i].text[1]-'0') }
	if len(chain) < 2 || !pairs(chain) || len(chain[0].text) != 2 {
		return false
	}
	step := value(1) - value(0)
	even := step <= 10
	for i := 1; i < len(chain); i++ {
		if value(i) <= value(i-1) {
			return false
		}
		even = even && value(i)-value(i-1) == step
	}
	return even || len(chain) > 6
}

// phone returns how many groups at the start of a chain are a telephone number,
// 0 where they are none.
func phone(text string, chain []group) int {
	chain = even(chain)
	first := chain[0]
	switch {
	case lone(chain):
		return 10
	case foreign(text, chain) > 0:
		return foreign(text, chain)
	case first.plus:
		return international(chain, 0)
	case len(first.text) == 10 && strings.HasPrefix(first.text, "00"):
		return 0 // a code: two signs for abroad, and a number of more than eight digits there
	case strings.HasPrefix(first.text, "00") && len(first.text) > 2, first.text == "00" && len(chain) > 1:
		return international(chain, 2)
	case first.text[0] == '0':
		return national(text, chain)
	}
	return american(chain)
}

// filed tells whether a text ends in the kind of a file or a code, in capitals, whose
// number is no telephone's: PC 067 482 21 V0012.
func filed(text string) bool {
	words := lang.Words(tail(text, 20))
	if len(words) == 0 {
		return false
	}
	w := words[len(words)-1]
	n := len([]rune(w.Text))
	return n >= 2 && n <= 4 && strings.ToUpper(w.Text) == w.Text && !callers[w.Fold] && !unicode.IsDigit([]rune(w.Text)[0])
}

// callers are words that telephone numbers stand behind.
var callers = words(`tel fax gsm mob port fixe num no n`)

// lone tells ten digits by themselves, 0 6 1 2 …, that do not just count up.
func lone(chain []group) bool {
	if len(chain) < 10 || chain[0].text != "0" || chain[1].text == "0" {
		return false
	}
	counts := true
	for i, g := range chain[:10] {
		if len(g.text) != 1 {
			return false
		}
		counts = counts && int(g.text[0]-'0') == i
	}
	return !counts
}

// foreign finds French numbers without their 0: after 33 and no sign, or after
// a word that says what they are.
func foreign(text string, chain []group) int {
	first := chain[0].text
	switch {
	case chain[0].plus:
		return 0
	case (first == "33" || first == "0") && headless(chain):
		return 6
	case bareForeign(first):
		return 1
	case len(first) == 9 && (first[0] == '6' || first[0] == '7') && cued(text[:chain[0].start], "tel", "telephone", "portable", "phone", "appelez", "joindre", "whatsapp", "sms"):
		return 1
	case len(chain) >= 5 && len(first) == 1 && first != "0" && pairs(chain[:5]) && cued(text[:chain[0].start], "tel", "telephone", "portable", "mobile", "fixe", "phone", "numero", "appelez", "joindre", "whatsapp", "signal", "sms"):
		return 5
	}
	return 0
}

// headless tells the nine digits behind a first group that are a number without its
// 0: one, and four pairs.
func headless(chain []group) bool {
	return len(chain) >= 6 && len(chain[1].text) == 1 && chain[1].text != "0" && pairs(chain[1:6])
}

// bareForeign tells a number in one run, after 33 and no sign.
func bareForeign(digits string) bool {
	return len(digits) == 11 && strings.HasPrefix(digits, "33") && digits[2] != '0' && !strings.HasSuffix(digits, "000")
}

// national finds numbers that begin with one 0: ten digits in France, nine to
// twelve elsewhere.
func national(text string, chain []group) int {
	first := chain[0].text
	if len(first) >= 10 {
		return btoi(len(first) <= 11 && first[1] != '0')
	}
	if first == "0" && !zeroBegins(chain) {
		return 0
	}
	best := nationalEnd(chain)
	if best < 2 || isCode(text, chain[:best]) || chain[1].weak && !(len(first) == 2 && pairs(chain[:best]) && first[1] != '0') ||
		digits(chain[:best]) != 10 && filed(text[:chain[0].start]) {
		return 0
	}
	return best
}

// zeroBegins tells a zero that begins a number from one by itself, and a decimal.
func zeroBegins(chain []group) bool {
	return len(chain) > 1 && strings.Trim(chain[1].before, " \u00a0\u202f)") == "" && chain[1].text[0] != '0' && len(chain[1].text) > 1
}

func digits(chain []group) (n int) {
	for _, g := range chain {
		n += len(g.text)
	}
	return n
}

// nationalEnd is how many groups make ten digits, or nine to twelve where none do.
func nationalEnd(chain []group) int {
	digits, best := 0, 0
	for i, g := range chain {
		if i > 0 && year(g.text) && digits >= 5 && !pairs(chain[:i]) {
			break
		}
		digits += len(g.text)
		switch {
		case digits > 12:
			return best
		case digits == 10:
			return i + 1
		case best == 0 && (digits > 10 || digits == 9 && i == len(chain)-1):
			best = i + 1
		}
	}
	return best
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pairs tells whether all groups but the first have two digits: the way French
// numbers are written, where a year is no part.
func pairs(chain []group) bool {
	for _, g := range chain[1:] {
		if len(g.text) != 2 {
			return false
		}
	}
	return len(chain) > 1
}

func year(s string) bool {
	return len(s) == 4 && s >= "1800" && s <= "2199" && strings.Trim(s, "0123456789") == ""
}

// isCode tells the look-alikes of national numbers: SIREN and SIRET (3-3-3,
// 3-3-3-5), dates, lists of postal or commune codes, lists of departments that
// are called so.
func isCode(text string, chain []group) bool {
	shape := ""
	for _, g := range chain {
		shape += string(rune('0' + min(len(g.text), 9)))
	}
	switch {
	case strings.HasPrefix(shape, "333"):
		return true
	case strings.Trim(shape, "5") == "": // 08000 08001
		return true
	case strings.HasPrefix(shape, "224") && year(chain[2].text): // 01/02/2020
		return true
	case shape == "22222":
		words := lang.Words(tail(text[:chain[0].start], 80))
		for _, w := range words[max(0, len(words)-3):] {
			if listed[lang.Stem(w.Fold, lang.French)] || listed[w.Fold] {
				return true
			}
		}
	}
	return false
}

// listed are words before a list of two-digit codes.
var listed = map[string]bool{"departement": true, "departements": true, "department": true, "departments": true, "dep": true, "deps": true, "dept": true, "depts": true, "dpt": true, "dpts": true, "code": true, "codes": true}

// international finds numbers that begin with + or 00 and the code of a country:
// eight to fifteen digits, the zeros before not counted.
func international(chain []group, prefix int) int {
	best, thousands := internationalEnd(chain, prefix)
	all := ""
	for _, g := range chain[:best] {
		all += g.text
	}
	code := strings.TrimPrefix(all[min(prefix, len(all)):], "0")
	switch {
	case len(all)-prefix < 8 || code == "" || prefix > 0 && all[2] == '0':
		return 0
	case thousands && (len(all) <= 9 || strings.HasSuffix(all, "000")): // +12 345 678
		return 0
	case best == 1 && strings.HasSuffix(all, "000000"): // +1000000000
		return 0
	case prefix > 0 && company(chain[:best], all):
		return 0
	}
	return best
}

// internationalEnd is how many groups make fifteen digits at most; thousands tells
// whether all but the first have three.
func internationalEnd(chain []group, prefix int) (best int, thousands bool) {
	digits := -prefix
	thousands = prefix == 0 && len(chain[0].text) <= 3
	for i, g := range chain {
		if i > 0 && (g.plus || digits >= 8 && year(g.text)) {
			break
		}
		digits += len(g.text)
		if digits > 15 {
			break
		}
		thousands = thousands && (i == 0 || len(g.text) == 3)
		best = i + 1
	}
	return best, thousands
}

// company tells SIREN and SIRET numbers, some of which begin with zeros, by
// their grouping or their check digit.
func company(chain []group, all string) bool {
	if len(chain) >= 3 && len(chain[0].text) == 3 && len(chain[1].text) == 3 && len(chain[2].text) == 3 {
		return true
	}
	if len(chain) > 1 || len(all) != 9 && len(all) != 14 {
		return false
	}
	return lang.Luhn(all)
}

// american finds 212-555-0100 and (212) 555-0100.
func american(chain []group) int {
	if len(chain) < 3 || len(chain[0].text) != 3 || len(chain[1].text) != 3 || len(chain[2].text) != 4 {
		return 0
	}
	if chain[0].opened || chain[1].before == chain[2].before && (chain[1].before == "-" || chain[1].before == ".") {
		return 3
	}
	return 0
}

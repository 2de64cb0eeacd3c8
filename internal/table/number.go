package table

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// form is how a cell writes a number.
type form uint8

const (
	notNumber    form = iota
	whole             // 1234 or 1 234
	point             // 12.5
	comma             // 12,5
	pointOrGroup      // 1.234: a decimal point or a group of thousands
	commaOrGroup      // 1,234
	pointGroups       // 1.234.567
	commaGroups       // 1,234,567
	pointsComma       // 1.234,56
	commasPoint       // 1,234.56
	forms             // how many there are
)

// number is a cell taken apart.
type number struct {
	form    form
	digits  string // what remains to parse: sign, digits, commas, points, exponent
	unit    string // €, %, k€ …, as Column.Unit has it; "" for none
	zeros   bool   // an integer part with leading zeros: "08", not "0" or "0.8"
	zeroDec bool   // one decimal, zero: "12.0", an integer that went through a float
	mark    string // of a footnote or a status, taken off: "1946*", "12,3 p"; "" for none
	grouped bool   // thousands set apart by a space, "1 234"
	length  int    // digits before the decimal sign
	powered bool   // an exponent: "8,03E+13"
}

// scanNumber takes a trimmed cell apart. The form is notNumber where the cell
// is anything but one number with at most a sign, a unit and a footnote mark.
func scanNumber(s string) number {
	if n := len(s); n > 0 && n <= 18 && s[n-1] >= '0' && s[n-1] <= '9' && allDigits(s) { // nearly every number
		return number{form: whole, digits: s, zeros: n > 1 && s[0] == '0', length: n}
	}
	if len(s) == 0 || len(s) > 48 {
		return number{}
	}
	s, unit := cutUnit(s)
	if in, ok := inBrackets(s); ok {
		in.unit = cmp.Or(in.unit, unit)
		return in
	}
	s, mark := cutMark(s)
	if mark != "" && unit == "" {
		s, unit = cutUnit(s)
	}
	s, negative := cutSign(s)
	if unit == "" {
		s, unit = cutLeadingUnit(s)
	}
	n := bareNumber(s)
	if n.form == notNumber {
		return n
	}
	if negative {
		n.digits = "-" + n.digits
	}
	n.unit, n.mark = unit, mark
	return n
}

// bareNumber takes apart a number without sign, unit and mark.
func bareNumber(s string) number {
	body, exp := cutExponent(s)
	plain, grouped, ok := joinGroups(body)
	if !ok {
		return number{}
	}
	if exp == "" && len(plain) > 1 {
		plain = strings.TrimSuffix(plain, ".") // the point of an ordinal, "1."
	}
	n := number{form: formOf(plain), digits: plain + exp, grouped: grouped, powered: exp != ""}
	if grouped {
		n.form = n.form.spaced()
	}
	if n.form == notNumber || n.powered && n.form > commaOrGroup {
		return number{}
	}
	n.length = strings.IndexAny(plain+".", ".,")
	n.zeros = plain[0] == '0' && n.length > 1
	n.zeroDec = (n.form == point || n.form == comma) && !n.powered && plain[n.length+1:] == "0"
	return n
}

// spaced is the form of a number whose groups spaces set apart: a sign left is
// decimal, and sets no groups apart.
func (f form) spaced() form {
	switch f {
	case whole, point, comma:
		return f
	case pointOrGroup:
		return point
	case commaOrGroup:
		return comma
	}
	return notNumber
}

// inBrackets reads an accountant's negative, "(1 234,50)", "(75)". One digit, "(1)",
// is a reference to a note.
func inBrackets(s string) (number, bool) {
	if len(s) < 3 || s[0] != '(' || s[len(s)-1] != ')' {
		return number{}, false
	}
	n := scanNumber(strings.TrimSpace(s[1 : len(s)-1]))
	if n.form == notNumber || n.form == whole && n.length < 2 || n.mark != "" || n.digits[0] == '-' {
		return number{}, false
	}
	n.digits = "-" + n.digits
	return n, true
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// formOf classifies digits with commas and points, one character at least.
func formOf(s string) form {
	if strings.Trim(s, "0123456789,.") != "" {
		return notNumber
	}
	commas, points := strings.Count(s, ","), strings.Count(s, ".")
	last := strings.LastIndexAny(s, ".,")
	switch {
	case last < 0:
		return whole
	case commas+points == 1 && last+1 < len(s):
		return plain{length: last, decimals: len(s) - last - 1, zero: s[0] == '0'}.around(s[last])
	case points == 0 && threes(s, ','):
		return commaGroups
	case commas == 0 && threes(s, '.'):
		return pointGroups
	case commas == 1 && s[last] == ',' && threes(s[:last], '.'):
		return pointsComma
	case points == 1 && s[last] == '.' && threes(s[:last], ','):
		return commasPoint
	}
	return notNumber
}

// threes tells whether s is digits in groups of three set apart by sep.
func threes(s string, sep byte) bool {
	first := strings.IndexByte(s, sep)
	if first < 1 || first > 3 || s[0] == '0' {
		return false
	}
	for i := first; i < len(s); i += 4 {
		if s[i] != sep || i+4 > len(s) || !allDigits(s[i+1:i+4]) {
			return false
		}
	}
	return true
}

// joinGroups removes the spaces (any kind) or apostrophes between groups of
// three digits; ok is false where they stand elsewhere.
func joinGroups(s string) (joined string, grouped, ok bool) {
	if strings.IndexFunc(s, isGroupSpace) < 0 {
		return s, false, s != ""
	}
	var b strings.Builder
	run, groups := 0, 0 // digits since the last space
	for i, r := range s {
		switch {
		case isGroupSpace(r):
			if groups == 0 && (run < 1 || run > 3) || groups > 0 && run != 3 {
				return "", true, false
			}
			groups++
			run = 0
		case r >= '0' && r <= '9':
			run++
			b.WriteRune(r)
		case r == ',' || r == '.':
			if run != 3 || strings.IndexFunc(s[i+1:], isGroupSpace) >= 0 {
				return "", true, false
			}
			b.WriteString(s[i:])
			return b.String(), true, true
		default:
			return "", true, false
		}
	}
	return b.String(), true, run == 3
}

func isGroupSpace(r rune) bool {
	switch r {
	case ' ', '\u00a0', '\u202f', '\u2009', '\'', '’':
		return true
	}
	return false
}

// cutExponent parts "1.2E+06", as spreadsheets write large numbers. A bare
// "12E5" is a code.
func cutExponent(s string) (mantissa, exponent string) {
	i := strings.IndexAny(s, "eE")
	if i < 1 || i+1 >= len(s) {
		return s, ""
	}
	e := s[i+1:]
	signed := e[0] == '+' || e[0] == '-'
	if !allDigits(strings.TrimLeft(e, "+-")) || len(e) > 4 || !signed && !strings.ContainsAny(s[:i], ".,") {
		return s, ""
	}
	return s[:i], "e" + e
}

// cutSign takes off a sign, before the number or behind it.
func cutSign(s string) (rest string, negative bool) {
	if rest, ok := cutMinus(s); ok {
		return rest, true
	}
	if rest, ok := cutMinusBehind(s); ok {
		return rest, true
	}
	if plus, ok := strings.CutPrefix(s, "+"); ok {
		return strings.TrimLeft(plus, " \u00a0\u202f"), false
	}
	return s, false
}

func cutMinus(s string) (string, bool) {
	for _, m := range []string{"-", "−", "–"} {
		if rest, ok := strings.CutPrefix(s, m); ok {
			rest = strings.TrimLeft(rest, " \u00a0\u202f")
			return rest, rest != ""
		}
	}
	return s, false
}

// cutMinusBehind takes off the minus that accounting software writes last,
// "3 400,00-".
func cutMinusBehind(s string) (string, bool) {
	for _, m := range []string{"-", "−"} {
		if rest, ok := strings.CutSuffix(s, m); ok {
			rest = strings.TrimRight(rest, " \u00a0\u202f")
			return rest, len(rest) > 1 && rest[len(rest)-1] >= '0' && rest[len(rest)-1] <= '9' && strings.ContainsAny(rest, ",. \u00a0\u202f")
		}
	}
	return s, false
}

// cutMark takes off the mark of a footnote or a status: "11,429*", "91 †",
// "1 234 (p)", "12[3]", "12,3 p".
func cutMark(s string) (rest, mark string) {
	t := strings.TrimRight(s, "*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰⁽⁾ ")
	if len(t) == len(strings.TrimRight(s, " ")) {
		t = s
	}
	if strings.HasSuffix(t, "]") || strings.HasSuffix(t, ")") {
		open := strings.LastIndexAny(t, "[(")
		if open < 1 || len(t)-open > 5 || t[open] == '(' && !provisional[strings.ToLower(t[open:])] {
			return s, ""
		}
		t = t[:open]
	}
	if i := strings.LastIndexAny(t, " \u00a0\u202f"); i > 0 && t[i-1] >= '0' && t[i-1] <= '9' {
		if _, w := utf8.DecodeRuneInString(t[i:]); provisional["("+t[i+w:]+")"] {
			t = t[:i]
		}
	}
	if t == s {
		return s, ""
	}
	rest = strings.TrimRight(t, " \u00a0\u202f")
	if rest == "" {
		return s, ""
	}
	return rest, strings.Trim(s[len(rest):], " \u00a0\u202f()")
}

// provisional are the statuses statistical institutes put after a figure:
// provisional, revised, estimated, semi-definitive; Eurostat's breaks, definitions
// that differ, forecasts, low reliability.
var provisional = map[string]bool{"(p)": true, "(r)": true, "(e)": true, "(sd)": true, "(b)": true, "(d)": true, "(f)": true, "(u)": true, "(bp)": true, "(ep)": true, "(bd)": true, "(de)": true, "(dp)": true}

// style is how the numbers of one column are written.
type style struct {
	decimalComma bool // a lone comma is the decimal sign
	groupPoint   bool // a lone point before three digits groups thousands
}

// parse reads a number scanned from a cell.
func (st style) parse(n number) (float64, bool) {
	s := n.digits
	switch n.form {
	case whole, point:
	case comma:
		s = strings.Replace(s, ",", ".", 1)
	case pointOrGroup:
		if st.groupPoint {
			s = strings.Replace(s, ".", "", 1)
		}
	case commaOrGroup:
		if st.decimalComma {
			s = strings.Replace(s, ",", ".", 1)
		} else {
			s = strings.Replace(s, ",", "", 1)
		}
	case pointGroups:
		s = strings.ReplaceAll(s, ".", "")
	case commaGroups:
		s = strings.ReplaceAll(s, ",", "")
	case pointsComma:
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	case commasPoint:
		s = strings.ReplaceAll(s, ",", "")
	default:
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

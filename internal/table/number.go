package table

import (
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
	var n number
	s, n.unit = cutUnit(s)
	if in, ok := inBrackets(s); ok {
		if in.unit == "" {
			in.unit = n.unit
		}
		return in
	}
	s, n.mark = cutMark(s)
	if n.mark != "" && n.unit == "" {
		s, n.unit = cutUnit(s)
	}
	neg := false
	if rest, ok := cutMinus(s); ok {
		neg, s = true, rest
	} else if rest, ok := cutMinusBehind(s); ok {
		neg, s = true, rest
	} else if s != "" && s[0] == '+' {
		s = strings.TrimLeft(s[1:], " \u00a0\u202f")
	}
	if n.unit == "" {
		s, n.unit = cutLeadingUnit(s)
	}
	body, exp := cutExponent(s)
	plain, grouped, ok := joinGroups(body)
	if !ok {
		return number{}
	}
	n.grouped = grouped
	if exp == "" && len(plain) > 1 && plain[len(plain)-1] == '.' {
		plain = plain[:len(plain)-1] // the point of an ordinal, "1."
	}
	if n.form = formOf(plain); n.form == notNumber || grouped && n.form >= pointOrGroup && n.form != pointOrGroup && n.form != commaOrGroup {
		return number{}
	}
	if exp != "" && n.form != whole && n.form != point && n.form != comma && n.form != pointOrGroup && n.form != commaOrGroup {
		return number{}
	}
	if grouped { // the spaces are the groups: a sign left is decimal
		switch n.form {
		case pointOrGroup:
			n.form = point
		case commaOrGroup:
			n.form = comma
		}
	}
	n.length = strings.IndexAny(plain+".", ".,")
	n.zeros = plain[0] == '0' && n.length > 1
	if i := strings.IndexAny(plain, ".,"); (n.form == point || n.form == comma) && exp == "" {
		n.zeroDec = plain[i+1:] == "0"
	}
	if neg {
		plain = "-" + plain
	}
	n.digits, n.powered = plain+exp, exp != ""
	return n
}

// plain is a number of digits with perhaps a minus, a comma or a point, small
// enough to be exact.
type plain struct {
	form     form
	digits   int64 // as if there were no sign among them
	decimals int   // of these, behind the sign
	length   int   // digits before it
	negative bool
	zero     bool // the first digit is one
}

// plainDigits bounds the digits of a plain number: all of them are exact in a
// float64.
const plainDigits = 15

// scanPlain is scanNumber for plain numbers; ok is false for all other cells.
func scanPlain(s string) (p plain, ok bool) {
	i := 0
	if s[0] == '-' {
		p.negative = true
		i++
	}
	if len(s)-i > plainDigits+1 || i == len(s) {
		return p, false
	}
	first, sign := i, -1
	for ; i < len(s); i++ {
		c := s[i]
		if d := c - '0'; d <= 9 {
			p.digits = p.digits*10 + int64(d)
			continue
		}
		if c != ',' && c != '.' || sign >= 0 {
			return p, false
		}
		sign = i
	}
	if p.zero = s[first] == '0'; sign < 0 {
		p.form, p.length = whole, len(s)-first
		return p, p.length <= plainDigits
	}
	if p.length, p.decimals = sign-first, len(s)-sign-1; p.length == 0 || p.decimals == 0 {
		return p, false
	}
	either := p.length <= 3 && p.decimals == 3 && !p.zero // a decimal sign, or a group
	switch {
	case s[sign] == ',' && either:
		p.form = commaOrGroup
	case s[sign] == ',':
		p.form = comma
	case either:
		p.form = pointOrGroup
	default:
		p.form = point
	}
	return p, true
}

// scanShown is scanPlain for numbers as people are shown them: spaces between
// groups of three digits, and a percent or euro sign behind.
func scanShown(s string) (p plain, unit string, grouped, ok bool) {
	switch {
	case s[len(s)-1] == '%':
		s, unit = s[:len(s)-1], "%"
	case strings.HasSuffix(s, "€"):
		s, unit = s[:len(s)-len("€")], "EUR"
	}
	if unit != "" {
		s = strings.TrimRight(s, " \u00a0\u202f")
	}
	var digits [plainDigits + 2]byte
	n, run := 0, 0 // bytes of digits; digits since the last space
	for i := 0; i < len(s); {
		c := s[i]
		width := 1
		switch {
		case c == 0xc2 && i+1 < len(s) && s[i+1] == 0xa0:
			c, width = ' ', 2
		case c == 0xe2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] == 0xaf:
			c, width = ' ', 3
		}
		switch {
		case c == ' ':
			if run == 0 || run > 3 || grouped && run != 3 {
				return p, "", false, false
			}
			grouped, run = true, 0
		case n == len(digits):
			return p, "", false, false
		default:
			if (c == ',' || c == '.') && grouped && run != 3 {
				return p, "", false, false
			}
			if digits[n] = c; c >= '0' && c <= '9' {
				run++
			} else if c != '-' {
				run = len(s) // no space may follow
			}
			n++
		}
		i += width
	}
	if n == 0 || grouped && run < 3 {
		return p, "", false, false
	}
	if p, ok = scanPlain(string(digits[:n])); !ok {
		return p, "", false, false
	}
	if grouped { // the spaces are the groups: a sign left is decimal
		switch p.form {
		case whole:
			ok = run == 3
		case pointOrGroup:
			p.form = point
		case commaOrGroup:
			p.form = comma
		}
	}
	return p, unit, grouped, ok
}

// powers of ten that a float64 holds exactly.
var powers = [plainDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal is the value if the sign is a decimal one; whole, if it groups.
func (p plain) decimal() float64 {
	v := float64(p.digits) / powers[p.decimals] // one rounding of two exact numbers: the nearest there is
	if p.negative {
		return -v
	}
	return v
}

func (p plain) whole() float64 {
	if p.negative {
		return -float64(p.digits)
	}
	return float64(p.digits)
}

// plain reads a plain number as parse would.
func (st style) plain(p plain) float64 {
	if p.form == pointOrGroup && st.groupPoint || p.form == commaOrGroup && !st.decimalComma {
		return p.whole()
	}
	return p.decimal()
}

// inBrackets reads an accountant's negative, "(1 234,50)". A whole number of few
// digits, "(1)", is a reference to a note.
func inBrackets(s string) (number, bool) {
	if len(s) < 3 || s[0] != '(' || s[len(s)-1] != ')' {
		return number{}, false
	}
	n := scanNumber(strings.TrimSpace(s[1 : len(s)-1]))
	if n.form == notNumber || n.form == whole && !n.grouped || n.mark != "" || n.digits[0] == '-' {
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

// formOf classifies digits with commas and points.
func formOf(s string) form {
	commas, points := strings.Count(s, ","), strings.Count(s, ".")
	if commas+points == 0 {
		if allDigits(s) {
			return whole
		}
		return notNumber
	}
	last := strings.LastIndexAny(s, ".,")
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && c != ',' && c != '.' {
			return notNumber
		}
	}
	if len(s) == 1 {
		return notNumber
	}
	switch {
	case commas+points == 1:
		ambiguous := last >= 1 && last <= 3 && len(s)-last == 4 && s[0] != '0'
		switch {
		case commas == 1 && ambiguous:
			return commaOrGroup
		case commas == 1 && last+1 < len(s):
			return comma
		case points == 1 && ambiguous:
			return pointOrGroup
		case points == 1 && last+1 < len(s):
			return point
		}
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

// units a cell may carry around its number, longest first, and how
// Column.Unit names them.
var cellUnits = []struct{ text, unit string }{
	{"milliards d'euros", "Md€"}, {"milliards d’euros", "Md€"}, {"millions d'euros", "M€"}, {"millions d’euros", "M€"},
	{"milliers d'euros", "k€"}, {"milliers d’euros", "k€"},
	{"Mds€", "Md€"}, {"Md€", "Md€"}, {"M€", "M€"}, {"k€", "k€"}, {"K€", "k€"},
	{"heures", "h"}, {"heure", "h"}, {"minutes", "min"},
	{"euros", "EUR"}, {"euro", "EUR"}, {"Euros", "EUR"}, {"EUR", "EUR"}, {"€", "EUR"}, {"%", "%"}, {"$", "USD"}, {"£", "GBP"},
}

func cutUnit(s string) (rest, unit string) {
	if i := strings.LastIndexAny(s, " \u00a0\u202f"); i > 0 && s[0] <= '9' { // "12,5 km"
		_, w := utf8.DecodeRuneInString(s[i:])
		if u, ok := measuredIn[s[i+w:]]; ok && s[i-1] >= '0' && s[i-1] <= '9' {
			return s[:i], u
		}
	}
	if last, _ := utf8.DecodeLastRuneInString(s); last != '€' && last != '%' && last != '$' && last != '£' && last != 's' && last != 'o' && last != 'R' {
		return s, ""
	}
	for _, u := range cellUnits {
		if t, ok := strings.CutSuffix(s, u.text); ok {
			t = strings.TrimRight(t, " \u00a0\u202f\u2009")
			if t == "" {
				return s, ""
			}
			return t, u.unit
		}
	}
	return s, ""
}

// measuredIn are the units of nature a cell may end with, as they are written.
var measuredIn = map[string]string{"km": "km", "m": "m", "cm": "cm", "mm": "mm", "km²": "km²", "km2": "km²", "m²": "m²", "m2": "m²", "ha": "ha", "m³": "m³", "m3": "m³",
	"kg": "kg", "t": "t", "tonnes": "t", "Wh": "Wh", "kWh": "kWh", "MWh": "MWh", "GWh": "GWh", "TWh": "TWh", "W": "W", "kW": "kW", "MW": "MW", "GW": "GW", "g": "g", "mg": "mg", "kt": "kt", "L": "L", "l": "L", "hL": "hL", "hl": "hL", "kWc": "kWc", "km/h": "km/h", "°C": "°C", "ans": "ans", "jours": "jours"}

// families are units of one thing, by what one of them holds.
var families = []map[string]float64{
	{"EUR": 1, "k€": 1e3, "M€": 1e6, "Md€": 1e9},
	{"mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3},
	{"m²": 1, "ha": 1e4, "km²": 1e6},
	{"mg": 1e-6, "g": 1e-3, "kg": 1, "t": 1e3, "kt": 1e6},
	{"Wh": 1e-3, "kWh": 1, "MWh": 1e3, "GWh": 1e6, "TWh": 1e9},
	{"W": 1e-3, "kW": 1, "MW": 1e3, "GW": 1e6},
	{"L": 1, "hL": 100},
	{"min": 1, "h": 60},
}

// oneUnit brings units of one family to the one of size 1; ok is false where
// they are of several.
func oneUnit(units map[string]int64) (unit string, factors map[string]float64, ok bool) {
	for _, f := range families {
		all := true
		for u := range units {
			all = all && f[u] > 0
		}
		if !all {
			continue
		}
		for u, v := range f {
			if v == 1 {
				return u, f, true
			}
		}
	}
	return "", nil, false
}

func cutLeadingUnit(s string) (rest, unit string) {
	for _, u := range []struct{ text, unit string }{{"US$", "USD"}, {"$", "USD"}, {"£", "GBP"}, {"€", "EUR"}} {
		if t, ok := strings.CutPrefix(s, u.text); ok {
			return strings.TrimLeft(t, " \u00a0\u202f"), u.unit
		}
	}
	return s, ""
}

// missing are the marks of a value that is not there. They mean it only in a
// column that otherwise holds numbers or dates.
var missing = map[string]bool{
	":": true, "-": true, "--": true, "---": true, "–": true, "—": true, "−": true, ".": true, "..": true, "...": true, "…": true, "?": true, "/": true, "//": true, "///": true, "*": true,
	"ns": true, "n.s.": true, "n.s": true, "nd": true, "n.d.": true, "n.d": true, "n/d": true, "nc": true, "n.c.": true, "n.c": true, "nr": true, "n.r.": true,
	"s": true, "ss": true, "secret": true, "x": true, "na": true, "n.a.": true, "n.a": true, "n/a": true, "#n/a": true, "nan": true, "null": true, "none": true, "nil": true, "\\n": true,
	"tbd": true, "tba": true, "unknown": true, "inconnu": true, "non disponible": true, "non renseigné": true, "so": true, "s.o.": true, "#div/0!": true, "#value!": true, "#valeur!": true, "#ref!": true,
}

// startsMissing are the bytes these marks begin with.
var startsMissing = func() (b [256]bool) {
	for m := range missing {
		b[m[0]] = true
		b[strings.ToUpper(m[:1])[0]] = true
	}
	return b
}()

func isMissing(s string) bool {
	if s[0] == ':' && len(s) > 2 && len(s) < 6 && s[1] == ' ' { // ": c", what is not published and why
		return strings.Trim(s[2:], "abcdefghijklmnopqrstuvwxyz") == ""
	}
	if len(s) > 16 || !startsMissing[s[0]] || len(s) > 5 && !strings.ContainsRune("nNuUiIsS#", rune(s[0])) {
		return false
	}
	return missing[s] || missing[strings.ToLower(s)]
}

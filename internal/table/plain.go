package table

import (
	"strings"
)

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

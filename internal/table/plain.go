package table

import (
	"strings"
	"unicode/utf8"
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
	p.form = p.around(s[sign])
	return p, true
}

// around is the form of a number that has one sign: a decimal one, or one that
// may set a group of thousands apart.
func (p plain) around(sign byte) form {
	either := p.length >= 1 && p.length <= 3 && p.decimals == 3 && !p.zero
	switch {
	case sign == ',' && either:
		return commaOrGroup
	case sign == ',':
		return comma
	case either:
		return pointOrGroup
	}
	return point
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
	u, ok := ungroup(s)
	if !ok || u.grouped && u.run < 3 {
		return p, "", false, false
	}
	if p, ok = scanPlain(string(u.digits[:u.n])); !ok {
		return p, "", false, false
	}
	if u.grouped {
		ok = p.form != whole || u.run == 3
		p.form = p.form.spaced()
	}
	return p, unit, u.grouped, ok
}

// ungrouped is a number without the spaces between its groups of digits.
type ungrouped struct {
	digits  [plainDigits + 2]byte
	n, run  int // bytes of digits; digits since the last space, more than 3 where none may follow
	grouped bool
}

// ungroup takes out the spaces between groups of three digits; ok is false where
// they stand elsewhere, or too much is left.
func ungroup(s string) (u ungrouped, ok bool) {
	for i := 0; i < len(s); {
		c, width := s[i], 1
		if c >= utf8.RuneSelf {
			c, width = spaceAt(s, i)
		}
		i += width
		short := u.grouped && u.run != 3
		switch {
		case c == ' ':
			if u.run == 0 || u.run > 3 || short {
				return u, false
			}
			u.grouped, u.run = true, 0
			continue
		case u.n == len(u.digits) || (c == ',' || c == '.') && short:
			return u, false
		case c >= '0' && c <= '9':
			u.run++
		case c != '-':
			u.run = len(u.digits)
		}
		u.digits[u.n] = c
		u.n++
	}
	return u, u.n > 0
}

// spaceAt reads a character past ASCII: the spaces of typography as plain ones, of
// others their first byte.
func spaceAt(s string, i int) (c byte, width int) {
	for _, space := range []string{"\u00a0", "\u202f"} {
		if strings.HasPrefix(s[i:], space) {
			return ' ', len(space)
		}
	}
	return s[i], 1
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

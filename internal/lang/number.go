package lang

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	noBreakSpace       = '\u00a0'
	narrowNoBreakSpace = '\u202f'
)

func decodeRune(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

func groupSpace(r rune) bool {
	return r == ' ' || r == noBreakSpace || r == narrowNoBreakSpace
}

// numberLen returns how many bytes of s the number at its start takes:
// digits, groups of three after a space, comma or point, and decimals. It is 0
// where s does not start with a digit, or goes on as a word ("2e", "3D").
func numberLen(s string) int {
	i := digits(s)
	if i == 0 {
		return 0
	}
	if i <= 3 { // groups of three, no more than a number needs: a long run of them would be read again from each
		for groups := 0; i < len(s) && groups < maxGroups; groups++ {
			r, size := decodeRune(s[i:])
			if !groupSpace(r) && r != ',' && r != '.' {
				break
			}
			if digits(s[i+size:]) != 3 {
				break
			}
			i += size + 3
		}
	}
	if i < len(s) && (s[i] == ',' || s[i] == '.') {
		if n := digits(s[i+1:]); n > 0 {
			i += 1 + n
		}
	}
	if i < len(s) {
		if r, _ := decodeRune(s[i:]); unicode.IsLetter(r) {
			return 0
		}
	}
	return i
}

const maxGroups = 8

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// ParseNumber reads a number as a person types it in either language: "10 000",
// "1 234,5", "5,000", "1.5", "-3", "12 %", "1,2 M€". A comma or a point before exactly three
// final digits is a thousands separator where the language groups by it and where it repeats, else a decimal sign.
func ParseNumber(s string, l Lang) (float64, bool) {
	s = strings.TrimSpace(s)
	neg := false
	if r, size := decodeRune(s); r == '-' || r == '−' {
		neg = true
		s = s[size:]
	}
	t := strings.Map(func(r rune) rune {
		if groupSpace(r) {
			return -1
		}
		return r
	}, s)
	v, err := strconv.ParseFloat(pointed(t, l), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0, false
	}
	if neg {
		v = -v
	}
	return v, true
}

// pointed writes a number without thousands separators, its decimals after a point.
func pointed(t string, l Lang) string {
	comma, point := strings.Count(t, ","), strings.Count(t, ".")
	switch i := strings.LastIndexAny(t, ",."); {
	case comma > 0 && point > 0: // the last sign is the decimal one
		if t[i] == ',' {
			return strings.ReplaceAll(strings.ReplaceAll(t, ".", ""), ",", ".")
		}
		return strings.ReplaceAll(t, ",", "")
	case comma > 1, comma == 1 && of(l).CommaGroups && len(t)-i == 4:
		return strings.ReplaceAll(t, ",", "")
	case comma == 1:
		return strings.Replace(t, ",", ".", 1)
	case point > 1, point == 1 && of(l).PointGroups && len(t)-i == 4 && i <= 3 && t[0] != '0':
		return strings.ReplaceAll(t, ".", "")
	}
	return t
}

// FormatNumber writes v with the given number of decimals, in the language's
// style: 1 234,5 (narrow no-break spaces) in French, 1,234.5 in English.
// A negative decimals keeps what the value needs, up to 2 (more below 1).
func FormatNumber(v float64, decimals int, l Lang) string {
	if decimals < 0 {
		decimals = neededDecimals(v)
	}
	return written(strconv.FormatFloat(math.Abs(v), 'f', decimals, 64), v < 0, l)
}

// FormatInt writes a whole number as FormatNumber does, every digit of it.
func FormatInt(v int64, l Lang) string {
	return written(strings.TrimPrefix(strconv.FormatInt(v, 10), "-"), v < 0, l)
}

// written groups the digits of a number that is written with a point.
func written(s string, negative bool, l Lang) string {
	whole, frac, _ := strings.Cut(s, ".")
	sep, point := of(l).Group, of(l).Decimal
	var b strings.Builder
	if negative && strings.Trim(s, "0.") != "" {
		b.WriteString("-")
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(d)
	}
	if frac != "" {
		b.WriteString(point + frac)
	}
	return b.String()
}

// published bounds the decimals of a number that has no more: such a number was
// published so, and is shown so; what goes on was computed.
const published = 5

// neededDecimals is how many decimals a number is shown with: all it has, where
// they are few, else two that say something.
func neededDecimals(v float64) int {
	a := math.Abs(v)
	if a == math.Trunc(a) {
		return 0
	}
	if d, ok := Decimals(v); ok {
		return d
	}
	max := 2
	for x := a; x < 0.1 && max < 8; x *= 10 {
		max++
	}
	for d := published; d < max; d++ {
		if ends(a, d) {
			return d
		}
	}
	return max
}

// Decimals is how many decimals a number has, where they are few: it was published
// so, or adds such numbers up. ok is false of what goes on, which was computed.
func Decimals(v float64) (d int, ok bool) {
	for a := math.Abs(v); d <= published; d++ {
		if ends(a, d) {
			return d, true
		}
	}
	return 0, false
}

// ends tells whether a number has no more than so many decimals.
func ends(a float64, decimals int) bool {
	p := math.Pow10(decimals)
	return math.Abs(math.Round(a*p)/p-a) < 1e-9*math.Max(1, a)
}

// numberWords are the small numbers people write in letters.
var numberWords = map[string]float64{
	"zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "trente": 30,
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
}

// NumberWord is a small number in letters, of a folded word in French or English.
func NumberWord(folded string) (float64, bool) {
	n, ok := numberWords[folded]
	return n, ok
}

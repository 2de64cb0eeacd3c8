package table

import (
	"strings"
	"unicode/utf8"
)

// tally is what all cells of a column were found to be; one pass fills it.
type tally struct {
	filled, missing int64

	forms    [forms]int64
	units    map[string]int64
	zeros    int64 // numbers with leading zeros
	zeroDec  int64 // "12.0"
	steps    int64 // whole numbers one more than the cell above
	previous float64
	luhn     int64 // whole numbers of 9 or 14 digits whose check digit holds
	marked   int64
	grouped  int64
	longest  int // digits of the longest whole number
	shortest int
	inYears  int64 // whole numbers in 1500..2100
	powered  int64 // with an exponent
	plain    span  // of whole numbers without groups
	three    span  // of numbers with one sign before three digits, that sign grouping
	sumPoint float64
	sumComma float64 // sum if a lone comma is decimal, and a lone point groups

	dates     [dateForms]int64
	dayFirst  int64 // first field past 12
	dayLast   int64 // second field past 12: months come first
	noDay     int64 // not in the calendar, day first
	noMonth   int64 // not in the calendar, month first
	midnight  int64
	offsets   int64
	compact   int64 // 20210312
	truths    int64 // true, false, vrai, faux
	odd       int64 // neither number nor date nor missing
	oddSample []string

	runes     int64 // of texts and all else
	longestT  int
	shortestT int
	coded     int64 // letters and digits only, a digit at least, at most 15: "2A004"
	named     int64 // texts without a digit
	links     int64
	geos      int64 // GeoJSON, WKT, "48.5, 7.7"
	wide      int64 // numbers too long for int64
}

// add classifies one cell, trimmed and not empty.
func (t *tally) add(s string) {
	t.filled++
	c := s[0]
	if c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == ',' || c >= utf8.RuneSelf || c == '$' || c == '(' {
		if n := scanNumber(s); n.form != notNumber {
			t.addNumber(n)
			t.measure(s)
			return
		}
		if d := scanDate(s); d.form != notDate {
			t.addDate(d)
			t.measure(s)
			return
		}
	}
	if isMissing(s) {
		t.missing++
		t.named++ // in a column of texts it is one more text
		return
	}
	t.measure(s)
	if _, ok := truth(s); ok {
		t.truths++
		return
	}
	t.odd++
	if len(t.oddSample) < 3 {
		t.oddSample = append(t.oddSample, clip(s, 40))
	}
	switch {
	case strings.HasPrefix(s, "http://"), strings.HasPrefix(s, "https://"), strings.HasPrefix(s, "www."):
		t.links++
	case isGeo(s):
		t.geos++
	}
}

// truth reads a boolean; "oui" and "1" are categories of their publisher's.
func truth(s string) (value, ok bool) {
	if len(s) != 4 && len(s) != 5 {
		return false, false
	}
	switch strings.ToLower(s) {
	case "true", "vrai":
		return true, true
	case "false", "faux":
		return false, true
	}
	return false, false
}

func (t *tally) measure(s string) {
	n := len(s)
	if n > 8 {
		n = utf8.RuneCountInString(s)
	}
	t.runes += int64(n)
	t.longestT = max(t.longestT, n)
	if t.shortestT == 0 || n < t.shortestT {
		t.shortestT = n
	}
	digits, plain := 0, n == len(s) && n <= 15
	for i := 0; i < len(s) && i < 64; i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z': // not "1st"
		default:
			plain = false
		}
	}
	if digits == 0 {
		t.named++
	} else if plain {
		t.coded++
	}
}

// span is the least and the greatest of some numbers, by size.
type span struct{ low, high float64 }

func (s *span) add(v float64) {
	if v = abs(v); v == 0 {
		return
	}
	if s.low == 0 || v < s.low {
		s.low = v
	}
	s.high = max(s.high, v)
}

func (t *tally) addNumber(n number) {
	t.forms[n.form]++
	if n.powered {
		t.powered++
	}
	if n.unit != "" {
		if t.units == nil {
			t.units = map[string]int64{}
		}
		t.units[n.unit]++
	}
	if n.zeros && n.form == whole {
		t.zeros++
	}
	if n.zeroDec {
		t.zeroDec++
	}
	if n.marked {
		t.marked++
	}
	if n.grouped {
		t.grouped++
	}
	a, okA := style{}.parse(n)
	b := a
	switch n.form {
	case commaOrGroup, pointOrGroup:
		b, _ = style{decimalComma: true, groupPoint: true}.parse(n)
		t.three.add(max(abs(a), abs(b)))
	case whole:
		t.plain.add(a)
	}
	if !okA {
		t.wide++
	}
	t.sumPoint += a
	t.sumComma += b
	if n.form == whole || n.zeroDec {
		t.longest = max(t.longest, n.length)
		if t.shortest == 0 || n.length < t.shortest {
			t.shortest = n.length
		}
		if a >= 1500 && a <= 2100 && !n.grouped && n.unit == "" {
			t.inYears++
		}
		if t.filled > 1 && a == t.previous+1 {
			t.steps++
		}
		t.previous = a
		if n.form == whole && n.length == 8 && compactDate(n.digits) {
			t.compact++
		}
		if n.form == whole && (n.length == 9 || n.length == 14) && luhn(n.digits) {
			t.luhn++
		}
	} else if n.form >= pointGroups {
		t.longest = max(t.longest, n.length)
	}
}

func compactDate(s string) bool {
	y, _ := digitsAt(s, 0)
	return len(s) == 8 && y >= 1800 && y <= 2100 && valid(y, int(s[4]-'0')*10+int(s[5]-'0'), int(s[6]-'0')*10+int(s[7]-'0'))
}

// luhn checks the last digit of a SIREN or SIRET.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func (t *tally) addDate(d date) {
	t.dates[d.form]++
	if d.form == slashDate || d.form == slashTime {
		if d.a > 12 {
			t.dayFirst++
		}
		if d.b > 12 {
			t.dayLast++
		}
		if !valid(d.year, d.b, d.a) {
			t.noDay++
		}
		if !valid(d.year, d.a, d.b) {
			t.noMonth++
		}
	}
	if d.midnight && (d.form == isoTime || d.form == slashTime) {
		t.midnight++
	}
	if d.offset {
		t.offsets++
	}
}

func isGeo(s string) bool {
	if s[0] == '{' {
		return strings.Contains(s, `"coordinates"`)
	}
	for _, p := range []string{"POINT", "POLYGON", "MULTIPOLYGON", "LINESTRING", "MULTILINESTRING", "MULTIPOINT", "SRID="} {
		if strings.HasPrefix(s, p) {
			return strings.ContainsAny(s, "(=")
		}
	}
	a, b, ok := strings.Cut(s, ",")
	if !ok || len(s) > 60 {
		return false
	}
	x, y := scanNumber(trim(a)), scanNumber(trim(b))
	return (x.form == point || x.form == pointOrGroup) && (y.form == point || y.form == pointOrGroup) && x.length <= 3 && y.length <= 3
}

func (t *tally) numbers() int64 {
	var n int64
	for _, c := range t.forms {
		n += c
	}
	return n
}

func (t *tally) allDates() int64 {
	var n int64
	for _, c := range t.dates {
		n += c
	}
	return n
}

// looksCoded tells codes by their shape: as many letters and digits in every
// cell (01053, 2A004), or few, some with leading zeros (01, 2A, 976, ZZ).
func (t *tally) looksCoded(h hint) bool {
	rest := t.filled - t.missing
	if t.coded*2 < rest || t.links > 0 || t.allDates() > 0 {
		return false
	}
	if t.coded+t.named < rest || t.longestT > 15 {
		return false
	}
	return t.shortestT == t.longestT && t.longestT > 1 || t.longestT <= 5 && (t.zeros > 0 || h.any(placeWords))
}

// tolerable tells a column of numbers with a few stray remarks, which would
// cost it its sums, from a column of labels.
func tolerable(t *tally) bool {
	return t.allDates() == 0 && t.truths == 0 && t.numbers() >= 400*t.odd && t.odd > 0 && t.zeros == 0
}

// decimals counts cells with decimals that are not just ".0".
func (t *tally) decimals(s style) int64 {
	n := t.forms[point] + t.forms[comma] + t.forms[pointsComma] + t.forms[commasPoint]
	if n == t.zeroDec {
		n = 0
	}
	if !s.groupPoint {
		n += t.forms[pointOrGroup]
	}
	if s.decimalComma {
		n += t.forms[commaOrGroup]
	}
	return n
}

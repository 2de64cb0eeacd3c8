package table

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"cigogne/internal/lang"
)

// tally is what all cells of a column were found to be; one pass fills it.
type tally struct {
	met string // the plain number met last, where it stands in what was read
	as  plain  // what it is

	filled, missing int64
	absent          signs // what stands for missing values

	forms    [forms]int64
	units    map[string]int64
	zeros    int64 // numbers with leading zeros
	zeroDec  int64 // "12.0"
	steps    int64 // whole numbers one more than the different cell above
	previous float64
	luhn     int64 // whole numbers of 9 or 14 digits whose check digit holds
	marks    signs // of footnotes and statuses
	grouped  int64
	longest  int // digits of the longest whole number
	shortest int
	inYears  int64  // whole numbers in 1500..2100
	powered  int64  // with an exponent
	plain    extent // of whole numbers without groups
	three    extent // of numbers with one sign before three digits, that sign grouping
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
	c1        int64 // windows-1252 signs that were decoded as if Latin-1
	subtotals int64 // "Total", "Sous-total …"
}

// add classifies a cell, trimmed and not empty, that stands n times in the column.
func (t *tally) add(s string, n int64) {
	t.filled += n
	if beginsNumber(s[0]) {
		if t.addPlain(s, n) {
			return
		}
		if x := scanNumber(s); x.form != notNumber {
			t.addNumber(x, n)
			t.measure(s, n)
			return
		}
		if d := scanDate(s); d.form != notDate {
			t.addDate(d, n)
			t.measure(s, n)
			return
		}
	}
	if strings.IndexByte(s, 0xc2) >= 0 && hasC1(s) {
		t.c1 += n
	}
	if isMissing(s) {
		t.missing += n
		t.absent.add(s, n)
		t.named += n // in a column of texts it is one more text
		return
	}
	t.measure(s, n)
	if _, ok := truth(s); ok {
		t.truths += n
		return
	}
	t.odd += n
	if len(t.oddSample) < 3 {
		t.oddSample = append(t.oddSample, clip(s, 40))
	}
	switch {
	case isSubtotal(s):
		t.subtotals += n
	case strings.HasPrefix(s, "http://"), strings.HasPrefix(s, "https://"), strings.HasPrefix(s, "www."):
		t.links += n
	case isGeo(s):
		t.geos += n
	}
}

// beginsNumber tells whether a number or a date may begin with a byte.
func beginsNumber(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == ',' || c >= utf8.RuneSelf || c == '$' || c == '('
}

// clone is the tally, to be added to on its own.
func (t *tally) clone() tally {
	c := *t
	c.units, c.oddSample = maps.Clone(t.units), slices.Clone(t.oddSample)
	c.marks, c.absent = maps.Clone(t.marks), maps.Clone(t.absent)
	return c
}

func (t *tally) measure(s string, n int64) {
	length := len(s)
	if length > 8 {
		length = utf8.RuneCountInString(s)
	}
	t.lengths(length, n)
	digits, plain := 0, length == len(s) && length <= 15
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
		t.named += n
	} else if plain {
		t.coded += n
	}
}

// lengths notes n texts of a length in characters.
func (t *tally) lengths(length int, n int64) {
	t.runes += int64(length) * n
	t.longestT = max(t.longestT, length)
	if t.shortestT == 0 || length < t.shortestT {
		t.shortestT = length
	}
}

// extent is the least and the greatest of some numbers, by size.
type extent struct{ low, high float64 }

func (s *extent) add(v float64) {
	if v = abs(v); v == 0 {
		return
	}
	if s.low == 0 || v < s.low {
		s.low = v
	}
	s.high = max(s.high, v)
}

func (t *tally) addNumber(x number, n int64) {
	if x.powered {
		t.powered += n
	}
	if x.unit != "" {
		if t.units == nil {
			t.units = map[string]int64{}
		}
		t.units[x.unit] += n
	}
	if x.mark != "" {
		t.marks.add(x.mark, n)
	}
	if x.grouped {
		t.grouped += n
	}
	a, ok := style{}.parse(x)
	if !ok {
		t.wide += n
	}
	b := a
	if x.form == commaOrGroup || x.form == pointOrGroup {
		b, _ = style{decimalComma: true, groupPoint: true}.parse(x)
	}
	t.addValue(x, a, b, n)
}

// addValue notes n numbers by how they are written: a is the value if a lone comma
// groups and a lone point is decimal, b if it is the other way round.
func (t *tally) addValue(x number, a, b float64, n int64) {
	t.forms[x.form] += n
	switch x.form {
	case commaOrGroup, pointOrGroup:
		t.three.add(max(abs(a), abs(b)))
	case whole:
		t.plain.add(a)
		if x.zeros {
			t.zeros += n
		}
	}
	t.sumPoint += a * float64(n)
	t.sumComma += b * float64(n)
	switch {
	case x.form == whole || x.zeroDec:
		t.addWhole(x, a, n)
	case x.form >= pointGroups:
		t.longest = max(t.longest, x.length)
	}
}

// addWhole notes n whole numbers, by what their digits say.
func (t *tally) addWhole(x number, a float64, n int64) {
	if x.zeroDec {
		t.zeroDec += n
	}
	t.longest = max(t.longest, x.length)
	if t.shortest == 0 || x.length < t.shortest {
		t.shortest = x.length
	}
	if a >= 1500 && a <= 2100 && !x.grouped && x.unit == "" {
		t.inYears += n
	}
	if t.filled > 1 && a == t.previous+1 {
		t.steps++
	}
	t.previous = a
	if x.form != whole {
		return
	}
	switch x.length {
	case 8:
		if compactDate(x.digits) {
			t.compact += n
		}
	case 9, 14:
		if lang.Luhn(x.digits) {
			t.luhn += n
		}
	}
}

// addPlain is add for the numbers that nearly all are: digits, perhaps a minus, a
// comma or a point. It gives up on any other cell.
func (t *tally) addPlain(s string, n int64) bool {
	p, ok := scanPlain(s)
	if !ok {
		return t.addShown(s, n)
	}
	t.met, t.as = s, p
	t.addParts(p, number{form: p.form, digits: s}, n)
	t.lengths(len(s), n)
	if p.form == whole && !p.negative && len(s) <= 15 {
		t.coded += n
	}
	return true
}

// addShown is addPlain for numbers with spaces or a sign behind.
func (t *tally) addShown(s string, n int64) bool {
	p, unit, grouped, ok := scanShown(s)
	if !ok || p.form == whole && p.length >= 8 { // what may be a day, a SIREN
		return false
	}
	if unit != "" {
		if t.units == nil {
			t.units = map[string]int64{}
		}
		t.units[unit] += n
	}
	if grouped {
		t.grouped += n
	}
	t.met, t.as = s, p
	t.addParts(p, number{form: p.form, unit: unit, grouped: grouped}, n)
	t.measure(s, n)
	return true
}

// just is what a cell is that was added last, if it is a plain number.
func (t *tally) just(cell string) (plain, bool) {
	return t.as, len(cell) == len(t.met) && unsafe.StringData(cell) == unsafe.StringData(t.met)
}

func (t *tally) addParts(p plain, x number, n int64) {
	x.length, x.zeros = p.length, p.zero && p.length > 1
	x.zeroDec = (p.form == point || p.form == comma) && p.decimals == 1 && p.digits%10 == 0
	decimal, grouped := p.decimal(), p.whole()
	switch p.form {
	case commaOrGroup:
		t.addValue(x, grouped, decimal, n)
	case pointOrGroup:
		t.addValue(x, decimal, grouped, n)
	default:
		t.addValue(x, decimal, decimal, n)
	}
}

func (t *tally) addDate(d date, n int64) {
	t.dates[d.form] += n
	if d.form == slashDate || d.form == slashTime {
		if d.a > 12 {
			t.dayFirst += n
		}
		if d.b > 12 {
			t.dayLast += n
		}
		if !valid(d.year, d.b, d.a) {
			t.noDay += n
		}
		if !valid(d.year, d.a, d.b) {
			t.noMonth += n
		}
	}
	if d.midnight && (d.form == isoTime || d.form == slashTime) {
		t.midnight += n
	}
	if d.offset {
		t.offsets += n
	}
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

package table

import (
	"strings"
	"unicode/utf8"

	"cigogne/internal/dataset"
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
	if c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == ',' || c >= utf8.RuneSelf || c == '$' {
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

func (t *tally) addNumber(n number) {
	t.forms[n.form]++
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
	if n.form == commaOrGroup || n.form == pointOrGroup {
		b, _ = style{decimalComma: true, groupPoint: true}.parse(n)
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

// column is a column decided: how its cells are read.
type column struct {
	name    string
	typ     dataset.Type
	hint    hint
	unit    string
	style   style
	code    bool // text because it is a code
	year    bool
	monthly bool // months come first in its dates
	compact bool
	dropDec bool // ".0" is taken off codes a spreadsheet made numbers of
	tally   tally
	notes   []string
}

// decimalCommas tells whether the file writes decimals with a comma, by the
// columns where there is no doubt.
func decimalCommas(tallies []tally) (commas, points bool) {
	for i := range tallies {
		t := &tallies[i]
		if t.odd > t.numbers() {
			continue
		}
		commas = commas || t.forms[comma]+t.forms[pointsComma] > 0
		points = points || t.forms[commaGroups]+t.forms[commasPoint] > 0
	}
	return commas, points
}

// habits are what one column may learn from the file and the other columns.
type habits struct {
	workbook  bool // a spreadsheet: its rows end where their cells do
	commas    bool // other columns write decimal commas
	semicolon bool // the file's cells are set apart by semicolons
	labelled  map[string]bool
}

// decide settles type and reading of a column from all its cells.
func decide(name string, t tally, h habits) column {
	c := column{name: name, typ: dataset.Text, hint: hintOf(name), tally: t}
	c.unit = c.hint.unit
	rest := t.filled - t.missing
	switch {
	case rest == 0:
	case t.truths == rest:
		c.typ = dataset.Boolean
	case t.allDates() == rest:
		c.decideDate()
	case t.numbers() == rest || tolerable(&t):
		c.decideNumber(h)
	}
	if c.typ == dataset.Text && !c.code {
		c.code = c.hint.code() && t.odd == 0 || rest > 1 && t.looksCoded(c.hint)
	}
	return c
}

// declare holds the column to the type its file declares.
func (c *column) declare(t dataset.Type) {
	switch {
	case t == dataset.Text && c.typ != dataset.Text:
		c.typ, c.year = dataset.Text, false
		c.code = c.hint.code() || c.tally.looksCoded(c.hint)
	case t == dataset.Number && c.typ == dataset.Text && !c.code && c.tally.filled > 0: // infinite cells become missing
		c.typ = dataset.Number
	}
	if t != "" {
		c.style = style{}
	}
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

func (c *column) decideDate() {
	t := &c.tally
	slash := t.dates[slashDate] + t.dates[slashTime]
	if slash > 0 && t.dates[isoDate]+t.dates[isoTime] > 0 || t.dayFirst > 0 && t.dayLast > 0 {
		return // two ways of writing: no telling which
	}
	if c.monthly = t.dayLast > 0; c.monthly && t.noMonth > 0 || !c.monthly && t.noDay > 0 {
		return // 31/02: no date
	}
	timed := t.dates[isoTime] + t.dates[slashTime]
	c.typ = dataset.Date
	if timed > 0 && t.midnight < timed {
		c.typ = dataset.DateTime
	}
	if t.offsets > 0 && c.typ == dataset.DateTime {
		c.notes = append(c.notes, note(NoteOffset, c.name))
	}
}

// decideNumber settles a column whose cells are numbers: a code, a year, an
// integer or a number; text where the cells contradict each other.
func (c *column) decideNumber(h habits) {
	t := &c.tally
	wholes := t.forms[whole] + t.zeroDec
	allWhole := wholes == t.numbers()
	switch {
	case len(t.units) > 1, t.wide > 0, t.longest > 18 && allWhole:
		return
	case t.zeros > 0, allWhole && t.longest >= 16:
		c.code = true
		return
	}
	if allWhole && t.units == nil && t.grouped == 0 && c.isCode(h) {
		c.code, c.dropDec = true, t.zeroDec > 0
		return
	}
	if allWhole && t.compact == t.numbers() && t.missing == 0 && strings.Contains(strings.Join(c.hint.words, " "), "date") {
		c.typ, c.compact = dataset.Date, true
		return
	}
	if !c.decideStyle(h) {
		return
	}
	for u := range t.units {
		c.unit = u
	}
	c.typ = dataset.Number
	if t.decimals(c.style) == 0 {
		c.typ = dataset.Integer
	}
	c.year = c.typ == dataset.Integer && t.inYears == t.numbers() && (t.inYears > 2 || c.hint.any(calendarWords)) && c.hint.year()
	if t.odd > 0 {
		c.notes = append(c.notes, note(NoteOddCells, c.name, t.oddSample...))
	}
	if t.marked > 0 {
		c.notes = append(c.notes, note(NoteMarks, c.name))
	}
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

// isCode tells codes written without zeros from quantities: by the header, or
// by a neighbour that holds their labels.
func (c *column) isCode(h habits) bool {
	if c.hint.code() {
		return true
	}
	if h.labelled[c.name] {
		return true
	}
	t := &c.tally
	fixed := t.shortest == t.longest
	if fixed && (t.longest == 9 || t.longest == 14) && t.luhn == t.numbers() && t.luhn >= 5 {
		return true // SIREN, SIRET
	}
	if fixed && t.longest >= 9 && c.hint.id(c.name) {
		return true
	}
	return c.hint.any(placeWords) && !c.hint.any(quantityWords) && len(c.hint.words) <= 2
}

// decideStyle finds what commas and points mean in the column.
func (c *column) decideStyle(h habits) bool {
	t := &c.tally
	decComma := t.forms[comma]+t.forms[pointsComma] > 0
	grpComma := t.forms[commaGroups]+t.forms[commasPoint] > 0
	decPoint := t.forms[point]+t.forms[commasPoint] > 0
	grpPoint := t.forms[pointGroups]+t.forms[pointsComma] > 0
	if decComma && grpComma || decPoint && grpPoint || grpComma && grpPoint {
		return false
	}
	c.style.decimalComma = decComma || !grpComma && !decPoint && (h.commas || h.semicolon || t.grouped > 0)
	c.style.groupPoint = grpPoint || !decPoint && t.forms[pointOrGroup] > 0 && h.commas && (t.forms[whole] > 0 || decComma)
	return true
}

package table

import (
	"strings"

	"cigogne/internal/dataset"
)

// column is a column decided: how its cells are read.
type column struct {
	name    string
	typ     dataset.Type
	hint    hint
	unit    string
	factors map[string]float64 // of the units its cells are in, where they are several; nil else
	style   style
	code    bool // text because it is a code
	year    bool
	dated   bool // years but for a few cells: no quantity, whatever those are
	monthly bool // months come first in its dates
	compact bool
	dropDec bool // ".0" is taken off codes a spreadsheet made numbers of
	merged  bool // its cells are merged over several rows of data
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
	endless   bool // its last line does not end
	french    bool // its header is French
	labelled  map[string]bool
	merged    map[int]bool // columns, from 0, with cells merged over rows of data
	scale     map[int]int  // by column, from 1: how many times a workbook shows it divided by 1000
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
	if c.typ != dataset.Text && len(t.absent) > 0 {
		c.notes = append(c.notes, note(NoteAbsent, c.name, t.absent.list()...))
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

func (c *column) decideDate() {
	t := &c.tally
	slash := t.dates[slashDate] + t.dates[slashTime]
	iso := t.dates[isoDate] + t.dates[isoTime]
	if t.dayFirst > 0 && t.dayLast > 0 || slash > 0 && iso > 0 && t.dayFirst+t.dayLast == 0 {
		return // two ways of writing, and no telling which comes first of days and months
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
	if !c.decideUnit() || c.decideCode(h) {
		return
	}
	if t.allWhole() && t.compact == t.numbers() && t.missing == 0 && strings.Contains(strings.Join(c.hint.words, " "), "date") {
		c.typ, c.compact = dataset.Date, true
		return
	}
	if !c.decideStyle(h) {
		return
	}
	for u := range t.units {
		if c.factors == nil {
			c.unit = u
		}
	}
	c.typ = dataset.Number
	if t.decimals(c.style) == 0 && c.factors == nil {
		c.typ = dataset.Integer
		c.decideYear()
	}
	if t.odd > 0 {
		c.notes = append(c.notes, note(NoteOddCells, c.name, t.oddSample...))
	}
	if len(t.marks) > 0 {
		c.notes = append(c.notes, note(NoteMarks, c.name, t.marks.list()...))
	}
}

// allWhole tells whether all numbers are whole, "12.0" among them.
func (t *tally) allWhole() bool { return t.forms[whole]+t.zeroDec == t.numbers() }

// decideUnit brings the units of the numbers to the one of their family; ok is
// false where they have none in common.
func (c *column) decideUnit() (ok bool) {
	t := &c.tally
	if len(t.units) < 2 {
		return true
	}
	var n int64
	for _, times := range t.units {
		n += times
	}
	unit, factors, ok := oneUnit(t.units)
	if !ok || n < t.numbers() { // a number without a unit may be in any of them
		return false
	}
	c.unit, c.factors = unit, factors
	return true
}

// decideCode tells numbers that count nothing: those too long for one, numbers of
// houses, codes.
func (c *column) decideCode(h habits) bool {
	t, allWhole := &c.tally, c.tally.allWhole()
	switch {
	case t.wide > 0, t.longest > 18 && allWhole:
	case len(t.marks) > 0 && (c.hint.id(c.name) || c.hint.any(streetWords)): // "12 b" is a number of a house
	case t.zeros > 0, allWhole && t.longest >= 16:
		c.code = true
	case t.powered > 0 && (c.hint.code() || c.hint.id(c.name)):
		c.code = true
		c.notes = append(c.notes, note(NoteDamaged, c.name))
	case allWhole && t.units == nil && t.grouped == 0 && c.isCode(h):
		c.code, c.dropDec = true, t.zeroDec > 0
	default:
		return false
	}
	return true
}

// decideYear tells years from other integers: all of them are, or nearly all.
func (c *column) decideYear() {
	t := &c.tally
	if !c.hint.year() {
		return
	}
	c.year = t.inYears == t.numbers() && (t.inYears > 2 || c.hint.any(calendarWords))
	c.dated = !c.year && t.inYears > 2 && t.inYears*10 >= t.numbers()*9 && len(c.hint.words) > 0
}

// isCode tells codes written without zeros from quantities: by the header, by
// a neighbour that holds their labels, by their check digits.
func (c *column) isCode(h habits) bool {
	t := &c.tally
	fixed := t.shortest == t.longest
	switch {
	case h.labelled[c.name]:
		return true
	case c.hint.only(codeWords) && c.hint.words[0] == "cp": // postcodes, or crédits de paiement
		return t.longest == 5 && t.shortest >= 4
	case c.hint.code(), fixed && t.registered():
		return true
	case fixed && t.longest >= 9 && c.hint.id(c.name), fixed && t.longest == 14 && !c.hint.any(quantityWords): // no amount has always 14 digits
		return true
	}
	return (t.longest <= 5 || fixed && t.longest == 9) && c.hint.ofPlaces()
}

// ofPlaces tells a header that names places and little else.
func (h hint) ofPlaces() bool {
	return len(h.words) <= 2 && h.any(placeWords) && !h.any(quantityWords)
}

// registered tells numbers of companies, SIREN or SIRET, by their check digits.
func (t *tally) registered() bool {
	return (t.longest == 9 || t.longest == 14) && t.luhn == t.numbers() && t.luhn >= 5
}

// proven is what the numbers of a column, by those that leave no choice, have
// commas and points for.
type proven struct{ decimalComma, groupComma, decimalPoint, groupPoint bool }

func (t *tally) proven() proven {
	return proven{
		decimalComma: t.forms[comma]+t.forms[pointsComma] > 0,
		groupComma:   t.forms[commaGroups]+t.forms[commasPoint] > 0,
		decimalPoint: t.forms[point]+t.forms[commasPoint] > 0,
		groupPoint:   t.forms[pointGroups]+t.forms[pointsComma] > 0,
	}
}

// contradictory tells whether a sign is used for two things, or both for one.
func (p proven) contradictory() bool {
	return p.decimalComma && p.groupComma || p.decimalPoint && p.groupPoint || p.groupComma && p.groupPoint
}

// decideStyle finds what commas and points mean in the column.
func (c *column) decideStyle(h habits) bool {
	t := &c.tally
	p := t.proven()
	if p.contradictory() {
		return false
	}
	c.style.groupPoint = p.groupPoint
	c.style.decimalComma = p.decimalComma || !p.groupComma && !p.decimalPoint && (h.commas || h.semicolon || t.grouped > 0)
	if n := t.forms[commaOrGroup]; n > 0 && n == t.numbers() && !c.style.decimalComma && (h.french || fine(c.hint)) {
		c.style.decimalComma = true
		c.notes = append(c.notes, note(NoteThree, c.name))
	}
	if t.forms[pointOrGroup] > 0 && !p.decimalPoint {
		c.decidePoint(p, h)
	}
	return true
}

// decidePoint finds what a point before three digits means where no other number
// has a decimal one.
func (c *column) decidePoint(p proven, h habits) {
	t := &c.tally
	n := t.forms[pointOrGroup]
	counted := c.hint.any(countedWords) && !fine(c.hint)
	c.style.groupPoint = p.groupPoint || counted && n+t.forms[whole] == t.numbers() || h.commas && (t.forms[whole] > 0 && t.grouping() || p.decimalComma)
	all := n == t.numbers()
	switch {
	case c.style.groupPoint:
		if counted && all {
			c.notes = append(c.notes, note(NoteGroups, c.name))
		}
	case h.commas || h.semicolon && all && !c.hint.place():
		c.notes = append(c.notes, note(NoteThree, c.name))
	}
}

// fine tells a header of quantities that are small and given to the thousandth:
// prices per unit, rates, levels.
func fine(h hint) bool {
	per, _ := h.perUnit()
	return per != "" || h.any(rateWords) || h.any(meanWords) || h.any(levelWords)
}

// grouping tells whether a sign before three digits groups thousands, by what
// brings the column's numbers nearer to each other: 951 goes with 1 204, not
// with 1.204; 3 goes with 2.456, not with 2 456.
func (t *tally) grouping() bool {
	if t.plain.high == 0 {
		return true
	}
	grouped := max(t.plain.high, t.three.high) / min(t.plain.low, t.three.low)
	decimal := max(t.plain.high, t.three.high/1000) / min(t.plain.low, t.three.low/1000)
	return grouped <= decimal
}

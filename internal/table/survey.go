package table

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// So many rows are held back at the end of a table, to tell totals and notes
// from data; fewer where they are long.
const (
	tailRows  = 24
	tailBytes = 16 << 20
)

// survey is all that one pass over every row tells: the columns, where the
// data ends, what is left out.
type survey struct {
	layout  *layout
	habits  habits
	columns []column
	keep    []int // for each column of the table, its place in the file's rows
	last    int   // line of the last row of data
	rows    int64
	bytes   int64 // of the rows' cells
	skipped []dataset.Skip
	notes   []string

	src  records
	lag  *tail    // rows read that may be no data
	gap  bool     // a blank line was read after the last row
	read int      // records read
	over bool     // all are read
	rest []record // rows of data in lag, at the end

	cells    []cells                           // by column of the file
	spilled  func(column int, few *dictionary) // told of cells that are many now; may be nil
	tallies  []tally                           // what cells came to when last settled
	room     int                               // bytes left for dictionaries
	first    []string
	ragged   int64
	raggedAt int
	repeats  int64
}

// surveyRows reads every row once. It holds different cells in so many bytes.
func surveyRows(ctx context.Context, from source, room int) (*survey, error) {
	s, err := startSurvey(ctx, from, room)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := s.drain(); err != nil {
		return nil, err
	}
	return s, s.conclude(from.habits)
}

// startSurvey begins to read; the rows of data come from next.
func startSurvey(ctx context.Context, from source, room int) (*survey, error) {
	src, err := from.open(ctx)
	if err != nil {
		return nil, err
	}
	s := &survey{layout: from.layout.clone(), habits: from.habits, src: src, lag: &tail{}, room: room}
	s.skipped = s.layout.skipped
	s.widen(len(s.layout.names))
	return s, nil
}

func (s *survey) close() { s.src.Close() }

// next returns the next row of data, once its cells are taken; io.EOF after the
// last. It lags behind what is read, for the last rows may be totals and notes.
func (s *survey) next() (record, error) {
	for !s.over {
		if s.lag.full() {
			r := s.lag.shift()
			return r, s.add(r)
		}
		rec, err := s.src.next()
		if err == io.EOF {
			if err := s.end(); err != nil {
				return record{}, err
			}
			break
		}
		if err != nil {
			return record{}, err
		}
		s.take(rec)
	}
	if len(s.rest) == 0 {
		return record{}, io.EOF
	}
	r := s.rest[0]
	s.rest = s.rest[1:]
	return r, nil
}

// take holds a row back that is not left out for what it is itself.
func (s *survey) take(rec record) {
	s.read++
	switch {
	case s.read <= s.layout.start:
	case rec.blank():
		s.gap = true
	case s.layout.repeats(rec):
		s.gap = false
		s.repeated(rec, SkipHeader)
	case s.layout.remarks(rec):
		s.repeated(rec, SkipComment)
	default:
		rec.gap, s.gap = s.gap, false
		s.lag.push(rec)
	}
}

// drain reads what is left.
func (s *survey) drain() error {
	for {
		if _, err := s.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// end tells the rows of data among the last from totals and notes.
func (s *survey) end() error {
	s.over = true
	last := s.lag.rows()
	if len(last) > 0 && s.habits.endless && s.ragged == 0 && cutShort(last, len(s.layout.header)) {
		return &Error{Reason: Cut, Detail: "row", Line: last[len(last)-1].line}
	}
	s.settle()
	if c, ok := plainRows(s.src).(*csvFile); ok && c.orphans > 0 {
		s.notes = append(s.notes, note(NoteOrphan, fmt.Sprintf("%d, %d", c.orphans, c.orphanAt)))
	}
	return s.finish(last)
}

// conclude decides the columns once every row was read.
func (s *survey) conclude(h habits) error {
	s.settle()
	if s.rows == 0 && len(s.layout.names) < 2 { // a header alone is a table yet to be filled
		return refuse(Empty, "", nil)
	}
	if len(s.tallies) == 1 && s.tallies[0].filled > 2 && s.tallies[0].runes/s.tallies[0].filled > 120 {
		return refuse(NotTable, "prose", nil)
	}
	s.decide(h)
	return nil
}

// tail holds back the last rows met.
type tail struct {
	ring [tailRows + 1]record
	at   int // of the first row in ring
	n    int // rows held
	held int // bytes of their cells
}

func (t *tail) push(r record) {
	slot := &t.ring[(t.at+t.n)%len(t.ring)]
	r.cells = append(slot.cells[:0], r.cells...)
	*slot = r
	t.n++
	t.held += r.size()
}

func (t *tail) full() bool { return t.n > tailRows || t.held > tailBytes && t.n > 1 }

// shift lets the first row go; it is good until the next push.
func (t *tail) shift() record {
	r := t.ring[t.at]
	t.at = (t.at + 1) % len(t.ring)
	t.n--
	t.held -= r.size()
	return r
}

func (t *tail) rows() []record {
	rows := make([]record, t.n)
	for i := range rows {
		rows[i] = t.ring[(t.at+i)%len(t.ring)]
	}
	return rows
}

// cutShort tells whether the last row, whose line does not end, breaks off where
// all before it go on: a download that was cut. A line of one cell may be a
// note below the table, unless it is a number.
func cutShort(tail []record, width int) bool {
	for _, r := range tail[:len(tail)-1] {
		if len(r.cells) != width {
			return false
		}
	}
	cells := tail[len(tail)-1].cells
	switch {
	case len(tail) < 2 || len(cells) >= width:
		return false
	case len(cells) == 1:
		return width > 1 && strings.Trim(cells[0], "0123456789") == "" && cells[0] != ""
	}
	return true
}

// repeated notes a header found again or a comment; long runs are counted, not
// listed.
func (s *survey) repeated(r record, reason string) {
	if s.repeats++; s.repeats <= 20 {
		s.skip(r, reason)
	}
}

func (s *survey) skip(r record, reason string) {
	s.skipped = append(s.skipped, dataset.Skip{Line: r.line, Text: clip(strings.Join(strings.Fields(strings.Join(r.cells, " ")), " "), 120), Reason: reason})
}

// add takes the cells of a row of data.
func (s *survey) add(r record) error {
	if s.rows++; s.rows == 1 {
		s.first = slices.Clone(r.cells)
	}
	s.bytes += int64(r.size())
	s.last = r.line
	width := len(r.cells)
	for width > len(s.cells) && r.cells[width-1] == "" {
		width--
	}
	if width > len(s.cells) {
		if width > maxColumns {
			return &Error{Reason: NotTable, Detail: "wide", Line: r.line}
		}
		for range width - len(s.cells) {
			s.layout.addName(s.nameOf(len(s.layout.names)))
		}
		s.widen(width)
	}
	if head := len(s.layout.header); head > 0 && (len(r.cells) < head || width > head) {
		if s.ragged++; s.ragged == 1 {
			s.raggedAt = r.line
		}
	}
	for i, c := range r.cells[:width] {
		if c == "" {
			continue
		}
		if d := s.cells[i].add(c, &s.room); d != nil && s.spilled != nil {
			s.spilled(i, d)
		}
	}
	return nil
}

func (s *survey) widen(width int) {
	for len(s.cells) < width {
		s.cells = append(s.cells, cells{few: newDictionary()})
	}
}

// settle sums up the cells met so far.
func (s *survey) settle() {
	s.tallies = make([]tally, len(s.cells))
	for i := range s.cells {
		s.tallies[i] = s.cells[i].tally()
	}
}

func isSubtotal(c string) bool {
	if len(c) < 3 || len(c) > 60 {
		return false
	}
	switch string([]byte{c[0] | 0x20, c[1] | 0x20}) {
	case "to", "so", "su", "en":
	default:
		return false
	}
	f := lang.Fold(c)
	return totals[f] || strings.HasPrefix(f, "total ") || strings.HasPrefix(f, "sous total ")
}

// hasC1 finds windows-1252 signs that were decoded as if Latin-1.
func hasC1(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 && r < 0xa0 && r != 0x85 }) >= 0
}

// finish tells, among the last rows, the data from totals and notes.
func (s *survey) finish(tail []record) error {
	tail, out := s.footer(tail)
	for len(tail) > 0 {
		n := len(tail) - 1
		last := tail[n]
		reason := ""
		switch {
		case n+int(s.rows) == 0:
		case isFootnote(last, len(s.layout.names)), isNote(last) && s.misfits(last, tail[:n]):
			reason = SkipFootnote
			s.layout.titles = append(s.layout.titles, strings.Join(last.cells, ""))
		case s.isTotal(last, tail[:n]):
			reason = SkipTotal
		}
		if reason == "" {
			break
		}
		kept := s.skipped
		s.skipped = nil
		s.skip(last, reason)
		out = append(s.skipped, out...)
		s.skipped = kept
		tail = tail[:n]
	}
	for i, r := range tail {
		if i == len(tail)-1 && i > 0 && !s.habits.workbook && len(r.cells) < len(tail[i-1].cells) && len(r.cells) < len(s.layout.header) {
			s.notes = append(s.notes, note(NoteShortLast, fmt.Sprint(r.line)))
		}
		if err := s.add(r); err != nil {
			return err
		}
	}
	s.rest = tail
	s.skipped = append(s.skipped, out...)
	return nil
}

// maxFooter bounds the rows under a table that are set out in its columns: codes,
// names and units of each, source and date.
const maxFooter = 10

// footer cuts off the rows after the last blank line where they hold words
// under the columns of numbers.
func (s *survey) footer(tail []record) ([]record, []dataset.Skip) {
	from := len(tail)
	for i := len(tail) - 1; i > 0 && i >= len(tail)-maxFooter; i-- {
		if tail[i].gap {
			from = i
			break
		}
	}
	if from == len(tail) || int(s.rows)+from < 3 || !s.misfits(tail[from], tail[:from]) {
		return tail, nil
	}
	kept := s.skipped
	s.skipped = nil
	for _, r := range tail[from:] {
		s.skip(r, SkipFootnote)
	}
	out := s.skipped
	s.skipped = kept
	return tail[:from], out
}

// misfits tells whether a row holds words or days where all rows before hold
// numbers.
func (s *survey) misfits(r record, before []record) bool {
	for i, c := range r.cells {
		if c == "" || i >= len(s.tallies) || isMissing(c) || scanNumber(c).form != notNumber {
			continue
		}
		numbers := s.tallies[i].numbers()
		others := s.tallies[i].filled - s.tallies[i].missing - numbers
		for _, b := range before {
			if i < len(b.cells) && b.cells[i] != "" && !isMissing(b.cells[i]) {
				if scanNumber(b.cells[i]).form != notNumber {
					numbers++
				} else {
					others++
				}
			}
		}
		if numbers >= 2 && others == 0 {
			return true
		}
	}
	return false
}

// isTotal tells a total row: its label says so, alone in its column, and
// every other cell is a number, the label again, or empty. A label that only
// starts like a total must be borne out by the sum of a column.
func (s *survey) isTotal(r record, before []record) bool {
	column, label, sure := totalLabel(r)
	if label == "" {
		return false
	}
	figures := 0
	for i, c := range r.cells {
		switch {
		case c == "" || lang.Fold(c) == label:
		case scanNumber(c).form != notNumber:
			figures++
		case isMissing(c):
		default:
			sure = false
			if i < len(r.cells) && scanNumber(strings.TrimLeft(c, "+- ")).form == notNumber {
				return false
			}
		}
	}
	if figures == 0 {
		return false
	}
	for _, b := range before { // "Total" may be a category: Hommes, Femmes, Total, by place
		if column < len(b.cells) && lang.Fold(b.cells[column]) == label {
			return false
		}
	}
	return sure || s.addsUp(r, before)
}

// addsUp tells whether a cell of the row is the sum of the rows above.
func (s *survey) addsUp(r record, before []record) bool {
	for i, c := range r.cells {
		n := scanNumber(c)
		if n.form == notNumber || i >= len(s.tallies) {
			continue
		}
		point, comma := s.tallies[i].sumPoint, s.tallies[i].sumComma
		var above tally
		for _, b := range before {
			if i < len(b.cells) && b.cells[i] != "" {
				above.add(b.cells[i], 1)
			}
		}
		var own tally
		own.addNumber(n, 1)
		if own.sumPoint != 0 && (near(point+above.sumPoint, own.sumPoint) || near(comma+above.sumComma, own.sumComma)) {
			return true
		}
	}
	return false
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(math.Abs(a), math.Abs(b)) }

// decide settles the columns once every cell was seen.
func (s *survey) decide(h habits) {
	commas, points := decimalCommas(s.tallies)
	h.commas, h.semicolon = commas, h.semicolon && !points
	h.labelled = labelled(s.layout.names)
	h.french = french(s.layout.names)
	unit := ""
	for _, t := range s.layout.titles {
		if u := titleUnit(t); u != "" {
			unit = u
		}
	}
	dropped := 0
	for i, name := range s.layout.names {
		t := s.tallies[i]
		if t.filled == 0 && (i >= len(s.layout.header) || s.layout.header[i] == "") {
			dropped++
			continue
		}
		c := decide(name, t, h)
		c.merged = h.merged[i]
		if i < len(s.layout.types) {
			c.declare(s.layout.types[i])
		}
		if i < len(s.layout.units) && c.unit == "" {
			c.unit = s.layout.units[i]
		}
		if c.unit == "" && unit != "" && c.typ.Numeric() && !c.year {
			c.unit = unit
		}
		for n := h.scale[i+1]; n > 0 && c.unit != ""; n-- {
			if whole, ok := thousandth[c.unit]; ok { // what is shown is in thousands, what is held is not
				c.unit = whole
				c.notes = append(c.notes, note(NoteScaled, c.name))
			}
		}
		s.columns = append(s.columns, c)
		s.keep = append(s.keep, i)
		s.notes = append(s.notes, c.notes...)
	}
	if unit != "" {
		s.notes = append(s.notes, note(NoteUnit, unit))
	}
	if s.layout.headless {
		s.notes = append(s.notes, NoteHeadless)
	}
	if s.ragged > 0 && !h.workbook {
		s.notes = append(s.notes, note(NoteRagged, fmt.Sprintf("%d, %d", s.ragged, s.raggedAt)))
	}
	if dropped > 0 {
		s.notes = append(s.notes, note(NoteEmptyColumn, fmt.Sprint(dropped)))
	}
	var subtotals, c1 int64
	for i, t := range s.tallies {
		if c1 += t.c1; i < labelColumns {
			subtotals += t.subtotals
		}
	}
	if subtotals > 0 {
		s.notes = append(s.notes, note(NoteSubtotals, fmt.Sprint(subtotals)))
	}
	if c1 > 0 {
		s.notes = append(s.notes, note(NoteC1, fmt.Sprint(c1)))
	}
}

// labelColumns are those at the left where a row's label stands.
const labelColumns = 3

// thousandth is the unit a thousand times smaller.
var thousandth = map[string]string{"k€": "EUR", "M€": "k€", "Md€": "M€"}

// labelled finds the columns that another one labels: BGT_NATURE beside
// BGT_NATURE_LABEL, CodNuaCand beside LibNuaCand.
func labelled(names []string) map[string]bool {
	byKey := map[string]string{}
	for _, n := range names {
		byKey[strings.Join(hintOf(n).words, " ")] = n
	}
	found := map[string]bool{}
	for _, n := range names {
		words := hintOf(n).words
		if len(words) < 2 {
			continue
		}
		last, first := words[len(words)-1], words[0]
		var key string
		switch {
		case last == "label" || last == "libelle" || last == "lib" || last == "intitule":
			key = strings.Join(words[:len(words)-1], " ")
		case first == "label" || first == "libelle" || first == "lib" || first == "intitule":
			key = strings.Join(words[1:], " ")
		default:
			continue
		}
		if coded, ok := byKey[key]; ok {
			found[coded] = true
		}
	}
	return found
}

// frenchWords stand in the headers of French tables alone, folded.
var frenchWords = set("insee libgeo codgeo libelle lib commune communes departement annee nombre taux montant code_insee dep reg epci ville prix loyer surface")

// french tells a header in French: a number in it has a decimal comma.
func french(names []string) bool {
	for _, n := range names {
		if hintOf(n).any(frenchWords) || strings.ContainsAny(n, "éèêàçôûîÉÈÀ") {
			return true
		}
	}
	return false
}

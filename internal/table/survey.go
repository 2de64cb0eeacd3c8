package table

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"cigogne/internal/dataset"
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

// hasC1 finds windows-1252 signs that were decoded as if Latin-1.
func hasC1(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 && r < 0xa0 && r != 0x85 }) >= 0
}

package table

import (
	"fmt"
	"math"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

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

package table

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
)

// place is a cell by its row and column, from 1.
type place struct{ row, col int }

// shape is what a whole sheet tells that its cells, one after the other, do not.
type shape struct {
	rows  int            // with cells
	down  map[place]int  // rows below that a cell is merged over; cells of one column only
	right map[int][]span // by row, from 1: its cells merged over columns
	gone  int            // rows its workbook hides

	lasting map[int]bool // columns, from 0, whose times last 24 hours and more
	blind   bool         // its formulas were never computed: 0 is what its writer put
	scale   map[int]int  // by column, from 1: how many times its format divides by 1000
	empty   int          // formulas without a result, or blind ones
}

// maxMerges bounds the merged cells kept of a sheet.
const maxMerges = 200_000

// shape reads a sheet of an XLSX from end to end: merged cells come after the
// cells they merge.
func (w *xlsx) shape(ctx context.Context, part string) (*shape, error) {
	x, err := w.file.part(ctx, part, min(w.file.max, maxSheetBytes))
	if err != nil {
		return nil, err
	}
	defer x.close()
	s := shaping{shape: &shape{down: map[place]int{}, right: map[int][]span{}, scale: map[int]int{}}}
	if slices.ContainsFunc(w.styles, func(f numberFormat) bool { return f.scale > 0 }) {
		s.styles = w.styles
	}
	for {
		t, err := x.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		s.read(t)
	}
	if w.uncalculated && s.formulas > 0 && s.computed == 0 {
		s.blind, s.empty = true, s.formulas
	}
	return s.shape, nil
}

// shaping is a shape while its sheet is read.
type shaping struct {
	*shape
	styles             []numberFormat // where one of them divides what it shows
	formulas, computed int            // cells with a formula; of these, with a result that is not 0

	formula, inValue bool   // of the cell being read
	value            string // how it begins
}

func (s *shaping) read(t *token) {
	switch {
	case t.kind == text && s.inValue:
		s.value = string(t.text[:min(len(t.text), 8)])
	case t.kind == opens:
		s.open(t)
	case t.kind == closes && t.name.local == "v":
		s.inValue = false
	case t.kind == closes && t.name.local == "c" && s.formula:
		s.formulas++
		if s.value == "" {
			s.empty++
		} else if s.value != "0" {
			s.computed++
		}
	}
}

func (s *shaping) open(t *token) {
	switch t.name.local {
	case "row":
		s.rows++
		if isOn(t.attr("hidden")) {
			s.gone++
		}
	case "c":
		s.formula, s.value = false, ""
		if len(s.styles) == 0 {
			return
		}
		if style, err := strconv.Atoi(t.attr("s")); err == nil && style >= 0 && style < len(s.styles) && s.styles[style].scale > 0 {
			s.scale[columnOf(t.attr("r"))] = s.styles[style].scale
		}
	case "f":
		s.formula = true
	case "v":
		s.inValue = true
	case "mergeCell":
		s.merge(t.attr("ref"))
	}
}

// isOn reads a switch of a workbook.
func isOn(attr string) bool { return attr == "1" || attr == "true" }

// merge notes the cells of a reference such as "A2:A4".
func (s *shape) merge(ref string) {
	from, to, ok := strings.Cut(ref, ":")
	a, b := placeOf(from), placeOf(to)
	if !ok || a.col == 0 || len(s.down)+len(s.right) >= maxMerges {
		return
	}
	if a.col == b.col && b.row > a.row {
		s.down[a] = b.row - a.row
	}
	if b.col > a.col && b.col <= maxColumns {
		s.right[a.row] = append(s.right[a.row], span{a.col - 1, b.col - a.col + 1})
	}
}

// merged are the columns, from 0, with cells merged over rows below a line.
func (s *shape) merged(line int) map[int]bool {
	out := map[int]bool{}
	for at := range s.down {
		if at.row > line {
			out[at.col-1] = true
		}
	}
	return out
}

// placeOf reads a reference such as "AB7".
func placeOf(ref string) place {
	row, _ := strconv.Atoi(strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
	return place{row, columnOf(ref)}
}

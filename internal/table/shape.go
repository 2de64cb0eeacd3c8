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
	rows  int           // with cells
	down  map[place]int // rows below that a cell is merged over; cells of one column only
	blind bool          // its formulas were never computed: 0 is what its writer put
	scale map[int]int   // by column, from 1: how many times its format divides by 1000
	empty int           // formulas without a result, or blind ones
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
	s := &shape{down: map[place]int{}, scale: map[int]int{}}
	scaled := slices.ContainsFunc(w.styles, func(f numberFormat) bool { return f.scale > 0 })
	formulas, computed := 0, 0
	formula, value := false, ""
	inValue := false
	for {
		t, err := x.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch {
		case t.kind == text && inValue:
			value = string(t.text[:min(len(t.text), 8)])
		case t.kind == opens:
			switch t.name.local {
			case "row":
				s.rows++
			case "c":
				formula, value = false, ""
				if style, err := strconv.Atoi(t.attr("s")); scaled && err == nil && style >= 0 && style < len(w.styles) && w.styles[style].scale > 0 {
					s.scale[columnOf(t.attr("r"))] = w.styles[style].scale
				}
			case "f":
				formula = true
			case "v":
				inValue = true
			case "mergeCell":
				s.merge(t.attr("ref"))
			}
		case t.kind == closes && t.name.local == "v":
			inValue = false
		case t.kind == closes && t.name.local == "c" && formula:
			formulas++
			if value == "" {
				s.empty++
			} else if value != "0" {
				computed++
			}
		}
	}
	if w.uncalculated && formulas > 0 && computed == 0 {
		s.blind, s.empty = true, formulas
	}
	return s, nil
}

// merge notes the cells of a reference such as "A2:A4".
func (s *shape) merge(ref string) {
	from, to, ok := strings.Cut(ref, ":")
	a, b := placeOf(from), placeOf(to)
	if ok && a.col == b.col && a.col > 0 && b.row > a.row && len(s.down) < maxMerges {
		s.down[a] = b.row - a.row
	}
}

// placeOf reads a reference such as "AB7".
func placeOf(ref string) place {
	row, _ := strconv.Atoi(strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
	return place{row, columnOf(ref)}
}

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
	s := &shape{down: map[place]int{}, right: map[int][]span{}, scale: map[int]int{}}
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
				if h := t.attr("hidden"); h == "1" || h == "true" {
					s.gone++
				}
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

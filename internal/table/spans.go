package table

import (
	"slices"
	"strings"
)

// maxHeaderRows bounds the rows of names that merged cells join into one header.
const maxHeaderRows = 6

// mergedHeader finds the header of a sheet whose names lie over several rows,
// those above merged over the columns they are for. The merged cells say so: no
// row of data has to. from is the first of its rows, to the one after the last.
func mergedHeader(rows []record) (names []string, from, to int, ok bool) {
	if from = firstGroups(rows); from < 0 {
		return nil, 0, 0, false
	}
	to = from
	for to < len(rows) && groups(rows[to]) {
		to++
	}
	if to == from || to >= len(rows)-1 || to-from >= maxHeaderRows || !under(rows[to-1], rows[to]) {
		return nil, 0, 0, false
	}
	for _, r := range rows[from:to] {
		names = join(names, unmerged(r))
	}
	if to+2 < len(rows) && filled(rows[to]) < filled(rows[to+1]) && under(rows[to-1], rows[to+1]) { // a row between, its cells not merged
		names = join(names, spread(rows[to].cells, rows[to+1].cells))
		to++
	}
	return join(names, rows[to].cells), from, to + 1, true
}

// firstGroups is the row after the titles where it names groups of columns; -1 where
// a header without them was met.
func firstGroups(rows []record) int {
	at := 0
	for at < len(rows) && at < 40 && !groups(rows[at]) {
		if filled(rows[at]) > 1 && !isTitle(rows[at], usualFill(nonBlank(rows))) {
			return -1
		}
		at++
	}
	return at
}

// groups tells a row of names over several columns each from a title merged over
// the whole table.
func groups(r record) bool {
	for _, s := range r.spans {
		if s.col < len(r.cells) && r.cells[s.col] != "" && (s.col > 0 || filled(r) > 1) {
			return true
		}
	}
	return false
}

// under tells whether a row names what another one's merged cells cover.
func under(above, r record) bool {
	named := 0
	for i, c := range r.cells {
		if c == "" {
			continue
		}
		if isValue(c) {
			return false
		}
		if slices.ContainsFunc(above.spans, func(s span) bool { return i >= s.col && i < s.col+s.wide }) {
			named++
		}
	}
	return named > 1
}

// unmerged repeats a row's merged cells over the columns they cover.
func unmerged(r record) []string {
	cells := slices.Clone(r.cells)
	for _, s := range r.spans {
		if s.col >= len(r.cells) || strings.TrimSpace(r.cells[s.col]) == "" {
			continue
		}
		for len(cells) < s.col+s.wide {
			cells = append(cells, "")
		}
		for i := s.col + 1; i < s.col+s.wide; i++ {
			cells[i] = r.cells[s.col]
		}
	}
	return cells
}

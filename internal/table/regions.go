package table

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// Sheets of so many rows at most are looked at for several tables: longer ones
// are lists.
const regionRows = 3000

// region is where one of several tables lies on its sheet.
type region struct {
	name        string // of the line above it, "" for none
	from, to    int    // lines, the last one included
	left, right int    // columns from 0, the last one left out
}

// regions finds the tables of a sheet that stand below or beside one another,
// each under names of its own, with nothing between; nil where there is one.
func regions(rows []record) []region {
	var out []region
	for _, down := range stacked(rows) {
		out = append(out, beside(down, rows)...)
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// segments cuts rows where lines without a cell stand between them.
func segments(rows []record) [][]record {
	var out [][]record
	line := -1
	for _, r := range rows {
		if r.blank() {
			continue
		}
		if n := len(out); n == 0 || r.line > line+1 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], r)
		line = r.line
	}
	return out
}

// stacked are the tables that stand below one another.
func stacked(rows []record) []region {
	var out []region
	var names []string // of the last one
	var titles []record
	for _, s := range segments(rows) {
		head := tableHead(s)
		_, _, again := arrange(names, head, nil)
		switch {
		case head != nil && (names == nil || !again):
			r := region{name: titleOf(append(titles, s...)), from: s[0].line, to: s[len(s)-1].line, right: maxColumns}
			if len(titles) > 0 {
				r.from = titles[0].line
			}
			out, names, titles = append(out, r), head, nil
		case prose(s) && (names == nil || !noteWord(firstCell(s[0]))):
			titles = append(titles, s...)
		case len(out) > 0:
			out[len(out)-1].to, titles = s[len(s)-1].line, nil
		}
	}
	if len(out) > 0 && len(titles) > 0 { // they were no titles
		out[len(out)-1].to = titles[len(titles)-1].line
	}
	return out
}

// tableHead is the names of a table that stands in rows: each above a column, two
// at least, and one above numbers; nil where they hold none.
func tableHead(rows []record) []string {
	for len(rows) > 0 && filled(rows[0]) < 2 {
		rows = rows[1:]
	}
	if len(rows) < 2 {
		return nil
	}
	l, err := layoutOf(rows)
	if err != nil || l.headless || l.start >= len(rows) || filled(rows[0]) < 2 {
		return nil
	}
	if !nameColumns(rows[l.start-1].cells, rows[l.start:]) {
		return nil
	}
	return l.header
}

// nameColumns tells names of columns: two at least, that differ, and one of them
// above numbers.
func nameColumns(cells []string, below []record) bool {
	seen, over := map[string]bool{}, false
	for i, c := range cells {
		if c == "" {
			continue
		}
		if isValue(c) || isMissing(c) || seen[c] {
			return false
		}
		seen[c] = true
		over = over || scanNumber(c).form == notNumber && numericBelow(below, i)
	}
	return over && len(seen) > 1
}

// isValue tells a number or a date from a name, which a year may be.
func isValue(cell string) bool {
	n := scanNumber(cell)
	return n.form != notNumber && !isYear(n) || scanDate(cell).form != notDate
}

// prose tells rows of one text each.
func prose(rows []record) bool {
	return !slices.ContainsFunc(rows, func(r record) bool { return filled(r) != 1 || scanNumber(firstCell(r)).form != notNumber })
}

func firstCell(r record) string {
	i := slices.IndexFunc(r.cells, func(c string) bool { return c != "" })
	return r.cells[max(i, 0)]
}

// titleOf is the text of the lines above a table's names, the last of them.
func titleOf(rows []record) string {
	title := ""
	for _, r := range rows {
		if filled(r) != 1 {
			break
		}
		title = clip(strings.Join(strings.Fields(firstCell(r)), " "), 80)
	}
	return title
}

// beside cuts a region where a column without a cell stands between two tables:
// each names its rows, and they do not have the same number of them, or the one
// begins with the name that the other begins with.
func beside(r region, rows []record) []region {
	var body []record
	used := map[int]bool{}
	width := 0
	for _, rec := range rows {
		if rec.line < r.from || rec.line > r.to || filled(rec) < 2 {
			continue
		}
		body = append(body, rec)
		for i, c := range rec.cells {
			used[i] = used[i] || c != ""
		}
		width = max(width, min(len(rec.cells), r.right))
	}
	left := r.left
	for left < width && !used[left] {
		left++
	}
	for at := left + 2; at < width-2; at++ {
		if used[at] {
			continue
		}
		a, b := r, r
		a.left, a.right, b.left, b.right = left, at, at+1, r.right
		one, two := cut(body, a), cut(body, b)
		if !areTwo(one, two) {
			continue
		}
		a.name, b.name = "", ""
		return append([]region{a}, beside(b, rows)...)
	}
	return []region{r}
}

// areTwo tells whether rows that stand beside others are a table of their own.
func areTwo(one, two []record) bool {
	h, k := tableHead(one), tableHead(two)
	if h == nil || k == nil || !namedRows(one) || !namedRows(two) {
		return false
	}
	return len(one) != len(two) || lang.Fold(firstName(h)) == lang.Fold(firstName(k))
}

func firstName(names []string) string {
	i := slices.IndexFunc(names, func(n string) bool { return n != "" })
	return names[max(i, 0)]
}

// cut is the rows of a region, its columns alone.
func cut(rows []record, r region) []record {
	var out []record
	for _, rec := range rows {
		if rec.line < r.from || rec.line > r.to {
			continue
		}
		if rec = r.columns(rec); !rec.blank() {
			out = append(out, rec)
		}
	}
	return out
}

// namedRows tells rows whose first cells are texts that differ: what they are of.
func namedRows(rows []record) bool {
	seen := map[string]bool{}
	for _, r := range rows {
		if len(r.cells) == 0 || r.cells[0] == "" || scanNumber(r.cells[0]).form != notNumber || seen[r.cells[0]] {
			return false
		}
		seen[r.cells[0]] = true
	}
	return true
}

// columns is a row less the cells outside the region.
func (r region) columns(rec record) record {
	if r.left == 0 && r.right >= len(rec.cells) {
		return rec
	}
	rec.cells = rec.cells[min(r.left, len(rec.cells)):min(r.right, len(rec.cells))]
	var spans []span
	for _, s := range rec.spans {
		if s.col >= r.left && s.col+s.wide <= r.right {
			spans = append(spans, span{s.col - r.left, s.wide})
		}
	}
	rec.spans = spans
	return rec
}

// within is a sheet's region as a sheet of its own.
func within(s sheet, r region, n int) sheet {
	name := r.name
	if name == "" {
		name = fmt.Sprintf("%s (%d)", s.name, n)
	}
	out := sheet{name: name, open: func(ctx context.Context) (records, error) {
		rows, err := s.open(ctx)
		if err != nil {
			return nil, err
		}
		return &regionReader{rows, r}, nil
	}}
	if s.shape != nil {
		out.shape = func(ctx context.Context) (*shape, error) {
			sh, err := s.shape(ctx)
			if err != nil {
				return nil, err
			}
			return sh.within(r), nil
		}
	}
	return out
}

// within is what a shape says of one of its sheet's regions.
func (s *shape) within(r region) *shape {
	out := *s
	out.down, out.scale = map[place]int{}, map[int]int{}
	for at, n := range s.down {
		if at.row >= r.from && at.row <= r.to && at.col > r.left && at.col <= r.right {
			out.down[place{at.row, at.col - r.left}] = n
		}
	}
	for col, n := range s.scale {
		if col > r.left && col <= r.right {
			out.scale[col-r.left] = n
		}
	}
	return &out
}

// regionReader are the rows of a region.
type regionReader struct {
	records
	region region
}

func (r *regionReader) next() (record, error) {
	for {
		rec, err := r.records.next()
		if err != nil {
			return rec, err
		}
		if rec.line > r.region.to {
			return record{}, io.EOF
		}
		if rec.line >= r.region.from {
			return r.region.columns(rec), nil
		}
	}
}

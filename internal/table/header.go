package table

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
)

// findLayout finds the header in the first rows of a file.
func findLayout(rows []record) (*layout, error) {
	l, err := layoutOf(rows)
	if err == nil && l.start > 0 {
		l.line = rows[l.start-1].line
	}
	return l, err
}

func layoutOf(rows []record) (*layout, error) {
	l := &layout{}
	if len(nonBlank(rows)) == 0 {
		return nil, refuse(Empty, "", nil)
	}
	if names, from, to, ok := mergedHeader(rows); ok {
		l.title(rows[:from])
		l.start, l.row, l.header = to, rows[to-1].cells, names
		l.setNames(names)
		return l, nil
	}
	h := headerRow(rows)
	l.title(rows[:h])
	if len(rows[h].cells) > maxColumns {
		return nil, refuse(NotTable, "wide", nil)
	}
	if l.headless = isHeadless(rows[h], rows[h+1:]); l.headless {
		l.start = h
		l.setNames(make([]string, len(rows[h].cells)))
		return l, nil
	}
	l.start = h + 1
	l.row, l.header = rows[h].cells, rows[h].cells
	if h > 0 && isGroupRow(rows[h-1], rows[h]) {
		l.header = join(spread(rows[h-1].cells, rows[h].cells), l.header)
		l.skipped = l.skipped[:len(l.skipped)-1] // taken for a title
		l.titles = l.titles[:len(l.titles)-1]
	}
	l.readBelow(rows)
	l.setNames(l.header)
	return l, nil
}

// headerRow is the row of names: the first that is not blank and no title.
func headerRow(rows []record) int {
	body := nonBlank(rows)
	usual := usualFill(body)
	h := 0
	for h < len(rows)-1 && h < 40 && (rows[h].blank() || isTitle(rows[h], usual)) {
		h++
	}
	if rows[h].blank() || isTitle(rows[h], usual) && !isTitle(body[0], usual) || h == 40 { // titles all the way down
		h = slices.IndexFunc(rows, func(r record) bool { return !r.blank() })
	}
	return h
}

// readBelow takes rows of units or of more names, under the first of names, into
// the header.
func (l *layout) readBelow(rows []record) {
	below := rows[l.start:]
	switch {
	case len(below) > 0 && isUnitRow(below[0], len(l.header)):
		l.skip(below[0], SkipUnits)
		for _, c := range below[0].cells {
			u, _ := unitOf(strings.Trim(c, "() "))
			l.units = append(l.units, u)
		}
		l.start++
	case len(below) > 2 && isMiddle(l.header, below[0], below[1]) && isSubHeader(below[0].cells, below[1], below[2:]):
		names := join(spread(below[0].cells, below[1].cells), below[1].cells)
		l.header = join(spread(l.header, names), names)
		l.start += 2
	case len(below) > 1 && isSubHeader(l.header, below[0], below[1:]):
		l.header = join(spread(l.header, below[0].cells), below[0].cells)
		l.start++
	}
}

// title sets lines above the header apart.
func (l *layout) title(rows []record) {
	for _, r := range rows {
		if !r.blank() {
			l.skip(r, SkipTitle)
			l.titles = append(l.titles, strings.Join(r.cells, " "))
		}
	}
}

// isGroupRow tells a row of names above the header's, each for several columns
// (";2019;;2020;" over "Commune;H;F;H;F"), from a title.
func isGroupRow(r, head record) bool {
	n := filled(r)
	if n < 2 || n >= filled(head) || len(r.cells) > len(head.cells) || r.cells[0] != "" && head.cells[0] != "" {
		return false
	}
	for i, c := range r.cells { // a group has columns below it
		if c != "" && head.cells[i] == "" && i > 0 {
			return false
		}
	}
	return true
}

// isMiddle tells the second of three rows of names: names of groups or years,
// each over several columns that the row below names.
func isMiddle(head []string, r, below record) bool {
	if filled(r) < 2 || filled(r) >= filled(below) {
		return false
	}
	for i, c := range r.cells {
		if c == "" || i < len(head) && c == head[i] {
			continue
		}
		if scanNumber(c).form != notNumber && !isYear(scanNumber(c)) || i >= len(below.cells) || below.cells[i] == "" {
			return false
		}
	}
	return true
}

// isSubHeader tells a second row of names under the header from data: words
// above at least two columns of numbers; no digits, but of years where the
// header names groups of columns.
func isSubHeader(head []string, r record, rows []record) bool {
	groups := namesAlone(head, r)
	if n := len(nonBlank(rows)); n == 0 || n < 3 && !(groups && r.cells[0] == "") {
		return false // too few numbers to tell
	}
	words := map[string]bool{}
	over := 0
	for i, c := range r.cells {
		if c == "" || isMissing(c) {
			continue
		}
		if strings.ContainsAny(c, "0123456789") && !(groups && isYear(scanNumber(c)) && !yearsBelow(rows, i)) {
			return false
		}
		if numericBelow(rows, i) {
			words[c] = true
			over++
		}
	}
	return over >= 2 && len(words) >= 2
}

// namesAlone tells whether a row has a name where the header has none.
func namesAlone(head []string, r record) bool {
	for i, c := range r.cells {
		if c != "" && (i >= len(head) || head[i] == "") {
			return true
		}
	}
	return false
}

func isYear(n number) bool {
	v, _ := style{}.parse(n)
	return n.form == whole && n.unit == "" && v >= 1500 && v <= 2100
}

// yearsBelow tells whether the sample's cells of a column are years too.
func yearsBelow(rows []record, i int) bool {
	for _, r := range rows {
		if i < len(r.cells) && r.cells[i] != "" && !isYear(scanNumber(r.cells[i])) {
			return false
		}
	}
	return true
}

// spread repeats each name over the unnamed columns at its right that are
// named below: what merged cells leave.
func spread(upper, lower []string) []string {
	out := make([]string, max(len(upper), len(lower)))
	last := ""
	for i := range out {
		if i < len(upper) && upper[i] != "" {
			last = upper[i]
			out[i] = last
		} else if i < len(lower) && lower[i] != "" && i > 0 {
			out[i] = last
		}
	}
	return out
}

// join writes the names of two rows as one.
func join(upper, lower []string) []string {
	out := make([]string, max(len(upper), len(lower)))
	for i := range out {
		if i < len(upper) {
			out[i] = upper[i]
		}
		if i < len(lower) && lower[i] != "" && lower[i] != out[i] {
			out[i] = strings.TrimSpace(out[i] + " " + lower[i])
		}
	}
	return out
}

func (l *layout) skip(r record, reason string) {
	l.skipped = append(l.skipped, dataset.Skip{Line: r.line, Text: clip(strings.Join(strings.Fields(strings.Join(r.cells, " ")), " "), 120), Reason: reason})
}

func nonBlank(rows []record) []record {
	var out []record
	for _, r := range rows {
		if !r.blank() {
			out = append(out, r)
		}
	}
	return out
}

func filled(r record) int {
	n := 0
	for _, c := range r.cells {
		if c != "" {
			n++
		}
	}
	return n
}

// usualFill is the median number of filled cells in a row.
func usualFill(rows []record) int {
	fills := make([]int, len(rows))
	for i, r := range rows {
		fills[i] = filled(r)
	}
	slices.Sort(fills)
	return fills[len(fills)/2]
}

// isTitle tells a line of text above the header from the header: nearly all
// its cells are empty where the rows' are not.
func isTitle(r record, usual int) bool {
	n := filled(r)
	return usual >= 2 && n <= max(1, usual/3) && !(n == 1 && r.cells[0] == "" && len(r.cells) == 2)
}

// isHeadless tells whether the first row is data already: it holds numbers or
// dates in columns of numbers or dates, and no name above one. Years and
// counts (1, 2, 3 …) may be names.
func isHeadless(head record, rows []record) bool {
	if len(rows) == 0 {
		return false
	}
	data, counting, named := dataIn(head.cells, rows)
	if named || data == 0 || counting && data > 1 {
		return false
	}
	return sameTwice(head.cells) || data*2 >= filled(head) || len(rows) > 3
}

// dataIn counts the cells of a first row that are data like those below them:
// counting tells whether they are 1, 2, 3 …; named, that one is a name above numbers.
func dataIn(cells []string, rows []record) (data int, counting, named bool) {
	last := math.NaN()
	counting = true
	for i, c := range cells {
		if c == "" || !numericBelow(rows, i) {
			continue
		}
		n := scanNumber(c)
		v, _ := style{}.parse(n)
		switch {
		case n.form == notNumber && scanDate(c).form == notDate:
			return data, false, true
		case n.form == whole && (v >= 1000 && v <= 2100):
			continue // perhaps a year
		}
		if n.form != whole || !math.IsNaN(last) && v != last+1 {
			counting = false
		}
		last = v
		data++
	}
	return data, counting, false
}

// sameTwice tells whether a text stands in two cells.
func sameTwice(cells []string) bool {
	seen := map[string]bool{}
	for _, c := range cells {
		if seen[c] && c != "" {
			return true
		}
		seen[c] = true
	}
	return false
}

// numericBelow tells whether the sample's cells of a column are all numbers or
// dates, and some are.
func numericBelow(rows []record, i int) bool {
	n := 0
	for _, r := range rows {
		if i >= len(r.cells) || r.cells[i] == "" {
			continue
		}
		if c := r.cells[i]; scanNumber(c).form == notNumber && scanDate(c).form == notDate {
			if isMissing(c) {
				continue
			}
			return false
		}
		n++
	}
	return n > 0
}

// isUnitRow tells a row of units ("", "€", "%") from data.
func isUnitRow(r record, width int) bool {
	n := filled(r)
	if n == 0 || len(r.cells) > width || width < 2 {
		return false
	}
	for _, c := range r.cells {
		if c == "" {
			continue
		}
		if _, ok := unitOf(strings.Trim(c, "() ")); !ok {
			return false
		}
	}
	return true
}

// setNames makes the header's names unique (DuckDB's are whatever their case)
// and names columns that have none.
func (l *layout) setNames(head []string) {
	for len(head) > 0 && head[len(head)-1] == "" && !l.headless {
		head = head[:len(head)-1] // a trailing separator; a cell below brings the column back
	}
	l.names = nil
	for i, h := range head {
		if i == 0 && len(head) > 1 && !l.headless { // "#commune": the header is written as a comment
			if bare := strings.TrimSpace(strings.TrimLeft(h, "#")); bare != "" {
				h = bare
			}
		}
		l.addName(strings.TrimRight(h, raisedMarks))
	}
}

// raisedMarks are signs of footnotes, raised. "m²" and "m³" are units.
const raisedMarks = "¹⁴⁵⁶⁷⁸⁹⁰⁽⁾*†‡"

func (l *layout) addName(h string) {
	name := strings.Join(strings.Fields(strings.ToValidUTF8(h, "")), " ")
	if name == "" {
		name = "col_" + strconv.Itoa(len(l.names)+1)
	}
	base := name
	for n := 2; l.taken(name); n++ {
		name = base + " (" + strconv.Itoa(n) + ")"
	}
	l.names = append(l.names, name)
}

func (l *layout) taken(name string) bool {
	return slices.ContainsFunc(l.names, func(n string) bool { return strings.EqualFold(n, name) })
}

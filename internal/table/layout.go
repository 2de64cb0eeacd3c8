package table

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// records are the rows of a file, read in order. next ends with io.EOF.
type records interface {
	next() (record, error)
	Close() error
}

// opener starts reading the rows again from the first.
type opener func(context.Context) (records, error)

// The header and the separator are looked for in so many rows, or fewer long
// ones.
const (
	sampleRows  = 200
	sampleBytes = 16 << 20
)

// maxColumns bounds the width of a table.
const maxColumns = 4096

// layout is where the table lies in its file.
type layout struct {
	names    []string // unique, one a column; grown with wider rows
	header   []string // the header row as read, nil where the file has none
	start    int      // records before the first row of data
	skipped  []dataset.Skip
	titles   []string // text of the title lines, for units
	units    []string // by column, from a row of units under the header
	headless bool
	types    []dataset.Type // by column, as the file declares them; nil or "" where it does not
}

// sample reads the first rows.
func sample(ctx context.Context, open opener) ([]record, error) {
	src, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	var rows []record
	for size := 0; len(rows) < sampleRows && size < sampleBytes; {
		rec, err := src.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, rec)
		size += rec.size()
	}
	return rows, nil
}

// separators in the order that settles ties, and how much each proves: commas
// stand in texts and decimals too.
var separators = []struct {
	b      byte
	weight float64
}{{';', 1}, {'\t', 1}, {'|', 1}, {',', 0.8}}

// separatorOf finds which separator gives the first rows one width.
func separatorOf(text []byte, whole bool) byte {
	best, bestScore := byte(','), 0.0
	for _, s := range separators {
		if bytes.IndexByte(text, s.b) < 0 {
			continue
		}
		rows := parseSample(text, s.b, whole)
		if score := s.weight * evenness(rows); score > bestScore {
			best, bestScore = s.b, score
		}
	}
	return best
}

// parseSample reads records from the file's beginning; the last one is left
// out where the text goes on.
func parseSample(text []byte, sep byte, whole bool) []record {
	r := newCSVReader(bytes.NewReader(text), sep)
	var rows []record
	for len(rows) < sampleRows {
		rec, err := r.next()
		if err == io.EOF {
			if !whole && len(rows) > 1 {
				rows = rows[:len(rows)-1]
			}
			break
		}
		if err != nil { // an open quote, perhaps because the sample ends there
			break
		}
		if !rec.blank() {
			rows = append(rows, rec)
		}
	}
	return rows
}

// evenness is high where most rows have the same number of cells, and many.
func evenness(rows []record) float64 {
	widths := map[int]int{}
	for _, r := range rows {
		widths[len(r.cells)]++
	}
	if len(rows) == 0 {
		return 0
	}
	width, count := 0, 0
	for w, n := range widths {
		if n > count || n == count && w > width {
			width, count = w, n
		}
	}
	if width < 2 {
		return 0
	}
	score := float64(count) / float64(len(rows)) * math.Log2(float64(width))
	if len(rows[0].cells) != width {
		score *= 0.8 // the first line is the header more often than a title
	}
	return score
}

// findLayout finds the header in the first rows of a file.
func findLayout(rows []record) (*layout, error) {
	l := &layout{}
	body := nonBlank(rows)
	if len(body) == 0 {
		return nil, refuse(Empty, "", nil)
	}
	usual := usualFill(body)
	h := 0
	for h < len(rows)-1 && h < 40 && (rows[h].blank() || isTitle(rows[h], usual)) {
		h++
	}
	if rows[h].blank() || isTitle(rows[h], usual) && !isTitle(body[0], usual) || h == 40 { // titles all the way down
		h = slices.IndexFunc(rows, func(r record) bool { return !r.blank() })
	}
	for _, r := range rows[:h] {
		if !r.blank() {
			l.skip(r, SkipTitle)
			l.titles = append(l.titles, strings.Join(r.cells, " "))
		}
	}
	l.start = h + 1
	head := rows[h].cells
	if l.headless = isHeadless(rows[h], rows[h+1:]); l.headless {
		l.start = h
		head = make([]string, len(head))
	} else {
		l.header = head
	}
	if len(head) > maxColumns {
		return nil, refuse(NotTable, "wide", nil)
	}
	if !l.headless && h+1 < len(rows) && isUnitRow(rows[h+1], len(head)) {
		l.skip(rows[h+1], SkipUnits)
		for _, c := range rows[h+1].cells {
			u, _ := unitOf(strings.Trim(c, "() "))
			l.units = append(l.units, u)
		}
		l.start++
	}
	l.setNames(head)
	return l, nil
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
	data, last, run := 0, math.NaN(), true
	for i, c := range head.cells {
		if c == "" || !numericBelow(rows, i) {
			continue
		}
		n := scanNumber(c)
		v, _ := style{}.parse(n)
		switch {
		case n.form == notNumber && scanDate(c).form == notDate:
			return false // a name above numbers
		case n.form == whole && (v >= 1000 && v <= 2100):
			continue // perhaps a year
		}
		if n.form != whole || !math.IsNaN(last) && v != last+1 {
			run = false
		}
		last = v
		data++
	}
	if data == 0 || run && data > 1 {
		return false
	}
	seen := map[string]bool{}
	for _, c := range head.cells {
		if seen[c] && c != "" {
			return true
		}
		seen[c] = true
	}
	return data*2 >= filled(head) || len(rows) > 3
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
	for _, h := range head {
		l.addName(h)
	}
}

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

// repeats tells whether a row is the header again.
func (l *layout) repeats(r record) bool {
	return l.header != nil && len(r.cells) > 0 && slices.Equal(r.cells, l.header)
}

// totals are the words a total row starts with, folded.
var totals = map[string]bool{
	"total": true, "totaux": true, "totals": true, "total general": true, "totaux generaux": true, "grand total": true, "ensemble": true,
	"overall": true, "somme": true, "sum": true, "sous total": true, "subtotal": true, "total final": true, "all": true, "cumul": true,
}

// totalLabel returns the label of a row that may be a total: its first filled
// cell. sure is false where only its figures can tell ("Total Energies").
func totalLabel(r record) (column int, label string, sure bool) {
	for i, c := range r.cells {
		if c == "" {
			continue
		}
		f := lang.Fold(c)
		if totals[f] {
			return i, f, true
		}
		first, _, _ := strings.Cut(f, " ")
		if totals[first] || strings.HasPrefix(f, "france entiere") || strings.HasPrefix(f, "france metropolitaine") || strings.HasPrefix(f, "sous total") {
			return i, f, false
		}
		return -1, "", false
	}
	return -1, "", false
}

// isFootnote tells a line of text under the table from a short row: its only
// cell is prose, or starts as notes do.
func isFootnote(r record, width int) bool {
	if width < 2 || filled(r) != 1 {
		return false
	}
	i := slices.IndexFunc(r.cells, func(c string) bool { return c != "" })
	if i > 1 {
		return false
	}
	text := r.cells[i]
	if _, unit := unitOf(text); unit {
		return true
	}
	f := lang.Fold(text)
	for _, w := range []string{"source", "note", "champ", "lecture", "nb", "donnees", "avertissement", "remarque", "figure", "unite", "extraction", "mise a jour"} {
		if rest, ok := strings.CutPrefix(f, w); ok && (rest == "" || rest[0] == ' ' || rest[0] == 's') {
			return true
		}
	}
	return strings.HasPrefix(text, "*") || strings.HasPrefix(text, "(") || len(text) > 80 || len(text) > 40 && strings.HasSuffix(text, ".")
}

// clip cuts s to at most n runes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := 0
	for at := range s {
		if i == n {
			return s[:at] + "…"
		}
		i++
	}
	return s
}

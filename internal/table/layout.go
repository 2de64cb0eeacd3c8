package table

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
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
	header   []string // the names as published, nil where the file has none
	row      []string // the header's main row, to know it again
	start    int      // records before the first row of data
	line     int      // where the header ends
	skipped  []dataset.Skip
	titles   []string // text of the title lines, for units
	units    []string // by column, from a row of units under the header
	declared []string // by column, the unit that the publisher declares; nil or "" where none
	headless bool
	types    []dataset.Type // by column, as the file declares them; nil or "" where it does not
}

// clone is the layout for another reading, which adds to it.
func (l *layout) clone() *layout {
	c := *l
	c.names, c.header, c.units, c.types = slices.Clone(l.names), slices.Clone(l.header), slices.Clone(l.units), slices.Clone(l.types)
	c.skipped, c.titles = slices.Clone(l.skipped), slices.Clone(l.titles)
	return &c
}

// sample reads the first rows.
func sample(ctx context.Context, open opener) ([]record, error) {
	return sampleOf(ctx, open, sampleRows)
}

// sampleOf reads so many rows at most.
func sampleOf(ctx context.Context, open opener, most int) ([]record, error) {
	src, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	var rows []record
	for size := 0; len(rows) < most && size < sampleBytes; {
		rec, err := src.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, rec.keep())
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
	if best == ',' && (oneColumn(parseSample(text, best, whole)) || oneText(text)) {
		return ';' // which no row has
	}
	return best
}

// oneText tells lines of one text each, in which commas are followed by a space
// ("12, rue de la Gare"), under a name without any; and lines of one decimal each,
// under a name whose comma sets its unit apart ("Taux, en %").
func oneText(text []byte) bool {
	lines := bytes.Split(bytes.TrimSpace(text[:min(len(text), 8<<10)]), []byte("\n"))
	if len(lines) < 2 || bytes.IndexByte(text, '"') >= 0 {
		return false
	}
	if len(text) > 8<<10 {
		lines = lines[:len(lines)-1]
	}
	before, after, cut := strings.Cut(string(bytes.TrimSpace(lines[0])), ", ")
	_, unit := unitOf(after)
	if cut && (!unit || strings.Contains(before, ",")) || !cut && strings.Contains(before, ",") {
		return false
	}
	commas := 0
	for _, l := range lines[1:] {
		l := strings.TrimSpace(string(l))
		n := strings.Count(l, ",")
		if commas += n; cut && l != "" && scanNumber(l).form == notNumber || !cut && n != strings.Count(l, ", ") {
			return false
		}
	}
	return commas > 0
}

// oneColumn tells rows of one decimal comma each, under a name without any,
// from rows of two cells.
func oneColumn(rows []record) bool {
	if len(rows) < 2 || len(rows[0].cells) != 1 {
		return false
	}
	for _, r := range rows[1:] {
		if len(r.cells) > 2 || len(r.cells) == 2 && scanNumber(r.cells[0]+","+r.cells[1]).form != comma && scanNumber(r.cells[0]+","+r.cells[1]).form != commaOrGroup {
			return false
		}
	}
	return true
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
			rows = append(rows, rec.keep())
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

// repeats tells whether a row is the header again.
func (l *layout) repeats(r record) bool {
	return r.head || l.row != nil && len(r.cells) > 0 && slices.Equal(r.cells, l.row)
}

// remarks tells a line of comment among the rows: "# corrigé le 12 mars", set
// out in no columns.
func (l *layout) remarks(r record) bool {
	if len(l.names) < 2 || len(r.cells) == 0 || len(r.cells[0]) < 2 || r.cells[0][0] != '#' && r.cells[0][0] != '/' {
		return false
	}
	c := r.cells[0]
	mark := strings.HasPrefix(c, "//") || len(r.cells) == 1 && c[0] == '#' || strings.HasPrefix(c, "# ")
	return mark && filled(r) == 1
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
	return noteWord(text) || strings.HasPrefix(text, "*") || strings.HasPrefix(text, "(") || len(text) > 80 || len(text) > 40 && strings.HasSuffix(text, ".")
}

// noteWord tells a text that starts as notes do.
func noteWord(text string) bool {
	f := lang.Fold(text)
	for _, w := range []string{"source", "note", "champ", "lecture", "nb", "donnees", "avertissement", "remarque", "figure", "unite", "extraction", "mise a jour", "licence", "producteur"} {
		if rest, ok := strings.CutPrefix(f, w); ok && (rest == "" || rest[0] == ' ' || rest[0] == 's') {
			return true
		}
	}
	return false
}

// isNote tells a note set out in two cells: "Source", "DGFiP".
func isNote(r record) bool {
	return len(r.cells) > 0 && r.cells[0] != "" && filled(r) == 2 && noteWord(r.cells[0])
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

package table

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"time"
)

// odsSheets lists the tables of an OpenDocument spreadsheet.
func (f *file) odsSheets(ctx context.Context) ([]sheet, error) {
	x, err := f.part(ctx, "content.xml", min(f.max, maxSheetBytes))
	if err != nil {
		return nil, err
	}
	defer x.close()
	book := &odsBook{file: f, hidden: map[string]bool{}, raised: map[string]bool{}}
	for {
		t, err := x.next()
		if err == io.EOF {
			return book.sheets, nil
		}
		if err != nil {
			return nil, err
		}
		if t.kind == opens {
			book.open(t)
		} else if t.kind == closes && t.name.local == "table-row" {
			book.closeRow()
		}
	}
}

// odsBook is what one reading of a spreadsheet tells of its tables.
type odsBook struct {
	file   *file
	sheets []sheet
	style  string          // being defined
	hidden map[string]bool // styles of tables that are not shown
	raised map[string]bool // styles of text above the line: marks of footnotes
	tables int

	shape  *shape // of the table being read
	line   int    // of its row
	repeat int    // how many times that stands
	cells  int    // of the row, with something in them
	col    int    // cells of the row, whatever is in them
}

func (b *odsBook) open(t *token) {
	switch {
	case t.name.local == "style" && t.name.space == "style":
		b.style = t.attr("name")
	case t.name.local == "table-properties" && t.attr("display") == "false":
		b.hidden[b.style] = true
	case t.name.local == "text-properties" && strings.HasPrefix(t.attr("text-position"), "super"):
		b.raised[b.style] = true
	case isTable(t):
		n, sh := b.tables, &shape{down: map[place]int{}, lasting: map[int]bool{}}
		b.tables++
		b.shape, b.line, b.repeat = sh, 1, 0
		if !b.hidden[t.attr("style-name")] {
			b.sheets = append(b.sheets, sheet{t.attr("name"),
				func(ctx context.Context) (records, error) { return b.file.odsRows(ctx, n, sh, b.raised) },
				func(context.Context) (*shape, error) { return sh, nil }})
		}
	case b.shape == nil:
	case t.name.local == "table-row":
		b.line += b.repeat
		b.repeat, b.cells, b.col = repeated(t, "number-rows-repeated"), 0, 0
		if v := t.attr("visibility"); v == "collapse" || v == "filter" {
			b.shape.gone += b.repeat
		}
	case t.name.local == "table-cell" || t.name.local == "covered-table-cell":
		b.cell(t)
	}
}

func (b *odsBook) cell(t *token) {
	n := repeated(t, "number-columns-repeated")
	switch kind := t.attr("value-type"); {
	case kind != "":
		b.cells += n
		if d, ok := isoDuration(t.attr("time-value")); ok && kind == "time" && d >= 24*time.Hour && b.col < maxColumns {
			b.shape.lasting[b.col] = true
		}
	case t.attr("formula") != "":
		b.shape.empty += n * b.repeat
	}
	if rows := repeated(t, "number-rows-spanned"); rows > 1 && repeated(t, "number-columns-spanned") == 1 && len(b.shape.down) < maxMerges {
		b.shape.down[place{b.line, b.col + 1}] = rows - 1
	}
	b.col += n
}

func (b *odsBook) closeRow() {
	if b.shape != nil && b.cells > 0 {
		b.shape.rows = min(b.shape.rows+b.repeat, maxSheetRows)
	}
}

// isoDuration reads a time as spreadsheets keep it: "PT36H30M00S".
func isoDuration(s string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(s, "PT")
	if !ok {
		return 0, false
	}
	d, err := time.ParseDuration(strings.ToLower(strings.Replace(rest, ",", ".", 1)))
	return d, err == nil
}

func isTable(e *token) bool { return e.name.local == "table" && e.name.space == "table" }

// odsRows starts reading the n-th table.
func (f *file) odsRows(ctx context.Context, n int, sh *shape, raised map[string]bool) (records, error) {
	x, err := f.part(ctx, "content.xml", min(f.max, maxSheetBytes))
	if err != nil {
		return nil, err
	}
	for {
		t, err := x.next()
		if err != nil {
			x.close()
			return nil, noEOF(err)
		}
		if t.kind == opens && isTable(t) {
			if n--; n < 0 {
				x.raised = raised
				return &odsTable{x: x, lasting: sh.lasting}, nil
			}
		}
	}
}

type odsTable struct {
	x      *xmlPart
	line   int
	repeat int // rows still to give of the last one read
	row    []string
	spans  []span // of the last row read
	merged []held // by column: the cell that holds for rows below

	lasting map[int]bool // columns of how long, not of what time
}

// held is the text of a cell merged over rows below it.
type held struct {
	text string
	rows int // below, still
}

func (o *odsTable) Close() error { return o.x.close() }

// next returns the next row; rows written once for many are given as many
// times, but for empty ones.
func (o *odsTable) next() (record, error) {
	for {
		if o.repeat > 0 {
			o.repeat--
			if o.line++; o.line > maxSheetRows {
				return record{}, refuse(TooLarge, "rows", nil)
			}
			return record{line: o.line, cells: o.row, spans: o.spans}, nil
		}
		e, err := o.x.next()
		if err != nil {
			return record{}, noEOF(err)
		}
		switch e.kind {
		case closes:
			if e.name.local == "table" {
				return record{}, io.EOF
			}
		case opens:
			if e.name.local != "table-row" {
				continue
			}
			repeat := repeated(e, "number-rows-repeated")
			if o.row, err = o.cells(); err != nil {
				return record{}, err
			}
			if o.repeat = repeat; len(o.row) == 0 {
				o.line += o.repeat
				o.repeat = 0
			}
		}
	}
}

func repeated(e *token, name string) int {
	n, err := strconv.Atoi(e.attr(name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// cells reads the cells of the row just opened, without the empty ones at its
// end. A cell merged over rows below, one column wide, holds for each of them.
func (o *odsTable) cells() ([]string, error) {
	var row odsRow
	o.spans = nil
	for {
		e, err := o.x.next()
		if err != nil {
			return nil, noEOF(err)
		}
		switch local := e.name.local; {
		case e.kind == closes && local == "table-row":
			return row.cells, nil
		case e.kind == opens && (local == "table-cell" || local == "covered-table-cell"):
			cell := *e // its text is read over it
			cell.attrs = bytes.Clone(e.attrs)
			text, _, err := o.x.text("annotation")
			if err != nil {
				return nil, err
			}
			n := repeated(&cell, "number-columns-repeated")
			text = o.cell(&cell, text, row.width)
			if local[0] == 'c' && n == 1 {
				text = o.hold(row.width, text)
			} else {
				o.spread(&cell, text, row.width)
			}
			if !row.put(text, n) {
				return nil, &Error{Reason: NotTable, Detail: "wide", Line: o.line}
			}
		}
	}
}

// odsRow is a row as its cells are read.
type odsRow struct {
	cells []string // without the empty ones at its end
	width int      // these included
}

// put adds a text n times; false where the row gets too wide.
func (r *odsRow) put(text string, n int) bool {
	if r.width += n; text == "" {
		return true
	}
	if r.width > maxColumns {
		return false
	}
	for len(r.cells) < r.width-n {
		r.cells = append(r.cells, "")
	}
	for range n {
		r.cells = append(r.cells, text)
	}
	return true
}

// cell is the text of a cell that begins in a column; the columns it is merged over
// are noted.
func (o *odsTable) cell(e *token, text string, col int) string {
	if d, ok := isoDuration(e.attr("time-value")); ok && o.lasting[col] {
		text = hours(d.Hours())
	}
	if wide := repeated(e, "number-columns-spanned"); wide > 1 && text != "" && wide < maxColumns {
		o.spans = append(o.spans, span{col, wide})
	}
	return odsCell(e, text)
}

// spread has the text of a cell, one column wide, hold for the rows below that it is
// merged over.
func (o *odsTable) spread(e *token, text string, col int) {
	down := repeated(e, "number-rows-spanned")
	if down == 1 || text == "" || repeated(e, "number-columns-spanned") > 1 || col >= maxColumns {
		return
	}
	for len(o.merged) <= col {
		o.merged = append(o.merged, held{})
	}
	o.merged[col] = held{text, down - 1}
}

// hold is the text of a covered cell: that of the cell merged over it from
// above, else its own.
func (o *odsTable) hold(col int, own string) string {
	if col >= len(o.merged) || o.merged[col].rows == 0 {
		return own
	}
	o.merged[col].rows--
	return o.merged[col].text
}

// odsCell writes a cell by its type: the value where the text shown is
// rounded or local.
func odsCell(e *token, text string) string {
	switch e.attr("value-type") {
	case "float", "currency":
		if shown := trim(text); len(shown) > 1 && shown[0] == '0' && allDigits(shown) {
			return shown // a code shown with its zeros
		}
		return numberFormat{}.show(e.attr("value"), time.Time{})
	case "percentage":
		return numberFormat{percent: true}.show(e.attr("value"), time.Time{})
	case "date":
		return strings.TrimSuffix(e.attr("date-value"), "T00:00:00")
	case "boolean":
		return e.attr("boolean-value")
	}
	return trim(text)
}

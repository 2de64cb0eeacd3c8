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
	var sheets []sheet
	x, err := f.part(ctx, "content.xml", min(f.max, maxSheetBytes))
	if err != nil {
		return nil, err
	}
	defer x.close()
	hidden, style := map[string]bool{}, "" // table styles
	for n := -1; ; {
		t, err := x.next()
		if err == io.EOF {
			return sheets, nil
		}
		if err != nil {
			return nil, err
		}
		switch {
		case t.kind != opens:
		case t.name.local == "style" && t.name.space == "style":
			style = t.attr("name")
		case t.name.local == "table-properties" && t.attr("display") == "false":
			hidden[style] = true
		case isTable(t):
			n++
			if hidden[t.attr("style-name")] {
				continue
			}
			sheets = append(sheets, sheet{t.attr("name"), func(ctx context.Context) (records, error) { return f.odsRows(ctx, n) }, nil})
		}
	}
}

func isTable(e token) bool { return e.name.local == "table" && e.name.space == "table" }

// odsRows starts reading the n-th table.
func (f *file) odsRows(ctx context.Context, n int) (records, error) {
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
				return &odsTable{x: x}, nil
			}
		}
	}
}

type odsTable struct {
	x      *xmlPart
	line   int
	repeat int // rows still to give of the last one read
	row    []string
	merged []held // by column: the cell that holds for rows below
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
			return record{line: o.line, cells: o.row}, nil
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

func repeated(e token, name string) int {
	n, err := strconv.Atoi(e.attr(name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// cells reads the cells of the row just opened, without the empty ones at its
// end. A cell merged over rows below, one column wide, holds for each of them.
func (o *odsTable) cells() ([]string, error) {
	var cells []string
	col := 0
	put := func(text string, n int) error {
		if col += n; text == "" {
			return nil
		}
		if col > maxColumns {
			return &Error{Reason: NotTable, Detail: "wide", Line: o.line}
		}
		for len(cells) < col-n {
			cells = append(cells, "")
		}
		for range n {
			cells = append(cells, text)
		}
		return nil
	}
	for {
		e, err := o.x.next()
		if err != nil {
			return nil, noEOF(err)
		}
		switch e.kind {
		case closes:
			if e.name.local == "table-row" {
				return cells, nil
			}
		case opens:
			if e.name.local != "table-cell" && e.name.local != "covered-table-cell" {
				continue
			}
			e.attrs = bytes.Clone(e.attrs)
			text, _, err := o.x.text("annotation")
			if err != nil {
				return nil, err
			}
			n := repeated(e, "number-columns-repeated")
			if text = odsCell(e, text); e.name.local[0] == 'c' && n == 1 {
				text = o.hold(col, text)
			} else if down := repeated(e, "number-rows-spanned"); down > 1 && text != "" && repeated(e, "number-columns-spanned") == 1 && col < maxColumns {
				for len(o.merged) <= col {
					o.merged = append(o.merged, held{})
				}
				o.merged[col] = held{text, down - 1}
			}
			if err := put(text, n); err != nil {
				return nil, err
			}
		}
	}
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
func odsCell(e token, text string) string {
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

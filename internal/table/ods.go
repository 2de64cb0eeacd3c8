package table

import (
	"context"
	"encoding/xml"
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
	for {
		t, err := x.next()
		if err == io.EOF {
			return sheets, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := t.(xml.StartElement); ok && isTable(e) {
			n := len(sheets)
			sheets = append(sheets, sheet{attr(e, "name"), func(ctx context.Context) (records, error) { return f.odsRows(ctx, n) }})
		}
	}
}

func isTable(e xml.StartElement) bool { return e.Name.Local == "table" && e.Name.Space == "table" }

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
		if e, ok := t.(xml.StartElement); ok && isTable(e) {
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
			return record{o.line, o.row}, nil
		}
		t, err := o.x.next()
		if err != nil {
			return record{}, noEOF(err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "table" {
				return record{}, io.EOF
			}
		case xml.StartElement:
			if e.Name.Local != "table-row" {
				continue
			}
			if o.row, err = o.cells(); err != nil {
				return record{}, err
			}
			if o.repeat = repeated(e, "number-rows-repeated"); len(o.row) == 0 {
				o.line += o.repeat
				o.repeat = 0
			}
		}
	}
}

func repeated(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attr(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// cells reads the cells of the row just opened, without the empty ones at its
// end.
func (o *odsTable) cells() ([]string, error) {
	var cells []string
	blanks := 0
	for {
		t, err := o.x.next()
		if err != nil {
			return nil, noEOF(err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "table-row" {
				return cells, nil
			}
		case xml.StartElement:
			if e.Name.Local != "table-cell" && e.Name.Local != "covered-table-cell" {
				continue
			}
			text, err := o.x.text("annotation")
			if err != nil {
				return nil, err
			}
			if text = odsCell(e, text); text == "" {
				blanks += repeated(e, "number-columns-repeated")
				continue
			}
			n := repeated(e, "number-columns-repeated")
			if len(cells)+blanks+n > maxColumns {
				return nil, &Error{Reason: NotTable, Detail: "wide", Line: o.line}
			}
			for ; blanks > 0; blanks-- {
				cells = append(cells, "")
			}
			for range n {
				cells = append(cells, text)
			}
		}
	}
}

// odsCell writes a cell by its type: the value where the text shown is
// rounded or local.
func odsCell(e xml.StartElement, text string) string {
	switch attr(e, "value-type") {
	case "float", "currency":
		if shown := trim(text); len(shown) > 1 && shown[0] == '0' && allDigits(shown) {
			return shown // a code shown with its zeros
		}
		return numberFormat{}.show(attr(e, "value"), time.Time{})
	case "percentage":
		return numberFormat{percent: true}.show(attr(e, "value"), time.Time{})
	case "date":
		return strings.TrimSuffix(attr(e, "date-value"), "T00:00:00")
	case "boolean":
		return attr(e, "boolean-value")
	}
	return trim(text)
}

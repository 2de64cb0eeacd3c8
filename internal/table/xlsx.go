package table

import (
	"archive/zip"
	"context"
	"io"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// xlsx is what its sheets share.
type xlsx struct {
	file    *file
	strings []string
	styles  []numberFormat // by the cell's style
	epoch   time.Time      // day 0

	uncalculated bool // its formulas are to be computed when it is opened
}

func (f *file) xlsxSheets(ctx context.Context, z *zip.Reader) ([]sheet, error) {
	w := &xlsx{file: f, epoch: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	targets, err := f.relations(ctx)
	if err != nil {
		return nil, err
	}
	var sheets []sheet
	err = f.each(ctx, "xl/workbook.xml", func(x *xmlPart, e *token) error {
		switch e.name.local {
		case "workbookPr":
			if isOn(e.attr("date1904")) {
				w.epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
			}
		case "calcPr":
			w.uncalculated = isOn(e.attr("fullCalcOnLoad"))
		case "sheet":
			id, _ := e.find(func(n markupName) bool { return n.local == "id" && n.space != "" }) // r:id, not sheetId
			if target := targets[id]; target != "" && partOf(z, target) != nil && !strings.Contains(e.attr("state"), "idden") {
				get := sync.OnceValues(func() (*shape, error) { return w.shape(ctx, target) })
				sheets = append(sheets, sheet{e.attr("name"),
					func(ctx context.Context) (records, error) { return w.rows(ctx, target, get) },
					func(context.Context) (*shape, error) { return get() }})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if partOf(z, "xl/sharedStrings.xml") != nil {
		if err := w.readStrings(ctx); err != nil {
			return nil, err
		}
	}
	if partOf(z, "xl/styles.xml") != nil {
		if err := w.readStyles(ctx); err != nil {
			return nil, err
		}
	}
	return sheets, nil
}

// each calls do for every element of a part.
func (f *file) each(ctx context.Context, name string, do func(*xmlPart, *token) error) error {
	x, err := f.part(ctx, name, maxStringBytes)
	if err != nil {
		return err
	}
	defer x.close()
	for {
		t, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if t.kind == opens {
			if err := do(x, t); err != nil {
				return err
			}
		}
	}
}

// relations maps the workbook's relation ids to parts of the archive.
func (f *file) relations(ctx context.Context) (map[string]string, error) {
	targets := map[string]string{}
	err := f.each(ctx, "xl/_rels/workbook.xml.rels", func(_ *xmlPart, e *token) error {
		if e.name.local == "Relationship" {
			target := e.attr("Target")
			if rooted, ok := strings.CutPrefix(target, "/"); ok {
				target = rooted
			} else {
				target = path.Join("xl", target)
			}
			targets[e.attr("Id")] = target
		}
		return nil
	})
	return targets, err
}

func (w *xlsx) readStrings(ctx context.Context) error {
	return w.file.each(ctx, "xl/sharedStrings.xml", func(x *xmlPart, e *token) error {
		if e.name.local != "si" {
			return nil
		}
		s, _, err := x.text("rPh") // phonetic hints are not text
		w.strings = append(w.strings, trim(unescape(s)))
		return err
	})
}

// unescape reads "_x000D_", as spreadsheets write control characters.
func unescape(s string) string {
	if !strings.Contains(s, "_x000") {
		return s
	}
	return strings.NewReplacer("_x000D_", "", "_x000A_", "\n", "_x0009_", " ").Replace(s)
}

func (w *xlsx) readStyles(ctx context.Context) error {
	custom := map[string]string{}
	inCells := false
	return w.file.each(ctx, "xl/styles.xml", func(_ *xmlPart, e *token) error {
		switch e.name.local {
		case "numFmt":
			custom[e.attr("numFmtId")] = e.attr("formatCode")
		case "cellStyleXfs":
			inCells = false
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id := e.attr("numFmtId")
				w.styles = append(w.styles, formatOfNumber(id, custom[id]))
			}
		}
		return nil
	})
}

// rows starts reading a sheet.
func (w *xlsx) rows(ctx context.Context, part string, get func() (*shape, error)) (records, error) {
	sh, err := get()
	if err != nil {
		return nil, err
	}
	x, err := w.file.part(ctx, part, min(w.file.max, maxSheetBytes))
	if err != nil {
		return nil, err
	}
	return &xlsxRows{book: w, x: x, shape: sh}, nil
}

type xlsxRows struct {
	book *xlsx
	x    *xmlPart
	line int

	shape *shape
	spans []held // by column: the cell merged over rows below
}

func (r *xlsxRows) Close() error { return r.x.close() }

// next returns the next row that has cells.
func (r *xlsxRows) next() (record, error) {
	for {
		e, err := r.x.next()
		if err != nil {
			return record{}, err
		}
		switch e.kind {
		case opens:
			if e.name.local != "row" {
				continue
			}
			r.line++
			if n, err := strconv.Atoi(e.attr("r")); err == nil && n > r.line {
				r.line = n
			}
			if r.line > maxSheetRows {
				return record{}, refuse(TooLarge, "rows", nil)
			}
			return r.row()
		case closes:
			if e.name.local == "sheetData" {
				return record{}, io.EOF
			}
		}
	}
}

// row reads the cells of the row just opened.
func (r *xlsxRows) row() (record, error) {
	rec := record{line: r.line, spans: r.shape.right[r.line]}
	col := 0
	for {
		e, err := r.x.next()
		if err != nil {
			return rec, noEOF(err)
		}
		switch e.kind {
		case closes:
			if e.name.local == "row" {
				r.fill(&rec)
				return rec, nil
			}
		case opens:
			if e.name.local != "c" {
				continue
			}
			if at := columnOf(e.attr("r")); at > 0 {
				col = at
			} else {
				col++
			}
			kind, style := e.attr("t"), e.attr("s")
			text, err := r.cell(kind, style)
			if err != nil {
				return rec, err
			}
			if text == "" {
				continue
			}
			if col > maxColumns {
				return rec, &Error{Reason: NotTable, Detail: "wide", Line: r.line}
			}
			for len(rec.cells) < col {
				rec.cells = append(rec.cells, "")
			}
			rec.cells[col-1] = text
		}
	}
}

// columnOf is the column of a reference: 1 for "A7", 28 for "AB7".
func columnOf(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 3 && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		n = n*26 + int(ref[i]-'A') + 1
	}
	return n
}

// fill writes a cell merged over several rows, one column wide, in each of them.
func (r *xlsxRows) fill(rec *record) {
	for col, s := range r.spans {
		if s.rows > 0 && s.text != "" {
			for len(rec.cells) <= col {
				rec.cells = append(rec.cells, "")
			}
			if rec.cells[col] == "" {
				rec.cells[col] = s.text
			}
		}
		r.spans[col].rows -= min(s.rows, 1)
	}
	for col, c := range rec.cells {
		if down := r.shape.down[place{r.line, col + 1}]; down > 0 && c != "" {
			for len(r.spans) <= col {
				r.spans = append(r.spans, held{})
			}
			r.spans[col] = held{c, down}
		}
	}
}

// cell reads the cell just opened and writes it as its format shows it.
func (r *xlsxRows) cell(kind, style string) (string, error) {
	text, formula, err := r.x.text("f") // without the formula
	if err != nil {
		return "", err
	}
	if formula && r.shape.blind && trim(text) == "0" {
		return "", nil
	}
	switch kind {
	case "s":
		if i, err := strconv.Atoi(trim(text)); err == nil && i >= 0 && i < len(r.book.strings) {
			return r.book.strings[i], nil
		}
		return "", nil
	case "b":
		if trim(text) == "1" {
			return "true", nil
		}
		return "false", nil
	case "", "n":
		var f numberFormat
		if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(r.book.styles) {
			f = r.book.styles[i]
		}
		return f.show(trim(text), r.book.epoch), nil
	}
	return trim(unescape(text)), nil // str, inlineStr, d (ISO date), e (error)
}

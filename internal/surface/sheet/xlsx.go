package sheet

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cigogne/internal/answer"
	"cigogne/internal/texts"
)

// The cell styles of styles.xml, by their place in cellXfs.
const (
	styleText = iota
	styleHead
	styleWhole
	styleDecimal
	styleEuro
	stylePercent
	styleDate
	stylePlain
	styleWrap
)

const maxCell = 32767 // characters that a cell may hold

// XLSX writes a workbook of two sheets: the rows, and where they come from.
func XLSX(w io.Writer, a *answer.Answer) error {
	z := zip.NewWriter(w)
	data, source := texts.Say(a.Lang, "sheet.data"), texts.Say(a.Lang, "sheet.source")
	for _, f := range []struct{ name, body string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", rels},
		{"xl/workbook.xml", fmt.Sprintf(workbook, data, source)},
		{"xl/_rels/workbook.xml.rels", workbookRels},
		{"xl/styles.xml", styles},
		{"xl/worksheets/sheet1.xml", rowsSheet(a)},
		{"xl/worksheets/sheet2.xml", sourceSheet(a)},
	} {
		part, err := z.Create(f.name)
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
		if _, err := io.WriteString(part, f.body); err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func rowsSheet(a *answer.Answer) string {
	var b strings.Builder
	b.WriteString(header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, c := range a.Columns {
		width := utf8.RuneCountInString(title(c))
		for _, row := range a.Rows[:min(200, len(a.Rows))] {
			if i < len(row) {
				width = max(width, utf8.RuneCountInString(text(row[i]))+3)
			}
		}
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, min(max(10, width+2), 60))
	}
	if len(a.Columns) == 0 { // an empty <cols> is no valid workbook
		b.WriteString(`<col min="1" max="1" width="10" customWidth="1"/>`)
	}
	b.WriteString(`</cols><sheetData><row r="1">`)
	for i, c := range a.Columns {
		textCell(&b, i, 1, title(c), styleHead)
	}
	b.WriteString(`</row>`)
	for n, row := range a.Rows {
		fmt.Fprintf(&b, `<row r="%d">`, n+2)
		for i := range a.Columns {
			if i < len(row) {
				valueCell(&b, i, n+2, row[i], a.Columns[i])
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
}

// sourceSheet says what was asked, and where the rows come from.
func sourceSheet(a *answer.Answer) string {
	l := a.Lang
	var lines [][2]string
	add := func(name, v string) {
		if v != "" {
			lines = append(lines, [2]string{name, v})
		}
	}
	add(texts.Say(l, "sheet.question"), a.Question)
	add(texts.Say(l, "sheet.computation"), a.Explanation)
	for _, s := range a.Assumptions {
		add(texts.Say(l, "sheet.assumed"), s)
	}
	for _, s := range a.Caveats {
		add(texts.Say(l, "sheet.beware"), s)
	}
	for _, s := range a.Sources {
		add(texts.Say(l, "sheet.source"), s.Title)
		add(texts.Say(l, "sheet.publisher"), s.Publisher)
		add(texts.Say(l, "sheet.licence"), s.Licence)
		add(texts.Say(l, "sheet.address"), s.URL)
		add(texts.Say(l, "sheet.file"), s.ResourceURL)
		add(texts.Say(l, "sheet.period"), strings.ReplaceAll(s.Period, "/", "–"))
		add(texts.Say(l, "sheet.published"), s.Modified)
		add(texts.Say(l, "sheet.downloaded"), s.Retrieved)
		add(texts.Say(l, "sheet.sha_256"), s.SHA256)
	}
	add(texts.Say(l, "sheet.sql"), a.SQL)
	var b strings.Builder
	b.WriteString(header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="1" max="1" width="18" customWidth="1"/><col min="2" max="2" width="100" customWidth="1"/></cols><sheetData>`)
	for i, line := range lines {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		textCell(&b, 0, i+1, line[0], styleHead)
		textCell(&b, 1, i+1, line[1], styleWrap)
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
}

// reference is a cell's name: A1, AB12.
func reference(column, row int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name + strconv.Itoa(row)
}

func textCell(b *strings.Builder, column, row int, s string, style int) {
	if utf8.RuneCountInString(s) > maxCell {
		s = string([]rune(s)[:maxCell])
	}
	fmt.Fprintf(b, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">`, reference(column, row), style)
	_ = xml.EscapeText(b, []byte(s)) // a strings.Builder takes everything
	b.WriteString(`</t></is></c>`)
}

func valueCell(b *strings.Builder, column, row int, v any, c answer.Column) {
	if t, ok := v.(time.Time); ok {
		days := t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, t.Location())).Hours() / 24
		if days >= 61 && days == float64(int(days)) { // before March 1900 spreadsheets count wrongly
			fmt.Fprintf(b, `<c r="%s" s="%d"><v>%d</v></c>`, reference(column, row), styleDate, int(days))
			return
		}
	}
	if n, ok := number(v); ok {
		fmt.Fprintf(b, `<c r="%s" s="%d"><v>%s</v></c>`, reference(column, row), numberStyle(n, c), strconv.FormatFloat(n, 'g', -1, 64))
		return
	}
	if x, ok := v.(bool); ok {
		fmt.Fprintf(b, `<c r="%s" t="b"><v>%s</v></c>`, reference(column, row), map[bool]string{true: "1", false: "0"}[x])
		return
	}
	if s, ok := v.(string); ok { // a text is never a formula in this format
		textCell(b, column, row, s, styleText)
	} else if v != nil {
		textCell(b, column, row, text(v), styleText)
	}
}

func numberStyle(n float64, c answer.Column) int {
	switch {
	case c.Plain:
		return stylePlain
	case c.Unit == "EUR":
		return styleEuro
	case c.Unit == "%":
		return stylePercent
	case n == float64(int64(n)):
		return styleWhole
	}
	return styleDecimal
}

const (
	header       = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	contentTypes = header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	rels         = header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbook     = header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="%s" sheetId="1" r:id="rId1"/><sheet name="%s" sheetId="2" r:id="rId2"/></sheets></workbook>`
	workbookRels = header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	styles       = header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0\ &quot;€&quot;"/><numFmt numFmtId="165" formatCode="0.0\ &quot;%&quot;"/><numFmt numFmtId="166" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="9"><xf numFmtId="0" xfId="0"/><xf numFmtId="0" fontId="1" applyFont="1" xfId="0"/><xf numFmtId="3" applyNumberFormat="1" xfId="0"/><xf numFmtId="4" applyNumberFormat="1" xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/><xf numFmtId="165" applyNumberFormat="1" xfId="0"/><xf numFmtId="166" applyNumberFormat="1" xfId="0"/><xf numFmtId="1" applyNumberFormat="1" xfId="0"/><xf numFmtId="0" applyAlignment="1" xfId="0"><alignment wrapText="1" vertical="top"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

package table_test

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

// archive zips parts, in order: name, content, name, content …
func archive(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// workbook is a spreadsheet of two sheets: a cover, then the rows given as XML.
func workbook(t testing.TB, rows string) string {
	return archive(t,
		"[Content_Types].xml", `<Types/>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Lisez-moi" sheetId="1" r:id="rId1"/><sheet name="Données" sheetId="2" r:id="rId2"/></sheets></workbook>`,
		"xl/sharedStrings.xml", `<sst><si><t>Commune</t></si><si><r><t>Mo</t></r><r><t>ntant</t></r><rPh><t>phonetic</t></rPh></si><si><t>Date</t></si></sst>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="[$-40C]d\ mmmm\ yyyy;@"/><numFmt numFmtId="166" formatCode="#,##0.00\ &quot;€ day&quot;"/></numFmts>
			<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Ce classeur présente les comptes.</t></is></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`,
	)
}

const sheetRows = `
<row r="1"><c r="A1" t="inlineStr"><is><t>Comptes de la Région</t></is></c></row>
<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c><c r="D3" t="str"><v>CP</v></c><c r="E3" t="str"><v>Part</v></c><c r="F3" t="str"><v>Vu</v></c></row>
<row r="4"><c r="A4" t="str"><v>Ay</v></c><c r="B4" s="5"><f>1+1</f><v>1234.5699999999999</v></c><c r="C4" s="1"><v>44267</v></c><c r="D4" s="2"><v>1000</v></c><c r="E4" s="3"><v>0.125</v></c><c r="F4" t="b"><v>1</v></c></row>
<row r="5"><c r="A5" t="str"><v>Bar_x000D_</v></c><c r="B5"><v>2E3</v></c><c r="C5" s="4"><v>44268.5</v></c><c r="D5" s="2"><v>51100</v></c><c r="E5" s="3"><v>1</v></c><c r="F5" t="b"><v>0</v></c></row>
<row r="6"><c r="A6" t="str"><v>Cernay</v></c><c r="C6" s="1"><v>44269</v></c></row>
<row r="9"><c r="A9" t="str"><v>Source : Région Grand Est</v></c></row>`

func TestXLSX(t *testing.T) {
	got, err := convert(t, newReader(t), workbook(t, sheetRows), table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`Commune: text key first="Ay"`, `Montant: number measure nulls=1 sum=3234.57 first="1234.57"`, `Date: date time first="2021-03-12"`,
		`CP: text code nulls=1 first="01000"`, `Part: number measure in % nulls=1 sum=112.5 first="12.5"`, `Vu: boolean dimension nulls=1 first="true"`,
	}
	if b := brief(got); !slices.Equal(b, want) {
		t.Errorf("columns\n%s\nwant\n%s", strings.Join(b, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Contains(got.Notes, "sheet: Données") {
		t.Errorf("notes %q", got.Notes)
	}
	if len(got.Skipped) != 2 || got.Skipped[0].Line != 1 || got.Skipped[1].Line != 9 {
		t.Errorf("skipped %+v", got.Skipped)
	}
}

func TestODS(t *testing.T) {
	cell := func(attrs, text string) string {
		return `<table:table-cell ` + attrs + `><office:annotation><text:p>remarque</text:p></office:annotation><text:p>` + text + `</text:p></table:table-cell>`
	}
	text := archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml",
		`<office:document-content><office:body><office:spreadsheet><table:table table:name="Feuille1">
		<table:table-row>`+cell("", "Commune")+cell("", "Montant")+cell("", "Date")+cell("", "Part")+`<table:table-cell table:number-columns-repeated="1000"/></table:table-row>
		<table:table-row table:number-rows-repeated="2">`+cell(`office:value-type="string"`, "Ay<text:line-break/>le-Haut")+cell(`office:value-type="float" office:value="1234.5"`, "1 234")+
			cell(`office:value-type="date" office:date-value="2021-03-12T00:00:00"`, "12/03/21")+cell(`office:value-type="percentage" office:value="0.5"`, "50 %")+`</table:table-row>
		<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>
		</table:table></office:spreadsheet></office:body></office:document-content>`)
	got, err := convert(t, newReader(t), text, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Commune: text dimension first=\"Ay\\nle-Haut\"", `Montant: number measure sum=2469 first="1234.5"`,
		`Date: date time first="2021-03-12"`, `Part: integer measure in % sum=100 first="50"`,
	}
	if b := brief(got); !slices.Equal(b, want) || got.Rows != 2 {
		t.Errorf("%d rows, columns\n%s\nwant\n%s", got.Rows, strings.Join(b, "\n"), strings.Join(want, "\n"))
	}
}

// TestDamagedWorkbooks wants a refusal, never a panic or a table of nothing.
func TestDamagedWorkbooks(t *testing.T) {
	whole := workbook(t, sheetRows)
	r := newReader(t)
	for name, text := range map[string]string{
		"cut":               whole[:len(whole)/2],
		"no rows":           workbook(t, ""),
		"row without end":   workbook(t, `<row r="1"><c r="A1"><v>1</v>`),
		"column too far":    workbook(t, `<row r="1"><c r="XFD1"><v>1</v></c><c r="XFE1"><v>1</v></c></row>`),
		"row too far":       workbook(t, `<row r="99999999"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>`),
		"a text document":   archive(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>"),
		"no such string":    workbook(t, `<row r="1"><c r="A1" t="s"><v>99</v></c></row>`),
		"a spreadsheet odd": archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<a><b>"),
	} {
		_, err := convert(t, r, text, table.Options{})
		var refused *table.Error
		if !errors.As(err, &refused) {
			t.Errorf("%s: err = %v, want a refusal", name, err)
		}
	}
}

// TestParquet reads a file, then reads its clean copy: the profile must be the
// same, and the copy the same byte for byte.
func TestParquet(t *testing.T) {
	r := newReader(t)
	dir := t.TempDir()
	src, first, second := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.parquet"), filepath.Join(dir, "b.parquet")
	text := "code;nom;montant;jour;instant;vu;nombre\n08001;Acy;1 234,5;13/02/2021;2021-02-13T08:30:00;true;12\n2A004;Ajaccio;-0,25;01/03/2021;2021-03-01T09:15:30;false;5\n;;;;;;\n54395;Nancy;;;;;7\n"
	if err := os.WriteFile(src, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := r.Convert(t.Context(), src, first, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Convert(t.Context(), first, second, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if x, y := brief(a), brief(b); !slices.Equal(x, y) {
		t.Errorf("columns\n%s\nread again\n%s", strings.Join(x, "\n"), strings.Join(y, "\n"))
	}
	if b.SHA256 != a.Parquet || b.Parquet != a.Parquet {
		t.Errorf("copies differ: %s, read again %s, written again %s", a.Parquet, b.SHA256, b.Parquet)
	}
}

// TestRowOrder wants the rows of the Parquet copy in the file's order, with
// enough of them for several threads to want a share, and values counted right
// when they are too many to hold.
func TestRowOrder(t *testing.T) {
	const rows = 300_000
	var text strings.Builder
	text.WriteString("id,label,part\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,label %d,%d\n", (i*7919)%rows, i%20_000, i%10)
	}
	r := newReader(t)
	src := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(src, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := r.Convert(t.Context(), src, src+".parquet", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		distinct int64
		values   int
	}{{rows, 0}, {20_000, dataset.MaxValues}, {10, 0}} {
		if c := got.Columns[i]; c.Distinct != want.distinct || len(c.Values) != want.values {
			t.Errorf("%s: %d distinct, %d listed, want %+v", c.Name, c.Distinct, len(c.Values), want)
		}
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n, misplaced int
	q := fmt.Sprintf("SELECT count(*), count(*) FILTER (id <> (file_row_number*7919)%%%d) FROM read_parquet('%s', file_row_number=true)", rows, src+".parquet")
	if err := db.QueryRow(q).Scan(&n, &misplaced); err != nil {
		t.Fatal(err)
	}
	if n != rows || misplaced != 0 {
		t.Errorf("%d rows, %d out of place", n, misplaced)
	}
}

package table_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

// FuzzRead reads any bytes: they are refused with a reason, or become a table
// whose profile is consistent; never a panic, never a hang.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		accents, utf16le(accents), "a;b\n1;\"x\n2\";3\n", "Titre;;\n;;\na;b;c\n1 234,5;12 %;01/02/2020\nTOTAL;;\n",
		"a\tb\n\"x\"y\tz\r\n", "x|y\n1.234,50|(1)\n", "\xe9t\xe9,1\r\n", "n\n1e5\n-\n", "{\"a\":1}", "PAR1", "PK\x03\x04", "\x1f\x8b\x08",
		"a,a,A,\n1,2,3,4,5\n", "a;b\n2019-02-30;2020-01-01T25:00\n", "\x00\xff\xfe", ",,,\n,,,", "\"", "a\n\"\"\"",
		workbook(f, sheetRows), `[{"a":1,"b":{"c":"x"}},{"a":2.5}]`, "{\"a\":1}\n{\"a\":null}\n", `{"features":[{"type":"Feature","properties":{"n":1},"geometry":{"type":"Point","coordinates":[1,2]}}]}`,
		archive(f, "a.csv", "x;y\n1;2\n"), "annee;code;x;y\n2020;08;1;2\n2021;2A;3;4\n",
	} {
		f.Add([]byte(seed))
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, data []byte) { readAny(t, r, data) })
}

// FuzzJSON reads what may be between the brackets of an array of objects.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":{"c":"x","d":[1,2]}},{"a":2.5e3}`, `{"a":null},{"A":"é\ud83d"}`, `{"n":9007199254740993},{"n":"08"}`, `{"a":1}{"a":2`, `1,"x",[]`, `{"":{"":{"":0}}}`} {
		f.Add(seed)
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, inside string) { readAny(t, r, []byte("["+inside+"]")) })
}

// FuzzGeoJSON reads what may be the geometry of a feature.
func FuzzGeoJSON(f *testing.F) {
	for _, seed := range []string{`{"type":"Point","coordinates":[6.18,48.69]}`, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`, `{"type":"GeometryCollection","geometries":[null]}`,
		`{"type":"MultiLineString","coordinates":[[[0,1e308],[1e308,0]],[]]}`, `null`, `[]`, `{"type":"Point","coordinates":["x"]}`} {
		f.Add(seed)
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, geometry string) {
		readAny(t, r, []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":1},"geometry":`+geometry+`},{"type":"Feature","properties":{"n":2},"geometry":null}]}`))
	})
}

// readAny reads any bytes, and the clean copy of what they are read as.
func readAny(t *testing.T, r *table.Reader, data []byte) {
	t.Helper()
	src := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(src, data, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got, err := r.Convert(ctx, src, src+".parquet", table.Options{MaxBytes: 4 << 20})
	if err != nil {
		var refused *table.Error
		if !errors.As(err, &refused) {
			t.Fatalf("err = %v, want a *table.Error", err)
		}
		return
	}
	check(t, got)
	again, err := r.Convert(ctx, src+".parquet", src+".2", table.Options{})
	var refused *table.Error
	if errors.As(err, &refused) && refused.Reason == table.Empty {
		return // all its cells were missing marks
	}
	if err != nil {
		t.Fatalf("read the clean copy: %v", err)
	}
	if again.Rows > got.Rows || len(again.Columns) != len(got.Columns) {
		t.Fatalf("clean copy has %d rows and %d columns, of %d and %d", again.Rows, len(again.Columns), got.Rows, len(got.Columns))
	}
}

// check wants a profile that does not contradict itself.
func check(t *testing.T, tb *dataset.Table) {
	t.Helper()
	names := map[string]bool{}
	for _, c := range tb.Columns {
		if low := strings.ToLower(c.Name); c.Name == "" || names[low] {
			t.Fatalf("column name %q is empty or given twice", c.Name)
		} else {
			names[low] = true
		}
		filled := tb.Rows - c.Nulls
		if c.Nulls < 0 || filled < 0 || c.Distinct > filled || (c.Distinct == 0) != (filled == 0) {
			t.Fatalf("%q: %d rows, %d nulls, %d distinct", c.Name, tb.Rows, c.Nulls, c.Distinct)
		}
		if c.Sum != nil && !c.Type.Numeric() || c.Role == dataset.Measure && !c.Type.Numeric() {
			t.Fatalf("%q is %s, %s, with sum %v", c.Name, c.Type, c.Role, c.Sum)
		}
		var counted int64
		for _, v := range c.Values {
			counted += v.Count
		}
		if len(c.Values) > 0 && c.Complete() && counted != filled {
			t.Fatalf("%q: values count %d cells of %d", c.Name, counted, filled)
		}
	}
}

// FuzzSheet reads what may be in a sheet of an Excel workbook, and behind its rows.
func FuzzSheet(f *testing.F) {
	for _, seed := range [][2]string{
		{cells("lieu|n", "a|1", "b|2"), ""}, {sheetRows, ""}, {cells("Nés", "ville|nés", "a|4", "", "voie|coût", "x|10"), ""},
		{cells("ville|nés||voie|coût", "a|4||x|10", "|||z|30"), ""}, {cells("Zone|Ventes", "|neuf|vieux", "N|1|2"), `<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>`},
		{`<row r="9" hidden="1"><c r="B9" t="inlineStr"><is><r><rPr><vertAlign val="superscript"/></rPr><t>3</t></r></is></c></row>`, `<mergeCell ref="A1:XFD1048576"/>`},
		{`<row><c><v>1e400</v></c><c s="9"><v>-1</v></c></row><row r="-1"/>`, `<mergeCell ref="ZZZZ1:A0"/>`},
	} {
		f.Add(seed[0], seed[1])
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, rows, behind string) {
		readParts(t, r, []byte(book(t, "", testStyles, [3]string{"F", rows, behind}, [3]string{"G", cells("lieu|n", "a|1"), ""})))
	})
}

// FuzzODS reads what may be in the tables of an OpenDocument spreadsheet.
func FuzzODS(f *testing.F) {
	for _, seed := range []string{
		`<table:table table:name="F"><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type="float" office:value="1"/><table:table-cell office:value-type="time" office:time-value="PT36H"/></table:table-row></table:table>`,
		`<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`,
		`<table:table><table:table-row table:visibility="filter"><table:table-cell table:number-rows-spanned="3" table:number-columns-spanned="-2"><text:p>x</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table>`,
		`<style:style style:name="s"><style:text-properties style:text-position="super 58%"/></style:style><table:table><table:table-row><table:table-cell table:formula="of:=1"/><table:table-cell><text:p>1<text:span text:style-name="s">2</text:span></text:p></table:table-cell></table:table-row></table:table>`,
	} {
		f.Add(seed)
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, content string) {
		readParts(t, r, []byte(archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", content)))
	})
}

// FuzzArchive reads archives of two entries, whatever they are called and hold.
func FuzzArchive(f *testing.F) {
	inner := archive(f, "x.csv", "a;b\n1;2\n")
	for _, seed := range [][4]string{
		{"a.csv", "x;y\n1;2\n", "b.csv", "z\n3\n"}, {"stops.txt", "stop_id\n1\n", "routes.txt", "route_id\n1\n"}, {"../../a.csv", "x;y\n1;2\n", "a.csv", ""},
		{"a.xlsx", book(f, "", testStyles, [3]string{"F", cells("lieu|n", "a|1"), ""}), "b.ods", "PK"}, {"a.zip", inner, "b.csv", inner}, {"a › b.csv", "x;y\n1;2\n", " › .csv", "x;y\n1;2\n"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, a, one, b, two string) {
		if strings.HasSuffix(a, "/") || strings.HasSuffix(b, "/") {
			t.Skip("a folder holds nothing")
		}
		readParts(t, r, []byte(archive(t, a, one, b, two)))
	})
}

// readParts reads each table of a file of any bytes.
func readParts(t *testing.T, r *table.Reader, data []byte) {
	t.Helper()
	dir := t.TempDir()
	src := filepath.Join(dir, "source")
	if err := os.WriteFile(src, data, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tables, _, err := r.ConvertAll(ctx, src, func(n int) string { return filepath.Join(dir, fmt.Sprint(n)) }, table.Options{MaxBytes: 4 << 20})
	var refused *table.Error
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("err = %v, want a *table.Error", err)
	}
	for _, got := range tables {
		check(t, got)
	}
}

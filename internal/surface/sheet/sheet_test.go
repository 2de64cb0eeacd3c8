package sheet_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/sheet"
	"cigogne/internal/table"
)

var example = &answer.Answer{
	Question: "Évolution des dépenses, à l'Œuvre ?", Lang: lang.French, Explanation: "somme", SQL: "SELECT 1",
	Columns: []answer.Column{{Name: "code"}, {Name: "année", Plain: true}, {Name: "montant", Unit: "EUR"}, {Name: "part", Unit: "%"}, {Name: "jour"}},
	Rows: [][]any{
		{"08001", int64(2020), int64(496779162), 12.5, time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)},
		{`=cmd|' /C calc'!A0`, int64(2021), nil, -3.25, time.Date(2021, 12, 31, 0, 0, 0, 0, time.UTC)},
		{"<b>\x00&\"", 2022.0, 1.5, nil},
	},
	Sources: []answer.Source{{Title: "Comptes", Period: "2016/2020"}},
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := sheet.CSV(&b, example); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"code|année|montant (EUR)|part (%)|jour",
		"08001|2020|496779162|12.5|2020-02-29",
		`'=cmd|' /C calc'!A0|2021||-3.25|2021-12-31`,
		"<b>&\"|2022|1.5||",
	} {
		if got := strings.Join(rows[i], "|"); got != want {
			t.Errorf("row %d\n got %q\nwant %q", i, got, want)
		}
	}
}

// Whichever of commas and semicolons a spreadsheet parts cells at, and however it
// reads quotation marks, no cell begins a formula.
// What is not seen in a cell, or shows it otherwise than it is, stays behind.
func TestFilesHoldNothingUnseen(t *testing.T) {
	a := &answer.Answer{Columns: []answer.Column{{Name: "com\u202emune"}}, Rows: [][]any{{"Me\u200dtz \u202egpj.exe\U000e0041\u2066"}}}
	var b bytes.Buffer
	if err := sheet.CSV(&b, a); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "\ufeffcommune\nMetz gpj.exe\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCSVBeginsNoFormula(t *testing.T) {
	hostile := []string{
		"=1+1", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", "＋1+1", "－1", "＠A1", " =1+1", "\u00a0=1+1", "\u200b=1+1", "\t=1+1", "\r=1+1", "\ufeff=1+1",
		"voirie;=1+1", "voirie; =1+1", `voirie;"=1+1"`, "voirie;＝1+1", "voirie\n=1+1", "voirie\r\n@A1", "voirie\t=1+1", ";;-1+2", `";=1+1`, `"=1+1"`, "a;b;+HYPERLINK(1)",
	}
	a := &answer.Answer{Columns: []answer.Column{{Name: "=titre;=1"}, {Name: "b", Unit: ";=unité"}}}
	for _, h := range hostile {
		a.Rows = append(a.Rows, []any{h, "x"}, []any{"x", h})
	}
	var b bytes.Buffer
	if err := sheet.CSV(&b, a); err != nil {
		t.Fatal(err)
	}
	formula := func(cell string) bool {
		cell = strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '"' })
		return cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0])
	}
	whole := strings.TrimPrefix(b.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(whole)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if formula(cell) {
				t.Errorf("with commas, the cell %q", cell)
			}
		}
	}
	for _, cell := range strings.FieldsFunc(whole, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
		if formula(cell) {
			t.Errorf("with semicolons, the cell %q", cell)
		}
	}
}

func TestCSVLeavesTextsAndNumbers(t *testing.T) {
	for _, s := range []string{"-3", "+4.5", "-1 234,5", "-12\u202f%", "2-1", "a=b", "jean@example.org", "A ; B", "Est - Ouest", "1e-3", "-1e-3"} {
		var b bytes.Buffer
		if err := sheet.CSV(&b, &answer.Answer{Columns: []answer.Column{{Name: "n"}}, Rows: [][]any{{s}}}); err != nil {
			t.Fatal(err)
		}
		if rows, err := csv.NewReader(&b).ReadAll(); err != nil || rows[1][0] != s {
			t.Errorf("%q became %q, %v", s, rows, err)
		}
	}
}

// TestXLSX reads the workbook with the house's own reader of spreadsheets.
func TestXLSX(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := sheet.XLSX(f, example); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	got, err := reader.Convert(t.Context(), path, filepath.Join(dir, "a.parquet"), table.Options{Name: "a.xlsx"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Rows != 3 || len(got.Columns) != 5 {
		t.Fatalf("%d rows, %d columns: %+v", got.Rows, len(got.Columns), got.Columns)
	}
	for i, first := range []string{"08001", "2020", "496779162", "12.5", "2020-02-29"} {
		if got.Columns[i].First != first {
			t.Errorf("%s begins with %q, want %q", got.Columns[i].Name, got.Columns[i].First, first)
		}
	}
	if s := got.Columns[2].Sum; s == nil || *s != 496779163.5 {
		t.Errorf("the sum is %v", s)
	}
}

func TestXLSXWithoutRows(t *testing.T) {
	var b bytes.Buffer
	if err := sheet.XLSX(&b, &answer.Answer{}); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("PK")) {
		t.Errorf("%v", err)
	}
}

func TestName(t *testing.T) {
	for q, want := range map[string]string{
		"Évolution des dépenses, à l'Œuvre ?": "evolution-des-depenses-a-l-uvre",
		"../../etc/passwd\r\n\"":              "etc-passwd",
		"日本":                                  "cigogne",
		strings.Repeat("ab ", 100):            strings.Repeat("ab-", 20)[:59],
	} {
		if got := sheet.Name(&answer.Answer{Question: q}); got != want {
			t.Errorf("%q: %q, want %q", q, got, want)
		}
	}
}

package table_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cigogne/internal/table"
)

// TestRatios prints what reading large files costs beside DuckDB's own COPY of
// the same rows: processor time of whole processes, in turns, medians of
// CIGOGNE_RUNS (5), and the most memory held. It asserts nothing; `make
// bench-files` runs it, over CIGOGNE_ROWS (2,000,000) rows.
func TestRatios(t *testing.T) {
	if os.Getenv("CIGOGNE_RATIOS") == "" {
		t.Skip("measures for minutes: make bench-files")
	}
	rows, runs := fromEnv("CIGOGNE_ROWS", 2_000_000), fromEnv("CIGOGNE_RUNS", 5)
	for _, c := range []struct {
		name  string
		write func(t *testing.T, path string, rows int)
		goal  float64 // times COPY of a clean CSV of the same rows; 0: none is set
	}{
		{"clean", writeClean, 1.5},
		{"messy", writeMessy, 3},
		{"xlsx", writeXLSX, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := rows
			if c.name == "xlsx" {
				rows /= 10 // a sheet ends at a million
			}
			dir := t.TempDir()
			src, clean := filepath.Join(dir, "source.csv"), filepath.Join(dir, "clean.csv")
			c.write(t, src, rows)
			writeClean(t, clean, rows)
			var ours, peers, ratios []float64
			var most int64
			for range runs {
				own, held := child(t, "convert", src)
				peer, _ := child(t, "copy", clean)
				ours, peers, ratios, most = append(ours, own), append(peers, peer), append(ratios, own/peer), max(most, held)
			}
			t.Logf("%s, %d rows: %.2f times DuckDB's COPY of a clean CSV (goal %.1f): %.2f s against %.2f s of processor; at most %d MB held", c.name, rows, median(ratios), c.goal, median(ours), median(peers), most>>20)
		})
	}
}

func fromEnv(name string, or int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return or
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// child does one reading in a process of its own: seconds of processor, bytes
// held at most. These it says itself: what its parent is told is at least what the
// parent holds.
func child(t *testing.T, what, src string) (seconds float64, held int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestRatioChild$")
	cmd.Env = append(os.Environ(), "CIGOGNE_RATIO_CHILD="+what, "CIGOGNE_RATIO_FILE="+src)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", what, err, out)
	}
	if _, text, ok := strings.Cut(string(out), "VmHWM:"); ok {
		_, _ = fmt.Sscan(text, &held) // in kilobytes; 0 where the system does not tell
	}
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), held << 10
}

// TestRatioChild is what TestRatios measures.
func TestRatioChild(t *testing.T) {
	src := os.Getenv("CIGOGNE_RATIO_FILE")
	dst := filepath.Join(t.TempDir(), "out.parquet")
	switch os.Getenv("CIGOGNE_RATIO_CHILD") {
	case "convert":
		if _, err := table.Convert(t.Context(), src, dst, table.Options{}); err != nil {
			t.Fatal(err)
		}
	case "copy":
		if err := copyCSV(t.Context(), src, dst); err != nil {
			t.Fatal(err)
		}
	default:
		t.Skip("a part of TestRatios")
	}
	status, _ := os.ReadFile("/proc/self/status")
	fmt.Printf("%s\n", status)
}

// copyCSV is what somebody who knows the clean file writes.
func copyCSV(ctx context.Context, src, dst string) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, fmt.Sprintf(`COPY (FROM read_csv('%s', auto_detect=false, header=true, delim=';', quote='"', escape='"', decimal_separator=',', dateformat='%%d/%%m/%%Y',
		columns={'annee': 'BIGINT', 'code_commune': 'VARCHAR', 'commune': 'VARCHAR', 'code_departement': 'VARCHAR', 'departement': 'VARCHAR', 'date_maj': 'DATE', 'population': 'BIGINT', 'montant (€)': 'DOUBLE'}))
		TO '%s' (FORMAT parquet, COMPRESSION zstd)`, src, dst))
	return err
}

func writeClean(t *testing.T, path string, rows int) {
	writeRows(t, path, func(w *strings.Builder, i int) {
		if i < 0 {
			w.WriteString("annee;code_commune;commune;code_departement;departement;date_maj;population;montant (€)\n")
			return
		}
		fmt.Fprintf(w, "%d;%05d;Commune n° %d;%02d;Ardennes;%02d/01/2024;%d;%d,%02d\n", 2020+i%6, i%36000, i%36000, i%96, 1+i%28, i*7%50_000, i, i%100)
	}, rows)
}

// writeMessy writes the same rows as public bodies do: title lines, no-break
// spaces and units in numbers, remarks, quotes, a total.
func writeMessy(t *testing.T, path string, rows int) {
	draw := rand.New(rand.NewPCG(1, 2))
	writeRows(t, path, func(w *strings.Builder, i int) {
		if i < 0 {
			w.WriteString("Région Grand Est - Direction des finances;;;;;;;;\r\nSource : comptes administratifs, extraction du 12/03/2021;;;;;;;;\r\n;;;;;;;;\r\n")
			w.WriteString("ANNÉE;CODE COMMUNE;COMMUNE;CODE DÉPARTEMENT;DÉPARTEMENT;DATE MAJ;POPULATION;MONTANT (€);\r\n")
			return
		}
		name := fmt.Sprintf("Commune n° %d", i%36000)
		if draw.IntN(1000) == 0 {
			name = "\"" + name + "\n(suite)\""
		}
		people := grouped(i * 7 % 50_000)
		if draw.IntN(500) == 0 {
			people = "nd"
		}
		fmt.Fprintf(w, "%d;%05d;%s;%02d;Ardennes;%02d/01/2024;%s;%s,%02d €;\r\n", 2020+i%6, i%36000, name, i%96, 1+i%28, people, grouped(i), i%100)
		if i == rows-1 {
			w.WriteString(";TOTAL;;;;;;" + grouped(rows*(rows-1)/2) + ",00 €;\r\n")
		}
	}, rows)
}

// writeXLSX writes the same rows as a sheet, its texts shared as spreadsheets do.
func writeXLSX(t *testing.T, path string, rows int) {
	t.Helper()
	var texts strings.Builder
	places := map[string]int{}
	shared := func(ref, text string) string {
		at, ok := places[text]
		if !ok {
			at = len(places)
			places[text] = at
			texts.WriteString("<si><t>" + text + "</t></si>")
		}
		return fmt.Sprintf(`<c r="%s" t="s"><v>%d</v></c>`, ref, at)
	}
	var sheet strings.Builder
	sheet.WriteString(`<row r="1">`)
	for i, name := range []string{"annee", "code_commune", "commune", "code_departement", "departement", "population", "montant (€)"} {
		sheet.WriteString(shared(fmt.Sprintf("%c1", 'A'+i), name))
	}
	sheet.WriteString("</row>")
	for i := range rows {
		r := i + 2
		fmt.Fprintf(&sheet, `<row r="%[1]d"><c r="A%[1]d"><v>%[2]d</v></c>%[3]s%[4]s%[5]s%[6]s<c r="F%[1]d"><v>%[7]d</v></c><c r="G%[1]d"><v>%[8]d.%[9]d</v></c></row>`, r, 2020+i%6,
			shared(fmt.Sprint("B", r), fmt.Sprintf("%05d", i%36000)), shared(fmt.Sprint("C", r), fmt.Sprintf("Commune n° %d", i%36000)),
			shared(fmt.Sprint("D", r), fmt.Sprintf("%02d", i%96)), shared(fmt.Sprint("E", r), "Ardennes"), i*7%50_000, i, i%100)
	}
	book := archive(t,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Données" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/sharedStrings.xml", "<sst>"+texts.String()+"</sst>",
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+sheet.String()+"</sheetData></worksheet>")
	if err := os.WriteFile(path, []byte(book), 0o600); err != nil {
		t.Fatal(err)
	}
}

// grouped writes a number with no-break spaces.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

func writeRows(t *testing.T, path string, row func(w *strings.Builder, i int), rows int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var w strings.Builder
	for i := -1; i < rows; i++ {
		row(&w, i)
		if w.Len() > 1<<20 || i == rows-1 {
			if _, err := f.WriteString(w.String()); err != nil {
				t.Fatal(err)
			}
			w.Reset()
		}
	}
}

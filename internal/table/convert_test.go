package table_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

// convert writes text as a file and reads it.
func convert(t *testing.T, r *table.Reader, text string, opt table.Options) (*dataset.Table, error) {
	t.Helper()
	src := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(src, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return r.Convert(t.Context(), src, src+".parquet", opt)
}

// brief writes a profile in a line a column: name, type, role, unit, nulls,
// sum or bounds, first.
func brief(tb *dataset.Table) []string {
	var lines []string
	for _, c := range tb.Columns {
		s := fmt.Sprintf("%s: %s %s", c.Name, c.Type, c.Role)
		if c.Unit != "" {
			s += " in " + c.Unit
		}
		if c.Nulls > 0 {
			s += fmt.Sprintf(" nulls=%d", c.Nulls)
		}
		if c.Sum != nil {
			s += fmt.Sprintf(" sum=%v", math.Round(*c.Sum*1000)/1000)
		}
		lines = append(lines, s+fmt.Sprintf(" first=%q", c.First))
	}
	return lines
}

func encode(t *testing.T, m *charmap.Charmap, s string) string {
	t.Helper()
	out, err := m.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func utf16le(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func gzipped(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const accents = "Libellé;Montant réalisé (€)\nLycées privés;1 234,50\nCœur d’été à Noël;2,25\n"

// TestConvert has a case for each kind of mess, small enough to be read.
func TestConvert(t *testing.T) {
	accented := []string{
		`Libellé: text key first="Lycées privés"`,
		`Montant réalisé (€): number measure in EUR sum=1236.75 first="1234.5"`,
	}
	cases := []struct {
		name    string
		text    string
		opt     table.Options
		rows    int64
		columns []string
		skipped []string // "line reason"
		notes   []string // each must be there
	}{
		{name: "utf-8", text: accents, rows: 2, columns: accented, notes: []string{"encoding: UTF-8", "separator: ;"}},
		{name: "byte order mark", text: "\ufeff" + accents, rows: 2, columns: accented},
		{name: "windows-1252", text: encode(t, charmap.Windows1252, accents), rows: 2, columns: accented, notes: []string{"encoding: windows-1252"}},
		{name: "iso-8859-15", text: encode(t, charmap.ISO8859_15, strings.ReplaceAll(accents, "’", "'")), rows: 2, columns: accented, notes: []string{"encoding: ISO-8859-15"}},
		{name: "utf-16", text: utf16le(accents), rows: 2, columns: accented, notes: []string{"encoding: UTF-16LE"}},
		{name: "utf-16 without mark", text: utf16le(accents)[2:], rows: 2, columns: accented},
		{
			name: "cp850", text: encode(t, charmap.CodePage850, "Nom;Préfecture\nCharente-Maritime;préfète à Île-de-Ré\nDrôme;élève\n"), rows: 2,
			columns: []string{`Nom: text key first="Charente-Maritime"`, `Préfecture: text dimension first="préfète à Île-de-Ré"`},
			notes:   []string{"encoding: IBM850"},
		},
		{
			name: "mac roman", text: encode(t, charmap.Macintosh, "Nom;Préfecture\rCharente-Maritime;préfète à l’île\rDrôme;élève\r"), rows: 2,
			columns: []string{`Nom: text key first="Charente-Maritime"`, `Préfecture: text dimension first="préfète à l’île"`},
			notes:   []string{"encoding: macintosh"},
		},
		{
			name: "one row of another encoding", text: "Nom;n\n" + strings.Repeat("Épinal;1\n", 30) + "Andr\xe9;2\n", rows: 31,
			columns: []string{`Nom: text dimension first="Épinal"`, `n: integer measure sum=32 first="1"`}, notes: []string{"repaired"},
		},
		{name: "gzip", text: gzipped(t, accents), rows: 2, columns: accented, notes: []string{"unpacked: gzip"}},
		{name: "windows-1252 signs left in utf-8", text: "a;b\nd\u0092emploi;1\n", rows: 1, columns: []string{"a: text dimension first=\"d\\u0092emploi\"", `b: integer measure sum=1 first="1"`}, notes: []string{"c1: 1"}},
		{name: "tabs", text: "a\tb\nx, y; z\t1\n", rows: 1, columns: []string{`a: text dimension first="x, y; z"`, `b: integer measure sum=1 first="1"`}, notes: []string{"separator: tab"}},
		{name: "bars", text: "a|b\nx, y|1\n", rows: 1, columns: []string{`a: text dimension first="x, y"`, `b: integer measure sum=1 first="1"`}},
		{name: "CRLF", text: "a,b\r\nx,1\r\ny,2\r\n", rows: 2, columns: []string{`a: text key first="x"`, `b: integer measure sum=3 first="1"`}},
		{name: "decimal commas beside semicolons", text: "a;b;c\nx;1,5;2,5\ny;3,25;4\n", rows: 2, columns: []string{`a: text key first="x"`, `b: number measure sum=4.75 first="1.5"`, `c: number measure sum=6.5 first="2.5"`}},
		{
			name: "spaces of every kind", text: "a;b;c\n1 234;1\u00a0234,5;1\u202f234\u202f567 €\n12;2;3 €\n", rows: 2,
			columns: []string{`a: integer measure sum=1246 first="1234"`, `b: number measure sum=1236.5 first="1234.5"`, `c: integer measure in EUR sum=1.23457e+06 first="1234567"`},
		},
		{name: "english thousands", text: "a,b\nx,\"1,234\"\ny,\"12,345,678\"\nz,7\n", rows: 3, columns: []string{`a: text key first="x"`, `b: integer measure sum=1.2346919e+07 first="1234"`}},
		{name: "one comma in an english file", text: "a,b\nx,\"1,234\"\ny,567\n", rows: 2, columns: []string{`a: text key first="x"`, `b: integer measure sum=1801 first="1234"`}},
		{name: "three decimals in a french file", text: "a;b\nx;1,234\ny;0,567\n", rows: 2, columns: []string{`a: text key first="x"`, `b: number measure sum=1.801 first="1.234"`}},
		{name: "german thousands", text: "a;b\nx;1.234,50\ny;12.345,00\n", rows: 2, columns: []string{`a: text key first="x"`, `b: number measure sum=13579.5 first="1234.5"`}},
		{name: "percent signs", text: "a;b\nx;12,5 %\ny;7 %\n", rows: 2, columns: []string{`a: text key first="x"`, `b: number measure in % sum=19.5 first="12.5"`}},
		{name: "two units are no number", text: "a;b\nx;12 €\ny;7 %\n", rows: 2, columns: []string{`a: text key first="x"`, `b: text dimension first="12 €"`}},
		{name: "dates day first", text: "a;vote\nx;13/02/2021\ny;01/03/2021\n", rows: 2, columns: []string{`a: text key first="x"`, `vote: date time first="2021-02-13"`}},
		{name: "dates month first", text: "a,d\nx,02/13/2021\ny,01/03/2021\n", rows: 2, columns: []string{`a: text key first="x"`, `d: date time first="2021-02-13"`}},
		{name: "instants", text: "a,d\nx,2021-02-13T08:30:00+01:00\ny,2021-03-01 09:15\n", rows: 2, columns: []string{`a: text key first="x"`, `d: datetime time first="2021-02-13 08:30:00"`}, notes: []string{"offset: d"}},
		{name: "no such day", text: "a,d\nx,31/02/2021\ny,01/03/2021\n", rows: 2, columns: []string{`a: text key first="x"`, `d: text dimension first="31/02/2021"`}},
		{name: "booleans", text: "a,b\nx,true\ny,FALSE\n", rows: 2, columns: []string{`a: text key first="x"`, `b: boolean dimension first="true"`}},
		{
			name: "missing marks among numbers only", text: "a;b;c\nx;1;nd\ny;ns;-\nz;-;s\nw;s;autre\nv;...;x\nu;NA;y\nt;2;z\n", rows: 7,
			columns: []string{`a: text key first="x"`, `b: integer measure nulls=5 sum=3 first="1"`, `c: text dimension first="nd"`},
		},
		{name: "negatives in brackets", text: "a;b\nx;(150,00)\ny;1 200,50\nz;n.c.\nw;25,00\n", rows: 4, columns: []string{`a: text key first="x"`, `b: number measure nulls=1 sum=1075.5 first="-150"`}},
		{name: "a remark among numbers", text: "a;b\n" + strings.Repeat("x;10\n", 500) + "y;voir note\n", rows: 501, columns: []string{`a: text dimension first="x"`, `b: integer measure nulls=1 sum=5000 first="10"`}, notes: []string{"odd_cells: b (voir note)"}},
		{name: "remarks too many", text: "a;b\nx;10\ny;voir note\n", rows: 2, columns: []string{`a: text key first="x"`, `b: text dimension first="10"`}},
		{name: "footnote marks", text: "a,b\nx,\"1,234*\"\ny,567 (p)\n", rows: 2, columns: []string{`a: text key first="x"`, `b: integer measure sum=1801 first="1234"`}, notes: []string{"marks: b (* × 1 | p × 1)"}},
		{name: "scores and times stay text", text: "a,b,c,d\nx,3–1,1:02.35,12th\ny,2 (1),59.1,TBD\n", rows: 2, columns: []string{`a: text key first="x"`, `b: text dimension first="3–1"`, `c: text dimension first="1:02.35"`, `d: text dimension first="12th"`}},
		{
			name: "codes keep their zeros", rows: 3,
			text: "code_commune;dep;siren;cp;tel;NUM;annee\n08001;08;200043156;08300;0324000000;1;2021\n2A004;2A;200041630;20000;0495000000;2;2021\n54395;54;240800862;54000;0383000000;3;2022\n",
			columns: []string{
				`code_commune: text code first="08001"`, `dep: text code first="08"`, `siren: text code first="200043156"`, `cp: text code first="08300"`,
				`tel: text code first="0324000000"`, `NUM: integer key sum=6 first="1"`, `annee: integer year sum=6064 first="2021"`,
			},
		},
		{
			name: "a column another labels is a code", text: "X_NATURE,X_NATURE_LABEL,X_MT\n6488,Autres,5\n641,Salaires,7\n641,Salaires,8\n", rows: 3,
			columns: []string{`X_NATURE: text code first="6488"`, `X_NATURE_LABEL: text dimension first="Autres"`, `X_MT: integer measure sum=20 first="5"`},
		},
		{name: "codes that went through floats", text: "code postal,n\n1000.0,1\n51100.0,2\n", rows: 2, columns: []string{`code postal: text code first="1000"`, `n: integer measure sum=3 first="1"`}},
		{name: "integers that went through floats", text: "id,nb,annee\n1.0,5.0,2019.0\n2.0,6.0,2020.0\n", rows: 2, columns: []string{`id: integer key sum=3 first="1"`, `nb: integer measure sum=11 first="5"`, `annee: integer year sum=4039 first="2019"`}},
		{
			name: "places", text: "nom;geo_point_2d;x;y\nA;48.1, 7.3;652000.5;6862000\nB;48.2, 7.4;652001.5;6862001\n", rows: 2,
			columns: []string{`nom: text key first="A"`, `geo_point_2d: text geometry first="48.1, 7.3"`, `x: number geometry sum=1.304002e+06 first="652000.5"`, `y: integer geometry sum=1.3724001e+07 first="6862000"`},
		},
		{
			name: "title and unit above, total and source below", rows: 2,
			text:    "Région Grand Est - Direction des finances;;\nUnité : milliers d'euros;;\n;;\nLibellé;2019;2020\nSports;10;20\nCulture;1;2\nTOTAL;11;22\nSource : comptes administratifs;;\n",
			columns: []string{`Libellé: text key first="Sports"`, `2019: integer measure in k€ sum=11 first="10"`, `2020: integer measure in k€ sum=22 first="20"`},
			skipped: []string{"1 title", "2 title", "7 total", "8 footnote"}, notes: []string{"unit: k€"},
		},
		{
			name: "row of units", text: "a;b;c\n;€;%\nx;1;2\ny;3;4\n", rows: 2, skipped: []string{"2 units"},
			columns: []string{`a: text key first="x"`, `b: integer measure in EUR sum=4 first="1"`, `c: integer measure in % sum=6 first="2"`},
		},
		{
			name: "names over groups of columns", rows: 3, skipped: []string{"1 title"},
			text:    "Population;;;;\n;2019;;2020;\nCommune;H;F;H;F\nAy;1;2;3;4\nBar;5;6;7;8\nCernay;9;10;11;12\n",
			columns: []string{`Commune: text key first="Ay"`, `2019 H: integer measure sum=15 first="1"`, `2019 F: integer measure sum=18 first="2"`, `2020 H: integer measure sum=21 first="3"`, `2020 F: integer measure sum=24 first="4"`},
		},
		{
			name: "names under a header of groups", rows: 3,
			text:    "Commune;Hommes;;Femmes;\n;2019;2020;2019;2020\nAy;1;2;3;4\nBar;5;6;7;8\nCernay;9;10;11;12\n",
			columns: []string{`Commune: text key first="Ay"`, `Hommes 2019: integer measure sum=15 first="1"`, `Hommes 2020: integer measure sum=18 first="2"`, `Femmes 2019: integer measure sum=21 first="3"`, `Femmes 2020: integer measure sum=24 first="4"`},
		},
		{
			name: "a row without figures is no header", rows: 4,
			text:    "dep;n;p\nArdennes;nd;nd\nAube;1;2\nMarne;3;4\nVosges;5;6\n",
			columns: []string{`dep: text key first="Ardennes"`, `n: integer measure nulls=1 sum=9 first=""`, `p: integer measure nulls=1 sum=12 first=""`},
		},
		{
			name: "a total that adds up under a longer name", text: "dep;n\nArdennes;10\nAube;20\nTotal Champagne;30\n", rows: 2, skipped: []string{"4 total"},
			columns: []string{`dep: text key first="Ardennes"`, `n: integer measure sum=30 first="10"`},
		},
		{
			name: "a name like a total's", text: "fournisseur;n\nEDF;10\nENGIE;20\nTotal Énergies;5\n", rows: 3,
			columns: []string{`fournisseur: text key first="EDF"`, `n: integer measure sum=35 first="10"`},
		},
		{
			name: "total as a category", text: "sexe;dep;n\nH;08;1\nF;08;2\nTotal;08;3\nH;10;4\nF;10;5\nTotal;10;9\n", rows: 6,
			columns: []string{`sexe: text dimension first="H"`, `dep: text code first="08"`, `n: integer measure sum=24 first="1"`}, notes: []string{"subtotals: 2"},
		},
		{
			name: "a brand like a total's, of things with a number each", text: "id_station;operateur;prises\nFR01;Total Énergies;2\nFR02;Allego;4\nFR03;Total Énergies;3\nFR04;Allego;1\n", rows: 4,
			columns: []string{`id_station: text key first="FR01"`, `operateur: text dimension first="Total Énergies"`, `prises: integer measure sum=10 first="2"`},
		},
		{
			name: "INSEE's header of commune codes", text: "CODGEO;LIBGEO;NB\n54395;Nancy;7\n57463;Metz;3\n88160;Épinal;9\n", rows: 3,
			columns: []string{`CODGEO: text code first="54395"`, `LIBGEO: text key first="Nancy"`, `NB: integer measure sum=19 first="7"`},
		},
		{
			name: "header repeated", text: "a;b\na;b\nx;1\na;b\ny;2\n", rows: 2, skipped: []string{"2 repeated_header", "4 repeated_header"},
			columns: []string{`a: text key first="x"`, `b: integer measure sum=3 first="1"`},
		},
		{
			name: "names given twice, or not at all", text: "Score,score,,x\n1,2,3,w\n3,4,5,v\n", rows: 2,
			columns: []string{`Score: integer measure sum=4 first="1"`, `score (2): integer measure sum=6 first="2"`, `col_3: integer measure sum=8 first="3"`, `x: text key first="w"`},
		},
		{name: "trailing separators", text: "a;b;;\nx;1;;\ny;2;;\n", rows: 2, columns: []string{`a: text key first="x"`, `b: integer measure sum=3 first="1"`}},
		{name: "an empty column that has a name", text: "a;Remarque\nx;\ny;\n", rows: 2, columns: []string{`a: text key first="x"`, `Remarque: text dimension nulls=2 first=""`}},
		{name: "blank lines", text: "\n\na;b\nx;1\n\ny;2\n;\n\n", rows: 2, columns: []string{`a: text key first="x"`, `b: integer measure sum=3 first="1"`}},
		{
			name: "rows short and long", text: "a;b;c\nx;1\ny;2;p;q\nz;3;r\n", rows: 3, notes: []string{"ragged: 2, 2"},
			columns: []string{`a: text key first="x"`, `b: integer measure sum=6 first="1"`, `c: text dimension nulls=1 first=""`, `col_4: text dimension nulls=2 first=""`},
		},
		{name: "last row short", text: "a;b;c\nx;1;2\ny;3;4\nz;5\n", rows: 3, notes: []string{"short_last: 4"}, columns: []string{`a: text key first="x"`, `b: integer measure sum=9 first="1"`, `c: integer measure nulls=1 sum=6 first="2"`}},
		{
			name: "quotes", rows: 3, text: "a;b\n\"x;\n1\";1\n\"say \"\"oui\"\"\";2\n5\" disk;3\n",
			columns: []string{"a: text dimension first=\"x;\\n1\"", `b: integer measure sum=6 first="1"`},
		},
		{name: "no header", text: "Ardennes,08,12.5,12/01/2020\nAube,10,13.5,13/01/2020\nMarne,51,10.5,14/01/2020\nVosges,88,3.5,15/01/2020\n", rows: 4, notes: []string{"no_header"}, columns: []string{`col_1: text key first="Ardennes"`, `col_2: text code first="08"`, `col_3: number measure sum=40 first="12.5"`, `col_4: date time first="2020-01-12"`}},
		{name: "years as headers", text: "pays;2019;2020\nA;1;2\nB;3;4\n", rows: 2, columns: []string{`pays: text key first="A"`, `2019: integer measure sum=4 first="1"`, `2020: integer measure sum=6 first="2"`}},
		{name: "one column", text: "nom\nAlice\nBob\n", rows: 2, columns: []string{`nom: text key first="Alice"`}},
		{name: "header alone", text: "a,b\n", rows: 0, columns: []string{`a: text dimension first=""`, `b: text dimension first=""`}},
		{name: "links and prose", text: "nom,site,note\nA,https://a.example/," + strings.Repeat("longue prose ", 20) + "\nB,https://b.example/," + strings.Repeat("autre prose ", 20) + "\n", rows: 2, columns: []string{`nom: text key first="A"`, `site: text text first="https://a.example/"`, `note: text text first="` + strings.Repeat("longue prose ", 15) + `longu…"`}},
	}
	r := newReader(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := convert(t, r, c.text, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows != c.rows {
				t.Errorf("rows %d, want %d", got.Rows, c.rows)
			}
			if b := brief(got); !slices.Equal(b, c.columns) {
				t.Errorf("columns\n%s\nwant\n%s", strings.Join(b, "\n"), strings.Join(c.columns, "\n"))
			}
			var skipped []string
			for _, s := range got.Skipped {
				skipped = append(skipped, fmt.Sprintf("%d %s", s.Line, s.Reason))
			}
			if !slices.Equal(skipped, c.skipped) {
				t.Errorf("skipped %q, want %q", skipped, c.skipped)
			}
			for _, n := range c.notes {
				if !slices.Contains(got.Notes, n) {
					t.Errorf("notes %q lack %q", got.Notes, n)
				}
			}
		})
	}
}

// TestStatusesAndAbsentValues reads what a statistical institute puts beside and in
// place of figures: told and counted, never a number, never zero.
func TestStatusesAndAbsentValues(t *testing.T) {
	got, err := convert(t, newReader(t), "commune;taux;effectif\nMetz;12,3 p;100\nNancy;11,5;s\nToul;9,8 e;nd\nReims;8,1 p;…\nTroyes;7,0 (r);20\nSedan;ns;nd\n", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rate, staff := got.Column("taux"), got.Column("effectif")
	if rate.Sum == nil || math.Abs(*rate.Sum-48.7) > 1e-9 || rate.Nulls != 1 {
		t.Errorf("taux is %s with %d nulls, want a sum of 48.7 and 1", rate.Type, rate.Nulls)
	}
	if staff.Sum == nil || *staff.Sum != 120 || staff.Nulls != 4 {
		t.Errorf("effectif is %s with %d nulls, want a sum of 120 and 4", staff.Type, staff.Nulls)
	}
	for _, want := range []string{"marks: taux (p × 2 | e × 1 | r × 1)", "absent: taux (ns × 1)", "absent: effectif (nd × 2 | s × 1 | … × 1)"} {
		if !slices.Contains(got.Notes, want) {
			t.Errorf("notes %q, want %q", got.Notes, want)
		}
	}
}

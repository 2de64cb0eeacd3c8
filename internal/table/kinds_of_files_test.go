package table_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/table"
)

// TestCSVKinds reads files with one kind of fault each.
func TestCSVKinds(t *testing.T) {
	rows := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i) + "\n")
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		text string
		rows int64
		want []string // columns, as brief says them
		note string
	}{
		"an orphan quote before a quoted cell": {
			"lieu,nom,prix total\n1,\"Halle\",4\n2,\"Pont neuf,6\n3,\"Quai\",8\n", 3,
			[]string{`lieu: integer measure sum=6 first="1"`, `nom: text key first="Halle"`, `prix total: integer measure sum=18 first="4"`}, "orphan: 1, 3",
		},
		"an orphan quote that nothing closes": {
			"a;b\n" + rows(9, func(i int) string { return fmt.Sprintf("x%d;%d", i, i) }) + "\"y;5\n" + rows(9, func(i int) string { return fmt.Sprintf("z%d;%d", i, i) }), 19,
			[]string{`a: text dimension first="x0"`, `b: integer measure sum=77 first="0"`}, "orphan: 1, 11",
		},
		"a cell over several lines is whole": {
			"a;b\n\"one;\ntwo;3\nthree\";5\nu;6\n", 2,
			[]string{"a: text dimension first=\"one;\\ntwo;3\\nthree\"", `b: integer measure sum=11 first="5"`}, "",
		},
		"codes, names and units under the columns": {
			"jour;eau;gaz\n02/01/2023;1,5;2,5\n03/01/2023;1,5;2,5\n04/01/2023;1,5;2,5\n\ncode;H2O;CH4\nunité;1;1\n", 3,
			[]string{`jour: date time first="2023-01-02"`, `eau: number measure sum=4.5 first="1.5"`, `gaz: number measure sum=7.5 first="2.5"`}, "",
		},
		"source in two cells": {
			"ville;lits;chambres\nA;10;4\nB;20;8\nSource;ARS;\n", 2,
			[]string{`ville: text key first="A"`, `lits: integer measure sum=30 first="10"`, `chambres: integer measure sum=12 first="4"`}, "",
		},
		"the minus behind": {
			"c;solde\nu;2 000,50\nv;1 000,25-\n", 2,
			[]string{`c: text key first="u"`, `solde: number measure sum=1000.25 first="2000.5"`}, "",
		},
		"identifiers that a spreadsheet made powers of ten": {
			"siren;voix\n3,79E+08;4\n4,01E+08;5\n", 2,
			[]string{`siren: text code first="3,79E+08"`, `voix: integer measure sum=9 first="4"`}, "damaged: siren",
		},
		"three decimals in a French file of commas": {
			"\"Commune\",\"tarif_m3\"\n\"A\",\"2,451\"\n\"B\",\"3,102\"\n", 2,
			[]string{`Commune: text key first="A"`, `tarif_m3: number measure in €/m³ sum=5.553 first="2.451"`}, "three: tarif_m3",
		},
		"points before three digits among small numbers": {
			"puits;debit (m3);cote\nA;2,5;2.125\nB;3,5;4\nC;1,25;3.5\n", 3, nil, "",
		},
		"units of one family in cells": {
			"piste;longueur\na;1,2 km\nb;800 m\n", 2,
			[]string{`piste: text key first="a"`, `longueur: number measure in m sum=2000 first="1200"`}, "",
		},
		"the header again in another order": {
			"quai;rames;bus\nA;1;2\nBUS;Quai;Rames\n3;B;4\n5;C;6\n", 3,
			[]string{`quai: text key first="A"`, `rames: integer measure sum=11 first="1"`, `bus: integer measure sum=10 first="2"`}, "",
		},
		"the header again with one name more": {
			"quai;rames\nA;1\n\nquai;rames;remarque\nB;4;vu\n", 2,
			[]string{`quai: text key first="A"`, `rames: integer measure sum=5 first="1"`, `remarque: text dimension nulls=1 first=""`}, "",
		},
		"comments among the rows": {
			"#quai;rames\nA;1\n# B a été fermé\n// et C aussi\nD;4\n", 2,
			[]string{`quai: text key first="A"`, `rames: integer measure sum=5 first="1"`}, "",
		},
		"lines of two encodings": {
			"lieu;n\nForêt;1\nPr\xe9;2\nCh\xeane;3\nÉtang;4\n", 4,
			[]string{`lieu: text key first="Forêt"`, `n: integer measure sum=10 first="1"`}, "repaired",
		},
		"flags of a statistical institute": {
			"zone;2021;2022\nA;12,5 p;13,1 b\nB;11,2;: c\nC;:;10,4\n", 3,
			[]string{`zone: text key first="A"`, `2021: number measure nulls=1 sum=23.7 first="12.5"`, `2022: number measure nulls=1 sum=23.5 first="13.1"`}, "absent: 2022 (: c × 1)",
		},
		"raised marks behind numbers": {
			"zone;n\nA;10¹\nB;1 234¹ ²\n", 2, []string{`zone: text key first="A"`, `n: integer measure sum=1244 first="10"`}, "",
		},
		"one column of texts with commas": {
			"lieu\n12, rue Haute\n3, place Basse\n", 2, []string{`lieu: text dimension first="12, rue Haute"`}, "",
		},
		"one column whose unit stands behind a comma": {
			"Part, en %\n12,5\n3,75\n", 2, []string{`Part, en %: number measure in % sum=16.25 first="12.5"`}, "",
		},
		"points that group what is counted": {
			"zone;habitants\nA;118.489\nB;104.260\n", 2, []string{`zone: text key first="A"`, `habitants: integer measure sum=222749 first="118489"`}, "groups: habitants",
		},
		"one column of decimal commas": {
			"hauteur\n1,25\n10,5\n", 2, []string{`hauteur: number measure sum=11.75 first="1.25"`}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, "f.csv", c.text)
			if b := brief(got); got.Rows != c.rows || c.want != nil && !slices.Equal(b, c.want) {
				t.Errorf("%d rows, columns\n%s\nwant %d\n%s\nskipped %v", got.Rows, strings.Join(b, "\n"), c.rows, strings.Join(c.want, "\n"), got.Skipped)
			}
			if c.note != "" && !slices.Contains(got.Notes, c.note) {
				t.Errorf("notes %q, want %q", got.Notes, c.note)
			}
		})
	}
}

// book is a spreadsheet of the sheets given: name, rows and what follows them.
func book(t testing.TB, props, styles string, sheets ...[3]string) string {
	parts := []string{"[Content_Types].xml", `<Types/>`}
	var rels, list strings.Builder
	for i, s := range sheets {
		fmt.Fprintf(&rels, `<Relationship Id="r%d" Target="worksheets/s%d.xml"/>`, i, i)
		fmt.Fprintf(&list, `<sheet name="%s" r:id="r%d"/>`, s[0], i)
		parts = append(parts, fmt.Sprintf("xl/worksheets/s%d.xml", i), `<worksheet><sheetData>`+s[1]+`</sheetData>`+s[2]+`</worksheet>`)
	}
	parts = append(parts, "xl/_rels/workbook.xml.rels", `<Relationships>`+rels.String()+`</Relationships>`,
		"xl/workbook.xml", `<workbook><sheets>`+list.String()+`</sheets>`+props+`</workbook>`, "xl/styles.xml", `<styleSheet>`+styles+`</styleSheet>`)
	return archive(t, parts...)
}

// cells writes rows of a sheet: texts between bars, numbers as they are, "=" before a formula, "" for no cell.
func cells(rows ...string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, c := range strings.Split(row, "|") {
			ref := fmt.Sprintf("%c%d", 'A'+j, i+1)
			style := ""
			if at := strings.IndexByte(c, '#'); at >= 0 {
				c, style = c[:at], ` s="`+c[at+1:]+`"`
			}
			switch {
			case c == "":
			case c[0] == '=':
				f, v, _ := strings.Cut(c[1:], "=")
				if v != "" {
					v = "<v>" + v + "</v>"
				}
				fmt.Fprintf(&b, `<c r="%s"><f>%s</f>%s</c>`, ref, f, v)
			case c[0] >= '0' && c[0] <= '9':
				fmt.Fprintf(&b, `<c r="%s"%s><v>%s</v></c>`, ref, style, c)
			default:
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, c)
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}

const testStyles = `<numFmts><numFmt numFmtId="170" formatCode="[h]:mm"/><numFmt numFmtId="171" formatCode="#,##0,"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>`

// TestXLSXKinds reads workbooks with one kind of trap each.
func TestXLSXKinds(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		rows int64
		want []string
		note string
	}{
		"a label merged over its rows": {
			book(t, "", testStyles, [3]string{"F", cells("canton|bourg|age moyen", "Nord|a|1", "|b|2", "Sud|c|3"), `<mergeCells><mergeCell ref="A2:A3"/></mergeCells>`}), 3,
			[]string{`canton: text dimension first="Nord"`, `bourg: text key first="a"`, `age moyen: integer measure sum=6 first="1"`}, "",
		},
		"three rows of names": {
			book(t, "", testStyles, [3]string{"F", cells("Zone|Ventes", "|2021||2022", "|neuf|vieux|neuf|vieux", "N|1|2|3|4", "S|5|6|7|8", "E|9|1|2|3"), `<mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B1:E1"/></mergeCells>`}), 3,
			[]string{`Zone: text key first="N"`, `Ventes 2021 neuf: integer measure sum=15 first="1"`, `Ventes 2021 vieux: integer measure sum=9 first="2"`, `Ventes 2022 neuf: integer measure sum=12 first="3"`, `Ventes 2022 vieux: integer measure sum=15 first="4"`}, "",
		},
		"a sheet a year": {
			book(t, "", testStyles, [3]string{"Bilan 2021", cells("parc|visites", "a|4", "b|6"), ""}, [3]string{"Bilan 2022", cells("parc|visites", "a|5", "c|7"), ""}), 4,
			[]string{`parc: text dimension first="a"`, `visites: integer measure sum=22 first="4"`, `annee: integer year sum=8086 first="2021"`}, "sheets: Bilan 2021, Bilan 2022",
		},
		"the long sheet, not the wide dictionary": {
			book(t, "", testStyles, [3]string{"Dico", cells(slices.Repeat([]string{"v|libelle|type|taille|note"}, 150)...), ""},
				[3]string{"Donnees", cells(slices.Insert(slices.Repeat([]string{"a|1"}, 900), 0, "lieu|n")...), ""}), 900,
			[]string{`lieu: text dimension first="a"`, `n: integer measure sum=900 first="1"`}, "sheet: Donnees",
		},
		"two rows of names over two rows": {
			book(t, "", testStyles, [3]string{"F", cells("Parcs de la ville", "Zone|2021||2022", "|neuf|vieux|neuf|vieux", "N|1|2|3|4", "S|5|6|7|8"),
				`<mergeCells><mergeCell ref="A1:E1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/><mergeCell ref="D2:E2"/></mergeCells>`}), 2,
			[]string{`Zone: text key first="N"`, `2021 neuf: integer measure sum=6 first="1"`, `2021 vieux: integer measure sum=8 first="2"`, `2022 neuf: integer measure sum=10 first="3"`, `2022 vieux: integer measure sum=12 first="4"`}, "",
		},
		"a mark of a footnote above the line": {
			book(t, "", testStyles, [3]string{"F", cells("lieu|n", "a|1", "b|2") + `<row r="4"><c r="A4" t="inlineStr"><is><t>c</t></is></c><c r="B4" t="inlineStr"><is><r><t>41</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>3</t></r></is></c></row>`, ""}), 3,
			[]string{`lieu: text key first="a"`, `n: integer measure sum=44 first="1"`}, "marks: n (³ × 1)",
		},
		"hidden rows are read and said": {
			book(t, "", testStyles, [3]string{"F", strings.Replace(cells("lieu|n", "a|1", "b|2"), `<row r="3">`, `<row r="3" hidden="1">`, 1), ""}), 2,
			[]string{`lieu: text key first="a"`, `n: integer measure sum=3 first="1"`}, "hidden: 1",
		},
		"the same columns in another order, under names with the year": {
			book(t, "", testStyles, [3]string{"2021", cells("parc|visites 2021|jours", "a|4|1", "b|6|2"), ""}, [3]string{"2022", cells("jours|parc|visites 2022|pluie", "3|a|5|9", "4|c|7|8"), ""}), 4,
			[]string{`jours: integer measure sum=10 first="1"`, `parc: text dimension first="a"`, `visites: integer measure sum=22 first="4"`, `pluie: integer measure nulls=2 sum=17 first=""`, `annee: integer year sum=8086 first="2021"`}, "sheets: 2021, 2022",
		},
		"a small sheet of data, not the long dictionary": {
			book(t, "", testStyles, [3]string{"Variables", cells(slices.Insert(slices.Repeat([]string{"v|un libelle|texte"}, 50), 0, "variable|libelle|type")...), ""},
				[3]string{"Donnees", cells("lieu|n", "a|1", "b|2"), ""}), 2,
			[]string{`lieu: text key first="a"`, `n: integer measure sum=3 first="1"`}, "sheet: Donnees",
		},
		"formulas nobody computed": {
			book(t, `<calcPr fullCalcOnLoad="1"/>`, testStyles, [3]string{"F", cells("p|n|total", "a|1|=B2*2=0", "b|2|=B3*2=0"), ""}), 2,
			[]string{`p: text key first="a"`, `n: integer measure sum=3 first="1"`, `total: text dimension nulls=2 first=""`}, "formulas: 2",
		},
		"formulas computed, one to nothing": {
			book(t, `<calcPr fullCalcOnLoad="1"/>`, testStyles, [3]string{"F", cells("p|n|total", "a|1|=B2*2=2", "b|0|=B3*2=0"), ""}), 2,
			[]string{`p: text key first="a"`, `n: integer measure sum=1 first="1"`, `total: integer measure sum=2 first="2"`}, "",
		},
		"hours past a day": {
			book(t, "", testStyles, [3]string{"F", cells("qui|temps", "a|0.25#2", "b|1.5#2"), ""}), 2,
			[]string{`qui: text key first="a"`, `temps: integer measure in h sum=42 first="6"`}, "",
		},
		"shown in thousands, held whole": {
			book(t, "", testStyles, [3]string{"F", cells("poste|montant (k€)", "a|1500000#3", "b|2500000#3"), ""}), 2,
			[]string{`poste: text key first="a"`, `montant (k€): integer measure in EUR sum=4e+06 first="1500000"`}, "scaled: montant (k€)",
		},
		"the end of time, and days before March 1900": {
			book(t, "", testStyles, [3]string{"F", cells("m|fin", "a|2958465#1", "b|1#1", "c|59#1", "d|61#1"), ""}), 4,
			[]string{`m: text key first="a"`, `fin: date time first="9999-12-31"`}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := convert(t, newReader(t), c.text, table.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if b := brief(got); got.Rows != c.rows || !slices.Equal(b, c.want) {
				t.Errorf("%d rows, columns\n%s\nwant %d\n%s", got.Rows, strings.Join(b, "\n"), c.rows, strings.Join(c.want, "\n"))
			}
			if c.note != "" && !slices.Contains(got.Notes, c.note) {
				t.Errorf("notes %q, want %q", got.Notes, c.note)
			}
			if d := got.Column("fin"); d != nil && (d.Min != "1900-01-01" || d.Max != "9999-12-31") {
				t.Errorf("days from %s to %s", d.Min, d.Max)
			}
		})
	}
}

func TestODSMerged(t *testing.T) {
	cell := func(attrs, text string) string {
		return `<table:table-cell ` + attrs + `><text:p>` + text + `</text:p></table:table-cell>`
	}
	row := func(cells ...string) string {
		return `<table:table-row>` + strings.Join(cells, "") + `</table:table-row>`
	}
	text := archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml",
		`<office:document-content><office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>
		<table:table table:name="Brouillon" table:style-name="ta2">`+strings.Repeat(row(cell("", "x"), cell("", "y"), cell("", "z")), 40)+`</table:table>
		<table:table table:name="Vu">`+row(cell("", "canton"), cell("", "bourg"))+row(cell(`table:number-rows-spanned="2"`, "Nord"), cell("", "a"))+
			row(`<table:covered-table-cell/>`, cell("", "b"))+row(cell("", "Sud"), cell("", "c"))+`</table:table></office:spreadsheet></office:body></office:document-content>`)
	got, err := convert(t, newReader(t), text, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := got.Column("canton"); c == nil || got.Rows != 3 || c.Nulls != 0 || c.Values[0].Text != "Nord" || c.Values[0].Count != 2 {
		t.Errorf("%d rows, columns %+v", got.Rows, got.Columns)
	}
}

// TestODSKinds reads spreadsheets of OpenDocument with one kind of trap each.
func TestODSKinds(t *testing.T) {
	cell := func(attrs, text string) string {
		return `<table:table-cell ` + attrs + `><text:p>` + text + `</text:p></table:table-cell>`
	}
	number := func(v string) string {
		return cell(`office:value-type="float" office:value="`+v+`"`, v)
	}
	row := func(cells ...string) string {
		return `<table:table-row>` + strings.Join(cells, "") + `</table:table-row>`
	}
	lasting := func(v string) string {
		return cell(`office:value-type="time" office:time-value="`+v+`"`, v)
	}
	const covered = `<table:covered-table-cell/>`
	for name, c := range map[string]struct {
		rows string
		want []string
		note string
	}{
		"hours past a day": {
			row(cell("", "qui"), cell("", "temps")) + row(cell("", "a"), lasting("PT12H00M00S")) + row(cell("", "b"), lasting("PT36H30M00S")),
			[]string{`qui: text key first="a"`, `temps: number measure in h sum=48.5 first="12"`}, "",
		},
		"times of day": {
			row(cell("", "qui"), cell("", "heure")) + row(cell("", "a"), cell(`office:value-type="time" office:time-value="PT12H00M00S"`, "12:00")),
			[]string{`qui: text dimension first="a"`, `heure: text dimension first="12:00"`}, "",
		},
		"formulas without a result": {
			row(cell("", "p"), cell("", "n"), cell("", "double")) + row(cell("", "a"), number("1"), `<table:table-cell table:formula="of:=[.B2]*2"/>`) + row(cell("", "b"), number("2"), `<table:table-cell table:formula="of:=[.B3]*2"/>`),
			[]string{`p: text key first="a"`, `n: integer measure sum=3 first="1"`, `double: text dimension nulls=2 first=""`}, "formulas: 2",
		},
		"three rows of names": {
			row(cell("", ""), cell(`table:number-columns-spanned="4"`, "2020"), covered, covered, covered) +
				row(cell("", ""), cell(`table:number-columns-spanned="2"`, "Eau"), covered, cell(`table:number-columns-spanned="2"`, "Gaz"), covered) +
				row(cell("", "zone"), cell("", "lu"), cell("", "vu"), cell("", "lu"), cell("", "vu")) + row(cell("", "a"), number("1"), number("2"), number("3"), number("4")),
			[]string{`zone: text dimension first="a"`, `2020 Eau lu: integer measure sum=1 first="1"`, `2020 Eau vu: integer measure sum=2 first="2"`, `2020 Gaz lu: integer measure sum=3 first="3"`, `2020 Gaz vu: integer measure sum=4 first="4"`}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := convert(t, newReader(t), archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml",
				`<office:document-content><office:body><office:spreadsheet><table:table table:name="F">`+c.rows+`</table:table></office:spreadsheet></office:body></office:document-content>`), table.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if b := brief(got); !slices.Equal(b, c.want) {
				t.Errorf("columns\n%s\nwant\n%s", strings.Join(b, "\n"), strings.Join(c.want, "\n"))
			}
			if c.note != "" && !slices.Contains(got.Notes, c.note) {
				t.Errorf("notes %q, want %q", got.Notes, c.note)
			}
		})
	}
}

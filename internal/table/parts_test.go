package table_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/table"
)

// TestParts reads files that hold several tables, or something besides one.
func TestParts(t *testing.T) {
	stacked := cells("Naissances", "ville|nés", "a|4", "b|6", "", "", "Travaux en k€", "voie|coût|an", "x|10|2020", "y|20|2021", "", "Source : la ville")
	for name, c := range map[string]struct {
		text string
		want []string // part: rows and columns
		left []string // name: detail
	}{
		"a file of one table": {"a;b\n1;2\n", []string{": 1 a, b"}, nil},
		"tables below one another in a text file": {
			"Naissances;;\nville;nés;\na;4;\nb;6;\n;;\nTravaux en k€;;\nvoie;coût;an\nx;10;2020\n\"y\nz\";20;2021\nw;5;2021\n",
			[]string{"Travaux en k€: 3 voie, coût, an", "Naissances: 2 ville, nés"}, nil,
		},
		"tables below one another that nothing names": {
			"ville;nés\na;4\nb;6\n\nvoie;coût;an\nx;10;2020\ny;20;2021\n",
			[]string{"voie, coût, an: 2 voie, coût, an", "ville, nés: 2 ville, nés"}, nil,
		},
		"a text file with a line left blank": {
			"ville;nés\na;4\n\nb;6\n",
			[]string{": 2 ville, nés"}, nil,
		},
		"tables below one another": {
			book(t, "", testStyles, [3]string{"F", stacked, ""}),
			[]string{"Travaux en k€: 2 voie, coût, an", "Naissances: 2 ville, nés"}, nil,
		},
		"tables beside one another": {
			book(t, "", testStyles, [3]string{"F", cells("ville|nés||voie|coût", "a|4||x|10", "b|6||y|20", "|||z|30"), ""}),
			[]string{"F (2): 3 voie, coût", "F (1): 2 ville, nés"}, nil,
		},
		"a column left blank for the looks": {
			book(t, "", testStyles, [3]string{"F", cells("ville|nés||morts|mariés", "a|4||1|10", "b|6||2|20"), ""}),
			[]string{": 2 ville, nés, morts, mariés"}, nil,
		},
		"a line left blank within a table, its header again": {
			book(t, "", testStyles, [3]string{"F", cells("ville|nés", "a|4", "", "b|6", "", "ville|nés", "c|7"), ""}),
			[]string{": 3 ville, nés"}, nil,
		},
		"sheets of different tables, a page of text, a dictionary": {
			book(t, "", testStyles, [3]string{"Lisez-moi", cells("Ce classeur présente la ville."), ""}, [3]string{"Nés", cells("ville|nés", "a|4", "b|6"), ""},
				[3]string{"Voies", cells("voie|coût|an", "x|10|2020", "y|20|2021"), ""}, [3]string{"Variables", cells("variable|libelle", "nés|naissances", "coût|en k€"), ""}),
			[]string{"Voies: 2 voie, coût, an", "Nés: 2 ville, nés"}, []string{"Lisez-moi: prose", "Variables: dictionary"},
		},
		"an archive of two tables and a notice": {
			archive(t, "dossier/nés.csv", "ville;nés\na;4\nb;6\nc;9\n", "dossier/voies.csv", "voie;coût\nx;10\n", "LISEZMOI.txt", "Bonjour.", "carte.shp", "x"),
			[]string{"dossier/nés.csv: 3 ville, nés", "dossier/voies.csv: 1 voie, coût"}, []string{"LISEZMOI.txt: prose", "carte.shp: map"},
		},
		"a workbook of two sheets in an archive": {
			archive(t, "ville.xlsx", book(t, "", testStyles, [3]string{"Nés", cells("ville|nés", "a|4", "b|6"), ""}, [3]string{"Voies", cells("voie|coût|an", "x|10|2020", "y|20|2021"), ""})),
			[]string{"ville.xlsx › Voies: 2 voie, coût, an", "ville.xlsx › Nés: 2 ville, nés"}, nil,
		},
		"a timetable": {
			archive(t, "stops.txt", "stop_id,stop_name\nS1,Gare\nS2,Parc\n", "routes.txt", "route_id,route_type\nR1,3\n", "trips.txt", "route_id,trip_id\nR1,T1\nR1,T2\nR1,T3\n"),
			[]string{"courses (trips.txt): 3 route_id, trip_id", "arrêts (stops.txt): 2 stop_id, stop_name", "lignes (routes.txt): 1 route_id, route_type"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			src := filepath.Join(dir, "f")
			if err := os.WriteFile(src, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			tables, left, err := newReader(t).ConvertAll(t.Context(), src, func(n int) string { return filepath.Join(dir, fmt.Sprint(n)) }, table.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got, aside []string
			for i, x := range tables {
				got = append(got, fmt.Sprintf("%s: %d %s", x.Part, x.Rows, strings.Join(names(x), ", ")))
				if _, err := os.Stat(filepath.Join(dir, fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			}
			for _, l := range left {
				aside = append(aside, l.Name+": "+l.Err.Detail)
			}
			if !slices.Equal(got, c.want) || !slices.Equal(aside, c.left) {
				t.Errorf("tables %q, want %q\nleft %q, want %q", got, c.want, aside, c.left)
			}
		})
	}
}

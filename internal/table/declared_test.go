package table_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
)

// What the publisher declares of columns: units that headers do not tell, and
// labels where the file has technical names. The file's own word comes first, and
// a text has no unit.
func TestDeclaredFields(t *testing.T) {
	fields := []dataset.Field{
		{Name: "conso", Label: "Consommation", Unit: "kWh"}, {Name: "cout", Label: "Coût", Unit: "euros"},
		{Name: "longueur", Label: "Longueur (km)", Unit: "m"}, {Name: "rue", Label: "Rue", Unit: "n/a"},
		{Name: "debit", Unit: "l/s"}, {Name: "note", Unit: "à lire avec la notice jointe au jeu de données"}, {Name: "absent", Label: "Absent", Unit: "km"},
	}
	for name, header := range map[string]string{
		"by their labels":          "Rue;Consommation;Coût;Longueur (km);debit;note",
		"by their technical names": "rue;conso;cout;longueur;debit;note",
		"in other letters":         "RUE;CONSOMMATION;COUT;LONGUEUR (KM);DEBIT;NOTE",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			src := filepath.Join(dir, "t.csv")
			if err := os.WriteFile(src, []byte(header+"\nHaute;12,5;3,5;2,5;1,5;4,5\nBasse;13,5;4,5;1,5;2,5;3,5\nNeuve;10,5;2,5;7,5;6,5;1,5\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := table.Convert(t.Context(), src, filepath.Join(dir, "t.parquet"), table.Options{Fields: fields})
			if err != nil {
				t.Fatal(err)
			}
			var units []string
			for _, c := range got.Columns {
				units = append(units, c.Unit)
			}
			if s := strings.Join(units, "|"); s != "|kWh|EUR|km|l/s|" {
				t.Errorf("units %s", s)
			}
			if name == "by their technical names" && (got.Columns[1].Name != "Consommation" || got.Columns[0].Name != "Rue" || got.Columns[4].Name != "debit") {
				t.Errorf("%s, %s, %s", got.Columns[0].Name, got.Columns[1].Name, got.Columns[4].Name)
			}
		})
	}
}

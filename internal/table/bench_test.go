package table_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/table"
)

// BenchmarkConvert reads tables of the sizes that matter: those of an
// evaluation, a region's communes over six years, a national file.
func BenchmarkConvert(b *testing.B) {
	for _, rows := range []int{50, 30_000, 300_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			src := filepath.Join(b.TempDir(), "communes.csv")
			text := communes(rows)
			if err := os.WriteFile(src, []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
			r := newReader(b)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := r.Convert(b.Context(), src, src+".parquet", table.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// communes writes a table of 8 columns in the French manner.
func communes(rows int) string {
	var s strings.Builder
	s.WriteString("annee;code_commune;commune;code_departement;departement;date_maj;population;montant (€)\n")
	for i := range rows {
		fmt.Fprintf(&s, "%d;%05d;Commune n° %d;%02d;Ardennes;%02d/01/2024;%d;%d,%02d\n", 2020+i%6, i%36000, i%36000, i%96, 1+i%28, i*7%50_000, i, i%100)
	}
	return s.String()
}

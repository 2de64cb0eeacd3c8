package folder_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest/folder"
)

// properties are what is asked of each record.
var properties = []struct {
	name string
	has  func(dataset.Dataset) bool
}{
	{"title", func(d dataset.Dataset) bool { return d.Title != "" && d.Title != d.ID }},
	{"description", func(d dataset.Dataset) bool { return d.Description != "" }},
	{"licence", func(d dataset.Dataset) bool { return d.Licence != dataset.Licence{} }},
	{"dates", func(d dataset.Dataset) bool { return !d.Created.IsZero() || !d.Modified.IsZero() }},
	{"files", func(d dataset.Dataset) bool { return len(d.Distributions) > 0 }},
	{"publisher", func(d dataset.Dataset) bool { return d.Publisher != "" }},
}

// TestRecordedPayloads reads what real portals answered. With -v it prints a
// line a folder: of how many records each property comes through; and for each
// file, what its records lack.
func TestRecordedPayloads(t *testing.T) {
	root := filepath.Join(cmp.Or(os.Getenv("CIGOGNE_SHARED"), filepath.Join("..", "..", "..", "..", "shared")), "fixtures")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no recorded payloads: %v", err)
	}
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\nfolder\trecords\tunreadable\tleft out\t")
	for _, p := range properties {
		fmt.Fprint(w, p.name, "\t")
	}
	for _, name := range []string{"ckan", "udata", "ods", "csw", "geonetwork4", "dcat"} {
		files, err := filepath.Glob(filepath.Join(root, name, "*"))
		if err != nil {
			t.Fatal(err)
		}
		records, broken, hidden, has := 0, 0, 0, make([]int, len(properties))
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found, report, err := folder.Records(b, "https://portail.exemple.fr")
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
				continue
			}
			records, broken, hidden = records+len(found), broken+report.Broken, hidden+report.Hidden
			lacking := map[string]int{}
			for _, d := range found {
				for i, p := range properties {
					if p.has(d) {
						has[i]++
						continue
					}
					lacking[p.name]++
				}
			}
			if len(lacking) > 0 {
				t.Logf("%s: of %d records, without %v", filepath.Base(path), len(found), lacking)
			}
		}
		fmt.Fprintf(w, "\n%s\t%d\t%d\t%d\t", name, records, broken, hidden)
		for i := range properties {
			fmt.Fprintf(w, "%d\t", has[i])
		}
		if records == 0 || has[0] < records {
			t.Errorf("%s: %d of %d records have a title", name, has[0], records)
		}
	}
	fmt.Fprintln(w)
	w.Flush()
	t.Log(out.String())
}

package folder_test

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/folder"
	"cigogne/internal/harvest/harvesttest"
)

// TestRecordedPayloads reads what real portals answered. With -v it prints a
// line a folder: of how many records each property comes through; and for each
// file, what its records lack.
func TestRecordedPayloads(t *testing.T) {
	root := filepath.Join(cmp.Or(os.Getenv("CIGOGNE_SHARED"), filepath.Join("..", "..", "..", "..", "shared")), "fixtures")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no recorded payloads: %v", err)
	}
	lines := []string{"", harvesttest.Head()}
	for _, name := range []string{"ckan", "udata", "ods", "csw", "geonetwork4", "dcat"} {
		files, err := filepath.Glob(filepath.Join(root, name, "*"))
		if err != nil {
			t.Fatal(err)
		}
		var all []dataset.Dataset
		var sum harvest.Report
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
			all = append(all, found...)
			sum.Add(report)
			if s := harvesttest.Lacking(found); s != "" {
				t.Logf("%s: of %d records without: %s", filepath.Base(path), len(found), s)
			}
		}
		lines = append(lines, harvesttest.Line("recorded: "+name, all, sum))
		for _, d := range all {
			if d.Title == "" {
				t.Errorf("%s: %s has no title", name, d.ID)
			}
		}
		if len(all) == 0 {
			t.Errorf("%s: no records", name)
		}
	}
	t.Log(strings.Join(lines, "\n"))
}

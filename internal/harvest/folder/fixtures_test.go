package folder_test

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest/folder"
)

// share tells of how many datasets something is said.
type share struct {
	records, broken, hidden, title, description, licence, dates, files, publisher, tables int
}

func (s *share) add(d dataset.Dataset) {
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	s.records++
	count(&s.title, d.Title != "" && d.Title != d.ID)
	count(&s.description, d.Description != "")
	count(&s.licence, d.Licence != (dataset.Licence{}))
	count(&s.dates, !d.Created.IsZero() || !d.Modified.IsZero())
	count(&s.publisher, d.Publisher != "")
	count(&s.files, len(d.Distributions) > 0)
	for _, x := range d.Distributions {
		if x.Format == "csv" || x.Format == "xlsx" {
			s.tables++
			break
		}
	}
}

// TestRecordedPayloads reads what real portals answered. With -v it prints what
// comes through, folder by folder, and what each record lacks.
func TestRecordedPayloads(t *testing.T) {
	root := filepath.Join(cmp.Or(os.Getenv("CIGOGNE_SHARED"), filepath.Join("..", "..", "..", "..", "shared")), "fixtures")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no recorded payloads: %v", err)
	}
	for _, name := range []string{"ckan", "udata", "ods", "csw", "geonetwork4", "dcat"} {
		t.Run(name, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(root, name, "*"))
			if err != nil {
				t.Fatal(err)
			}
			var sum share
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
				var one share
				for _, d := range found {
					sum.add(d)
					one.add(d)
					if d.Licence == (dataset.Licence{}) || d.Description == "" || len(d.Distributions) == 0 || d.Created.IsZero() && d.Modified.IsZero() || d.Publisher == "" {
						t.Logf("   lacks: %s: %q licence %v, %d files, description %d, dates %v %v, publisher %q", d.ID, d.Title, d.Licence, len(d.Distributions), len(d.Description), d.Created, d.Modified, d.Publisher)
					}
				}
				sum.broken, sum.hidden = sum.broken+report.Broken, sum.hidden+report.Hidden
				t.Logf("%s: %+v, broken %d, hidden %d", filepath.Base(path), one, report.Broken, report.Hidden)
			}
			t.Logf("%s: %+v", name, sum)
			if sum.records == 0 || sum.title < sum.records {
				t.Errorf("%d of %d records have a title", sum.title, sum.records)
			}
		})
	}
}

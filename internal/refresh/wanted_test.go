package refresh

import (
	"testing"

	"cigogne/internal/dataset"
)

func TestWanted(t *testing.T) {
	const at = "https://exemple.fr/"
	csv := dataset.Distribution{Format: "csv", URL: at + "a.csv"}
	for name, c := range map[string]struct {
		file   dataset.Distribution
		beside []dataset.Distribution
		want   bool
	}{
		"a CSV":                               {csv, nil, true},
		"a spreadsheet of LibreOffice":        {dataset.Distribution{Format: "ods", URL: at + "a.ods"}, nil, true},
		"an old workbook":                     {dataset.Distribution{Format: "xls", URL: at + "a.xls"}, nil, false},
		"JSON alone":                          {dataset.Distribution{Format: "json", URL: at + "a.json"}, nil, true},
		"JSON beside a CSV":                   {dataset.Distribution{Format: "json", URL: at + "a.json"}, []dataset.Distribution{csv}, false},
		"a service that speaks JSON":          {dataset.Distribution{Format: "json", URL: at + "api/records"}, nil, false},
		"a timetable":                         {dataset.Distribution{Format: "gtfs", URL: at + "reseau"}, nil, true},
		"an archive of tables":                {dataset.Distribution{Format: "zip", Title: "Export CSV", URL: at + "a.zip"}, nil, true},
		"an archive, most likely a map":       {dataset.Distribution{Format: "zip", Title: "Communes", URL: at + "a.zip"}, nil, false},
		"a service whose layer is looked for": {dataset.Distribution{Format: "wfs", URL: at + "wfs"}, nil, true},
		"such a service beside a CSV":         {dataset.Distribution{Format: "wfs", URL: at + "wfs"}, []dataset.Distribution{csv}, false},
		"no format, the address says it":      {dataset.Distribution{URL: at + "a.csv?x=1"}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := dataset.Dataset{Distributions: append(c.beside, c.file)}
			if got := wanted(d, c.file); got != c.want {
				t.Errorf("%t", got)
			}
		})
	}
}

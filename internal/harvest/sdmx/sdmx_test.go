package sdmx_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/sdmx"
	"cigogne/internal/httpx"
)

const flows = `<?xml version="1.0" encoding="UTF-8"?><mes:Structure xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:str="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure" xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common">
<mes:Structures><str:Dataflows>
<str:Dataflow id="CHOMAGE-TRIM" agencyID="FR1" version="1.0"><com:Name xml:lang="en">Unemployment</com:Name><com:Name xml:lang="fr">Taux de chômage localisés</com:Name><com:Description xml:lang="fr">Par trimestre.</com:Description></str:Dataflow>
<str:Dataflow id="CHOMAGE-TRIM" agencyID="FR1" version="2.0"><com:Name>Deux fois</com:Name></str:Dataflow>
<str:Dataflow id="SANS-NOM" agencyID="FR1"/>
</str:Dataflows></mes:Structures></mes:Structure>`

func TestHarvest(t *testing.T) {
	mux := http.NewServeMux()
	for _, path := range []string{"/series/sdmx/dataflow/FR1/all", "/series/sdmx/dataflow/all/all/latest"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(flows)) })
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	client := httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Backoff: time.Millisecond})
	for _, address := range []string{"/series/sdmx", "/series/sdmx/dataflow/FR1/all"} {
		p, err := sdmx.Probe(t.Context(), client, s.URL+address)
		if err != nil {
			t.Fatal(err)
		}
		var got []dataset.Dataset
		report, err := p.Harvest(t.Context(), harvest.Sink{Put: func(d dataset.Dataset) error { got = append(got, d); return nil }})
		if err != nil || report.Datasets != 1 || report.Broken != 1 || report.Duplicates != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		if d := got[0]; d.ID != "FR1:CHOMAGE-TRIM" || d.Title != "Taux de chômage localisés" || d.Publisher != "FR1" || len(d.Distributions) != 1 || d.Distributions[0].URL != s.URL+"/series/sdmx/data/CHOMAGE-TRIM" {
			t.Errorf("%+v", d)
		}
	}
	if _, err := sdmx.Probe(t.Context(), client, s.URL+"/elsewhere"); err == nil {
		t.Error("nothing is there")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(flows))
	f.Add([]byte(strings.ReplaceAll(flows, "str:", "")))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _, err := sdmx.Parse(b, "https://exemple.fr")
		if err != nil {
			return
		}
		for _, d := range all {
			if d.ID == "" || d.Title == "" {
				t.Errorf("%+v", d)
			}
		}
	})
}

package melodi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/melodi"
	"cigogne/internal/httpx"
)

const catalogue = `[{"identifier":"DS_ARBRES","title":[{"lang":"en","content":"Trees"},{"lang":"fr","content":"Arbres"}],"numObservations":3,"product":[{"id":"A_EN","language":"EN","format":"CSV","accessURL":"https://x.fr/en"},{"id":"A_FR","language":"FR","format":"CSV","mediaType":"text/csv","packageFormat":"application/zip","byteSize":926388,"accessURL":"https://x.fr/fr"}]},
{"identifier":"DS_LACS","title":[{"lang":"fr","content":"Lacs"}],"product":[]},
{"identifier":"DS_LACS","title":[{"lang":"fr","content":"Lacs"}],"product":null},
{"identifier":"DS_SANS_TITRE","title":[],"product":null},{"title":[{"lang":"fr","content":"x"}]},null]`

func TestHarvest(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/melodi/catalog/all", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(catalogue)) })
	s := httptest.NewServer(mux)
	defer s.Close()
	client := httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Backoff: time.Millisecond})
	for _, address := range []string{"/melodi", "/melodi/catalog/all", "/melodi/data/DS_LACS?maxResult=1"} {
		p, err := melodi.Probe(t.Context(), client, s.URL+address)
		if err != nil {
			t.Fatal(err)
		}
		var got []dataset.Dataset
		report, err := p.Harvest(t.Context(), harvest.Sink{Put: func(d dataset.Dataset) error { got = append(got, d); return nil }})
		if err != nil || report.Datasets != 2 || report.Broken != 3 || report.Duplicates != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		if x := got[0].Distributions; len(x) != 1 || x[0].URL != "https://x.fr/fr" || x[0].Format != "csv" || x[0].Size != 926388 {
			t.Errorf("of two languages: %+v", x)
		}
		if x := got[1].Distributions; len(x) != 1 || x[0].Format != melodi.Type || x[0].URL != s.URL+"/melodi/data/DS_LACS" {
			t.Errorf("without a file: %+v", x)
		}
	}
	if _, err := melodi.Probe(t.Context(), client, s.URL+"/elsewhere"); err == nil {
		t.Error("nothing is there")
	}
}

const ranges = `{"code":"DS_LACS","range":[{"concept":{"code":"GEO","label":{"fr":"Géographie","en":"Geography"}},"type":"geo","values":[{"id":"2025-DEP-67","code":"67","label":{"fr":"Bas-Rhin"}},{"id":"2025-DEP-68","label":{}}]},
{"concept":{"code":"SEX","label":{"fr":"Sexe"}},"values":[{"code":"F","label":{"en":"Female","fr":"Femme"}}]},{"concept":{"code":"TIME_PERIOD"}},null,{}]}`

func TestRange(t *testing.T) {
	got, err := melodi.ParseRange([]byte(ranges))
	if err != nil || len(got) != 3 || got["GEO"].Name != "Géographie" || got["GEO"].Codes["2025-DEP-67"] != "Bas-Rhin" || len(got["GEO"].Codes) != 1 || got["SEX"].Codes["F"] != "Femme" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := melodi.ParseRange([]byte(`{"range":[]}`)); err == nil {
		t.Error("no range is one")
	}
	if at := melodi.Range("https://x.fr/melodi/data/DS_LACS?a=b"); at != "https://x.fr/melodi/range/DS_LACS" {
		t.Error(at)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(catalogue))
	f.Add([]byte(ranges))
	decode := melodi.Decoder("https://x.fr/melodi")
	f.Fuzz(func(t *testing.T, b []byte) {
		parts, _ := melodi.ParseRange(b)
		for id, p := range parts {
			for code, label := range p.Codes {
				if id == "" || code == "" || label == "" {
					t.Errorf("%q: %q means %q", id, code, label)
				}
			}
		}
		records, err := melodi.Parse(b)
		if err != nil {
			records = append(records, b)
		}
		for _, r := range records {
			if d, _, err := decode(r); err == nil && (d.ID == "" || d.Title == "" || len(d.Distributions) == 0) {
				t.Errorf("%+v", d)
			}
		}
	})
}

package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/catalog"
)

// A file that is gone is read as its portal has read it, where it has.
func TestAFileThatItsPortalHasRead(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, err := catalog.Parquet(c.Tables[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	defer s.Close()
	mux.HandleFunc("/api/1/datasets/", func(w http.ResponseWriter, r *http.Request) {
		record := `{"id":"jeu-essai","slug":"jeu","title":"Un jeu d'essai","resources":[{"id":"r","title":"f.csv","format":"csv","url":"URL/gone.csv","extras":{"analysis:parsing:parquet_url":"URL/r.parquet"}}]}`
		if r.URL.Query().Get("page") != "1" {
			record = ""
		}
		w.Write([]byte(`{"data":[` + strings.ReplaceAll(record, "URL", s.URL) + `],"page":1,"total":1}`))
	})
	mux.HandleFunc("/r.parquet", func(w http.ResponseWriter, _ *http.Request) { w.Write(file) })
	data := filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", s.URL+"/api/1/datasets/", "--allow-private")
	must(t, data, "fetch", "--allow-private")
	if out := must(t, data, "dataset", "jeu-essai", "--json"); !strings.Contains(out, "/r.parquet\"") || !strings.Contains(out, `"rows"`) {
		t.Error(out)
	}
}

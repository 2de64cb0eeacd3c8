package refresh

import (
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
)

func TestLinks(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch {
		case r.URL.Path == "/gone.pdf":
			w.WriteHeader(http.StatusGone)
		case r.URL.Path == "/no-head.pdf" && r.Method == http.MethodHead:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.URL.Path == "/private.pdf":
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer s.Close()
	d := dataset.Dataset{ID: "a"}
	for _, name := range []string{"there.pdf", "gone.pdf", "no-head.pdf", "private.pdf", "table.csv"} {
		d.Distributions = append(d.Distributions, dataset.Distribution{ID: name, URL: s.URL + "/" + name, Format: name[len(name)-3:]})
	}
	d.Distributions = append(d.Distributions, dataset.Distribution{ID: "nowhere", URL: "http://nulle-part.invalid/x.pdf", Format: "pdf"})
	all := iter.Seq2[dataset.Dataset, error](func(yield func(dataset.Dataset, error) bool) { yield(d, nil) })
	client := fetch.New(httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Attempts: 1}), 0)
	links := Links{Client: client, File: filepath.Join(t.TempDir(), "links.json"), Most: 3}
	for run, want := range []int{3, 2, 0} { // three at a time; the table is downloaded anyhow
		tried, _, err := links.Try(t.Context(), all)
		if err != nil || tried != want {
			t.Fatalf("run %d: %d tried, %v", run, tried, err)
		}
	}
	marked := d
	TriedLinks(links.File).Mark(&marked)
	for _, x := range marked.Distributions {
		dead := x.ID == "gone.pdf" || x.ID == "nowhere" && x.Dead // a resolver may be away
		if x.Dead != dead || x.Probed != (x.ID == "there.pdf" || x.ID == "no-head.pdf") {
			t.Errorf("%+v", x)
		}
	}
	if got := TriedLinks(filepath.Join(t.TempDir(), "none")); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// What links found is a file that may hold anything: what cannot be read is tried
// again.
func FuzzTriedLinks(f *testing.F) {
	f.Add([]byte(`{"https://x.fr/f.csv":{"at":"2026-01-01T00:00:00Z","dead":true,"sure":true}}`))
	f.Add([]byte(`{"https://x.fr/f.csv":null}`))
	path := filepath.Join(f.TempDir(), "links.json")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		d := dataset.Dataset{Distributions: []dataset.Distribution{{URL: "https://x.fr/f.csv"}}}
		if TriedLinks(path).Mark(&d); d.Distributions[0].Dead && d.Distributions[0].Probed {
			t.Error("dead and alive")
		}
	})
}

package portal_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"cigogne/internal/harvest/portal"
)

// hydraPages are a catalogue in pages of two, whose next one is given as the
// function says, in a vocabulary of hydra's.
func hydraPages(kind, key string, next func(r *http.Request, page int) string) speaker {
	return func(n int) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/cat/catalog.jsonld", func(w http.ResponseWriter, r *http.Request) {
			page := number(r.URL.Query(), "page", 1)
			sets, more := []any{}, map[string]any{"@id": r.URL.String(), "@type": kind, "hydra:totalItems": n}
			for _, i := range some(n, (page-1)*2, 2) {
				sets = append(sets, map[string]any{"@id": fmt.Sprint("https://x.fr/", i), "@type": "dcat:Dataset", "dct:title": fmt.Sprint("Jeu ", i)})
			}
			if page*2 < n {
				more[key] = next(r, page+1)
			}
			answer(w, map[string]any{"@graph": append(sets, more)})
		})
		return mux
	}
}

// recordsByToken are records in pages that are asked for by a token only.
func recordsByToken(n int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/collections", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"collections": []any{map[string]any{"id": "c", "itemType": "record"}}})
	})
	mux.HandleFunc("/collections/c/items", func(w http.ResponseWriter, r *http.Request) {
		start, err := strconv.Atoi(r.URL.Query().Get("token"))
		if err != nil {
			start = 0
		}
		features, links := []any{}, []any{}
		for _, i := range some(n, start, min(3, number(r.URL.Query(), "limit", 3))) {
			features = append(features, map[string]any{"id": fmt.Sprint("jeu-", i), "type": "Feature", "properties": map[string]any{"type": "dataset", "title": fmt.Sprint("Jeu ", i)}})
		}
		if next := start + len(features); next < n {
			links = append(links, map[string]any{"rel": "next", "href": fmt.Sprintf("?token=%d", next)})
		}
		answer(w, map[string]any{"type": "FeatureCollection", "features": features, "links": links})
	})
	return mux
}

// Lists of 7 whose pages go on in ways of their own are read whole.
func TestPagesByTheirNextLink(t *testing.T) {
	full := func(r *http.Request, page int) string {
		return fmt.Sprintf("http://%s%s?page=%d", r.Host, r.URL.Path, page)
	}
	relative := func(_ *http.Request, page int) string { return fmt.Sprintf("?page=%d", page) }
	rooted := func(r *http.Request, page int) string { return fmt.Sprintf("%s?page=%d", r.URL.Path, page) }
	for name, c := range map[string]struct {
		handler speaker
		path    string
	}{
		"hydra:next":                  {hydraPages("hydra:PartialCollectionView", "hydra:next", full), "/cat/catalog.jsonld"},
		"hydra:nextPage":              {hydraPages("hydra:PagedCollection", "hydra:nextPage", full), "/cat/catalog.jsonld"},
		"relative to the document":    {hydraPages("hydra:PartialCollectionView", "hydra:next", relative), "/cat/catalog.jsonld"},
		"relative to the server":      {hydraPages("hydra:PagedCollection", "hydra:nextPage", rooted), "/cat/catalog.jsonld"},
		"OGC records by a token only": {recordsByToken, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(c.handler(7))
			defer s.Close()
			p, err := portal.Detect(t.Context(), client(), s.URL+c.path, "")
			if err != nil {
				t.Fatal(err)
			}
			if got, report := collect(t, p); len(got) != 7 || report.Lies() {
				t.Errorf("%d datasets, %+v", len(got), report)
			}
		})
	}
}

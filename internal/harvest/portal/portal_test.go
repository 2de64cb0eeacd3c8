package portal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
)

// records makes n CKAN records, each with a CSV file.
func records(n int, urls bool) []any {
	all := make([]any, n)
	for i := range all {
		resource := map[string]any{"id": fmt.Sprintf("r%d", i), "name": "f.csv", "format": "CSV"}
		if urls {
			resource["url"] = fmt.Sprintf("https://exemple.fr/%d.csv", i)
		}
		all[i] = map[string]any{"id": fmt.Sprintf("id%d", i), "name": fmt.Sprintf("jeu-%d", i), "title": "Jeu", "resources": []any{resource, map[string]any{"id": "w", "format": "WMS"}}}
	}
	return all
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func pageOf(all []any, start, rows string) []any {
	s, _ := strconv.Atoi(start)
	n, _ := strconv.Atoi(rows)
	s = min(max(s, 0), len(all))
	return all[s:min(s+n, len(all))]
}

func serveMux(t *testing.T, handlers map[string]http.HandlerFunc) string {
	mux := http.NewServeMux()
	for path, h := range handlers {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func quick() *httpx.Client {
	return httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Backoff: time.Millisecond, Stall: 2 * time.Second, Attempts: 3})
}

func TestCKANFlavours(t *testing.T) {
	all := records(2500, true)
	list := func(check func(r *http.Request) bool, form func(page []any) any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			if check != nil && !check(r) {
				answer(w, map[string]any{"success": false, "error": map[string]any{"__type": "Validation Error"}})
				return
			}
			start, rows := q.Get("start"), q.Get("rows")
			if start == "" {
				start, rows = q.Get("offset"), q.Get("limit")
			}
			answer(w, map[string]any{"success": true, "result": form(pageOf(all, start, rows))})
		}
	}
	plain := func(page []any) any { return map[string]any{"count": len(all), "results": page} }
	for name, c := range map[string]struct {
		path    string
		handler http.HandlerFunc
		address string
	}{
		"plain":             {"/api/3/action/package_search", list(nil, plain), ""},
		"slash at the end":  {"/api/3/action/package_search", list(nil, plain), "/"},
		"address of a page": {"/api/3/action/package_search", list(nil, plain), "/dataset?q=eau"},
		"address of one":    {"/api/3/action/package_search", list(nil, plain), "/dataset/jeu-12"},
		"below a path":      {"/ckan/api/3/action/package_search", list(nil, plain), "/ckan/"},
		"older address":     {"/api/action/package_search", list(nil, plain), ""},
		"sorted":            {"/api/3/action/package_search", list(func(r *http.Request) bool { return r.URL.Query().Get("sort") == "id asc" }, plain), ""},
		"sorts nothing":     {"/api/3/action/package_search", list(func(r *http.Request) bool { return !r.URL.Query().Has("sort") }, plain), ""},
		"dkan":              {"/api/3/action/current_package_list_with_resources", list(nil, func(page []any) any { return []any{page} }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			base := serveMux(t, map[string]http.HandlerFunc{c.path: c.handler})
			p, err := portal.Detect(t.Context(), quick(), base+c.address, "")
			if err != nil {
				t.Fatal(err)
			}
			got, report := collect(t, p)
			if p.Type() != "ckan" || len(got) != len(all) || report.Type != "ckan" {
				t.Errorf("%s, %d datasets, %+v", p.Type(), len(got), report)
			}
			if strings.HasSuffix(p.URL(), "/") || !strings.HasPrefix(p.URL(), base) || got[0].Portal != p.URL() {
				t.Errorf("portal %s, of dataset %s", p.URL(), got[0].Portal)
			}
		})
	}
}

// d4cServer is a Data4Citizen portal: lookup answers where a file is.
func d4cServer(t *testing.T, prefix string, n, first int, lookup http.HandlerFunc) string {
	all := records(n, false)
	return serveMux(t, map[string]http.HandlerFunc{
		prefix + "/d4c/api/datasets/2.0/search/": func(w http.ResponseWriter, r *http.Request) {
			var start, rows int
			if _, err := fmt.Sscanf(r.URL.EscapedPath(), prefix+"/d4c/api/datasets/2.0/search/start=%d&rows=%d", &start, &rows); err != nil || r.URL.RawQuery != "" {
				w.WriteHeader(404)
				return
			}
			if start -= first; start < 0 {
				answer(w, map[string]any{"success": true, "result": map[string]any{"count": n, "results": []any{}}})
				return
			}
			answer(w, map[string]any{"success": true, "result": map[string]any{"count": n, "results": pageOf(all, fmt.Sprint(start), fmt.Sprint(rows))}})
		},
		prefix + "/d4c/api/datasets/1.0/": lookup,
	})
}

func TestD4CAddresses(t *testing.T) {
	const where = "https://fichiers.exemple.fr/le fichier.csv"
	fallback := "/data4citizen/d4c/api/records/2.0/downloadfile/format=csv&resource_id=r"
	for name, c := range map[string]struct {
		lookup http.HandlerFunc
		found  bool
	}{
		"header":   {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", where); answer(w, nil) }, true},
		"redirect": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", where); w.WriteHeader(302) }, true},
		"echo": {func(w http.ResponseWriter, _ *http.Request) {
			answer(w, map[string]any{"success": true, "result": map[string]any{"url": where}})
		}, true},
		"echo after a warning": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "<b>Notice</b>: x\n{\"success\":true,\"result\":{\"url\":%q}}", where)
		}, true},
		"relative": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", "/x.csv"); answer(w, nil) }, false},
		"no address": {func(w http.ResponseWriter, _ *http.Request) {
			answer(w, map[string]any{"success": true, "result": map[string]any{}})
		}, false},
		"failure":    {func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]any{"success": false}) }, false},
		"not found":  {http.NotFound, false},
		"a web page": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, false},
		"script link": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "javascript:alert(1)")
			answer(w, nil)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			base := d4cServer(t, "/data4citizen", 40, 0, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); c.lookup(w, r) })
			p, err := portal.Detect(t.Context(), quick(), base, "")
			if err != nil {
				t.Fatal(err)
			}
			got, _ := collect(t, p)
			if p.Type() != "d4c" || p.URL() != base+"/data4citizen" || len(got) != 40 {
				t.Fatalf("%s at %s, %d datasets", p.Type(), p.URL(), len(got))
			}
			for i, d := range got {
				want := strings.ReplaceAll(where, " ", "%20")
				if !c.found {
					want = base + fallback + fmt.Sprint(i)
				}
				if x := d.Distributions[0]; x.URL != want || x.Format != "csv" {
					t.Fatalf("file %d: %+v, want %s", i, x, want)
				}
				if x := d.Distributions[1]; x.URL != "" {
					t.Errorf("a map was looked up: %+v", x)
				}
			}
			if c.found && asked.Load() != 40 || !c.found && asked.Load() > 16 {
				t.Errorf("%d lookups", asked.Load())
			}
		})
	}
}

func TestD4CWhicheverNumberItCountsFrom(t *testing.T) {
	for first := range 2 {
		for _, n := range []int{0, 1, 1000, 1001, 2100} {
			base := d4cServer(t, "", n, first, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "https://exemple.fr/x.csv")
			})
			p, err := portal.Detect(t.Context(), quick(), base, "d4c")
			if err != nil {
				t.Fatal(err)
			}
			if got, report := collect(t, p); len(got) != n {
				t.Errorf("from %d: %d of %d, %+v", first, len(got), n, report)
			}
			for _, address := range []string{"/d4c", "/d4c/", "/d4c/api/datasets/2.0/search/start=1&rows=1000"} {
				if p, err := portal.Detect(t.Context(), quick(), base+address, ""); err != nil || p.URL() != base {
					t.Errorf("%s: %v, %v", address, p, err)
				}
			}
		}
	}
}

func TestWhatIsNoPortal(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		portal  bool // it may be one that is failing: the error says so
		kind    string
	}{
		"web site":     {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Bienvenue</html>") }, false, ""},
		"nothing":      {http.NotFound, false, ""},
		"forbidden":    {status(403), false, ""},
		"other json":   {func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]any{"a": 1}) }, false, ""},
		"failing":      {status(503), true, ""},
		"too many":     {status(429), true, ""},
		"kind is told": {http.NotFound, false, "d4c"},
	} {
		t.Run(name, func(t *testing.T) {
			base := serveMux(t, map[string]http.HandlerFunc{"/": c.handler})
			_, err := portal.Detect(t.Context(), quick(), base, c.kind)
			var no *harvest.Error
			var failing *httpx.Error
			if c.portal && (errors.As(err, &no) || !errors.As(err, &failing)) || !c.portal && !errors.As(err, &no) {
				t.Fatalf("error %v", err)
			}
			if !c.portal && (!strings.Contains(no.Sentence("fr"), base) || no.Sentence("fr") == no.Sentence("en")) {
				t.Errorf("sentence %q", no.Sentence("fr"))
			}
		})
	}
	if _, err := portal.Detect(t.Context(), quick(), "http://127.0.0.1:1", "csw9"); err == nil || !strings.Contains(err.Error(), "ckan") {
		t.Errorf("unknown type: %v", err)
	}
	if _, err := portal.Detect(t.Context(), httpx.New(httpx.Options{}), "http://127.0.0.1:1", ""); reason(err) != httpx.Refused {
		t.Errorf("private address: %v", err)
	}
	if _, err := portal.Detect(t.Context(), quick(), "http://127.0.0.1:1", ""); reason(err) != httpx.Unreachable {
		t.Errorf("nobody there: %v", err)
	}
	if _, err := portal.Detect(t.Context(), quick(), "ftp://exemple.fr", ""); reason(err) != httpx.Invalid {
		t.Errorf("other scheme: %v", err)
	}
}

func reason(err error) httpx.Reason {
	var e *httpx.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// A portal that turns to answering web pages in the middle of a harvest fails
// it: half a list is not taken for the whole.
func TestHarvestThatBreaksOffIsAnError(t *testing.T) {
	all := records(2500, true)
	base := serveMux(t, map[string]http.HandlerFunc{"/api/3/action/package_search": func(w http.ResponseWriter, r *http.Request) {
		if s := r.URL.Query().Get("start"); s != "0" && s != "1" {
			fmt.Fprint(w, "<html>Maintenance</html>")
			return
		}
		answer(w, map[string]any{"success": true, "result": map[string]any{"count": 2500, "results": pageOf(all, r.URL.Query().Get("start"), r.URL.Query().Get("rows"))}})
	}})
	p, err := portal.Detect(t.Context(), quick(), base, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Harvest(t.Context(), harvest.Sink{Put: func(dataset.Dataset) error { return nil }}); reason(err) != httpx.NotAnswer {
		t.Errorf("error %v", err)
	}
}

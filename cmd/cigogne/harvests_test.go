package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Of three portals, one is down and one trickles without end: the third is
// harvested all the same, once, and what became of the others is said.
func TestPortalsAreHarvestedSideBySide(t *testing.T) {
	good, down, data := newPortal(t, 5), newPortal(t, 3), filepath.Join(t.TempDir(), "data")
	down.down.Store(true)
	stop := make(chan struct{})
	trickles := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case <-stop:
				return
			case <-r.Context().Done():
				return
			case <-time.After(10 * time.Millisecond):
				w.Write([]byte(" "))
				w.(http.Flusher).Flush()
			}
		}
	}))
	t.Cleanup(trickles.Close)
	t.Cleanup(func() { close(stop) })
	var out, errs bytes.Buffer
	env := map[string]string{"CIGOGNE_DATA": data, "LANG": "fr_FR.UTF-8"}
	p := newProgram(options{}, stdio{in: strings.NewReader(""), out: &out, err: &errs, env: func(k string) string { return env[k] }})
	how := harvesting{private: true, json: true, limit: 3 * time.Second}
	err := harvestEach(t.Context(), p, how, []portalAt{{trickles.URL, "ckan"}, {down.URL, "ckan"}, {good.URL, "ckan"}})
	if err == nil || !strings.Contains(err.Error(), "2 sur 3") {
		t.Errorf("%v", err)
	}
	if !strings.HasPrefix(out.String(), `{"datasets":6,`) || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%s", out.String())
	}
	for _, want := range []string{down.URL + " : ", trickles.URL + " : ", "--time-limit"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("no %q in %s", want, errs.String())
		}
	}
	down.down.Store(false)
	out.Reset()
	if err := harvestEach(t.Context(), p, how, []portalAt{{down.URL, ""}, {good.URL, ""}}); err != nil || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("%v: %s", err, out.String())
	}
}

// What a harvest has found added, changed and withdrawn is counted, and listed.
func TestChanges(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", p.URL, "--allow-private")
	if out := must(t, data, "changes"); !strings.Contains(out, "rien trouvé de changé") {
		t.Error("a first harvest changes nothing: ", out)
	}
	p.fewer.Store(2)
	if out := must(t, data, "harvest", p.URL, "--allow-private"); !strings.Contains(out, "ajoutés 0, modifiés 0, retirés 2") {
		t.Error(out)
	}
	if out := must(t, data, "changes"); !strings.Contains(out, p.URL) || strings.Count(out, "retiré ") != 2 || !strings.Contains(out, "Couche de carte 4") {
		t.Error(out)
	}
	p.fewer.Store(1)
	if out := must(t, data, "harvest", p.URL, "--allow-private", "--json"); !strings.Contains(out, `"added":1`) || strings.Contains(out, "changed") {
		t.Error(out)
	}
	if out := must(t, data, "changes", "--json"); strings.Count(out, `"what"`) != 1 || !strings.Contains(out, `"what":"added"`) {
		t.Error(out)
	}
}

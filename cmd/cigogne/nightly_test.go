package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cigogne/internal/store"
)

func TestANightThatWasMissed(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, time.Local)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	n, err := newNightly(newProgram(options{}, stdio{err: io.Discard, env: func(string) string { return "" }}), "03:30", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		harvested, now string
		want           bool
	}{
		{"2026-03-02 03:40", "2026-03-02 09:00", false},
		{"2026-03-01 03:40", "2026-03-02 09:00", true},
		{"2026-03-01 03:40", "2026-03-02 02:00", false}, // tonight's is still to come
		{"2026-02-20 12:00", "2026-03-02 02:00", true},
		{"2026-03-01 23:00", "2026-03-02 03:31", true},
	} {
		fresh := store.Portal{Refreshed: at(c.now)}
		if got := n.missed([]store.Portal{fresh, {Refreshed: at(c.harvested)}}, at(c.now)); got != c.want {
			t.Errorf("harvested %s, now %s: %t", c.harvested, c.now, got)
		}
	}
	if _, err := newNightly(n.p, "25:00", false); err == nil || !strings.Contains(err.Error(), "03:30") {
		t.Errorf("no such hour: %v", err)
	}
}

// A night brings in what changed; one on which the portal is down takes nothing away.
func TestANight(t *testing.T) {
	p, data := newPortal(t, 3), filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	n, err := newNightly(newProgram(options{data: data}, stdio{out: io.Discard, err: io.Discard, env: func(string) string { return "" }}), "03:30", true)
	if err != nil {
		t.Fatal(err)
	}
	spent := func() float64 {
		t.Helper()
		a := askJSON(t, data, "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?")
		if len(a.Figures) == 0 {
			t.Fatal(a.Text)
		}
		return a.Figures[0].Value
	}
	p.newer.Store(7)
	n.run(t.Context())
	if v := spent(); v != 2507 {
		t.Errorf("after the night: %v", v)
	}
	p.newer.Store(9)
	p.html.Store(true) // the portal gives an error page for the file
	n.run(t.Context())
	if v := spent(); v != 2507 {
		t.Errorf("after a bad night: %v", v)
	}
}

// Portals are read side by side at night, too: each of two here answers once the
// other has been asked.
func TestANightReadsPortalsSideBySide(t *testing.T) {
	one, two, data := newPortal(t, 3), newPortal(t, 4), filepath.Join(t.TempDir(), "data")
	var night atomic.Bool
	asked := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	var places [2]string
	for i, p := range []*testPortal{one, two} {
		var once sync.Once
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if night.Load() {
				once.Do(func() { close(asked[i]) })
				select {
				case <-asked[1-i]:
				case <-r.Context().Done():
					return
				}
			}
			p.Config.Handler.ServeHTTP(w, r)
		}))
		t.Cleanup(s.Close)
		places[i] = s.URL
		must(t, data, "harvest", s.URL, "--allow-private")
	}
	night.Store(true)
	one.fewer.Store(1)
	n, err := newNightly(newProgram(options{data: data}, stdio{out: io.Discard, err: io.Discard, env: func(string) string { return "" }}), "03:30", true)
	if err != nil {
		t.Fatal(err)
	}
	n.run(t.Context())
	if out := must(t, data, "changes"); !strings.Contains(out, places[0]) || strings.Count(out, "retiré ") != 1 {
		t.Error(out)
	}
}

// What watches the service is told how it is, and never what was asked.
func TestReadinessAndMetrics(t *testing.T) {
	dir := t.TempDir()
	c, _ := keeping(t, dir)
	line := newLine(c)
	m := newMetrics(c, line.Waiting)
	handler, err := siteOver(c, measured{line, m, true}, c.answers(), serving{})
	if err != nil {
		t.Fatal(err)
	}
	status := func(path string) int {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Code
	}
	ask := func(question string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/api/v1/ask", strings.NewReader(`{"question":"`+question+`"}`))
		r.Header.Set("Content-Type", "application/json")
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	ask("Combien d'habitants à Metz en 2025 ?")
	ask("Combien de licornes à Hunterdeux ?")
	if s := status("/readyz"); s != http.StatusOK {
		t.Errorf("ready: %d", s)
	}
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	ask("Combien d'habitants à Metz en 2025 ?")
	if s, alive := status("/readyz"), status("/healthz"); s != http.StatusServiceUnavailable || alive != http.StatusOK {
		t.Errorf("without its disk: ready %d, alive %d", s, alive)
	}
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	if s := status("/readyz"); s != http.StatusOK {
		t.Errorf("ready again: %d", s)
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, x := range f.GetMetric() {
			name := f.GetName()
			for _, l := range x.GetLabel() {
				name += " " + l.GetValue()
				if strings.Contains(l.GetValue(), "Hunterdeux") {
					t.Errorf("a question is in %s", name)
				}
			}
			got[name] = x.GetCounter().GetValue() + x.GetGauge().GetValue() + float64(x.GetHistogram().GetSampleCount())
		}
	}
	for name, want := range map[string]float64{"cigogne_questions_total figure": 2, "cigogne_questions_total refusal": 1, "cigogne_question_seconds": 3, "cigogne_answers_unkept_total": 1} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

// The dashboard shows what is counted, under the names that it is counted by.
func TestTheDashboardShowsWhatIsCounted(t *testing.T) {
	c, _ := keeping(t, t.TempDir())
	m := newMetrics(c, func() int { return 0 })
	m.questions.WithLabelValues("figure").Inc()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]bool{}
	for _, f := range families {
		counted[f.GetName()] = true
	}
	b, err := os.ReadFile("../../deploy/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`\b(?:cigogne|process|go)_[a-z_]+`).FindAllString(string(b), -1)
	if len(shown) < 8 || !json.Valid(b) {
		t.Errorf("it shows %v", shown)
	}
	for _, name := range shown {
		if !counted[strings.TrimSuffix(name, "_bucket")] {
			t.Errorf("%s is counted nowhere", name)
		}
	}
}

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/replay"
)

const lycees = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"

// A kept answer gives its figure on its own file, however many editions of it
// came since, and says what the newest gives.
func TestAnswersOutliveTheirFiles(t *testing.T) {
	p, data := newPortal(t, 1), t.TempDir()
	embedded := askJSON(t, data, lycees)
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	first := askJSON(t, data, lycees)
	unkept := ""
	for i := range int64(5) { // more than the generations that stay
		if i == 1 {
			unkept = parquetOf(t, data)
		}
		p.newer.Add(1)
		must(t, data, "fetch", "--allow-private")
	}
	if _, err := os.Stat(unkept); err == nil {
		t.Error("a file that no answer needs is still there")
	}
	for _, c := range []struct {
		a   answer.Answer
		was float64
	}{{embedded, 496779162}, {first, 2500}} {
		if c.a.AnswerID == "" || c.a.Figures[0].Value != c.was {
			t.Fatalf("asked: %+v", c.a)
		}
		var r replay.Report
		if err := json.Unmarshal([]byte(must(t, data, "replay", "--json", c.a.AnswerID)), &r); err != nil {
			t.Fatal(err)
		}
		if r.State != replay.Same || r.Newer == nil || len(r.Newer.Changes) != 1 || r.Newer.Changes[0] != (replay.Change{Unit: "EUR", Was: c.was, Now: 2505.0}) {
			t.Errorf("replayed: %+v, newer %+v", r, r.Newer)
		}
	}
	if out := must(t, data, "replay", first.AnswerID); !strings.Contains(out, "mêmes chiffres") || !strings.Contains(out, "2\u202f500\u00a0€ → 2\u202f505\u00a0€") {
		t.Errorf("said %q", out)
	}
}

// parquetOf is the path of the newest Parquet file in the store.
func parquetOf(t *testing.T, data string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(data, "objects", "??", "*"))
	if err != nil {
		t.Fatal(err)
	}
	newest, at := "", int64(0)
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := info.ModTime().UnixNano(); n > at && strings.HasPrefix(string(b), "PAR1") {
			newest, at = path, n
		}
	}
	return newest
}

// The page of an answer is there after a restart, and when the file is gone the
// replay says so.
func TestPagesOutliveTheServer(t *testing.T) {
	data := t.TempDir()
	std := stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}
	serve := func(t *testing.T) (base string, stop func()) {
		t.Helper()
		c, err := openCurrent(t.Context(), newProgram(options{data: data}, std))
		if err != nil {
			t.Fatal(err)
		}
		handler, err := site(c, serving{rate: 1000})
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(handler)
		return s.URL, func() { s.Close(); c.Close() }
	}
	base, stop := serve(t)
	res, err := http.Post(base+"/api/v1/ask", "application/json", strings.NewReader(`{"question":"`+lycees+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	var a answer.Answer
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil || a.AnswerID == "" {
		t.Fatalf("%v %+v", err, a)
	}
	res.Body.Close()
	stop()

	base, stop = serve(t)
	defer stop()
	res, err = http.Get(base + "/a/" + a.AnswerID + "?lang=fr")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), "mêmes chiffres") {
		t.Errorf("status %d, %v", res.StatusCode, err)
	}
	if out := must(t, data, "replay", "--all"); !strings.Contains(out, "Réponses gardées : 1 ; rejouées : 1") {
		t.Errorf("one question, kept once: %q", out)
	}
}

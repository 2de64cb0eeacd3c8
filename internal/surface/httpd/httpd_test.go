package httpd_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cigogne/internal/lang"
	"cigogne/internal/surface/httpd"
)

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := httpd.NewRate(60)
		a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
		passed := 0
		for range 50 {
			if ok, wait := r.Allow(a); ok {
				passed++
			} else if wait <= 0 || wait > 10*time.Second {
				t.Fatalf("wait %v", wait)
			}
		}
		if passed != 10 {
			t.Errorf("a burst of %d, want 10", passed)
		}
		if ok, _ := r.Allow(b); !ok {
			t.Error("another address pays for it")
		}
		time.Sleep(3 * time.Second)
		for passed = 0; ; passed++ {
			if ok, _ := r.Allow(a); !ok {
				break
			}
		}
		if passed != 3 {
			t.Errorf("%d after three seconds, want 3", passed)
		}
	})
	t.Run("a /64 is one address", func(t *testing.T) {
		r := httpd.NewRate(1)
		for range 60 {
			r.Allow(netip.MustParseAddr("2001:db8::1"))
		}
		if ok, _ := r.Allow(netip.MustParseAddr("2001:db8::2")); ok {
			t.Error("a neighbour of the same site passes")
		}
		if ok, _ := r.Allow(netip.MustParseAddr("2001:db8:0:1::2")); !ok {
			t.Error("another site does not")
		}
	})
	t.Run("none", func(t *testing.T) {
		if ok, _ := httpd.NewRate(0).Allow(netip.Addr{}); !ok {
			t.Error("no limit refuses")
		}
	})
}

func TestLimit(t *testing.T) {
	h := httpd.Limit(http.NotFoundHandler(), httpd.NewRate(1), httpd.Client{})
	codes := map[int]int{}
	for range 9 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		codes[w.Code]++
	}
	if codes[404] != 5 || codes[429] != 4 {
		t.Errorf("got %v", codes)
	}
}

func TestClient(t *testing.T) {
	proxies := httpd.Client{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for name, c := range map[string]struct {
		client            httpd.Client
		remote, forwarded string
		want, base        string
	}{
		"no proxy":                  {httpd.Client{}, "192.0.2.7:99", "198.51.100.1", "192.0.2.7", "http://site"},
		"a proxy's word":            {proxies, "10.1.1.1:99", "198.51.100.1", "198.51.100.1", "https://public"},
		"what a client made up":     {proxies, "10.1.1.1:99", "203.0.113.9, 198.51.100.1, 10.2.2.2", "198.51.100.1", "https://public"},
		"not from the proxy":        {proxies, "192.0.2.7:99", "203.0.113.9", "192.0.2.7", "http://site"},
		"a proxy that says nothing": {proxies, "10.1.1.1:99", "", "10.1.1.1", "https://public"},
		"nonsense":                  {proxies, "10.1.1.1:99", "unknown, <script>", "10.1.1.1", "https://public"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "http://site/", nil)
			r.RemoteAddr = c.remote
			r.Header.Set("X-Forwarded-For", c.forwarded)
			r.Header.Set("X-Forwarded-Proto", "https")
			r.Header.Set("X-Forwarded-Host", "public")
			if got := c.client.Address(r).String(); got != c.want {
				t.Errorf("address %s, want %s", got, c.want)
			}
			if got := c.client.Base(r); got != c.base {
				t.Errorf("base %s, want %s", got, c.base)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		query, accept string
		want          lang.Lang
	}{
		{"", "", lang.French}, {"", "en-US,en;q=0.9,fr;q=0.5", lang.English}, {"", "fr-CH,fr;q=0.9,en;q=0.8", lang.French},
		{"", "de-DE", lang.German}, {"", "nl-NL", lang.French}, {"", "nl,en;q=0.5", lang.English}, {"?lang=en", "fr", lang.English}, {"?lang=xx", "en", lang.English}, {"", "\x00;;;", lang.French},
	} {
		r := httptest.NewRequest("GET", "/"+c.query, nil)
		r.Header.Set("Accept-Language", c.accept)
		if got := httpd.Language(r); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.query, c.accept, got, c.want)
		}
	}
}

func TestHarden(t *testing.T) {
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	mux := http.NewServeMux()
	mux.HandleFunc("POST /body/{secret}", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		}
	})
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("oh") })
	h := httpd.Harden(mux, 10, log)
	do := func(method, path string, body io.Reader) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, body))
		return w
	}
	if w := do("POST", "/body/hunter2?q=hunter2", strings.NewReader("0123456789")); w.Code != 200 || w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := do("POST", "/body/x", strings.NewReader("0123456789a")); w.Code != 413 {
		t.Errorf("a declared long body: %d", w.Code)
	}
	if w := do("POST", "/body/x", io.MultiReader(strings.NewReader("0123456789a"))); w.Code != 413 {
		t.Errorf("an undeclared long body: %d", w.Code)
	}
	if w := do("GET", "/panic", nil); w.Code != 500 || strings.Contains(w.Body.String(), "oh") {
		t.Errorf("a panic: %d %s", w.Code, w.Body)
	}
	if strings.Contains(logged.String(), "hunter2") || !strings.Contains(logged.String(), "POST /body/{secret}") {
		t.Errorf("the log:\n%s", logged.String())
	}
}

// serve starts a server that the test may stop.
func serve(t *testing.T, h http.Handler) (addr string, stop context.CancelFunc, done chan error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done = make(chan error, 1)
	go func() { done <- httpd.Serve(ctx, l, h, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(stop)
	return l.Addr().String(), stop, done
}

func TestServeFinishesWhatRuns(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	addr, stop, done := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-end
		if r.Context().Err() != nil {
			t.Error("the request was interrupted")
		}
		fmt.Fprint(w, "whole")
	}))
	got := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + addr)
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		got <- string(b)
	}()
	<-begun
	stop()
	close(end)
	if s := <-got; s != "whole" {
		t.Errorf("got %q", s)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeDropsSlowHeaders(t *testing.T) {
	if testing.Short() {
		t.Skip("takes five seconds")
	}
	t.Parallel()
	addr, _, _ := serve(t, http.NotFoundHandler())
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, bufio.NewReader(c)); err != nil {
		t.Errorf("the connection was held: %v", err)
	}
}

func TestEvents(t *testing.T) {
	w := httptest.NewRecorder()
	e := httpd.NewEvents(w)
	if err := e.Send("progress", map[string]string{"step": "a\nb"}); err != nil {
		t.Fatal(err)
	}
	if err := e.Raw("", "[DONE]"); err != nil {
		t.Fatal(err)
	}
	if want := "event: progress\ndata: {\"step\":\"a\\nb\"}\n\ndata: [DONE]\n\n"; w.Body.String() != want || !w.Flushed {
		t.Errorf("got %q", w.Body)
	}
}

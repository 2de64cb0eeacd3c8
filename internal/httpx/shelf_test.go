package httpx_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cigogne/internal/httpx"
)

// counter answers with what it is given, and counts what it sent whole.
type counter struct {
	etag, modified, body string
	sent, unchanged      atomic.Int32
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.etag != "" {
		w.Header().Set("ETag", c.etag)
	}
	if c.modified != "" {
		w.Header().Set("Last-Modified", c.modified)
	}
	if c.etag != "" && r.Header.Get("If-None-Match") == c.etag || c.modified != "" && r.Header.Get("If-Modified-Since") == c.modified {
		c.unchanged.Add(1)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	c.sent.Add(1)
	fmt.Fprint(w, c.body)
}

// age makes everything on a shelf older, as if time had passed.
func age(t *testing.T, dir string, by time.Duration) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		at := info.ModTime().Add(-by)
		if err := os.Chtimes(filepath.Join(dir, e.Name()), at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestShelf(t *testing.T) {
	const when = "Fri, 02 Jan 2026 03:05:05 GMT"
	for name, c := range map[string]struct {
		etag, modified  string
		finish          bool // the first run comes to its end
		later           time.Duration
		damage          bool
		sent, unchanged int32 // by both runs together
	}{
		"an ETag":                          {etag: `"a"`, finish: true, later: time.Hour, sent: 1, unchanged: 1},
		"a date":                           {modified: when, finish: true, later: time.Hour, sent: 1, unchanged: 1},
		"nothing to ask by":                {finish: true, later: time.Hour, sent: 2},
		"a run cut short goes on":          {later: time.Hour, sent: 1},
		"a day later it begins anew":       {later: 24 * time.Hour, sent: 2},
		"a day later, by its ETag":         {etag: `"a"`, later: 24 * time.Hour, sent: 1, unchanged: 1},
		"a damaged answer is asked for":    {etag: `"a"`, finish: true, later: time.Hour, damage: true, sent: 2},
		"a damaged one of a run cut short": {later: time.Hour, damage: true, sent: 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := &counter{etag: c.etag, modified: c.modified, body: strings.Repeat("page ", 1000)}
			base, dir := server(t, s.ServeHTTP), filepath.Join(t.TempDir(), "pages")
			for run := range 2 {
				shelf := httpx.NewShelf(dir)
				a, err := client(httpx.Options{}).With(shelf).Get(t.Context(), httpx.Get{URL: base})
				if err != nil || string(a.Body) != s.body || a.Status != http.StatusOK {
					t.Fatalf("run %d: %+v, %v", run, a, err)
				}
				if c.finish {
					if err := shelf.Finish(); err != nil {
						t.Fatal(err)
					}
				}
				age(t, dir, c.later)
				if names, _ := filepath.Glob(filepath.Join(dir, "*.answer")); c.damage && len(names) > 0 {
					b, err := os.ReadFile(names[0])
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(names[0], b[:len(b)-3], 0o644); err != nil {
						t.Fatal(err)
					}
					age(t, dir, c.later)
				}
			}
			if s.sent.Load() != c.sent || s.unchanged.Load() != c.unchanged {
				t.Errorf("sent %d times, unchanged %d times", s.sent.Load(), s.unchanged.Load())
			}
		})
	}
}

// Within a run, what is asked for twice is asked for twice: a list that moves is
// read again to find what slipped through.
func TestAShelfIsNoCacheWithinARun(t *testing.T) {
	s := &counter{body: "x"}
	base := server(t, s.ServeHTTP)
	dir := filepath.Join(t.TempDir(), "pages")
	c := client(httpx.Options{}).With(httpx.NewShelf(dir))
	for range 2 {
		if _, err := c.Get(t.Context(), httpx.Get{URL: base}); err != nil {
			t.Fatal(err)
		}
	}
	if s.sent.Load() != 2 {
		t.Errorf("sent %d times", s.sent.Load())
	}
	// A run that goes on takes what is held once, where it will do.
	age(t, dir, time.Minute)
	shelf := httpx.NewShelf(dir)
	if !shelf.Resumed() {
		t.Error("it begins anew")
	}
	refuse := func(a *httpx.Answer) error {
		if s.sent.Load() == 2 {
			return errors.New("will not do")
		}
		return nil
	}
	if _, err := client(httpx.Options{}).With(shelf).Get(t.Context(), httpx.Get{URL: base, Check: refuse}); err != nil || s.sent.Load() != 3 {
		t.Errorf("sent %d times, %v", s.sent.Load(), err)
	}
}

// A server gets so many requests a second; one that asks for quiet gets it from
// all who ask at a time.
func TestPoliteness(t *testing.T) {
	var asked atomic.Int32
	base := server(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	c := client(httpx.Options{Rate: 1000})
	start := time.Now()
	if _, err := c.Get(t.Context(), httpx.Get{URL: base, Attempts: 1}); reason(err) != httpx.Upstream {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), httpx.Get{URL: base}); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(start); waited < 900*time.Millisecond {
		t.Errorf("asked again after %v", waited)
	}
	c = client(httpx.Options{Rate: 50})
	start = time.Now()
	const requests = 30 // ten more than go at once
	for range requests {
		if _, err := c.Get(t.Context(), httpx.Get{URL: base}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(start); took < 180*time.Millisecond {
		t.Errorf("%d requests in %v", requests, took)
	}
}

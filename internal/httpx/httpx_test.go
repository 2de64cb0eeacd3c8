package httpx_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cigogne/internal/httpx"
	"cigogne/internal/lang"
)

func TestGuard(t *testing.T) {
	for addr, want := range map[string]string{ // public, private (allowed when asked for) or never
		"8.8.8.8": "public", "91.198.174.192": "public", "2a01:e0a::1": "public", "::ffff:8.8.8.8": "public", "64:ff9b::808:808": "public", "2002:808:808::1": "public",
		"127.0.0.1": "private", "127.255.255.255": "private", "::1": "private", "::ffff:127.0.0.1": "private",
		"10.1.2.3": "private", "172.16.0.1": "private", "172.31.255.255": "private", "192.168.1.1": "private", "fd00::1": "private", "::ffff:192.168.0.1": "private",
		"64:ff9b::7f00:1": "private", "2002:7f00:1::": "private", "2002:c0a8:101::1": "private",
		"172.32.0.1": "public", "100.63.255.255": "public",
		"169.254.169.254": "never", "fe80::1": "never", "fe80::1%eth0": "never", "::ffff:169.254.169.254": "never", "64:ff9b::a9fe:a9fe": "never", "2002:a9fe:a9fe::": "never",
		"0.0.0.0": "never", "0.1.2.3": "never", "::": "never", "::127.0.0.1": "private", "100.64.0.1": "never", "192.0.0.8": "never", "198.18.0.1": "never", "203.0.113.5": "never",
		"224.0.0.1": "never", "ff02::1": "never", "255.255.255.255": "never", "240.0.0.1": "never", "2001::1": "never", "2001:db8::1": "never", "fec0::1": "never",
	} {
		a := netip.MustParseAddr(addr)
		public, local := httpx.Guard{}.Check(a), httpx.Guard{AllowPrivate: true}.Check(a)
		if (public == nil) != (want == "public") || (local == nil) != (want != "never") {
			t.Errorf("%s is %s, but: %v; with private ones: %v", addr, want, public, local)
		}
	}
	if err := (httpx.Guard{AllowPrivate: true}).Check(netip.Addr{}); err == nil {
		t.Error("no address passes")
	}
}

func FuzzGuard(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1})
	f.Add(bytes.Repeat([]byte{0xff}, 16))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		err := httpx.Guard{}.Check(a)
		if u := a.Unmap(); err == nil && (u.IsLoopback() || u.IsPrivate() || u.IsLinkLocalUnicast() || u.IsMulticast() || u.IsUnspecified()) {
			t.Errorf("%s passes", a)
		}
	})
}

func server(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func client(opt httpx.Options) *httpx.Client {
	opt.Guard.AllowPrivate = true
	if opt.Backoff == 0 {
		opt.Backoff = time.Millisecond
	}
	return httpx.New(opt)
}

func reason(err error) httpx.Reason {
	var e *httpx.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	var asked atomic.Int32
	base := server(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	public := httpx.New(httpx.Options{Backoff: time.Millisecond})
	port := base[strings.LastIndex(base, ":"):]
	for _, url := range []string{base, "http://localhost" + port, "http://[::ffff:127.0.0.1]" + port, "http://0.0.0.0" + port} {
		if _, err := public.Get(t.Context(), httpx.Get{URL: url}); reason(err) != httpx.Refused {
			t.Errorf("%s: %v", url, err)
		}
	}
	if asked.Load() != 0 {
		t.Error("a private server was reached")
	}
}

// What a server sends elsewhere passes the same guard: here from an allowed
// loopback address to the one where clouds keep secrets.
func TestRedirects(t *testing.T) {
	to := map[string]string{"/secret": "http://169.254.169.254/latest", "/file": "file:///etc/passwd", "/loop": "/loop", "/ok": "/end", "/six": "/5"}
	base := server(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d", &n); err == nil && n > 0 {
			http.Redirect(w, r, fmt.Sprintf("/%d", n-1), http.StatusFound)
			return
		}
		if where, ok := to[r.URL.Path]; ok {
			w.Header().Set("Location", where)
			w.WriteHeader(http.StatusFound)
			return
		}
		io.WriteString(w, r.URL.Path)
	})
	for path, want := range map[string]httpx.Reason{"/secret": httpx.Refused, "/file": httpx.Invalid, "/loop": httpx.Redirects, "/six": httpx.Redirects, "/5": "", "/ok": ""} {
		a, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: base + path})
		if reason(err) != want || want == "" && err != nil {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
		if path == "/ok" && (string(a.Body) != "/end" || a.URL != base+"/end") {
			t.Errorf("%+v", a)
		}
	}
	a, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: base + "/secret", Still: true})
	if err != nil || a.Header.Get("Location") != to["/secret"] {
		t.Errorf("still: %+v, %v", a, err)
	}
}

func TestRetries(t *testing.T) {
	for name, c := range map[string]struct {
		first http.HandlerFunc // what happens before it goes well
		again bool
		want  httpx.Reason
	}{
		"500":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, true, httpx.Upstream},
		"502":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, true, httpx.Upstream},
		"408":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(408) }, true, httpx.Upstream},
		"429":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, true, httpx.RateLimited},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true, httpx.Unreachable},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "half")
		}, true, httpx.Cut},
		"400": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) }, false, httpx.Upstream},
		"401": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, false, httpx.Forbidden},
		"403": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, false, httpx.Forbidden},
		"404": {http.NotFound, false, httpx.NotFound},
		"501": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(501) }, false, httpx.Upstream},
		"too long": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		}, false, httpx.RateLimited},
		"too large": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 2000)) }, false, httpx.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			base := server(t, func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) < 3 {
					c.first(w, r)
					return
				}
				io.WriteString(w, "ok")
			})
			a, err := client(httpx.Options{Attempts: 3}).Get(t.Context(), httpx.Get{URL: base, MaxBytes: 1000})
			if c.again && (err != nil || string(a.Body) != "ok") {
				t.Errorf("after %d requests: %v", asked.Load(), err)
			}
			if !c.again && (reason(err) != c.want || asked.Load() != 1) {
				t.Errorf("after %d requests: %v", asked.Load(), err)
			}
			asked.Store(0)
			if _, err = client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: base, MaxBytes: 1000, Attempts: 1}); reason(err) != c.want {
				t.Errorf("one attempt: %v, want %s", err, c.want)
			}
			var e *httpx.Error
			if errors.As(err, &e) {
				for _, l := range []lang.Lang{lang.French, lang.English} {
					if s := e.Sentence(l); !strings.HasSuffix(s, ".") || strings.Contains(s, "%!") || !strings.Contains(s, e.Host()) {
						t.Errorf("sentence %q", s)
					}
				}
			}
		})
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	var asked atomic.Int32
	base := server(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(429)
		}
	})
	start := time.Now()
	if _, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: base}); err != nil || time.Since(start) < time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	asked.Store(0)
	if _, err := client(httpx.Options{}).Get(ctx, httpx.Get{URL: base}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the wait outlives its context: %v", err)
	}
}

// stalling sends the bytes one by one with a pause between, then waits.
func stalling(bytes int, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for range bytes {
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
				return
			}
		}
		<-r.Context().Done()
	}
}

func TestStalls(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"before the answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"in the middle":     stalling(5, 0),
		"drop by drop":      stalling(1000, 10*time.Millisecond),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := client(httpx.Options{Stall: 80 * time.Millisecond}).Get(t.Context(), httpx.Get{URL: server(t, h), Attempts: 2})
			if reason(err) != httpx.Timeout || time.Since(start) > 5*time.Second {
				t.Errorf("%v after %v", err, time.Since(start))
			}
		})
	}
}

// Whoever waits is told for whom, and a server that is silent time after time is
// left alone however many attempts are allowed.
func TestSilenceIsTold(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"before the answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"drop by drop":      stalling(1000, 10*time.Millisecond),
	} {
		t.Run(name, func(t *testing.T) {
			var asked, told atomic.Int64
			base := server(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				h(w, r)
			})
			waiting := func(host string, since time.Duration) {
				if told.Add(1); !strings.HasSuffix(base, host) || since <= 0 {
					t.Errorf("told of %s since %v", host, since)
				}
			}
			_, err := client(httpx.Options{Stall: 150 * time.Millisecond, Patient: 20 * time.Millisecond, Waiting: waiting}).Get(t.Context(), httpx.Get{URL: base, Attempts: 9})
			if reason(err) != httpx.Timeout || asked.Load() != 2 || told.Load() < 2 {
				t.Errorf("%v: asked %d times, told %d times", err, asked.Load(), told.Load())
			}
		})
	}
	t.Run("an answer in time", func(t *testing.T) {
		base := server(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x") })
		if _, err := client(httpx.Options{Waiting: func(string, time.Duration) { t.Error("told") }}).Get(t.Context(), httpx.Get{URL: base}); err != nil {
			t.Error(err)
		}
	})
}

// Advice that was taken already is not given again.
func TestARefusedAddressIsNotAdvisedInVain(t *testing.T) {
	for _, c := range []struct {
		private bool
		advised bool
	}{{false, true}, {true, false}} {
		_, err := httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: c.private}}).Get(t.Context(), httpx.Get{URL: "http://169.254.169.254/latest", Attempts: 1})
		var e *httpx.Error
		if !errors.As(err, &e) || e.Reason != httpx.Refused || strings.Contains(e.Sentence(lang.French), "--allow-private") != c.advised {
			t.Errorf("private allowed %t: %v", c.private, err)
		}
	}
}

func TestSlowIsNoStall(t *testing.T) {
	part := strings.Repeat("x", 20_000)
	base := server(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 10 {
			io.WriteString(w, part)
			w.(http.Flusher).Flush()
			time.Sleep(150 * time.Millisecond)
		}
	})
	a, err := client(httpx.Options{Stall: time.Second}).Get(t.Context(), httpx.Get{URL: base, Attempts: 1})
	if err != nil || len(a.Body) != 200_000 {
		t.Errorf("%v", err)
	}
}

func TestPackedAnswersAreBounded(t *testing.T) {
	base := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		z.Write(make([]byte, 8<<20))
		z.Close()
	})
	if _, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: base, MaxBytes: 1 << 20}); reason(err) != httpx.TooLarge {
		t.Errorf("error %v", err)
	}
}

func TestCheckDecidesWhetherAnAnswerWillDo(t *testing.T) {
	var asked atomic.Int32
	base := server(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, asked.Add(1)) })
	check := func(a *httpx.Answer) error {
		if string(a.Body) != "3" {
			return &httpx.Error{Reason: httpx.NotAnswer, URL: a.URL}
		}
		return nil
	}
	if a, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: base, Check: check}); err != nil || string(a.Body) != "3" {
		t.Errorf("%v", err)
	}
	asked.Store(0)
	if _, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: base, Check: check, Attempts: 2}); reason(err) != httpx.NotAnswer {
		t.Errorf("%v", err)
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close()
	if _, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: url}); reason(err) != httpx.Unreachable {
		t.Errorf("error %v", err)
	}
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	s.Config.ErrorLog = nil
	if _, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: s.URL}); reason(err) != httpx.Unreachable {
		t.Errorf("unknown certificate: %v", err)
	}
	for _, url := range []string{"", "exemple.fr", "ftp://exemple.fr", "http:///x", "http://a b", "data:text/csv,a"} {
		if _, err := client(httpx.Options{}).Get(t.Context(), httpx.Get{URL: url}); reason(err) != httpx.Invalid {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestEveryReasonHasItsSentence(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range []*httpx.Error{
		{Reason: httpx.Invalid}, {Reason: httpx.Refused}, {Reason: httpx.Unreachable}, {Reason: httpx.Timeout}, {Reason: httpx.RateLimited}, {Reason: httpx.RateLimited, After: time.Minute},
		{Reason: httpx.NotFound, Status: 404}, {Reason: httpx.Forbidden, Status: 403}, {Reason: httpx.Upstream, Status: 500}, {Reason: httpx.Redirects}, {Reason: httpx.Cut}, {Reason: httpx.TooLarge, Detail: "> 1 MB"},
		{Reason: httpx.NotAnswer}, {Reason: httpx.WrongContent, Detail: "html"}, {Reason: httpx.WrongContent, Detail: "json"}, {Reason: httpx.BadChecksum}, {Reason: httpx.EmptyContent},
	} {
		e.URL = "https://exemple.fr/a.csv"
		for _, l := range []lang.Lang{lang.French, lang.English} {
			s := e.Sentence(l)
			if seen[s] || !strings.Contains(s, "exemple.fr") || !strings.HasSuffix(s, ".") || strings.Contains(s, "%!") {
				t.Errorf("%v in %s: %q", e, l, s)
			}
			seen[s] = true
		}
	}
}

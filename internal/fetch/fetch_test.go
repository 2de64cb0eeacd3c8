package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
)

// table is a file of about 100 kB whose bytes all differ in place.
func table() []byte {
	var b bytes.Buffer
	b.WriteString("code;commune;population\n")
	for i := range 4000 {
		fmt.Fprintf(&b, "%05d;Commune n° %d;%d\n", i, i, i*7)
	}
	return b.Bytes()
}

func client(opt httpx.Options) *fetch.Client {
	opt.Guard.AllowPrivate = true
	if opt.Backoff == 0 {
		opt.Backoff = time.Millisecond
	}
	return fetch.New(httpx.New(opt), 1<<20)
}

func server(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL + "/table.csv"
}

// get fetches into a new file; the path is returned whatever happens.
func get(t *testing.T, c *fetch.Client, req fetch.Request) (fetch.File, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	f, err := c.Fetch(t.Context(), req, path)
	if _, statErr := os.Stat(path); (err != nil || f.Unchanged) != errors.Is(statErr, os.ErrNotExist) {
		t.Errorf("error %v, but the file: %v", err, statErr)
	}
	return f, path, err
}

func wholeFile(t *testing.T, f fetch.File, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(want)
	if !bytes.Equal(got, want) || f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != int64(len(want)) {
		t.Errorf("got %d bytes of %d, %+v", len(got), len(want), f)
	}
}

func reason(err error) httpx.Reason {
	var e *httpx.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func TestFetch(t *testing.T) {
	when := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		http.ServeContent(w, r, "", when, bytes.NewReader(table()))
	})
	f, path, err := get(t, client(httpx.Options{}), fetch.Request{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	wholeFile(t, f, path, table())
	if f.ETag != `"v1"` || !f.Modified.Equal(when) || f.MediaType != "text/csv" || f.URL != url || f.Retrieved.IsZero() {
		t.Errorf("file %+v", f)
	}
	for name, req := range map[string]fetch.Request{
		"etag":          {URL: url, ETag: f.ETag},
		"last modified": {URL: url, LastModified: f.LastModified},
	} {
		if f, _, err := get(t, client(httpx.Options{}), req); err != nil || !f.Unchanged {
			t.Errorf("by %s: %+v, %v", name, f, err)
		}
	}
	f, path, err = get(t, client(httpx.Options{}), fetch.Request{URL: url, ETag: `"v0"`})
	if err != nil {
		t.Fatal(err)
	}
	wholeFile(t, f, path, table())
}

// cutter serves the table in parts, cutting each answer after some bytes.
type cutter struct {
	etag    func(asked int32) string
	ranges  bool
	after   int
	asked   atomic.Int32
	resumed atomic.Int32
}

func (c *cutter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := c.asked.Add(1)
	body, from := table(), 0
	etag := c.etag(n)
	if etag != "" {
		w.Header().Set("ETag", etag)
	}
	if rg := r.Header.Get("Range"); c.ranges && rg != "" && r.Header.Get("If-Range") == etag {
		fmt.Sscanf(rg, "bytes=%d-", &from)
		c.resumed.Add(1)
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(body)-1, len(body)))
		w.Header().Set("Content-Length", fmt.Sprint(len(body)-from))
		w.WriteHeader(http.StatusPartialContent)
	} else {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	}
	end := min(from+c.after, len(body))
	w.Write(body[from:end])
	if end < len(body) {
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func always(etag string) func(int32) string { return func(int32) string { return etag } }

func TestCutTransferIsTakenUpWhereItStopped(t *testing.T) {
	c := &cutter{etag: always(`"v1"`), ranges: true, after: 9_000} // a dozen parts: more than the attempts of one request
	f, path, err := get(t, client(httpx.Options{Attempts: 3}), fetch.Request{URL: server(t, c.ServeHTTP)})
	if err != nil {
		t.Fatal(err)
	}
	wholeFile(t, f, path, table())
	if c.resumed.Load() < 8 {
		t.Errorf("%d parts resumed of %d requests", c.resumed.Load(), c.asked.Load())
	}
}

func TestFileThatChangesWhileItIsFetchedStartsOver(t *testing.T) {
	c := &cutter{ranges: true, after: 60_000, etag: func(n int32) string { return fmt.Sprintf(`"v%d"`, min(n, 2)) }}
	f, path, err := get(t, client(httpx.Options{}), fetch.Request{URL: server(t, c.ServeHTTP)})
	if err != nil {
		t.Fatal(err)
	}
	wholeFile(t, f, path, table())
	if f.ETag != `"v2"` || c.resumed.Load() != 1 {
		t.Errorf("etag %s, %d resumed", f.ETag, c.resumed.Load())
	}
}

func TestTransferThatCannotBeWholeIsAnError(t *testing.T) {
	for name, c := range map[string]*cutter{
		"no ranges":       {etag: always(`"v1"`), after: 50_000},
		"no validator":    {etag: always(""), ranges: true, after: 50_000},
		"weak validator":  {etag: always(`W/"v1"`), ranges: true, after: 50_000},
		"never moves on":  {etag: always(`"v1"`), ranges: true, after: 0},
		"under the sniff": {etag: always(""), after: 100},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := get(t, client(httpx.Options{Attempts: 3}), fetch.Request{URL: server(t, c.ServeHTTP)})
			if reason(err) != httpx.Cut || c.asked.Load() < 3 {
				t.Errorf("%v after %d requests", err, c.asked.Load())
			}
		})
	}
}

func TestWrongRangeIsNotPastedOn(t *testing.T) {
	var asked atomic.Int32
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		body := table()
		w.Header().Set("ETag", `"v1"`)
		switch asked.Add(1) {
		case 1:
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			w.Write(body[:50_000])
			panic(http.ErrAbortHandler)
		case 2: // another part than was asked for
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 10-%d/%d", len(body)-1, len(body)))
			w.WriteHeader(http.StatusPartialContent)
			w.Write(body[10:])
		default:
			w.Write(body)
		}
	})
	f, path, err := get(t, client(httpx.Options{}), fetch.Request{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	wholeFile(t, f, path, table())
}

func TestErrors(t *testing.T) {
	say := func(contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			io.WriteString(w, body)
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	packed := func(encoding string, pack func(io.Writer) io.WriteCloser, body []byte, cut int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			var b bytes.Buffer
			z := pack(&b)
			z.Write(body)
			z.Close()
			w.Header().Set("Content-Encoding", encoding)
			w.Write(b.Bytes()[:b.Len()-cut])
		}
	}
	bomb := bytes.Repeat([]byte("0;"), 4<<20)
	gz := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	zs := func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		reason  httpx.Reason
		detail  string
	}{
		"web page":            {say("text/csv", "\n<!DOCTYPE html>\n<html><body>Connexion</body></html>"), httpx.WrongContent, "html"},
		"web page in comment": {say("text/csv", "<!-- page --><html>"), httpx.WrongContent, "html"},
		"xhtml":               {say("text/xml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">`), httpx.WrongContent, "html"},
		"json error":          {say("application/json", `{"success": false, "error": {"message": "Not found"}}`), httpx.WrongContent, "json"},
		"json message":        {say("application/json", `{ "message" : "rate limited"}`), httpx.WrongContent, "json"},
		"ogc exception":       {say("text/xml", `<?xml version="1.0"?><ows:ExceptionReport/>`), httpx.WrongContent, "xml"},
		"storage error":       {say("text/xml", `<Error><Code>NoSuchKey</Code></Error>`), httpx.WrongContent, "xml"},
		"nothing":             {say("text/csv", ""), httpx.EmptyContent, ""},
		"no content":          {status(204), httpx.NotAnswer, ""},
		"not found":           {status(404), httpx.NotFound, ""},
		"gone":                {status(410), httpx.NotFound, ""},
		"forbidden":           {status(403), httpx.Forbidden, ""},
		"broken":              {status(500), httpx.Upstream, ""},
		"unasked 304":         {status(304), httpx.NotAnswer, ""},
		"gzip bomb":           {packed("gzip", gz, bomb, 0), httpx.TooLarge, ""},
		"zstd bomb":           {packed("zstd", zs, bomb, 0), httpx.TooLarge, ""},
		"gzip cut":            {packed("gzip", gz, table(), 20), httpx.Cut, ""},
		"gzip cut early":      {packed("gzip", gz, []byte("a;b\n1;2\n"), 10), httpx.Cut, ""},
		"zstd cut":            {packed("zstd", zs, table(), 20), httpx.Cut, ""},
		"not gzip":            {packed("gzip", func(w io.Writer) io.WriteCloser { return nopCloser{w} }, table(), 0), httpx.NotAnswer, ""},
		"unknown encoding":    {packed("br", gz, table(), 0), httpx.NotAnswer, ""},
		"too large":           {say("text/csv", strings.Repeat("1;2;3\n", 200_000)), httpx.TooLarge, ""},
		"declared too large": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999999999")
			w.Write([]byte("a;b\n"))
		}, httpx.TooLarge, ""},
		"endless redirects": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) }, httpx.Redirects, ""},
		"redirect to a file": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		}, httpx.Invalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := get(t, client(httpx.Options{Attempts: 2}), fetch.Request{URL: server(t, c.handler)})
			var e *httpx.Error
			if !errors.As(err, &e) || e.Reason != c.reason || (c.detail != "" && e.Detail != c.detail) {
				t.Fatalf("error %v, want %s %s", err, c.reason, c.detail)
			}
			for _, l := range []string{e.Sentence("fr"), e.Sentence("en")} {
				if !strings.HasSuffix(l, ".") || strings.Contains(l, "%!") {
					t.Errorf("sentence %q", l)
				}
			}
		})
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func TestPackedAnswersAreUnpacked(t *testing.T) {
	for name, pack := range map[string]func(io.Writer) io.WriteCloser{
		"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"zstd": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
	} {
		t.Run(name, func(t *testing.T) {
			url := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", name)
				z := pack(w)
				z.Write(table())
				z.Close()
			})
			f, path, err := get(t, client(httpx.Options{}), fetch.Request{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			wholeFile(t, f, path, table())
		})
	}
}

func TestTroubleThatPasses(t *testing.T) {
	var asked atomic.Int32
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch asked.Add(1) {
		case 1:
			w.WriteHeader(503)
		case 2:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(429)
		case 3: // stalls before the headers
			select {
			case <-r.Context().Done():
			case <-time.After(2 * time.Second):
			}
		case 4: // stalls in the middle
			w.Write(table()[:5000])
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(2 * time.Second):
			}
			panic(http.ErrAbortHandler)
		default:
			w.Write(table())
		}
	})
	start := time.Now()
	f, path, err := get(t, client(httpx.Options{Stall: 100 * time.Millisecond}), fetch.Request{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	wholeFile(t, f, path, table())
	if time.Since(start) < time.Second {
		t.Error("it did not wait as long as the server asked")
	}
}

func TestChecksum(t *testing.T) {
	url := server(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(table()) })
	m, s := md5.Sum(table()), sha256.Sum256(table())
	for hash, fails := range map[string]bool{
		hex.EncodeToString(m[:]):                            false,
		"MD5: " + strings.ToUpper(hex.EncodeToString(m[:])): false,
		"sha256:" + hex.EncodeToString(s[:]):                false,
		"sha-256-" + hex.EncodeToString(s[:]):               false,
		"":                                                  false,
		"n/a":                                               false, // no checksum: nothing to check
		strings.Repeat("0", 32):                             true,
		strings.Repeat("0", 64):                             true,
		"sha1:" + strings.Repeat("a", 40):                   true,
	} {
		_, _, err := get(t, client(httpx.Options{}), fetch.Request{URL: url, Hash: hash})
		if fails != (reason(err) == httpx.BadChecksum) || !fails && err != nil {
			t.Errorf("%q: %v", hash, err)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(table()[:5000])
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	path := filepath.Join(t.TempDir(), "file")
	if _, err := client(httpx.Options{}).Fetch(ctx, fetch.Request{URL: url}, path); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file: %v", err)
	}
}

func TestAddressesThatAreNotFetched(t *testing.T) {
	c := fetch.New(httpx.New(httpx.Options{}), 0)
	for url, want := range map[string]httpx.Reason{
		"":                         httpx.Invalid,
		"ftp://exemple.fr/x.csv":   httpx.Invalid,
		"file:///etc/passwd":       httpx.Invalid,
		"http://":                  httpx.Invalid,
		"http://[::1":              httpx.Invalid,
		"http://127.0.0.1:9/x":     httpx.Refused,
		"http://localhost:9/x":     httpx.Refused,
		"http://[::1]:9/x":         httpx.Refused,
		"http://10.0.0.1/x":        httpx.Refused,
		"http://169.254.169.254/x": httpx.Refused,
	} {
		if _, _, err := get(t, c, fetch.Request{URL: url}); reason(err) != want {
			t.Errorf("%q: %v, want %s", url, err, want)
		}
	}
}

func FuzzWrongContent(f *testing.F) {
	f.Add([]byte("<!doctype html>"))
	f.Add([]byte("\xef\xbb\xbf<?xml version='1.0'?><Error>"))
	f.Add([]byte(`{"success":false}`))
	f.Fuzz(func(t *testing.T, head []byte) { fetch.Wrong(head) })
}

func FuzzChecksum(f *testing.F) {
	f.Add("md5:d41d8cd98f00b204e9800998ecf8427e")
	f.Fuzz(func(t *testing.T, s string) {
		if sum, ok := fetch.ParseChecksum(s); ok && !strings.Contains(strings.ToLower(s), sum) {
			t.Errorf("%q is read as %q", s, sum)
		}
	})
}

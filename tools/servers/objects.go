// Package servers starts the servers that several of ours share, for tests and
// measurements: object stores, versitygw where its program is there and one in this
// process, PostgreSQL and Trino.
package servers

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"cigogne/internal/store/bucket"
)

// Objects is an object store with a bucket named lake.
type Objects struct {
	Name  string
	Parts bool // large files come in parts: gofakes3 keeps the signatures between them as content
	Stop  func()
	Again func(testing.TB)

	endpoint string
}

const (
	access = "testtest"
	secret = "testtestsecret"
)

// Place is a folder of the bucket.
func (s Objects) Place(prefix string) bucket.Place {
	return bucket.Place{URL: "s3://lake/" + prefix, Endpoint: s.endpoint, AccessKey: access, SecretKey: secret}
}

// Open opens a folder of the bucket.
func (s Objects) Open(t testing.TB, prefix string) *bucket.Bucket {
	t.Helper()
	b, err := bucket.Open(s.Place(prefix))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Each runs a test with each store that can be had.
func Each(t *testing.T, test func(t *testing.T, at Objects)) {
	t.Run("gofakes3", func(t *testing.T) { test(t, Fake(t)) })
	t.Run("versitygw", func(t *testing.T) { test(t, Real(t)) })
}

// Fake starts a store in this process; it believes every key.
func Fake(t testing.TB) Objects {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("lake"); err != nil {
		t.Fatal(err)
	}
	store := gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 0 { // else it misses the length of what is empty
			r.Header.Set("Content-Length", "0")
		}
		store.ServeHTTP(w, r)
	})
	listener := listen(t, "127.0.0.1:0")
	address := listener.Addr().String()
	server := serve(listener, handler)
	s := Objects{Name: "gofakes3", endpoint: "http://" + address}
	s.Stop = func() { server.Close() }
	s.Again = func(t testing.TB) { server = serve(listen(t, address), handler) }
	t.Cleanup(func() { server.Close() })
	return s
}

func listen(t testing.TB, address string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func serve(l net.Listener, h http.Handler) *httptest.Server {
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}}
	s.Start()
	return s
}

// Program is versitygw's, "" where it is not there: CIGOGNE_TEST_S3 names it, else
// the path.
func Program() string {
	if p := os.Getenv("CIGOGNE_TEST_S3"); p != "" {
		return p
	}
	p, _ := exec.LookPath("versitygw")
	return p
}

// Real starts versitygw over a folder; the test is skipped where its program is not
// there.
func Real(t testing.TB) Objects {
	t.Helper()
	program := Program()
	if program == "" {
		t.Skip("versitygw is not there (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0, or CIGOGNE_TEST_S3=its program): a real object store was not tried")
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data", "lake"), 0o755); err != nil {
		t.Fatal(err)
	}
	l := listen(t, "127.0.0.1:0")
	address := l.Addr().String()
	_ = l.Close()
	var c *exec.Cmd
	start := func(t testing.TB) {
		t.Helper()
		c = exec.Command(program, "--port", address, "--quiet", "posix", filepath.Join(dir, "data"))
		c.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+access, "ROOT_SECRET_KEY="+secret)
		c.Dir, c.Stdout, c.Stderr = dir, io.Discard, io.Discard
		if err := c.Start(); err != nil {
			t.Skipf("versitygw does not run here: %v", err)
		}
		for until := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
			conn, err := net.DialTimeout("tcp", address, time.Second)
			if err == nil {
				_ = conn.Close()
				return
			}
			if time.Now().After(until) {
				t.Fatal(fmt.Errorf("versitygw does not listen: %w", err))
			}
		}
	}
	s := Objects{Name: "versitygw", Parts: true, endpoint: "http://" + address}
	s.Stop = func() {
		if c.ProcessState == nil {
			_ = c.Process.Kill() // as a power cut would
			_ = c.Wait()
		}
	}
	s.Again = start
	start(t)
	t.Cleanup(func() { s.Stop() })
	return s
}

// Quiet is a log that nobody reads.
var Quiet = slog.New(slog.DiscardHandler)

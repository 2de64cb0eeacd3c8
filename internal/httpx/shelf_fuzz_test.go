package httpx

import (
	"bytes"
	"net/http"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// FuzzShelf has answers read that something else wrote: what is not whole is no
// answer, and what is one is the same once it is kept again.
func FuzzShelf(f *testing.F) {
	dir := f.TempDir()
	s := NewShelf(dir)
	s.most = 1 << 20
	g := Get{URL: "https://x.fr/a"}
	s.keep(g, &Answer{URL: g.URL, Status: 200, Header: http.Header{"Etag": {"1"}}, Body: []byte("corps")})
	whole, err := os.ReadFile(s.path(g))
	if err != nil {
		f.Fatal(err)
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, true)
	f.Add(whole[:len(whole)-3], true)
	f.Add(append([]byte(`{"url":"https://x.fr/a","status":200}`+"\n"), make([]byte, 4<<20)...), false) // unpacks to more than is held
	f.Add([]byte(`{"url":"https://x.fr/a","status":200,"header":{"Etag":["1"]}}`+"\ncorps"), false)
	f.Fuzz(func(t *testing.T, b []byte, packed bool) {
		if !packed {
			b = z.EncodeAll(b, nil)
		}
		if err := os.WriteFile(s.path(g), b, 0o644); err != nil {
			t.Fatal(err)
		}
		h, _ := s.find(g)
		if h == nil {
			return
		}
		if int64(len(h.body)) > s.most {
			t.Fatalf("%d bytes are held", len(h.body))
		}
		s.keep(g, h.answer())
		again, _ := s.find(g)
		if again == nil || again.Status != h.Status || !bytes.Equal(again.body, h.body) {
			t.Errorf("%+v, kept again: %+v", h, again)
		}
	})
}

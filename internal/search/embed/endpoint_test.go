package embed

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fakeServer embeds a text as its length; fail tells which request, from 1, fails and how.
func fakeServer(t *testing.T, fail map[int32]int) (url string, texts *atomic.Int32, seen func() []string) {
	var requests atomic.Int32
	texts = &atomic.Int32{}
	var inputs []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := requests.Add(1)
		if code := fail[n]; code != 0 {
			http.Error(w, `{"error":{"message":"no","type":"x"}}`, code)
			return
		}
		var req struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			t.Error(err)
		}
		type datum struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var data []datum
		for i := len(req.Input) - 1; i >= 0; i-- { // order is not promised
			texts.Add(1)
			inputs = append(inputs, req.Input[i])
			data = append(data, datum{i, []float32{float32(len(req.Input[i])), 1}})
		}
		json.NewEncoder(w).Encode(map[string]any{"data": data})
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/v1", texts, func() []string { return inputs }
}

func endpoint(t *testing.T, c EndpointConfig) *Endpoint {
	t.Helper()
	c.Model = "m"
	e, err := NewEndpoint(c)
	if err != nil {
		t.Fatal(err)
	}
	e.retry = time.Millisecond
	return e
}

func TestEndpointBatchesResumesAndRemembers(t *testing.T) {
	url, texts, seen := fakeServer(t, map[int32]int{2: 400})
	path := filepath.Join(t.TempDir(), "cache")
	c := EndpointConfig{BaseURL: url, Batch: 2, Cache: path, QueryPrefix: "query: ", PassagePrefix: "passage: "}
	ps := []Passage{{Title: "a"}, {Title: "bb"}, {Title: "ccc"}, {Title: "dddd", Text: "e", Keywords: []string{"k"}}}
	e := endpoint(t, c)
	if _, err := e.Passages(t.Context(), ps); err == nil {
		t.Fatal("the second batch was refused, yet no error")
	}
	if texts.Load() != 2 {
		t.Fatalf("%d texts embedded before the refusal, want 2", texts.Load())
	}
	vs, err := endpoint(t, c).Passages(t.Context(), ps) // goes on with the other two
	if err != nil {
		t.Fatal(err)
	}
	if texts.Load() != 4 {
		t.Errorf("%d texts embedded in all, want 4: the first two are known", texts.Load())
	}
	for i, v := range vs {
		if len(v) != 2 || v[0] <= v[1] || v[0]*v[0]+v[1]*v[1] < 0.999 {
			t.Errorf("vector %d is %v", i, v)
		}
	}
	if vs[0][0] >= vs[3][0] {
		t.Error("vectors are not in the texts' order")
	}
	if _, err := endpoint(t, c).Passages(t.Context(), ps); err != nil || texts.Load() != 4 {
		t.Errorf("a third run sent texts again: %d, %v", texts.Load(), err)
	}
	if got := seen()[len(seen())-2:]; !strings.HasPrefix(got[0], "passage: dddd. k. e") {
		t.Errorf("sent %q", got)
	}
	if _, err := e.Query(t.Context(), "où"); err != nil {
		t.Fatal(err)
	}
	if got := seen()[len(seen())-1]; got != "query: où" {
		t.Errorf("sent %q", got)
	}
}

func TestEndpointRetriesWhatMayPass(t *testing.T) {
	one := []Passage{{Title: "x"}}
	url, _, _ := fakeServer(t, map[int32]int{1: 503, 2: 429})
	if _, err := endpoint(t, EndpointConfig{BaseURL: url}).Passages(t.Context(), one); err != nil {
		t.Errorf("after two stumbles: %v", err)
	}
	url, texts, _ := fakeServer(t, map[int32]int{1: 401})
	if _, err := endpoint(t, EndpointConfig{BaseURL: url}).Passages(t.Context(), one); err == nil || texts.Load() != 0 {
		t.Errorf("a wrong key was tried again: %v", err)
	}
}

func TestAServerThatFailsAQuestionRests(t *testing.T) {
	url, texts, _ := fakeServer(t, map[int32]int{1: 503})
	e := endpoint(t, EndpointConfig{BaseURL: url, Rest: time.Hour})
	if _, err := e.Query(t.Context(), "x"); err == nil || texts.Load() != 0 {
		t.Errorf("a person waited for a second try: %v", err)
	}
	if _, err := e.Query(t.Context(), "x"); !errors.Is(err, errRest) {
		t.Errorf("asked again at once: %v", err)
	}
	e.wake = time.Now()
	if _, err := e.Query(t.Context(), "x"); err != nil {
		t.Errorf("after its rest: %v", err)
	}
}

func TestCacheDropsACutRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache")
	c, err := openCache(path, "m")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.put([]string{"a", "b"}, [][]float32{{1, 0}, {0, 1}}); err != nil {
		t.Fatal(err)
	}
	c.Close()
	b, _ := os.ReadFile(path)
	os.WriteFile(path, b[:len(b)-3], 0o644)
	if c, err = openCache(path, "m"); err != nil {
		t.Fatal(err)
	}
	if c.get("a") == nil || c.get("b") != nil {
		t.Error("the whole record is lost, or the cut one is kept")
	}
	c.put([]string{"b"}, [][]float32{{0, 1}})
	c.Close()
	if c, _ = openCache(path, "m"); c.get("b") == nil {
		t.Error("a record written after a cut one is lost")
	}
	c.Close()
	if c, _ = openCache(path, "other"); c.get("a") != nil {
		t.Error("vectors of another model are used")
	}
	c.Close()
}

func FuzzCache(f *testing.F) {
	f.Add([]byte("x"))
	f.Add(make([]byte, 44))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := cache{have: map[[32]byte][]float32{}}
		if n := c.read(b); n < 0 || n > len(b) {
			t.Errorf("read %d of %d bytes", n, len(b))
		}
	})
}

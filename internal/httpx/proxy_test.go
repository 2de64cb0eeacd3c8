package httpx_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"cigogne/internal/httpx"
)

// A proxy on a private address is used, but takes no request to one.
func TestProxy(t *testing.T) {
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
			return
		}
		fmt.Fprint(w, "by proxy: ", r.URL.String())
	}))
	defer proxy.Close()
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := httpx.New(httpx.Options{Proxy: http.ProxyURL(u), Backoff: time.Millisecond})
	// A name of the reserved top-level domain: only a proxy can know it.
	a, err := c.Get(t.Context(), httpx.Get{URL: "http://portail.invalid/x"})
	if err != nil || string(a.Body) != "by proxy: http://portail.invalid/x" {
		t.Fatalf("%+v, %v", a, err)
	}
	asked.Store(0)
	for _, address := range []string{"http://127.0.0.1/x", "http://[::1]/x", "http://10.0.0.1/x", "http://localhost/x"} {
		if _, err := c.Get(t.Context(), httpx.Get{URL: address}); reason(err) != httpx.Refused {
			t.Errorf("%s: %v", address, err)
		}
	}
	if asked.Load() != 0 {
		t.Error("the proxy was asked for a private address")
	}
	if _, err := c.Get(t.Context(), httpx.Get{URL: "http://portail.invalid/away"}); reason(err) != httpx.Refused {
		t.Errorf("sent away: %v", err)
	}
	// Without the proxy its own address stays private.
	if _, err := httpx.New(httpx.Options{}).Get(t.Context(), httpx.Get{URL: proxy.URL}); reason(err) != httpx.Refused {
		t.Errorf("the proxy itself: %v", err)
	}
}

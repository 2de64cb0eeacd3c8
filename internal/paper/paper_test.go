package paper_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"cigogne/internal/paper"
)

func printer(t *testing.T) *paper.Printer {
	t.Helper()
	p := paper.Find()
	if p == nil {
		t.Skip("no browser on this machine")
	}
	return p
}

func TestAPageIsPrintedAndAsksNothing(t *testing.T) {
	p := printer(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	page := `<!doctype html><html lang="fr"><head><title>Budget</title></head><body><h1>Bonjour</h1><img src="` + server.URL + `/a.png"><script>fetch("` + server.URL + `")</script></body></html>`
	pdf, err := p.PDF(t.Context(), []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 1000 {
		t.Errorf("no PDF: %d bytes", len(pdf))
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the page asked for %d files", n)
	}
}

func TestPrintingIsBounded(t *testing.T) {
	p := printer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.PDF(ctx, []byte("<html><head></head></html>")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := p.PDF(t.Context(), []byte("no page")); err == nil {
		t.Error("a page without a head is printed without its policy")
	}
}

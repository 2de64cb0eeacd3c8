package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cigogne/internal/quality"
	"cigogne/internal/surface/web"
)

// A publisher's page says its score, what to mend first and its datasets; a
// name is text whatever it holds.
func TestPublisherPage(t *testing.T) {
	const name = "Ville / Métropole <b>"
	h := site(t, func(p *web.Parts) {
		p.Quality = func(_ context.Context, publisher string) (*quality.Publisher, error) {
			switch publisher {
			case name:
				r := quality.Reported([]quality.Sheet{{ID: "a/b", Title: "Arbres", Publisher: name, Score: 61.4, Asked: 3, Findings: []quality.Finding{{Check: "licence", Property: "dct:license", Lost: 12}}}})
				return &r.Publishers[0], nil
			case "broken":
				return nil, errors.New("disk")
			}
			return nil, nil
		}
	})
	page := get(h, "/publisher/"+url.PathEscape(name), "Accept-Language", "fr")
	if page.Code != http.StatusOK {
		t.Fatalf("status %d", page.Code)
	}
	body := page.Body.String()
	for _, want := range []string{"61 sur 100", "3 réponses données", "dct:license", "licence non indiquée", `href="/dataset/a%2Fb"`, "Ville / Métropole &lt;b&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	for path, status := range map[string]int{"/publisher/nobody": http.StatusNotFound, "/publisher/broken": http.StatusInternalServerError} {
		if got := get(h, path).Code; got != status {
			t.Errorf("%s: status %d, want %d", path, got, status)
		}
	}
	if got := get(site(t, nil), "/publisher/nobody").Code; got != http.StatusNotFound {
		t.Errorf("without pages of publishers: status %d", got)
	}
}

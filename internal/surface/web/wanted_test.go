package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/surface/httpd"
)

func TestWantedShowsNothingOfOnePersonAlone(t *testing.T) {
	var voted []string
	site, err := New(Parts{
		Wanted: func(context.Context) ([]Wish, error) {
			return []Wish{{ID: "pools", Question: "Combien de piscines ?", Times: 3}, {ID: "alone", Question: "ce qu'un seul a écrit", Times: 2},
				{ID: "done", Question: "Combien de <b>gares</b> ?", Times: 1, Reply: "publié en mai", AnswerID: "ABCDEFGHIJ"}}, nil
		},
		Vote: func(_ context.Context, id string) error {
			if id != "pools" {
				return answer.ErrUnknown
			}
			voted = append(voted, id)
			return nil
		},
		Rate: httpd.NewRate(1), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	do := func(method, path string) (int, string) {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		b, _ := io.ReadAll(w.Body)
		return w.Code, string(b)
	}
	status, page := do(http.MethodGet, "/wanted")
	for text, want := range map[string]bool{"Combien de piscines": true, "un seul": false, "publié en mai": true, "/a/ABCDEFGHIJ": true, "&lt;b&gt;": true, "/wanted/pools/vote": true, "/wanted/done/vote": false} {
		if strings.Contains(page, text) != want {
			t.Errorf("%d: %q is there: %t", status, text, !want)
		}
	}
	if status, _ := do(http.MethodPost, "/wanted/pools/vote"); status != http.StatusSeeOther || len(voted) != 1 {
		t.Errorf("a vote: %d, %v", status, voted)
	}
	for range 100 {
		if status, _ = do(http.MethodPost, "/wanted/pools/vote"); status == http.StatusTooManyRequests {
			return
		}
	}
	t.Errorf("votes without end: %d", len(voted))
}

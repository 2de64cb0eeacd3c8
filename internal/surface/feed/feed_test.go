package feed_test

import (
	"context"
	"encoding/xml"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/surface/feed"
)

type kept struct{}

func (kept) Keep(context.Context, *answer.Answer) error        { return nil }
func (kept) Passing(string) bool                               { return false }
func (kept) Judge(context.Context, string, bool, string) error { return nil }
func (kept) Answer(_ context.Context, id string) (*answer.Answer, error) {
	switch id {
	case "broken":
		return nil, errors.New("disk")
	case "one":
		return &answer.Answer{AnswerID: id, Question: "Population <de> Metz\u202e ?", Lang: lang.French, Kind: answer.KindFigure, Figures: []answer.Figure{{Value: 120874}}}, nil
	}
	return nil, answer.ErrUnknown
}

type shelf struct{}

func (shelf) Describe(_ context.Context, key string, _ lang.Lang) (*assistant.Description, error) {
	if key != "d1" {
		return nil, assistant.ErrUnknownDataset
	}
	return &assistant.Description{Dataset: dataset.Dataset{ID: "d1", Title: "Forêts"}, Tables: []dataset.Table{{Title: "Parcelles", Parquet: "aa", Rows: 12345, Modified: day}}}, nil
}

func (shelf) Find(context.Context, assistant.Browse, lang.Lang) (*assistant.Found, error) {
	return &assistant.Found{Datasets: []assistant.FoundItem{{Dataset: answer.Dataset{ID: "a/b", Title: "Forêts"}, Modified: "2026-07-09"}}}, nil
}

func (shelf) Names(context.Context, string, int) ([]string, int, error) { return nil, 0, nil }

var day = time.Date(2026, 7, 9, 0, 0, 0, 0, time.UTC)

// atom is what a reader reads of a feed.
type atom struct {
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Entries []struct {
		ID  string `xml:"id"`
		Raw string `xml:",innerxml"`
	} `xml:"entry"`
}

func TestFeeds(t *testing.T) {
	moved := &feed.Moved{At: day.AddDate(0, -1, 0)}
	h := feed.New(feed.Parts{Answers: kept{}, Guide: shelf{}, Base: "https://x.example.org", Log: slog.New(slog.DiscardHandler),
		Moved: func(context.Context, string, lang.Lang) (*feed.Moved, error) { return moved, nil }})
	get := func(path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Language", "fr")
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	read := func(path string) (f atom) {
		t.Helper()
		w := get(path)
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	t.Run("a figure that stands has one entry", func(t *testing.T) {
		f := read("/a/one/feed.atom")
		if len(f.Entries) != 1 || f.Title != "Population <de> Metz ?" || f.Updated != "2026-06-09T00:00:00Z" || !strings.Contains(f.Entries[0].Raw, "120") {
			t.Errorf("%+v", f)
		}
	})
	t.Run("one that changed has another, with its own name each time", func(t *testing.T) {
		tag := get("/a/one/feed.atom").Header().Get("ETag")
		moved.Changed, moved.Lines, moved.Day = true, []string{"120 874 → 121 695"}, day
		first := read("/a/one/feed.atom")
		if len(first.Entries) != 2 || !strings.Contains(first.Entries[0].Raw, "120 874 → 121 695") || first.Updated != "2026-07-09T00:00:00Z" {
			t.Errorf("%+v", first)
		}
		moved.Lines = []string{"120 874 → 130 000"}
		if again := read("/a/one/feed.atom"); again.Entries[0].ID == first.Entries[0].ID {
			t.Errorf("the same name %s", again.Entries[0].ID)
		}
		if w := get("/a/one/feed.atom", "If-None-Match", tag); w.Code != http.StatusOK {
			t.Errorf("the old one: %d", w.Code)
		}
		if w := get("/a/one/feed.atom", "If-None-Match", get("/a/one/feed.atom").Header().Get("ETag")); w.Code != http.StatusNotModified {
			t.Errorf("the same: %d", w.Code)
		}
	})
	t.Run("a dataset's publications, the catalogue's changes", func(t *testing.T) {
		if f := read("/dataset/d1/feed.atom"); len(f.Entries) != 1 || !strings.Contains(f.Entries[0].Raw, "9 juillet 2026") && !strings.Contains(f.Entries[0].Raw, "09/07/2026") {
			t.Errorf("%+v", f)
		}
		if f := read("/feed.atom"); len(f.Entries) != 1 || !strings.Contains(f.Entries[0].Raw, "https://x.example.org/dataset/a%2Fb") {
			t.Errorf("%+v", f)
		}
	})
	for path, want := range map[string]int{"/a/none/feed.atom": http.StatusNotFound, "/a/broken/feed.atom": http.StatusInternalServerError, "/dataset/none/feed.atom": http.StatusNotFound} {
		if w := get(path); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// Package feed tells feed readers what changes: of a figure, before and after;
// of a dataset and of the catalogue, what was published. It keeps nothing: who
// follows a feed is known to nobody but their reader.
package feed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// Moved is what became of a kept figure.
type Moved struct {
	At      time.Time // when it was kept
	Changed bool
	Lines   []string  // before and after, and which publication made the difference
	Day     time.Time // of that publication
}

// Parts are what feeds are made of.
type Parts struct {
	Answers surface.Answers
	Guide   surface.Guide
	Moved   func(ctx context.Context, id string, l lang.Lang) (*Moved, error) // answer.ErrUnknown; nil where nothing can be computed again
	Client  httpd.Client
	Base    string // public address; "" to tell from each request
	Log     *slog.Logger
}

// catalogued is how many datasets the catalogue's feed lists.
const catalogued = 30

// New returns the handler of all feeds.
func New(p Parts) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /a/{id}/feed.atom", p.figure)
	mux.HandleFunc("GET /dataset/{id}/feed.atom", p.dataset)
	mux.HandleFunc("GET /feed.atom", p.catalogue)
	return mux
}

// feed is an Atom feed (RFC 4287).
type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"xml:lang,attr"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Links   []link   `xml:"link"`
	Entries []entry  `xml:"entry"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type entry struct {
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Link    link   `xml:"link"`
	Content text   `xml:"content"`
}

type text struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// figure is the feed of a kept answer: it as it was, and what today's data say
// where that is something else. Each new publication that changes it makes an
// entry of its own, which readers keep.
func (p Parts) figure(w http.ResponseWriter, r *http.Request) {
	l := httpd.Language(r)
	a, err := p.Answers.Answer(r.Context(), r.PathValue("id"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	moved, err := p.Moved(r.Context(), a.AnswerID, l)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	page := p.base(r) + "/a/" + a.AnswerID
	f := p.begin(r, page, a.Question)
	if moved == nil {
		moved = &Moved{}
	}
	if moved.Changed {
		body := strings.Join(moved.Lines, "\n")
		sum := sha256.Sum256([]byte(body))
		f.add(page+"#"+hex.EncodeToString(sum[:8]), texts.Say(l, "feed.changed", "question", a.Question), page, body, moved.Day)
	}
	f.add(page, a.Question, page, answer.FirstFigure(a), moved.At)
	p.write(w, r, f)
}

func (p Parts) dataset(w http.ResponseWriter, r *http.Request) {
	l := httpd.Language(r)
	d, err := p.Guide.Describe(r.Context(), r.PathValue("id"), l)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	page := p.base(r) + "/dataset/" + url.PathEscape(d.Dataset.ID)
	f := p.begin(r, page, d.Dataset.Title)
	for _, t := range d.Tables {
		day := t.Modified
		if day.IsZero() {
			day = t.Retrieved
		}
		f.add(page+"#"+t.Parquet, t.Title, page, texts.Say(l, "feed.table", "n", t.Rows, "day", lang.Day(day, l)), day)
	}
	if len(d.Tables) == 0 {
		f.add(page+"#"+d.Dataset.Modified.UTC().Format(time.DateOnly), d.Dataset.Title, page, d.Dataset.Description, d.Dataset.Modified)
	}
	p.write(w, r, f)
}

func (p Parts) catalogue(w http.ResponseWriter, r *http.Request) {
	l := httpd.Language(r)
	found, err := p.Guide.Find(r.Context(), assistant.Browse{Limit: catalogued}, l)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	base := p.base(r)
	f := p.begin(r, base+"/search", texts.Say(l, "feed.catalogue"))
	for _, d := range found.Datasets {
		page := base + "/dataset/" + url.PathEscape(d.ID)
		day, _ := time.Parse(time.DateOnly, d.Modified) // a day that is none stands for none
		f.add(page+"#"+d.Modified, d.Title, page, d.Publisher, day)
	}
	p.write(w, r, f)
}

func (p Parts) begin(r *http.Request, page, title string) *feed {
	return &feed{Lang: string(httpd.Language(r)), ID: page + "#feed", Title: clean(title), Author: "Cigogne", Links: []link{
		{Rel: "alternate", Type: "text/html", Href: page}, {Rel: "self", Type: "application/atom+xml", Href: p.base(r) + r.URL.Path},
	}}
}

func (f *feed) add(id, title, page, body string, day time.Time) {
	f.Entries = append(f.Entries, entry{ID: id, Title: clean(title), Updated: stamp(day), Link: link{Rel: "alternate", Type: "text/html", Href: page}, Content: text{"text", clean(body)}})
	if s := stamp(day); s > f.Updated {
		f.Updated = s
	}
}

// clean is a text without what XML cannot hold or a reader does not see.
func clean(s string) string { return strings.TrimSpace(plain.Text(s)) }

// stamp writes a time; a feed must have one, and the beginning stands for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(time.RFC3339)
}

// kept is how long a reader may keep a feed.
const kept = "max-age=900"

func (p Parts) write(w http.ResponseWriter, r *http.Request, f *feed) {
	if f.Updated == "" {
		f.Updated = stamp(time.Time{})
	}
	body, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		p.fail(w, r, err)
		return
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "public, "+kept)
	if p.Base == "" { // it holds the address that the request named: no cache may hand that on
		h.Set("Cache-Control", "private, "+kept)
	}
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(xml.Header))
	_, _ = w.Write(body)
}

func (p Parts) fail(w http.ResponseWriter, r *http.Request, err error) {
	code := surface.CodeOf(err)
	if code == surface.Internal && !errors.Is(err, context.Canceled) {
		p.Log.ErrorContext(r.Context(), "feed", "path", r.URL.Path, "error", err)
	}
	http.Error(w, code.Sentence(httpd.Language(r)), code.Status())
}

func (p Parts) base(r *http.Request) string {
	if p.Base != "" {
		return p.Base
	}
	return p.Client.Base(r)
}

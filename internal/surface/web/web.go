// Package web is the pages for people: the chat, the catalogue, and the lasting
// page of each answer. Every page works without a script; the one script that
// there is shows progress and sorts tables. Nothing is asked of other sites.
package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/brief"
	"cigogne/internal/discover"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/quality"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/plain"
	"cigogne/internal/surface/sheet"
	"cigogne/internal/texts"
)

// Parts are what the pages are made of.
type Parts struct {
	Asker     surface.Asker
	Answers   surface.Answers
	Guide     surface.Guide
	Chart     func(*answer.Answer) ([]byte, error)                                       // SVG of an answer's rows, an error where there is nothing to draw; nil: no charts
	Inline    func(*answer.Answer) (wide, narrow []byte, err error)                      // the same to stand within a page, and for a telephone's width, nil where that is no other; nil: never
	PNG       func(*answer.Answer) ([]byte, error)                                       // the same as a picture of dots; nil: none
	Picture   func(*answer.Answer) ([]byte, error)                                       // PNG of an answer for links to it; nil: none
	Replay    func(ctx context.Context, id string, l lang.Lang) (said string, err error) // computes a kept answer again; "" where there is nothing to say, nil: never
	Questions func(lang.Lang) []string                                                   // to start with
	Overview  overview                                                                   // the catalogue in a line; nil: nothing is said of it
	Quality   func(ctx context.Context, publisher string) (*quality.Publisher, error)    // what one publishes, nil where nobody has that name; nil: no pages of publishers
	Kits      func() []*kit.Kit                                                          // themes; nil: none
	Brief     func(context.Context, *kit.Kit, lang.Lang) (*brief.Brief, error)           // a theme's figures of today, whose answers are kept; nil: themes have no pages
	Discover  *discover.Path                                                             // a way into the data; nil: none
	Publisher string                                                                     // who answers for the site, for its legal notice; "": it says that nobody was named
	Paper     func(ctx context.Context, page []byte) ([]byte, error)                     // a page that asks nothing of anyone as a PDF; nil: none
	Gist      func(*answer.Answer) string                                                // what an answer's chart shows, in a sentence; nil: nothing is said
	Wanted    func(context.Context) ([]Wish, error)                                      // what was asked for and is not there; nil: no page of it
	Vote      func(ctx context.Context, id string) error                                 // for one of them, ErrUnknown where there is no such; nil: no votes
	Gate      func(Refuse, http.Handler) http.Handler                                    // lets the team in; nil: it has no pages
	Report    func(context.Context, lang.Lang) (template.HTML, error)                    // what is asked and what the data could not give, for the team
	Threads   Threads                                                                    // where conversations are noted that servers share; nil: here alone
	Rate      *httpd.Rate
	Client    httpd.Client
	Days      int    // how long answers are kept; 0: for good
	Base      string // public address, as https://data.example.org; "" to tell from each request
	Log       *slog.Logger
}

//go:embed templates
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

type site struct {
	Parts
	pages   map[lang.Lang]map[string]*template.Template
	now     func() time.Time
	version string // of the static files, part of their addresses
	threads *threads
}

// New returns the handler of all pages. It fails only where the templates that
// ship in the binary are broken.
func New(p Parts) (http.Handler, error) {
	s := &site{Parts: p, pages: map[lang.Lang]map[string]*template.Template{}, now: time.Now, threads: newThreads(p.Threads, p.Log)}
	version, err := fingerprint(staticFiles)
	if err != nil {
		return nil, err
	}
	s.version = version
	for _, l := range lang.Spoken {
		if s.pages[l], err = parse(l, version); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.start)
	mux.HandleFunc("POST /{$}", s.ask)
	mux.HandleFunc("GET /c/{token}", s.conversation)
	mux.HandleFunc("GET /search", s.search)
	mux.HandleFunc("GET /privacy", s.privacy)
	mux.HandleFunc("GET /dataset/{id}", s.dataset)
	if p.Quality != nil {
		mux.HandleFunc("GET /publisher/{name}", s.publisher)
	}
	mux.HandleFunc("GET /a/{id}", s.answer)
	mux.HandleFunc("POST /a/{id}/judge", s.judge)
	mux.HandleFunc("GET /a/{id}/table.csv", s.download("text/csv; charset=utf-8", ".csv", sheet.CSV))
	mux.HandleFunc("GET /a/{id}/table.xlsx", s.download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", sheet.XLSX))
	mux.HandleFunc("GET /a/{id}/chart.svg", s.picture("image/svg+xml", p.Chart))
	mux.HandleFunc("GET /a/{id}/chart.png", s.picture("image/png", p.PNG))
	mux.HandleFunc("GET /a/{id}/picture.png", s.picture("image/png", p.Picture))
	mux.HandleFunc("GET /embed/{id}", s.embed)
	mux.HandleFunc("GET /themes", s.themes)
	mux.HandleFunc("GET /themes/{name}", s.showTheme)
	mux.HandleFunc("GET /themes/{name}/brief", s.showBrief)
	mux.HandleFunc("GET /themes/{name}/brief.pdf", s.printed)
	mux.HandleFunc("GET /embed/theme/{name}", s.embedTheme)
	if p.Discover != nil {
		mux.HandleFunc("GET /decouvrir", s.discover)
		mux.HandleFunc("GET /discover", s.discover)
	}
	if p.Wanted != nil {
		mux.HandleFunc("GET /wanted", s.wanted)
		mux.HandleFunc("POST /wanted/{id}/vote", s.vote)
	}
	if p.Gate != nil {
		mux.Handle(staffPath, p.Gate(s.refuse, http.HandlerFunc(s.staff)))
	}
	mux.HandleFunc("GET /glossary", s.glossary)
	for _, name := range []string{"about", "legal", "accessibility"} {
		mux.HandleFunc("GET /"+name, s.text(name))
	}
	mux.HandleFunc("GET /oembed", s.oembed)
	mux.HandleFunc("GET /static/{version}/{file}", s.static)
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("User-agent: *\nDisallow: /c/\nDisallow: /api/\nDisallow: /staff/\n"))
	})
	mux.HandleFunc("/", s.missing)
	// No page acts on a cookie, but a form of another site must not ask in a visitor's name either.
	return http.NewCrossOriginProtection().Handler(mux), nil
}

// fingerprint changes when any file does.
func fingerprint(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		h.Write([]byte(path))
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil))[:12], err
}

// parse reads every page in one language: {{t "page.key"}} is a message in it,
// {{say $lang "page.key"}} in another: an answer's.
func parse(l lang.Lang, version string) (map[string]*template.Template, error) {
	common, err := template.New("").Funcs(template.FuncMap{
		"t":      func(key string) string { return texts.Say(l, key) },
		"say":    func(l lang.Lang, key string) string { return texts.Say(l, key) },
		"count":  func(key string, n int) string { return texts.Say(l, key, "n", n) },
		"escape": url.PathEscape,
		"number": func(n int) string { return lang.FormatNumber(float64(n), 0, l) },
		"static": func(file string) string { return "/static/" + version + "/" + file },
	}).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{"parts": common}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, file := range names {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		t, err := common.Clone()
		if err != nil {
			return nil, err
		}
		if pages[name], err = t.ParseFS(templateFiles, file); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// page is what every template gets.
type page struct {
	Lang   lang.Lang
	Chosen bool   // the language was chosen by ?lang=, and so goes on in links
	Path   string // of this page, for the links to other languages
	Query  url.Values
	Title  string
	Here   string // the entry of the menu that it belongs to
	Base   string // public address
	Wants  bool   // there is a page of wanted data
	Card   *preview
	Data   any
}

// preview is what another site shows of a pasted link.
type preview struct{ Title, Text, Address, Picture, Embed string }

func (s *site) page(r *http.Request) page {
	p := page{Lang: httpd.Language(r), Path: r.URL.Path, Base: s.base(r), Wants: s.Wanted != nil}
	_, p.Chosen = httpd.Chosen(r)
	return p
}

func (s *site) base(r *http.Request) string {
	if s.Base != "" {
		return s.Base
	}
	return s.Client.Base(r)
}

// Link is an address of ours that keeps the chosen language.
func (p page) Link(path string) string {
	if !p.Chosen {
		return path
	}
	path, fragment, _ := strings.Cut(path, "#")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	path += sep + "lang=" + string(p.Lang)
	if fragment != "" {
		path += "#" + fragment
	}
	return path
}

// other is a page in another language.
type other struct {
	Lang          lang.Lang
	Name, Address string // of the language, in itself
}

// Others are this page in the other languages.
func (p page) Others() []other {
	var all []other
	for _, l := range lang.Spoken {
		if l != p.Lang {
			all = append(all, other{l, texts.Say(l, "page.own_name"), p.Path + "?" + with(p.Query, "lang", string(l)).Encode()})
		}
	}
	return all
}

// With is the page's context with other data, for a part of it.
func (p page) With(data any) page {
	p.Data = data
	return p
}

// show writes a page. Wherever a text came from, nothing in it turns the direction
// of writing or hides between letters.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	var b bytes.Buffer
	if err := s.pages[p.Lang][name].ExecuteTemplate(&b, "layout", p); err != nil {
		s.Log.ErrorContext(r.Context(), "page", "name", name, "error", err)
		http.Error(w, texts.Say(p.Lang, "web.this_page_could_not_be_written"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(p.Lang))
	h.Add("Vary", "Accept-Language")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	said := plain.Text(b.String())
	if !strings.HasPrefix(name, "embed") { // what stands in another's page leads to its own
		said = explained(said, p.Lang, p.Link)
	}
	_, _ = io.WriteString(w, typeset(said, p.Lang)) // the reader went away: nobody is left to be told
}

// sorry shows a page that says why there is no other.
func (s *site) sorry(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	p := s.page(r)
	p.Title, p.Data = title, text
	s.show(w, r, status, "sorry", p)
}

func (s *site) missing(w http.ResponseWriter, r *http.Request) {
	l := httpd.Language(r)
	s.sorry(w, r, http.StatusNotFound, texts.Say(l, "web.no_such_page"), texts.Say(l, "web.there_is_nothing_at_this_address"))
}

// static serves a file under an address that changes with its content, so that
// it may be kept for ever.
func (s *site) static(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("version") != s.version {
		s.missing(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeFileFS(w, r, staticFiles, "static/"+r.PathValue("file"))
}

package web_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/kept"
	"cigogne/internal/surface/web"
)

// answered asks and returns the ID of the answer.
func answered(t *testing.T, h http.Handler, question string) string {
	t.Helper()
	_, location := asked(t, h, question)
	_, id, _ := strings.Cut(location, "#")
	return id
}

func TestAnswerPage(t *testing.T) {
	h := site(t, func(p *web.Parts) {
		p.Base = "https://data.example.org"
		p.Picture = func(*answer.Answer) ([]byte, error) { return []byte("PNG"), nil }
	})
	id := answered(t, h, "figure")
	w := get(h, "/a/"+id)
	for _, s := range []string{
		`<h1 class="asked" lang="fr">figure</h1>`, "496 779 162 €", `<meta property="og:title" content="figure">`, "<meta property=\"og:description\" content=\"496 779 162 € · Comptes\">",
		`<meta property="og:image" content="https://data.example.org/a/` + id + `/picture.png">`, `<link rel="canonical" href="https://data.example.org/a/` + id + `">`, "https://data.example.org/oembed?format=json&amp;url=", "&lt;iframe src=&#34;https://data.example.org/embed/" + id,
		`href="/a/` + id + `/table.csv"`, `action="/a/` + id + `/judge"`,
	} {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("no %q in\n%s", s, w.Body)
		}
	}
	if w.Header().Get("X-Robots-Tag") != "noindex" || w.Header().Get("X-Frame-Options") != "DENY" {
		t.Errorf("%v", w.Header())
	}
	if w := get(h, "/a/"+id+"/picture.png"); w.Body.String() != "PNG" || w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("the picture: %v", w.Header())
	}
	for _, path := range []string{"/a/none", "/embed/none", "/a/none/table.csv", "/a/" + id + "/chart.svg", "/a/" + answered(t, h, "lyon") + "/table.xlsx"} {
		if w := get(h, path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestFiles(t *testing.T) {
	h := site(t, nil)
	id := answered(t, h, "ranking")
	w := get(h, "/a/"+id+"/table.csv")
	if w.Body.String() != "\ufeffcommune,année,population (habitants)\nMetz,2026,122572\nNancy,2026,\n" || w.Header().Get("Content-Disposition") != `attachment; filename="ranking.csv"` {
		t.Errorf("%v %q", w.Header(), w.Body)
	}
	if w := get(h, "/a/"+id+"/table.xlsx"); !strings.HasPrefix(w.Body.String(), "PK") {
		t.Errorf("%v", w.Header())
	}
}

func TestEmbed(t *testing.T) {
	h := site(t, func(p *web.Parts) { p.Base = "https://data.example.org" })
	id := answered(t, h, "figure")
	w := get(h, "/embed/"+id)
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors *") || strings.Contains(csp, "script-src") || w.Header().Get("X-Frame-Options") != "" {
		t.Errorf("%v", w.Header())
	}
	if body := w.Body.String(); !strings.Contains(body, "496 779 162 €") || strings.Contains(body, "<script") || strings.Contains(body, "<form") {
		t.Errorf("got %s", body)
	}
	w = get(h, "/oembed?maxwidth=400&maxheight=9999&url="+url.QueryEscape("https://data.example.org/a/"+id+"?lang=en"))
	var o struct {
		Type, Version, Title, HTML string
		Width, Height              int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil || o.Type != "rich" || o.Version != "1.0" || o.Title != "figure" || o.Width != 400 || o.Height != 340 || !strings.Contains(o.HTML, `width="400" height="340"`) {
		t.Errorf("%v %s", err, w.Body)
	}
	for q, status := range map[string]int{"?url=https://evil.example/a/" + id: 404, "?url=https://data.example.org/a/none": 404, "?format=xml&url=https://data.example.org/a/" + id: 501, "": 404} {
		if w := get(h, "/oembed"+q); w.Code != status {
			t.Errorf("%s: %d", q, w.Code)
		}
	}
}

// An answer that no ledger kept has a page for what the reader does next, and
// nothing on it is called lasting.
func TestAPassingAnswerPromisesNothing(t *testing.T) {
	h := site(t, func(p *web.Parts) { p.Asker, p.Answers = script, kept.New(10) })
	id := answered(t, h, "figure")
	w := get(h, "/a/"+id)
	for _, s := range []string{"Lien durable", "iframe", "og:url", "oembed", `class="lasting"`} {
		if strings.Contains(w.Body.String(), s) {
			t.Errorf("the page says %q", s)
		}
	}
	if c := w.Header().Get("Cache-Control"); w.Code != 200 || c != "no-store" {
		t.Errorf("%d, kept by others: %s", w.Code, c)
	}
	if w := get(h, "/a/"+id+"/table.csv"); w.Code != 200 {
		t.Errorf("its file: %d", w.Code)
	}
}

func TestJudge(t *testing.T) {
	answers := kept.New(10)
	h := site(t, func(p *web.Parts) { p.Asker, p.Answers = script, answers })
	id := answered(t, h, "figure")
	said := func() (string, string) {
		t.Helper()
		right, why, err := answers.Judgement(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if right == nil {
			return "", why
		}
		return map[bool]string{true: "right", false: "wrong"}[*right], why
	}
	if w := post(h, "/a/"+id+"/judge", url.Values{"right": {"perhaps"}}); w.Code != 400 {
		t.Errorf("%d", w.Code)
	}
	w := post(h, "/a/"+id+"/judge", url.Values{"right": {"no"}})
	if to := w.Header().Get("Location"); w.Code != 303 || to != "/a/"+id+"?said=no#judge" {
		t.Errorf("%d %s", w.Code, to)
	}
	if right, _ := said(); right != "wrong" {
		t.Errorf("said %q", right)
	}
	if body := get(h, "/a/"+id+"?said=no").Body.String(); !strings.Contains(body, `name="why"`) {
		t.Errorf("the reason is not asked:\n%s", body)
	}
	if w := post(h, "/a/"+id+"/judge", url.Values{"right": {"no"}, "why": {"l'année " + strings.Repeat("x", 2000)}}); !strings.Contains(w.Header().Get("Location"), "thanks") {
		t.Errorf("%v", w.Header())
	}
	if right, why := said(); right != "wrong" || !strings.HasPrefix(why, "l'année") || len([]rune(why)) != 1000 {
		t.Errorf("said %q %q", right, why)
	}
	if w := post(h, "/a/"+id+"/judge", url.Values{"right": {"yes"}}, "Accept", "application/json"); w.Code != 204 {
		t.Errorf("%d", w.Code)
	}
	if right, _ := said(); right != "right" {
		t.Errorf("said %q", right)
	}
	if w := post(h, "/a/none/judge", url.Values{"right": {"yes"}}); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
	if w := post(h, "/a/"+id+"/judge", url.Values{"right": {"yes"}}, "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("from another site: %d", w.Code)
	}
}

func TestCharts(t *testing.T) {
	h := site(t, func(p *web.Parts) {
		p.Chart = func(a *answer.Answer) ([]byte, error) {
			if len(a.Rows) < 2 {
				return nil, errors.New("a number says it all")
			}
			return []byte("<svg/>"), nil
		}
		p.Gist = func(*answer.Answer) string { return "Metz leads" }
		p.PNG = func(*answer.Answer) ([]byte, error) { return []byte("png"), nil }
	})
	id := answered(t, h, "ranking")
	if body := get(h, "/a/"+id).Body.String(); !strings.Contains(body, `src="/a/`+id+`/chart.svg" alt="Metz leads"`) || !strings.Contains(body, `href="/a/`+id+`/chart.png" download`) || !strings.Contains(body, "<table") {
		t.Errorf("no chart with its table:\n%s", body)
	}
	if w := get(h, "/a/"+id+"/chart.svg"); w.Body.String() != "<svg/>" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", w.Header())
	}
	if body := get(h, "/a/"+answered(t, h, "figure")).Body.String(); strings.Contains(body, "chart.svg") {
		t.Error("a chart of a single number")
	}
	if w := get(h, "/a/"+id+"/chart.png"); w.Body.String() != "png" || w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
}

// A drawing stands within its page, so that its figures can be come to; one that
// is too large is a picture beside it.
func TestDrawingsWithinThePage(t *testing.T) {
	drawing := []byte(`<svg><g tabindex="0"></g></svg>`)
	h := site(t, func(p *web.Parts) {
		p.Chart = func(*answer.Answer) ([]byte, error) { return []byte("<svg/>"), nil }
		p.Inline = func(*answer.Answer) (wide, narrow []byte, err error) {
			return drawing, []byte("<svg>narrow</svg>"), nil
		}
	})
	body := get(h, "/a/"+answered(t, h, "ranking")).Body.String()
	if !strings.Contains(body, string(drawing)) || !strings.Contains(body, "<svg>narrow</svg>") || strings.Contains(body, "<img class") {
		t.Errorf("got %s", body)
	}
	drawing = append(drawing, make([]byte, 100_000)...)
	if body := get(h, "/a/"+answered(t, h, "ranking")).Body.String(); !strings.Contains(body, `<img class="chart"`) || len(body) > 50_000 {
		t.Errorf("a page of %d bytes", len(body))
	}
}

var update = flag.Bool("update", false, "write the golden pages anew")

// random are the parts of a page that differ from run to run.
var random = regexp.MustCompile(`%2F[A-Z2-7]{16}\b|/static/[0-9a-f]{12}/|\b[A-Z2-7]{16}\b|\b[A-Z2-7]{26}\b`)

func TestGoldenPages(t *testing.T) {
	h := site(t, func(p *web.Parts) {
		p.Base = "https://data.example.org"
		p.Chart = func(a *answer.Answer) ([]byte, error) { return nil, nil }
	})
	conversation := func(q string) string { _, to := asked(t, h, q); path, _, _ := strings.Cut(to, "#"); return path }
	for name, path := range map[string]string{
		"start": "/", "start-en": "/?lang=en", "figure": conversation("figure"), "ranking": conversation("ranking"), "clarify": conversation("which"), "refusal": conversation("lyon"),
		"answer": "/a/" + answered(t, h, "figure"), "embed": "/embed/" + answered(t, h, "ranking"), "dataset": "/dataset/a%2Fb", "search": "/search?q=x&page=3", "missing": "/nowhere?lang=en",
	} {
		t.Run(name, func(t *testing.T) {
			got := random.ReplaceAllStringFunc(get(h, path).Body.String(), func(s string) string {
				return map[byte]string{'/': "/static/V/", '%': "%2FID"}[s[0]] + map[bool]string{true: "ID"}[s[0] >= '2']
			})
			file := filepath.Join("testdata", name+".html")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from %s; go test -update writes it anew, look at the difference first\n%s", path, file, got)
			}
		})
	}
}

func TestThePageSaysWhatComputingAgainGives(t *testing.T) {
	said, fault := "mêmes chiffres ; des données plus récentes donnent : 1 → 2 "+evil, error(nil)
	h := site(t, func(p *web.Parts) {
		p.Replay = func(context.Context, string, lang.Lang) (string, error) { return said, fault }
	})
	id := answered(t, h, "figure")
	if body := get(h, "/a/"+id).Body.String(); !strings.Contains(body, lang.Typeset("Recalculé : mêmes chiffres ; des données plus récentes donnent : 1 → 2", lang.French)) {
		t.Errorf("got %s", body)
	}
	if body := get(h, "/a/"+answered(t, h, "lyon")).Body.String(); strings.Contains(body, "Recalcul") {
		t.Error("a refusal has nothing to compute")
	}
	said = ""
	if body := get(h, "/a/"+id).Body.String(); strings.Contains(body, "Recalcul") {
		t.Error("nothing was said")
	}
	fault = context.DeadlineExceeded
	if body := get(h, "/a/"+id).Body.String(); !strings.Contains(body, `href="/a/`+id+`?replay=1"`) {
		t.Error("no way to wait longer")
	}
	if w := get(h, "/a/"+id+"?replay=1"); w.Code != 200 || strings.Contains(w.Body.String(), "replay=1") {
		t.Error("it is offered again and again")
	}
}

// A page that holds the address that its request named is kept by no cache that
// others are served from.
func TestNoCacheHandsOnAnotherHost(t *testing.T) {
	for name, base := range map[string]string{"an address of its own": "https://data.example.org", "each request's": ""} {
		t.Run(name, func(t *testing.T) {
			h := site(t, func(p *web.Parts) { p.Base = base })
			id := answered(t, h, "ranking")
			for _, path := range []string{"/a/" + id, "/embed/" + id, "/oembed?url=" + url.QueryEscape(cmp.Or(base, "http://evil.example")+"/a/"+id)} {
				r := httptest.NewRequest("GET", path, nil)
				r.Host = "evil.example"
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				named, kept := strings.Contains(w.Body.String(), "evil.example"), strings.Contains(w.Header().Get("Cache-Control"), "public")
				if w.Code != 200 || named && kept || named != (base == "") && !strings.HasPrefix(path, "/embed") {
					t.Errorf("%s: %d, names the request's host: %t, kept by caches: %t", path, w.Code, named, kept)
				}
			}
		})
	}
}

// Nothing in a page hides between letters or turns the direction of writing.
func TestPagesHoldNothingUnseen(t *testing.T) {
	const hidden = "a\u202eb\u200dc\U000E0041d\u2066e"
	odd := answer.Answer{Kind: answer.KindTable, Text: hidden, Explanation: hidden, Columns: []answer.Column{{Name: hidden}, {Name: "n"}}, Rows: [][]any{{hidden, int64(1)}, {"x", int64(2)}}, Caveats: []string{hidden}, SQL: hidden,
		Sources: []answer.Source{{Title: hidden, Publisher: hidden}}}
	h := site(t, func(p *web.Parts) {
		p.Asker = scripted{"odd": odd}
		p.Answers = kept.New(10)
		p.Chart = func(a *answer.Answer) ([]byte, error) { return []byte("<svg>" + hidden + "</svg>"), nil }
	})
	id := answered(t, h, "odd")
	pages := []string{get(h, "/a/"+id).Body.String(), get(h, "/embed/"+id).Body.String(), get(h, "/a/"+id+"/chart.svg").Body.String(), post(h, "/", url.Values{"question": {"odd"}}, "Accept", "text/event-stream").Body.String()}
	for i, body := range pages {
		if strings.ContainsAny(body, "\u202e\u200d\U000E0041\u2066") || !strings.Contains(body, "abcde") {
			t.Errorf("page %d: %q", i, body)
		}
	}
}

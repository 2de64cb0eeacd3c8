package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/brief"
	"cigogne/internal/dataset"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/surface/web"
)

func both(s string) dataset.Bilingual { return dataset.Bilingual{FR: s, EN: s} }

var water = &kit.Kit{
	Name: "eau", Title: both("L'eau"), Lead: both(evil), Limits: []dataset.Bilingual{both(evil)},
	Figures: []kit.Figure{{Says: both(evil), Question: both("figure")}},
	Try:     []kit.Try{{Shows: kit.ShowsMap, Question: both("ranking")}},
	Quiz:    []kit.Quiz{{Asks: both(evil), Choices: []dataset.Bilingual{both("Metz"), both(evil)}, Right: 2, Data: both("ranking"), Because: both(evil)}},
	Terms:   []kit.Term{{Word: both("SDAGE"), Means: both(evil), Source: "https://example.org/sdage"}},
}

// themedSite has one theme, whose figure is kept under an ID.
func themedSite(t *testing.T, change func(*web.Parts)) *web.Parts {
	t.Helper()
	var parts web.Parts
	site(t, func(p *web.Parts) {
		p.Base = "https://data.example.org"
		p.Kits = func() []*kit.Kit { return []*kit.Kit{water} }
		p.Brief = func(_ context.Context, k *kit.Kit, l lang.Lang) (*brief.Brief, error) {
			a := figure
			a.Question, a.AnswerID, a.Lang = "figure", "ABCDEFGHIJKLMNOP", l
			trend := answer.Answer{Kind: answer.KindTable, AnswerID: "BBCDEFGHIJKLMNOP", Columns: []answer.Column{{Name: "année", Plain: true}, {Name: "n"}}, Rows: [][]any{{int64(2018), 4e8}, {int64(2019), 45e7}, {int64(2020), 496779162.0}}}
			return &brief.Brief{Kit: k, Lang: l, Figures: []brief.Figure{{Says: evil, Answer: &a, Trend: &trend}}, Sources: a.Sources, Caveats: []string{evil}}, nil
		}
		if change != nil {
			change(p)
		}
		parts = *p
	})
	return &parts
}

func TestThemes(t *testing.T) {
	h := site(t, func(p *web.Parts) { *p = *themedSite(t, nil) })
	for name, c := range map[string]struct {
		path   string
		status int
		has    []string
	}{
		"home":         {"/", 200, []string{`href="/themes/eau"`, `<button name="question" value="ranking">`}},
		"list":         {"/themes", 200, []string{"L’eau", `href="/themes/eau"`}},
		"theme":        {"/themes/eau", 200, []string{"496 779 162\u00a0€", "+24,2\u00a0%", "<polyline points=", `href="/a/ABCDEFGHIJKLMNOP"`, `href="https://example.org/sdage"`, "/embed/theme/eau", "application/json+oembed"}},
		"in English":   {"/themes/eau?lang=en", 200, []string{"24.2%", "What these figures do not say"}},
		"meeting page": {"/themes/eau/brief", 200, []string{"À demander ensuite"}},
		"no printer":   {"/themes/eau/brief.pdf", 404, nil},
		"embedded":     {"/embed/theme/eau", 200, []string{`<base target="_blank">`}},
		"no theme":     {"/themes/feu", 404, []string{"Aucun thème"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(h, c.path, "Accept-Language", "fr")
			body := w.Body.String()
			if w.Code != c.status {
				t.Fatalf("status %d, want %d", w.Code, c.status)
			}
			for _, s := range c.has {
				if !strings.Contains(body, s) {
					t.Errorf("no %q in\n%s", s, body)
				}
			}
			if strings.Contains(body, "<script>") || strings.Contains(body, "<img src=x") {
				t.Errorf("a kit's text is markup:\n%s", body)
			}
		})
	}
	if csp := get(h, "/embed/theme/eau").Header().Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors *") {
		t.Errorf("no other site may show it: %s", csp)
	}
	var o struct {
		HTML   string
		Height int
	}
	w := get(h, "/oembed?maxheight=300&url="+url.QueryEscape("https://data.example.org/themes/eau"))
	if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil || o.Height != 300 || !strings.Contains(o.HTML, "/embed/theme/eau") {
		t.Errorf("%v %s", err, w.Body)
	}
}

func TestPrintedBriefs(t *testing.T) {
	var page []byte
	broken := error(nil)
	h := site(t, func(p *web.Parts) {
		*p = *themedSite(t, func(p *web.Parts) {
			p.Paper = func(_ context.Context, b []byte) ([]byte, error) { page = b; return []byte("%PDF-1"), broken }
		})
	})
	w := get(h, "/themes/eau/brief.pdf")
	if w.Header().Get("Content-Type") != "application/pdf" || w.Body.String() != "%PDF-1" {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
	for _, outside := range []string{"<link", "<script", `src="/`, "@import"} {
		if bytes.Contains(page, []byte(outside)) {
			t.Errorf("the printed page asks for %s", outside)
		}
	}
	broken = errors.New("no browser")
	if w := get(h, "/themes/eau/brief.pdf"); w.Code != 500 || !strings.Contains(w.Body.String(), "Imprimez la page") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

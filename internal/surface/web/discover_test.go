package web_test

import (
	"context"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/discover"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/web"
)

// everything answers whatever is asked with one figure.
type everything struct{}

func (everything) Ask(_ context.Context, q assistant.Question) (*answer.Answer, error) {
	a := figure
	a.Question, a.Lang = q.Text, q.Lang
	return &a, nil
}

const way = `
[[station]]
title = { fr = "Combien ?", en = "How many?" }
ask = [{ fr = "Combien d'habitants {at} ?", en = "How many in {commune}?" }]
learnt = { fr = "Un millésime.", en = "A vintage." }
[[step]]
title = { fr = "Partir" }
ask = [{ fr = "Combien en tout ?" }]
learnt = { fr = "Une question." }
talk = 1
[[talk]]
title = "Parcours"
by = "Civiteo"
url = "https://example.org/parcours"
`

func TestDiscover(t *testing.T) {
	path, err := discover.Parse(way)
	if err != nil {
		t.Fatal(err)
	}
	h := site(t, func(p *web.Parts) { p.Discover, p.Asker = path, everything{} })
	for name, c := range map[string]struct {
		path   string
		status int
		has    []string
	}{
		"before":           {"/decouvrir", 200, []string{"Votre commune", `href="/decouvrir?decider=1"`}},
		"a commune":        {"/decouvrir?commune=metz", 200, []string{"Combien d’habitants à Metz", "496 779 162", "millésime</a>.", "<details data-step=", `href="/decouvrir?commune=metz&amp;lang=en"`}},
		"in English":       {"/discover?commune=Metz&lang=en", 200, []string{"How many in Metz?", "vintage</a>.", `<input type="hidden" name="lang" value="en">`}},
		"which":            {"/decouvrir?commune=Saint-Louis", 200, []string{"Saint-Louis (Moselle)", "Saint-Louis (Haut-Rhin)"}},
		"nowhere":          {"/decouvrir?commune=%3Cb%3E", 404, []string{"&lt;b&gt;"}},
		"those who decide": {"/decouvrir?decider=1", 200, []string{"Combien en tout", `href="https://example.org/parcours"`}},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(h, c.path, "Accept-Language", "fr")
			if w.Code != c.status {
				t.Fatalf("status %d, want %d", w.Code, c.status)
			}
			for _, s := range c.has {
				if !strings.Contains(w.Body.String(), s) {
					t.Errorf("no %q in\n%s", s, w.Body)
				}
			}
		})
	}
	limited := site(t, func(p *web.Parts) { p.Discover, p.Asker, p.Rate = path, everything{}, httpd.NewRate(1) })
	codes := map[int]bool{}
	for range 12 {
		codes[get(limited, "/decouvrir?commune=Metz").Code] = true
	}
	if !codes[200] || !codes[429] {
		t.Errorf("statuses %v: asking is not bounded", codes)
	}
}

func TestPagesOfText(t *testing.T) {
	h := site(t, func(p *web.Parts) { p.Publisher = "Région <Grand Est>" })
	for path, has := range map[string]string{
		"/about": "<h2>Comment elle répond</h2>", "/about?lang=en": `<a href="/decouvrir">`, "/legal": "Région &lt;Grand Est&gt;", "/accessibility": "non conforme", "/accessibility?lang=en": "<strong>not conformant</strong>",
	} {
		if w := get(h, path, "Accept-Language", "fr"); w.Code != 200 || !strings.Contains(w.Body.String(), has) {
			t.Errorf("%s: %d, no %q in\n%s", path, w.Code, has, w.Body)
		}
	}
	if body := get(site(t, nil), "/legal", "Accept-Language", "fr").Body.String(); !strings.Contains(body, "publisher") {
		t.Error("nobody is named, and it is not said")
	}
}

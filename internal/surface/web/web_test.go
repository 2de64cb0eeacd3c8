package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/kept"
	"cigogne/internal/surface/web"
)

// scripted answers by the question's text.
type scripted map[string]answer.Answer

func (s scripted) Ask(_ context.Context, q assistant.Question) (*answer.Answer, error) {
	if q.Text == "busy" {
		return nil, surface.ErrBusy
	}
	if q.Progress != nil {
		q.Progress(assistant.StepPlan)
	}
	a := s[q.Text]
	a.Question = q.Text
	if a.Lang == "" {
		a.Lang = lang.French
	}
	return &a, nil
}

var figure = answer.Answer{
	Kind: answer.KindFigure, Text: "**496 779 162 €**\n\nSomme de montant.\n\nSource : x", Explanation: "somme de montant", Headline: answer.Headline{Text: "496 779 162 €"}, Sentence: "Somme de montant.", Figures: []answer.Figure{{Label: "montant", Value: 496779162, Unit: "EUR"}},
	Columns: []answer.Column{{Name: "montant", Unit: "EUR"}}, Rows: [][]any{{int64(496779162)}},
	Assumptions: []string{"opérations réelles seulement"}, Caveats: []string{"Données de 2021."}, SQL: `SELECT sum("a") FROM t`,
	Sources: []answer.Source{{DatasetID: "d1", Title: "Comptes", Publisher: "Région", Licence: "Licence Ouverte 2.0", URL: "https://example.org/d1", Period: "2016/2020", Modified: "2021-07-09", Retrieved: "2026-11-01", SHA256: "abc"}},
}

var ranking = answer.Answer{
	Kind: answer.KindTable, Text: "Liste.\n\n| a | b |", Explanation: "population par commune et par année",
	Columns: []answer.Column{{Name: "commune"}, {Name: "année", Plain: true}, {Name: "population", Unit: "habitants"}},
	Rows:    [][]any{{"Metz", int64(2026), int64(122572)}, {"Nancy", 2026.0, nil}},
}

// evil is the same hostile text wherever the data could bring it.
const evil = `<script>alert(1)</script>"><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![i](https://evil.example/p.png) **b** {{.}} @everyone`

var hostile = answer.Answer{
	Kind: answer.KindTable, Text: evil + "\n- " + evil + "\n```\n" + evil + "\n```", Headline: answer.Headline{Text: evil, Unit: evil, Beside: evil}, Sentence: evil, Explanation: evil, SQL: evil,
	Columns: []answer.Column{{Name: evil}, {Name: "n", Unit: evil}}, Rows: [][]any{{evil, int64(3)}, {evil, evil}},
	Assumptions: []string{evil}, Caveats: []string{evil}, NotUnderstood: []string{evil},
	Sources: []answer.Source{{DatasetID: evil, Title: evil, Publisher: evil, Licence: evil, URL: "javascript:alert(1)", ResourceURL: "data:text/html," + evil, Period: evil, Modified: evil, Retrieved: evil}},
}

var script = scripted{
	"figure": figure, "ranking": ranking, "hostile": hostile,
	"hostile refusal": {Kind: answer.KindRefusal, Text: evil + "\n\n" + evil, Sentence: evil + "\n\n" + evil, Datasets: []answer.Dataset{{ID: evil, Name: evil, Title: evil, Publisher: evil, URL: "javascript:alert(1)"}}},
	"which":           {Kind: answer.KindClarify, Text: "Laquelle ?\n- Combien en dépenses ?\n- Combien en recettes ?", Sentence: "Laquelle ?", Choices: []string{"Combien en dépenses ?", evil}},
	"lyon":            {Kind: answer.KindRefusal, Text: "Je ne trouve pas « Lyon ».\n\nJeux de données proches :\n- [A](https://a.example)", Sentence: "Je ne trouve pas « Lyon ».\n\nJeux de données proches :", NotUnderstood: []string{"Lyon"}, Datasets: []answer.Dataset{{ID: "a", Title: "A", URL: "https://a.example"}}},
}

// shelf is a catalogue of three pages, and one dataset that holds nothing but
// hostile texts.
type shelf struct{}

func (shelf) Find(_ context.Context, b assistant.Browse, _ lang.Lang) (*assistant.Found, error) {
	f := &assistant.Found{Total: 45, Facets: []assistant.FoundFacet{{Field: "format", Values: []assistant.FoundCount{{Value: "csv", Datasets: 45}}}, {Field: "publisher", Values: []assistant.FoundCount{{Value: "Région & Cie", Datasets: 30}, {Value: evil, Datasets: 2}}}, {Field: "portal", Values: []assistant.FoundCount{{Value: "embedded", Datasets: 45}}}}}
	if b.Text == "rien" {
		return &assistant.Found{}, nil
	}
	if b.Text == "panne" {
		return nil, errors.New("disk")
	}
	for i := b.Offset; i < min(b.Offset+b.Limit, 45); i++ {
		f.Datasets = append(f.Datasets, assistant.FoundItem{Dataset: answer.Dataset{ID: "x/" + evil, Title: evil, Publisher: evil, Why: []string{"« " + b.Text + " »", evil}}, Formats: []string{"csv", evil}, Modified: "2024-02-01", About: evil, Table: true})
	}
	return f, nil
}

func (shelf) Names(context.Context, string, int) ([]string, int, error) { return nil, 0, nil }

func (shelf) Describe(_ context.Context, key string, _ lang.Lang) (*assistant.Description, error) {
	if key != "a/b" {
		return nil, assistant.ErrUnknownDataset
	}
	return &assistant.Description{
		Dataset: dataset.Dataset{ID: "a/b", Name: evil, Title: evil, Description: evil + "\n" + evil, Publisher: evil, Frequency: "annual", Spatial: evil, URL: "javascript:alert(1)", Portal: evil, Licence: dataset.Licence{Title: evil, URL: "javascript:alert(1)"}, Distributions: []dataset.Distribution{{Title: evil, Format: evil, URL: "javascript:alert(1)"}, {URL: "https://example.org/f.csv", Format: "csv"}}},
		Quality: assistant.DescriptionQuality{Score: .5, Met: []dataset.Criterion{dataset.HasLicence}, Missing: []dataset.Criterion{dataset.HasPeriod}},
		Tables:  []dataset.Table{{ID: "t", Title: evil, Rows: 1234, Key: []string{evil}, Duplicates: 2, Columns: []dataset.Column{{Name: evil, Type: dataset.Text, Min: evil, Max: evil, Kind: dataset.KindSIRET, Totals: []string{evil}}, {Name: "n", Type: dataset.Integer, Role: dataset.Measure, Min: "1", Max: "9", Distinct: 5, Additivity: dataset.NotOverTime}}}},
		Samples: []assistant.Sample{{Table: "t", Columns: []assistant.SampleColumn{{Name: evil, Label: evil, Unit: evil, Plain: true}, {Name: "n"}}, Rows: [][]any{{evil, int64(12345)}}}},
		Ask:     []string{"Combien ?", evil},
	}, nil
}

// booked is an asker whose answers a ledger keeps, for which a store stands.
type booked struct {
	surface.Asker
	book *kept.Store
}

func (b booked) Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	a, err := b.Asker.Ask(ctx, q)
	if err == nil {
		err = b.book.Keep(ctx, a)
	}
	return a, err
}

func site(t testing.TB, change func(*web.Parts)) http.Handler {
	t.Helper()
	book := kept.New(100)
	p := web.Parts{
		Asker: booked{script, book}, Answers: kept.New(100).Over(book), Guide: shelf{}, Questions: func(l lang.Lang) []string {
			return map[lang.Lang][]string{lang.French: {"figure"}, lang.English: {"ranking"}}[l]
		},
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&p)
	}
	h, err := web.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return httpd.Harden(h, 64<<10, p.Log)
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func post(h http.Handler, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// asked asks without a script and returns the page of the conversation.
func asked(t *testing.T, h http.Handler, question string) (body, location string) {
	t.Helper()
	w := post(h, "/", url.Values{"question": {question}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", question, w.Code, w.Body)
	}
	location = w.Header().Get("Location")
	path, _, _ := strings.Cut(location, "#")
	w = get(h, path)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", path, w.Code)
	}
	return w.Body.String(), location
}

func TestPages(t *testing.T) {
	h := site(t, nil)
	for name, c := range map[string]struct {
		path, accept string
		status       int
		has, hasNot  []string
	}{
		"start, French":  {"/", "fr", 200, []string{`<html lang="fr">`, "Votre question", `value="figure"`, `href="/?lang=en"`}, []string{"style=", "onclick", "<script>"}},
		"start, English": {"/", "en", 200, []string{`<html lang="en">`, "Your question", `value="ranking"`}, []string{"Votre"}},
		"lang=":          {"/?lang=en", "fr", 200, []string{`<html lang="en">`, `href="/?lang=en"`, `action="/?lang=en"`}, nil},
		"prefilled":      {"/?q=%3Cb%3E", "fr", 200, []string{"&lt;b&gt;</textarea>"}, nil},
		"nowhere":        {"/nowhere", "fr", 404, []string{"Page introuvable"}, nil},
		"lost talk":      {"/c/AAAAAAAAAAAAAAAAAAAAAAAAAA", "fr", 200, []string{"plus gardée"}, nil},
		"no token":       {"/c/x", "fr", 404, nil, nil},
		"old static":     {"/static/0/style.css", "fr", 404, nil, nil},
		"catalogue":      {"/search", "fr", 200, []string{"45 jeux de données · 1–20", `href="/search?page=2"`, "interrogeable", `href="/search?publisher=R%C3%A9gion&#43;%26&#43;Cie"`, "1ᵉʳ février 2024", `start="1"`}, []string{"Précédents", "Trouvé par : « "}},
		"second page":    {"/search?page=2&publisher=r%C3%A9gion+%26+cie&lang=en", "fr", 200, []string{`aria-current="true"`, `<input type="hidden" name="publisher" value="région &amp; cie">`, `<input type="hidden" name="lang" value="en">`, "page=3", "lang=en", "21–40", `start="21"`}, nil},
		"last page":      {"/search?page=3", "fr", 200, []string{"41–45"}, []string{"Suivants"}},
		"no such page":   {"/search?page=-4", "fr", 200, []string{"1–20"}, nil},
		"a rare choice":  {"/search?format=zzz", "fr", 200, []string{"ZZZ</a>", `aria-current="true"`, "ne plus affiner"}, nil},
		"nothing":        {"/search?q=rien", "fr", 200, []string{"Aucun jeu de données"}, nil},
		"broken":         {"/search?q=panne", "fr", 500, []string{"réessayez"}, []string{"disk"}},
		"dataset":        {"/dataset/a%2Fb", "fr", 200, []string{"1 critère rempli sur 2", "1\u202f234 lignes", "12\u202f345", `value="Combien ?"`, "annuelle", `href="https://example.org/f.csv"`, "période couverte indiquée"}, nil},
		"no dataset":     {"/dataset/zzz", "en", 404, []string{"No dataset has this identifier"}, nil},
		"robots":         {"/robots.txt", "", 200, []string{"Disallow: /c/"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(h, c.path, "Accept-Language", c.accept)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d", w.Code, c.status)
			}
			for _, s := range c.has {
				if !strings.Contains(w.Body.String(), s) {
					t.Errorf("no %q in\n%s", s, w.Body)
				}
			}
			for _, s := range c.hasNot {
				if strings.Contains(w.Body.String(), s) {
					t.Errorf("%q in\n%s", s, w.Body)
				}
			}
		})
	}
}

func TestConversationWithoutScript(t *testing.T) {
	h := site(t, nil)
	body, location := asked(t, h, "figure")
	for _, s := range []string{`<p class="headline">496 779 162 €</p>`, "Somme de montant.", "Opérations réelles</a> seulement.", "Données de 2021.", `<a href="https://example.org/d1" rel="noopener">Comptes</a>`, "données 2016–2020", "publié le 9 juillet 2021", "téléchargé le 1ᵉʳ novembre 2026", "SELECT sum(&#34;a&#34;) FROM t"} {
		if !strings.Contains(body, s) {
			t.Errorf("no %q in\n%s", s, body)
		}
	}
	path, _, _ := strings.Cut(location, "#")
	token := strings.TrimPrefix(path, "/c/")
	w := post(h, "/", url.Values{"question": {"ranking"}, "conversation": {token}})
	if got, _, _ := strings.Cut(w.Header().Get("Location"), "#"); got != path {
		t.Fatalf("the conversation goes on at %s", got)
	}
	body = get(h, path).Body.String()
	for _, s := range []string{"496 779 162 €", `<th scope="col" class="n">population (habitants)</th>`, `data-sort="122572">122` + "\u202f" + `572</td>`, `<td data-sort="2026">2026</td>`, `value="` + token + `"`} {
		if !strings.Contains(body, s) {
			t.Errorf("no %q in\n%s", s, body)
		}
	}
	if strings.Contains(body, "2\u202f026") {
		t.Error("a year is cut into thousands")
	}
	if w := get(h, path); w.Header().Get("X-Robots-Tag") != "noindex" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%v", w.Header())
	}
	body, _ = asked(t, h, "which")
	if !strings.Contains(body, `<button name="question" value="Combien en dépenses ?">`) || strings.Contains(body, "<li>Combien en dépenses") {
		t.Errorf("choices are no buttons, or are there twice:\n%s", body)
	}
	body, _ = asked(t, h, "lyon")
	if strings.Count(body, `href="/dataset/a"`) != 1 || strings.Contains(body, "https://a.example") || !strings.Contains(body, lang.Typeset("Je ne trouve pas « Lyon ».", lang.French)) {
		t.Errorf("the refusal:\n%s", body)
	}
}

func TestQuestionsNotTaken(t *testing.T) {
	h := site(t, func(p *web.Parts) { p.Rate = httpd.NewRate(1) })
	for name, c := range map[string]struct {
		question string
		status   int
		says     string
	}{
		"empty":    {"  ", 400, "Quelle est votre question"},
		"too long": {strings.Repeat("à", 2001), 400, "trop longue"},
		"not text": {"\xff\xfe", 400, "UTF-8"},
		"busy":     {"busy", 503, "réessayez"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, accept := range []string{"text/html", "text/event-stream"} {
				w := post(h, "/", url.Values{"question": {c.question}}, "Accept", accept)
				streamed := accept != "text/html" && c.question == "busy" // the stream has begun by then
				if w.Code != c.status && !streamed || !strings.Contains(w.Body.String(), c.says) {
					t.Errorf("%s: %d %s", accept, w.Code, w.Body)
				}
				if accept == "text/html" && c.question == "busy" && !strings.Contains(w.Body.String(), ">busy</textarea>") {
					t.Error("the question is lost")
				}
			}
		})
	}
	t.Run("too many", func(t *testing.T) {
		var w *httptest.ResponseRecorder
		for range 8 {
			w = post(h, "/", url.Values{"question": {"figure"}})
		}
		if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), ">figure</textarea>") {
			t.Errorf("%d %v", w.Code, w.Header())
		}
	})
	t.Run("from another site", func(t *testing.T) {
		if w := post(h, "/", url.Values{"question": {"figure"}}, "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
			t.Errorf("%d", w.Code)
		}
	})
}

func TestStream(t *testing.T) {
	w := post(site(t, nil), "/?lang=en", url.Values{"question": {"figure"}}, "Accept", "text/event-stream")
	for _, s := range []string{"event: progress\ndata: {\"text\":\"Reading the question…\"}\n\n", "event: answer\ndata: {", `"conversation":"`, `496 779 162 €`} {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("no %q in\n%s", s, w.Body)
		}
	}
}

// TestHostileTextsAreNeverMarkup looks at every page that shows texts of data.
func TestHostileTextsAreNeverMarkup(t *testing.T) {
	h := site(t, nil)
	for _, q := range []string{"hostile", "hostile refusal", "which"} {
		body, location := asked(t, h, q)
		checkHarmless(t, q, body)
		_, id, _ := strings.Cut(location, "#")
		checkHarmless(t, q+" alone", get(h, "/a/"+id).Body.String())
		checkHarmless(t, q+" embedded", get(h, "/embed/"+id).Body.String())
	}
	checkHarmless(t, "fault", post(h, "/", url.Values{"question": {strings.Repeat(evil, 100)}}).Body.String())
	checkHarmless(t, "catalogue", get(h, "/search?q="+url.QueryEscape(evil)).Body.String())
	checkHarmless(t, "dataset", get(h, "/dataset/a%2Fb").Body.String())
	checkHarmless(t, "prefilled", get(h, "/?q="+url.QueryEscape(evil)).Body.String())
}

func checkHarmless(t *testing.T, name, body string) {
	t.Helper()
	for _, s := range []string{"<script>", "<img src=x", `href="javascript:`, `src="https://evil`, "<b>"} {
		if strings.Contains(body, s) {
			i := strings.Index(body, s)
			t.Errorf("%s: %q became markup: …%s…", name, s, body[max(0, i-80):min(len(body), i+80)])
		}
	}
}

// FuzzForm sends any body as a question, and any text to the catalogue.
func FuzzForm(f *testing.F) {
	f.Add("question=figure&conversation=AAAAAAAAAAAAAAAAAAAAAAAAAA", "page=2&q=x")
	f.Add("question=%zz&lang=en", "q=%ff&publisher=%3Cscript%3E&page=99999999999999999999")
	f.Add("question=<script>\x00", "lang=en&lang=fr")
	h := site(f, nil)
	f.Fuzz(func(t *testing.T, body, query string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		h.ServeHTTP(w, r)
		r = httptest.NewRequest("GET", "/search", nil)
		r.URL.RawQuery = query
		found := httptest.NewRecorder()
		h.ServeHTTP(found, r)
		for _, x := range []*httptest.ResponseRecorder{w, found} {
			if x.Code == 500 && !strings.Contains(query, "panne") || strings.Contains(x.Body.String(), "<script>") {
				t.Fatalf("%q %q: %d %s", body, query, x.Code, x.Body)
			}
		}
	})
}

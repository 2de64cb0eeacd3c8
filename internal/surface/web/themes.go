package web

import (
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"cigogne/internal/answer"
	"cigogne/internal/brief"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// themed is what a theme's page, its brief and its embedded figures show.
type themed struct {
	Name, Title, Lead string
	Lang              lang.Lang
	Figures           []keyFigure
	Questions         []example
	Quiz              []quiz
	Terms             []term
	Limits            []string
	Sources           []source
	Address           string // of the theme's page, absolute
	Embed             string // the HTML that puts its figures into another page
	PDF               bool   // the brief can be had as a PDF
	Print             bool   // shown to be printed: pictures stand within the page
	Today             string
	Style             template.CSS // of a page that is printed
}

// keyFigure is a pinned figure.
type keyFigure struct {
	Says, Headline, Unit string
	Change               string
	Spark                string // points of a line, in sparkWidth × sparkHeight
	Answer, Trend, Likes *figureLink
}

// figureLink is the way to an answer, and to its drawing.
type figureLink struct {
	ID, Question string
	Path         string
	Picture      template.URL // of its chart; "" where there is none
	Alt          string
}

type quiz struct {
	Asks    string
	Choices []string
	Right   string
	Because string
	Data    string // the question that settles it
}

type term struct{ Word, Means, Source string }

const (
	sparkWidth  = 120
	sparkHeight = 32
	themeFrame  = 420 // pixels high, of embedded figures
	signLength  = 2   // characters of a unit that is a sign
)

// themes lists the themes.
func (s *site) themes(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	p.Here, p.Title = "themes", texts.Say(p.Lang, "web.themes")
	p.Data = s.home(r.Context(), p)
	s.show(w, r, http.StatusOK, "themes", p)
}

// kit finds the theme of the address; nil where the reader was told that there
// is none.
func (s *site) kit(w http.ResponseWriter, r *http.Request) *kit.Kit {
	all := s.kits()
	if i := slices.IndexFunc(all, func(k *kit.Kit) bool { return k.Name == r.PathValue("name") }); i >= 0 && s.Brief != nil {
		return all[i]
	}
	l := httpd.Language(r)
	s.sorry(w, r, http.StatusNotFound, texts.Say(l, "web.no_such_theme"), texts.Say(l, "web.there_is_no_theme_here"))
	return nil
}

// themed answers the theme of the address; nil where the reader was told why not.
func (s *site) themed(w http.ResponseWriter, r *http.Request) *themed {
	k := s.kit(w, r)
	if k == nil {
		return nil
	}
	p := s.page(r)
	b, err := s.Brief(r.Context(), k, p.Lang)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "theme", "name", k.Name, "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(p.Lang, "web.theme_not_answered"), texts.Say(p.Lang, "web.it_could_not_be_read_try"))
		return nil
	}
	return s.theme(p, k, b)
}

func (s *site) theme(p page, k *kit.Kit, b *brief.Brief) *themed {
	l := p.Lang
	t := &themed{
		Name: k.Name, Title: k.Title.In(l), Lead: k.Lead.In(l), Lang: l, Limits: b.Limits(), Address: p.Base + "/themes/" + k.Name, PDF: s.Paper != nil,
		Today: lang.LongDay(s.now(), l),
	}
	t.Embed = themeFrameCode(p.Base, k.Name, t.Title)
	for _, f := range b.Figures {
		t.Figures = append(t.Figures, s.keyFigure(p, f))
	}
	for _, x := range k.Try {
		if q := x.Question.In(l); q != "" {
			t.Questions = append(t.Questions, example{x.Shows, shows(x.Shows, l), q})
		}
	}
	for _, q := range k.Quiz {
		out := quiz{Asks: q.Asks.In(l), Right: q.Choices[q.Right-1].In(l), Because: q.Because.In(l), Data: q.Data.In(l)}
		for _, c := range q.Choices {
			out.Choices = append(out.Choices, c.In(l))
		}
		t.Quiz = append(t.Quiz, out)
	}
	for _, x := range k.Terms {
		t.Terms = append(t.Terms, term{x.Word.In(l), x.Means.In(l), httpAddress(x.Source)})
	}
	for _, x := range b.Sources {
		x.URL = httpAddress(x.URL)
		t.Sources = append(t.Sources, source{x, l, period(x.Period), day(x.Modified, l), day(x.Retrieved, l)})
	}
	return t
}

// themeFrameCode is the HTML that puts a theme's figures into another page.
func themeFrameCode(base, name, title string) string {
	return fmt.Sprintf(`<iframe src="%s/embed/theme/%s" title="%s" width="%d" height="%d" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox" style="border:0;max-width:100%%"></iframe>`,
		attribute(base), name, template.HTMLEscapeString(title), frameWidth, themeFrame)
}

func (s *site) keyFigure(p page, f brief.Figure) keyFigure {
	c := newCard(f.Answer, "")
	if utf8.RuneCountInString(c.Unit) <= signLength { // "%" belongs to its number
		c.Headline, c.Unit = strings.TrimSpace(c.Headline+"\u00a0"+c.Unit), ""
	}
	return keyFigure{
		Says: f.Says, Headline: c.Headline, Unit: c.Unit, Change: f.Change(p.Lang), Spark: f.Spark(sparkWidth, sparkHeight),
		Answer: s.figureLink(p, f.Answer), Trend: s.figureLink(p, f.Trend), Likes: s.figureLink(p, f.Likes),
	}
}

// figureLink is nil where there is no answer.
func (s *site) figureLink(p page, a *answer.Answer) *figureLink {
	if a == nil {
		return nil
	}
	out := &figureLink{ID: a.AnswerID, Question: a.Question, Path: p.Link("/a/" + a.AnswerID)}
	if s.Chart != nil && a.AnswerID != "" {
		if svg, err := s.Chart(a); err == nil && len(svg) > 0 {
			out.Picture, out.Alt = template.URL("/a/"+a.AnswerID+"/chart.svg"), s.gist(a)
		}
	}
	return out
}

// showTheme shows a theme: its figures, questions, quiz and words.
func (s *site) showTheme(w http.ResponseWriter, r *http.Request) {
	t := s.themed(w, r)
	if t == nil {
		return
	}
	p := s.page(r)
	p.Here, p.Title, p.Data = "themes", t.Title, t
	p.Card = &preview{Title: t.Title, Text: t.Lead, Address: t.Address, Embed: p.Base + "/oembed?" + url.Values{"url": {t.Address}, "format": {"json"}}.Encode()}
	w.Header().Set("Cache-Control", "private, max-age=60")
	s.show(w, r, http.StatusOK, "theme", p)
}

// showBrief shows a theme on a page to be printed.
func (s *site) showBrief(w http.ResponseWriter, r *http.Request) {
	t := s.themed(w, r)
	if t == nil {
		return
	}
	p := s.page(r)
	p.Here, p.Title, p.Data = "themes", texts.Say(p.Lang, "web.brief_of", "theme", t.Title), t
	w.Header().Set("Cache-Control", "private, max-age=60")
	s.show(w, r, http.StatusOK, "brief", p)
}

// embedTheme shows a theme's figures within another site's page.
func (s *site) embedTheme(w http.ResponseWriter, r *http.Request) {
	httpd.Frameable(w)
	t := s.themed(w, r)
	if t == nil {
		return
	}
	p := s.page(r)
	p.Title, p.Data = t.Title, t
	s.addressed(w)
	s.show(w, r, http.StatusOK, "embedtheme", p)
}

// printed is a theme's brief as a PDF.
func (s *site) printed(w http.ResponseWriter, r *http.Request) {
	if s.Paper == nil {
		s.missing(w, r)
		return
	}
	if ok, wait := s.Rate.Allow(s.Client.Address(r)); !ok { // a browser is started for each
		httpd.RetryAfter(w, wait)
		l := httpd.Language(r)
		s.sorry(w, r, http.StatusTooManyRequests, texts.Say(l, "web.one_moment"), texts.Say(l, "web.too_many_requests_in_short_time"))
		return
	}
	t := s.themed(w, r)
	if t == nil {
		return
	}
	p := s.page(r)
	httpd.Patience(w, answerTime)
	pdf, err := s.pdf(r.Context(), p, t)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "brief not printed", "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(p.Lang, "web.not_printed"), texts.Say(p.Lang, "web.print_it_from_its_page"))
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="`+t.Name+`.pdf"`)
	w.Header().Set("Cache-Control", "private, max-age=60")
	_, _ = w.Write(pdf)
}

// pdf prints a brief: a page that asks nothing of anyone, with its style and its
// pictures within.
func (s *site) pdf(ctx context.Context, p page, t *themed) ([]byte, error) {
	css, err := staticFiles.ReadFile("static/style.css")
	if err != nil {
		return nil, err
	}
	t.Print, t.Style = true, template.CSS(css)
	for i := range t.Figures {
		if err := s.within(ctx, t.Figures[i].Likes); err != nil {
			return nil, err
		}
	}
	p.Title, p.Data = t.Title, t
	var b strings.Builder
	if err := s.pages[p.Lang]["brief"].ExecuteTemplate(&b, "paper", p); err != nil {
		return nil, err
	}
	return s.Paper(ctx, []byte(typeset(plain.Text(b.String()), p.Lang)))
}

// within puts a picture into the page's own text.
func (s *site) within(ctx context.Context, f *figureLink) error {
	if f == nil || f.Picture == "" {
		return nil
	}
	a, err := s.Answers.Answer(ctx, f.ID)
	if err != nil {
		return fmt.Errorf("answer %s: %w", f.ID, err)
	}
	svg, err := s.Chart(a)
	if err != nil {
		return err
	}
	f.Picture = template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg))
	return nil
}

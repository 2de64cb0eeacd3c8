package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/plain"
	"cigogne/internal/surface/sheet"
	"cigogne/internal/texts"
)

// lasting is what the page of an answer shows beside the answer.
type lasting struct {
	Card         *card
	ID, Question string
	Lang         lang.Lang
	Answered     bool
	Address      string // of this page, absolute
	Embed        string // the HTML that puts the answer into another page
	Said         string // "yes" or "no": what the reader just said of it
	Thanks       bool
	Replayed     string // what came of computing it again
	Later        bool   // that takes more time than a page has: whoever wants it asks for it
}

// kept returns the answer of the address, or shows why there is none.
func (s *site) kept(w http.ResponseWriter, r *http.Request) *answer.Answer {
	l := httpd.Language(r)
	a, err := s.Answers.Answer(r.Context(), r.PathValue("id"))
	switch {
	case errors.Is(err, answer.ErrUnknown):
		s.sorry(w, r, http.StatusNotFound, texts.Say(l, "web.no_such_answer"), texts.Say(l, "web.no_answer_is_kept_at_this"))
		return nil
	case err != nil:
		s.Log.ErrorContext(r.Context(), "answer not read", "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(l, "web.answer_not_readable"), texts.Say(l, "web.it_could_not_be_read_try_2"))
		return nil
	}
	return a
}

// public keeps what anyone may have asked out of search engines: a question is
// its asker's words, not the site's.
func public(w http.ResponseWriter) {
	w.Header().Set("X-Robots-Tag", "noindex")
	w.Header().Set("Cache-Control", "public, max-age=300")
}

// addressed is public for a page that holds the site's address. Where the site
// was not told its own, it is the one that the request named: no cache may hand
// that on to others.
func (s *site) addressed(w http.ResponseWriter) {
	public(w)
	if s.Base == "" {
		w.Header().Set("Cache-Control", "private, max-age=300")
	}
}

// answer shows an answer on a page of its own.
func (s *site) answer(w http.ResponseWriter, r *http.Request) {
	a := s.kept(w, r)
	if a == nil {
		return
	}
	p := s.page(r)
	c := s.card(a, "")
	c.Alone = true
	address := p.Base + "/a/" + c.ID
	p.Title = a.Question
	if !c.Passing {
		p.Card = s.preview(a, c, p.Base)
	}
	out := lasting{Card: c, ID: c.ID, Question: a.Question, Lang: c.Lang, Answered: c.Answered, Address: address, Embed: frame(p.Base, c), Said: r.FormValue("said"), Thanks: r.FormValue("thanks") != ""}
	if s.Replay != nil && c.Answered {
		out.Replayed, out.Later = s.replayed(r, c.ID)
	}
	p.Data = out
	s.addressed(w)
	if out.Said != "" || out.Thanks || c.Passing {
		w.Header().Set("Cache-Control", "no-store")
	}
	s.show(w, r, http.StatusOK, "answer", p)
}

// What a page spends on computing its answer again: at once, and when asked.
const (
	replayBudget = time.Second
	replayWait   = 20 * time.Second
)

// replayed computes an answer again on its own files, and holds it against
// today's data; later tells that there was no time.
func (s *site) replayed(r *http.Request, id string) (said string, later bool) {
	budget := replayBudget
	if r.FormValue("replay") != "" {
		budget = replayWait
	}
	ctx, cancel := context.WithTimeout(r.Context(), budget)
	defer cancel()
	said, err := s.Replay(ctx, id, httpd.Language(r))
	if err != nil {
		s.Log.WarnContext(r.Context(), "answer not replayed", "id", id, "error", err)
		return "", budget < replayWait
	}
	return said, false
}

// preview is what a pasted link shows.
func (s *site) preview(a *answer.Answer, c *card, base string) *preview {
	text := strings.TrimSpace(c.Headline + " " + c.Unit)
	if a.Spoken() {
		text = strings.ReplaceAll(unescape(a.Sentence), "**", "")
	}
	if text == "" {
		text = c.Explanation
	}
	if text == "" {
		text, _, _ = strings.Cut(unescape(a.Text), "\n")
	}
	if len(c.Sources) > 0 {
		text += " · " + c.Sources[0].Title
	}
	v := &preview{Title: a.Question, Text: lang.Cut(text, 280), Address: base + "/a/" + c.ID}
	v.Embed = base + "/oembed?" + url.Values{"url": {v.Address}, "format": {"json"}}.Encode()
	if s.Picture != nil && a.Answered() {
		v.Picture = base + "/a/" + c.ID + "/picture.png"
	}
	return v
}

const (
	frameWidth  = 640
	figureFrame = 340 // pixels high
	tableFrame  = 520
	chartFrame  = 720 // down to the source within the chart
)

func frameHeight(c *card) int {
	if c.Chart {
		return chartFrame
	}
	if len(c.Rows) > 0 {
		return tableFrame
	}
	return figureFrame
}

// frame is the HTML that puts an answer into another page.
func frame(base string, c *card) string {
	title := strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(c.Question)
	return fmt.Sprintf(`<iframe src="%s/embed/%s" title="%s" width="%d" height="%d" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox" style="border:0;max-width:100%%"></iframe>`, attribute(base), c.ID, title, frameWidth, frameHeight(c))
}

// attribute escapes an address of ours for an attribute.
func attribute(base string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "%22", "<", "%3C", ">", "%3E").Replace(base)
}

// embed shows an answer within another site's page.
func (s *site) embed(w http.ResponseWriter, r *http.Request) {
	httpd.Frameable(w)
	a := s.kept(w, r)
	if a == nil {
		return
	}
	p := s.page(r)
	c := s.card(a, "")
	c.Alone = true
	p.Title = a.Question
	p.Data = lasting{Card: c, ID: c.ID, Question: a.Question, Lang: c.Lang, Answered: c.Answered, Address: p.Base + "/a/" + c.ID}
	s.addressed(w)
	s.show(w, r, http.StatusOK, "embed", p)
}

// oembed describes how to embed an answer, for sites that ask (oembed.com).
func (s *site) oembed(w http.ResponseWriter, r *http.Request) {
	base := s.base(r)
	if f := r.FormValue("format"); f != "" && f != "json" {
		http.Error(w, "only json", http.StatusNotImplemented)
		return
	}
	title, code, height, ok := s.embeddable(r, base)
	if !ok {
		http.Error(w, "nothing to embed", http.StatusNotFound)
		return
	}
	width := frameWidth
	asked := [2]string{fmt.Sprintf(`width="%d"`, width), fmt.Sprintf(`height="%d"`, height)}
	for field, v := range map[string]*int{"maxwidth": &width, "maxheight": &height} {
		var most int
		if _, err := fmt.Sscan(r.FormValue(field), &most); err == nil && most > 0 {
			*v = min(*v, most)
		}
	}
	html := strings.NewReplacer(asked[0], fmt.Sprintf(`width="%d"`, width), asked[1], fmt.Sprintf(`height="%d"`, height)).Replace(code)
	s.addressed(w)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "rich", "version": "1.0", "title": title, "provider_name": "Cigogne", "provider_url": base, "width": width, "height": height, "html": html, "cache_age": 86400,
	})
}

// embeddable finds what an address of ours may be embedded as: an answer, or the
// figures of a theme.
func (s *site) embeddable(r *http.Request, base string) (title, code string, height int, ok bool) {
	address, _, _ := strings.Cut(r.FormValue("url"), "?")
	if id, is := strings.CutPrefix(address, base+"/a/"); is {
		a, err := s.Answers.Answer(r.Context(), id)
		if err != nil {
			return "", "", 0, false
		}
		c := s.card(a, "")
		return a.Question, frame(base, c), frameHeight(c), true
	}
	name, is := strings.CutPrefix(address, base+"/themes/")
	for _, k := range s.kits() {
		if is && k.Name == name && s.Brief != nil {
			title := k.Title.In(httpd.Language(r))
			return title, themeFrameCode(base, name, title), themeFrame, true
		}
	}
	return "", "", 0, false
}

// download sends the rows of an answer as a file.
func (s *site) download(kind, extension string, write func(io.Writer, *answer.Answer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := s.kept(w, r)
		if a == nil {
			return
		}
		if !a.Answered() {
			s.missing(w, r)
			return
		}
		var b bytes.Buffer
		if err := write(&b, a); err != nil {
			s.Log.ErrorContext(r.Context(), "file not written", "error", err)
			http.Error(w, texts.Say(httpd.Language(r), "web.file_could_not_be_written"), http.StatusInternalServerError)
			return
		}
		public(w)
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+sheet.Name(a)+extension+`"`)
		_, _ = w.Write(b.Bytes())
	}
}

// picture sends a drawing of an answer.
func (s *site) picture(kind string, draw func(*answer.Answer) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if draw == nil {
			s.missing(w, r)
			return
		}
		a := s.kept(w, r)
		if a == nil {
			return
		}
		b, err := draw(a)
		if err != nil {
			s.missing(w, r)
			return
		}
		public(w)
		// A drawing that is opened by itself may style itself, and do nothing else.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		w.Header().Set("Content-Type", kind)
		if kind == "image/svg+xml" {
			b = []byte(plain.Text(string(b)))
		}
		_, _ = w.Write(b)
	}
}

const maxWhy = 1000 // characters

// judge notes whether a reader finds an answer right, and why.
func (s *site) judge(w http.ResponseWriter, r *http.Request) {
	a := s.kept(w, r)
	if a == nil {
		return
	}
	l := httpd.Language(r)
	said := r.PostFormValue("right")
	if said != "yes" && said != "no" {
		s.sorry(w, r, http.StatusBadRequest, texts.Say(l, "web.incomplete_feedback"), texts.Say(l, "web.say_whether_answer_is_right_or"))
		return
	}
	if ok, wait := s.Rate.Allow(s.Client.Address(r)); !ok {
		httpd.RetryAfter(w, wait)
		s.sorry(w, r, http.StatusTooManyRequests, texts.Say(l, "web.one_moment"), texts.Say(l, "web.too_many_requests_in_short_time"))
		return
	}
	why := lang.Cut(strings.ToValidUTF8(strings.TrimSpace(r.PostFormValue("why")), ""), maxWhy)
	if err := s.Answers.Judge(r.Context(), a.AnswerID, said == "yes", why); err != nil {
		s.Log.ErrorContext(r.Context(), "judgement not kept", "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(l, "web.feedback_not_kept"), texts.Say(l, "web.it_could_not_be_kept_try"))
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") { // the script
		w.WriteHeader(http.StatusNoContent)
		return
	}
	q := url.Values{"said": {said}}
	if why != "" || said == "yes" {
		q = url.Values{"thanks": {"1"}}
	}
	http.Redirect(w, r, s.page(r).Link("/a/"+a.AnswerID+"?"+q.Encode()+"#judge"), http.StatusSeeOther)
}

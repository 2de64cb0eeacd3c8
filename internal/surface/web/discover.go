package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/discover"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/texts"
)

// way is what the page of discovery shows.
type way struct {
	Commune string // as typed, then as found
	Fault   string // why there is no way for it
	Choices []communeLink
	Mine    []stop // the five questions, where a commune is known
	Steps   []stop // of those who decide, where they are wanted
	Decide  string // address of those steps
	Talks   []discover.Talk
}

type communeLink struct{ Name, Path string }

// stop is a station with its answer.
type stop struct {
	Key           string // under which the reader's device notes that it was read
	Number        int
	Title, Learnt string
	Card          *card
	Path          string // of the answer's page
	Talk          *discover.Talk
}

// discover leads through five questions on the reader's commune, or six steps
// for those who decide. It works by its addresses alone; what was read is noted
// by the reader's device, for itself.
func (s *site) discover(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	l := p.Lang
	d := way{Commune: lang.Cut(strings.ToValidUTF8(strings.TrimSpace(r.FormValue("commune")), ""), maxField), Decide: p.Link("/decouvrir?decider=1"), Talks: s.Discover.Talks}
	status := http.StatusOK
	p.Query = url.Values{}
	var err error
	switch {
	case d.Commune != "":
		p.Query.Set("commune", d.Commune)
		status, err = s.mine(w, r, p, &d)
	case r.FormValue("decider") != "":
		p.Query.Set("decider", "1")
		if status, d.Fault = s.paced(w, r, l); d.Fault == "" {
			var stops []discover.Stop
			stops, err = s.Discover.Decide(r.Context(), l, s.alone)
			d.Steps = s.stopped(p, "step", stops)
		}
	}
	if err != nil {
		code := surface.CodeOf(err)
		s.Log.ErrorContext(r.Context(), "discovery", "error", err)
		d.Fault, status = code.Sentence(l), code.Status()
	}
	p.Here, p.Title, p.Data = "discover", texts.Say(l, "web.discover"), d
	s.show(w, r, status, "discover", p)
}

// mine answers the questions on the commune that was typed, or asks which.
func (s *site) mine(w http.ResponseWriter, r *http.Request, p page, d *way) (status int, err error) {
	found := discover.Find(d.Commune)
	switch len(found) {
	case 0:
		d.Fault = texts.Say(p.Lang, "web.no_such_commune", "name", d.Commune)
		return http.StatusNotFound, nil
	case 1:
	default:
		for _, c := range found {
			d.Choices = append(d.Choices, communeLink{c.Name, p.Link("/decouvrir?" + url.Values{"commune": {c.Name}}.Encode())})
		}
		return http.StatusOK, nil
	}
	d.Commune = found[0].Name
	if status, d.Fault = s.paced(w, r, p.Lang); d.Fault != "" {
		return status, nil
	}
	stops, err := s.Discover.Commune(r.Context(), found[0], p.Lang, s.alone)
	d.Mine = s.stopped(p, "mine", stops)
	return http.StatusOK, err
}

// paced counts a page of questions as one.
func (s *site) paced(w http.ResponseWriter, r *http.Request, l lang.Lang) (status int, why string) {
	httpd.Patience(w, answerTime)
	if ok, wait := s.Rate.Allow(s.Client.Address(r)); !ok {
		httpd.RetryAfter(w, wait)
		return http.StatusTooManyRequests, surface.RateLimited.Sentence(l)
	}
	return http.StatusOK, ""
}

// alone asks a question that stands alone, and keeps its answer.
func (s *site) alone(ctx context.Context, question string, l lang.Lang) (*answer.Answer, error) {
	a, err := s.Asker.Ask(ctx, assistant.Question{Text: question, Lang: l})
	if a == nil {
		return nil, errors.Join(err, ctx.Err())
	}
	return a, s.Answers.Keep(ctx, a)
}

func (s *site) stopped(p page, key string, stops []discover.Stop) (out []stop) {
	for i, x := range stops {
		out = append(out, stop{key + "-" + x.Title, i + 1, x.Title, x.Learnt, s.card(x.Answer, ""), p.Link("/a/" + x.Answer.AnswerID), x.Talk})
	}
	return out
}

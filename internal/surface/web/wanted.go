package web

import (
	"errors"
	"net/http"

	"cigogne/internal/answer"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/texts"
)

// Wish is what people asked for and the data could not give.
type Wish struct {
	ID       string
	Question string
	Times    int // asked and voted for
	Reply    string
	AnswerID string // figure that closed it
}

// asked is how often something has to be wished for before its words are shown to
// everybody: what one person wrote is theirs.
const asked = 3

// wanted lists what is wanted.
func (s *site) wanted(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	all, err := s.Wanted(r.Context())
	if err != nil {
		s.Log.ErrorContext(r.Context(), "wanted data", "error", err)
		s.sorry(w, r, http.StatusServiceUnavailable, texts.Say(p.Lang, "web.wanted"), texts.Say(p.Lang, "web.it_could_not_be_read_try"))
		return
	}
	var shown []Wish
	for _, x := range all {
		if x.Times >= asked || x.Reply != "" || x.AnswerID != "" {
			shown = append(shown, x)
		}
	}
	p.Title = texts.Say(p.Lang, "web.wanted")
	p.Data = struct {
		Wishes []Wish
		Voted  bool
		Votes  bool
	}{shown, r.URL.Query().Has("voted"), s.Vote != nil}
	s.show(w, r, http.StatusOK, "wanted", p)
}

// vote says that somebody wants it, too. Nobody is counted twice in a short time:
// votes cost what questions do.
func (s *site) vote(w http.ResponseWriter, r *http.Request) {
	l := httpd.Language(r)
	if s.Vote == nil {
		s.missing(w, r)
		return
	}
	if ok, wait := s.Rate.Allow(s.Client.Address(r)); !ok {
		httpd.RetryAfter(w, wait)
		s.sorry(w, r, http.StatusTooManyRequests, texts.Say(l, "web.one_moment"), texts.Say(l, "web.too_many_requests_in_short_time"))
		return
	}
	switch err := s.Vote(r.Context(), r.PathValue("id")); {
	case errors.Is(err, answer.ErrUnknown):
		s.missing(w, r)
	case err != nil:
		s.Log.ErrorContext(r.Context(), "vote not kept", "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(l, "web.feedback_not_kept"), texts.Say(l, "web.it_could_not_be_kept_try"))
	default:
		http.Redirect(w, r, s.page(r).Link("/wanted?voted=1"), http.StatusSeeOther)
	}
}

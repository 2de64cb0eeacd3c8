package web

import (
	"net/http"

	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/staff"
	"cigogne/internal/texts"
)

const staffPath = staff.Path

// Refuse shows somebody who is not let in why.
type Refuse = func(w http.ResponseWriter, r *http.Request, status int, why staff.Refusal)

// refuse shows why somebody is not let in, and the way on.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, status int, why staff.Refusal) {
	l := httpd.Language(r)
	s.sorry(w, r, status, texts.Say(l, "web.staff_title"), texts.Say(l, "web.staff_"+string(why)))
}

// staff shows the team what is asked and what the data could not give.
func (s *site) staff(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != staffPath {
		s.missing(w, r)
		return
	}
	p := s.page(r)
	report, err := s.Report(r.Context(), p.Lang)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "report", "error", err)
		s.sorry(w, r, http.StatusServiceUnavailable, texts.Say(p.Lang, "web.staff_title"), texts.Say(p.Lang, "web.it_could_not_be_read_try"))
		return
	}
	p.Title, p.Data = texts.Say(p.Lang, "web.staff_title"), report
	s.show(w, r, http.StatusOK, "staff", p)
}

package web

import (
	"net/http"

	"cigogne/internal/surface"
	"cigogne/internal/texts"
)

// privacy says what is kept of what people ask.
func (s *site) privacy(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	p.Title = texts.Say(p.Lang, "web.privacy")
	p.Data = markdown(surface.Privacy(p.Lang, s.Days))
	w.Header().Set("Cache-Control", "public, max-age=3600")
	s.show(w, r, http.StatusOK, "privacy", p)
}

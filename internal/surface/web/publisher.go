package web

import (
	"net/http"
	"net/url"

	"cigogne/internal/lang"
	"cigogne/internal/quality"
	"cigogne/internal/texts"
)

func publisherPath(name string) string { return "/publisher/" + url.PathEscape(name) }

// published is what the page of a publisher shows.
type published struct {
	*quality.Publisher
	All    string // its datasets in the catalogue
	Line   string
	Sides  string
	First  []mended
	Sheets []judged
	More   int // datasets that are not shown
}

type mended struct{ Remedy, Reason, Property, Gain string }

type judged struct {
	Title, Path, Score, Sides string
	Reasons                   []string // what costs most
}

const (
	shownFixes   = 8
	shownReasons = 3
)

// publisher shows what one publishes, how fit for use it is and what to mend first.
func (s *site) publisher(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	l := p.Lang
	name := r.PathValue("name")
	found, err := s.Quality(r.Context(), name)
	switch {
	case err != nil:
		s.Log.ErrorContext(r.Context(), "publisher", "error", err)
		s.sorry(w, r, http.StatusInternalServerError, texts.Say(l, "web.publisher_not_readable"), texts.Say(l, "web.it_could_not_be_read_try"))
		return
	case found == nil:
		s.sorry(w, r, http.StatusNotFound, texts.Say(l, "web.unknown_publisher"), texts.Say(l, "web.no_publisher_has_this_name"))
		return
	}
	p.Here, p.Title, p.Data = "catalogue", found.Called(l), publication(found, l)
	p.Path = publisherPath(name)
	w.Header().Set("Cache-Control", "private, max-age=60")
	s.show(w, r, http.StatusOK, "publisher", p)
}

func publication(p *quality.Publisher, l lang.Lang) published {
	out := published{Publisher: p, All: "/search?publisher=" + url.QueryEscape(p.Name), Line: p.Line(l), Sides: p.Sides(l)}
	for _, f := range p.First[:min(shownFixes, len(p.First))] {
		out.First = append(out.First, mended{quality.Remedy(f.Check, l), quality.Reason(f.Check, l), f.Property, f.Gained(l)})
	}
	for i := range p.Worst() {
		s := &p.Sheets[i]
		x := judged{Title: s.Title, Path: datasetPath(s.ID), Score: quality.Score(s.Score, l), Sides: s.Sides(l)}
		for _, f := range s.Findings[:min(shownReasons, len(s.Findings))] {
			x.Reasons = append(x.Reasons, quality.Reason(f.Check, l))
		}
		out.Sheets = append(out.Sheets, x)
	}
	out.More = p.Rest()
	return out
}

package api

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"cigogne/internal/assistant"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
)

const (
	maxResults = 100
	maxOffset  = 100_000
	maxField   = 300 // bytes of a search field
)

func (h *handler) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for _, k := range []string{"q", "publisher", "portal", "format"} {
		if v := q.Get(k); len(v) > maxField || !utf8.ValidString(v) {
			h.fail(w, r, surface.Invalid, "Le champ « "+k+" » est trop long ou n'est pas de l'UTF-8.", "The field “"+k+"” is too long or is not UTF-8.")
			return
		}
	}
	limit, ok1 := number(q.Get("limit"), 20, 1, maxResults)
	offset, ok2 := number(q.Get("offset"), 0, 0, maxOffset)
	if !ok1 || !ok2 {
		h.fail(w, r, surface.Invalid, "« limit » va de 1 à 100 et « offset » de 0 à 100000.", "“limit” goes from 1 to 100 and “offset” from 0 to 100000.")
		return
	}
	b := assistant.Browse{Text: strings.TrimSpace(q.Get("q")), Publisher: q.Get("publisher"), Portal: q.Get("portal"), Format: strings.ToLower(q.Get("format")), Limit: limit, Offset: offset}
	found, err := h.Guide.Find(r.Context(), b, httpd.Language(r))
	if err != nil {
		h.Log.ErrorContext(r.Context(), "search", "error", err)
		h.fail(w, r, surface.Internal, "Le catalogue n'a pas pu être lu.", "The catalogue could not be read.")
		return
	}
	write(w, http.StatusOK, found)
}

// number reads a whole number within bounds; def where there is none.
func number(s string, def, least, most int) (int, bool) {
	if s == "" {
		return def, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= least && n <= most
}

func (h *handler) dataset(w http.ResponseWriter, r *http.Request) {
	d, err := h.Guide.Describe(r.Context(), r.PathValue("id"), httpd.Language(r))
	if err != nil {
		h.failed(w, r, "dataset not read", err)
		return
	}
	write(w, http.StatusOK, d)
}

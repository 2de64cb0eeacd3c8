package api

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"cigogne/internal/assistant"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/texts"
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
			h.fail(w, r, surface.Invalid, texts.Say(httpd.Language(r), "api.field_is_too_long", "field", k))
			return
		}
	}
	limit, ok1 := number(q.Get("limit"), 20, 1, maxResults)
	offset, ok2 := number(q.Get("offset"), 0, 0, maxOffset)
	if !ok1 || !ok2 {
		h.fail(w, r, surface.Invalid, texts.Say(httpd.Language(r), "api.limit_goes_from_1_to_100"))
		return
	}
	b := assistant.Browse{Text: strings.TrimSpace(q.Get("q")), Like: q.Get("like"), Publisher: q.Get("publisher"), Portal: q.Get("portal"), Format: strings.ToLower(q.Get("format")), Limit: limit, Offset: offset}
	found, err := h.Guide.Find(r.Context(), b, httpd.Language(r))
	if err != nil {
		h.Log.ErrorContext(r.Context(), "search", "error", err)
		h.fail(w, r, surface.Internal, texts.Say(httpd.Language(r), "api.catalogue_could_not_be_read"))
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

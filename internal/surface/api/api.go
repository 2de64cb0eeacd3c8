// Package api is the HTTP interface for programs: /api/v1, described by an
// OpenAPI document it serves, and the part of OpenAI's interface that chat
// front ends use, so that they can list Cigogne as a model.
package api

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/texts"
)

// Parts are what the API is made of.
type Parts struct {
	Asker   surface.Asker
	Answers surface.Answers
	Guide   surface.Guide
	Base    string // public address; "" to tell from each request
	Rate    *httpd.Rate
	Client  httpd.Client
	Log     *slog.Logger
}

// answerTime bounds a question with its wait in line.
const answerTime = 100 * time.Second

type handler struct {
	Parts
	talks *talks
}

// New returns the handler of /api/ and /v1/.
func New(p Parts) http.Handler {
	h := &handler{Parts: p, talks: newTalks()}
	mux := http.NewServeMux()
	for _, x := range h.routes() {
		mux.HandleFunc(x.method+" "+x.path, x.serve)
		mux.HandleFunc(x.path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", x.method)
			write(w, http.StatusMethodNotAllowed, newFault(surface.Unsupported, texts.Say(httpd.Language(r), "api.this_address_takes_only", "method", x.method)))
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, surface.NotFound, texts.Say(httpd.Language(r), "api.there_is_no_such_address_see"))
	})
	return mux
}

// route is one address of the API.
type route struct {
	method, path string
	serve        http.HandlerFunc
}

func (h *handler) routes() []route {
	return []route{
		{"POST", "/api/v1/ask", h.ask},
		{"GET", "/api/v1/search", h.search},
		{"GET", "/api/v1/datasets/{id}", h.dataset},
		{"GET", "/api/v1/answers/{id}", h.answer},
		{"GET", "/api/v1/openapi.json", h.openapi},
		{"GET", "/v1/models", h.models},
		{"POST", "/v1/chat/completions", h.chat},
	}
}

// fault is the JSON form of an error.
type fault struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

func newFault(code surface.Code, text string) (f fault) {
	if code == surface.NoDataset {
		code = surface.NotFound // programs know what they asked for
	}
	f.Error.Code, f.Error.Message = string(code), text
	return f
}

func (h *handler) fail(w http.ResponseWriter, r *http.Request, code surface.Code, text string) {
	write(w, code.Status(), newFault(code, text))
}

// failed says what an error came to.
func (h *handler) failed(w http.ResponseWriter, r *http.Request, what string, err error) {
	code := surface.CodeOf(err)
	switch code {
	case surface.Internal:
		h.Log.ErrorContext(r.Context(), what, "error", err)
	case surface.Busy:
		httpd.RetryAfter(w, busyWait)
	}
	write(w, code.Status(), newFault(code, code.Sentence(httpd.Language(r))))
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the client went away: nobody is left to be told
}

// read reads a JSON body into v, and tells the client where it cannot.
func (h *handler) read(w http.ResponseWriter, r *http.Request, v any) bool {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		h.fail(w, r, surface.Unsupported, texts.Say(httpd.Language(r), "api.body_must_be_json_content_type"))
		return false
	}
	b, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		write(w, surface.TooLarge.Status(), newFault(surface.TooLarge, surface.TooLarge.Sentence(httpd.Language(r))))
	case err != nil:
		h.fail(w, r, surface.Invalid, texts.Say(httpd.Language(r), "api.request_did_not_arrive_whole"))
	case json.Unmarshal(b, v) != nil:
		h.fail(w, r, surface.Invalid, texts.Say(httpd.Language(r), "api.body_is_not_json_expected_form"))
	default:
		return true
	}
	return false
}

// allowed counts a question against its sender's rate.
func (h *handler) allowed(w http.ResponseWriter, r *http.Request) bool {
	ok, wait := h.Rate.Allow(h.Client.Address(r))
	if !ok {
		httpd.RetryAfter(w, wait)
		write(w, surface.RateLimited.Status(), newFault(surface.RateLimited, surface.RateLimited.Sentence(httpd.Language(r))))
	}
	return ok
}

// request is the body of /api/v1/ask.
type request struct {
	ID           string    `json:"id"`
	Question     string    `json:"question"`
	Conversation string    `json:"conversation"`
	Lang         lang.Lang `json:"lang"`
}

// maxConversation is the longest name of a conversation, in bytes.
const maxConversation = 200

func (h *handler) ask(w http.ResponseWriter, r *http.Request) {
	var q request
	if !h.read(w, r, &q) {
		return
	}
	if q.Lang != "" && !slices.Contains(lang.Spoken, q.Lang) {
		h.fail(w, r, surface.Invalid, texts.Say(httpd.Language(r), "api.language_is_fr_or_en"))
		return
	}
	if len(q.Conversation) > maxConversation || len(q.ID) > maxConversation {
		h.fail(w, r, surface.Invalid, texts.Say(httpd.Language(r), "api.identifier_is_too_long_200_characters"))
		return
	}
	if why := assistant.Refuse(q.Question, httpd.Language(r)); why != "" {
		h.fail(w, r, surface.Invalid, why)
		return
	}
	if !h.allowed(w, r) {
		return
	}
	question := assistant.Question{ID: q.ID, Text: q.Question, Lang: q.Lang}
	if q.Conversation != "" {
		question.Conversation = "api:" + q.Conversation // apart from other surfaces' conversations
	}
	if httpd.WantsEvents(r) {
		h.stream(w, r, question)
		return
	}
	httpd.Patience(w, answerTime)
	a, err := h.Asker.Ask(r.Context(), question)
	if err != nil {
		h.failed(w, r, "question failed", err)
		return
	}
	write(w, http.StatusOK, a)
}

const busyWait = 5 * time.Second

// stream sends each step as an event "progress" {"step"}, then the answer as
// "answer", or "error".
func (h *handler) stream(w http.ResponseWriter, r *http.Request, q assistant.Question) {
	events := httpd.NewEvents(w)
	q.Progress = func(s assistant.Step) { _ = events.Send("progress", map[string]any{"step": s}) }
	httpd.Patience(w, answerTime)
	a, err := h.Asker.Ask(r.Context(), q)
	if code := surface.CodeOf(err); code != "" {
		_ = events.Send("error", newFault(code, code.Sentence(httpd.Language(r))))
		return
	}
	_ = events.Send("answer", a)
}

func (h *handler) answer(w http.ResponseWriter, r *http.Request) {
	a, err := h.Answers.Answer(r.Context(), strings.TrimSpace(r.PathValue("id")))
	if err != nil {
		h.failed(w, r, "answer not read", err)
		return
	}
	write(w, http.StatusOK, a)
}

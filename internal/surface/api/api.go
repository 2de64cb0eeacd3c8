// Package api is the HTTP interface for programs: /api/v1, described by an
// OpenAPI document it serves, and the part of OpenAI's interface that chat
// front ends use, so that they can list Cigogne as a model.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface/httpd"
)

// Asker answers questions; see queue.Queue.
type Asker interface {
	Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error)
}

// Answers keeps answers under IDs it gives them.
type Answers interface {
	Keep(ctx context.Context, a *answer.Answer) error
	Answer(ctx context.Context, id string) (*answer.Answer, error)
}

// Parts are what the API is made of.
type Parts struct {
	Asker   Asker
	Answers Answers
	Guide   Guide
	Base    string // public address; "" to tell from each request
	Unknown error  // what Answers returns for an ID it does not know
	Busy    error  // what Asker returns where it cannot take a question
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
			h.fail(w, r, http.StatusMethodNotAllowed, "unsupported", "Cette adresse n'accepte que "+x.method+".", "This address takes "+x.method+" only.")
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, http.StatusNotFound, "not_found", "Cette adresse n'existe pas : voyez /api/v1/openapi.json.", "There is no such address: see /api/v1/openapi.json.")
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

func (h *handler) fail(w http.ResponseWriter, r *http.Request, status int, code, fr, en string) {
	var f fault
	f.Error.Code, f.Error.Message = code, httpd.Language(r).Pick(fr, en)
	write(w, status, f)
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
		h.fail(w, r, http.StatusUnsupportedMediaType, "unsupported", "Le corps doit être du JSON (Content-Type: application/json).", "The body must be JSON (Content-Type: application/json).")
		return false
	}
	b, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		h.fail(w, r, http.StatusRequestEntityTooLarge, "too_large", "La requête est trop grande.", "The request is too large.")
	case err != nil:
		h.fail(w, r, http.StatusBadRequest, "invalid", "La requête n'est pas arrivée entière.", "The request did not arrive whole.")
	case json.Unmarshal(b, v) != nil:
		h.fail(w, r, http.StatusBadRequest, "invalid", "Le corps n'est pas du JSON de la forme attendue : voyez /api/v1/openapi.json.", "The body is not JSON of the expected form: see /api/v1/openapi.json.")
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
		h.fail(w, r, http.StatusTooManyRequests, "rate_limited", "Trop de questions en peu de temps : attendez un instant.", "Too many questions in a short time: wait a moment.")
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
	if q.Lang != "" && q.Lang != lang.French && q.Lang != lang.English {
		h.fail(w, r, http.StatusBadRequest, "invalid", "La langue est « fr » ou « en ».", "The language is “fr” or “en”.")
		return
	}
	if len(q.Conversation) > maxConversation || len(q.ID) > maxConversation {
		h.fail(w, r, http.StatusBadRequest, "invalid", "L'identifiant est trop long : 200 caractères au plus.", "The identifier is too long: 200 characters at most.")
		return
	}
	if fr := assistant.Refuse(q.Question, lang.French); fr != "" {
		h.fail(w, r, http.StatusBadRequest, "invalid", fr, assistant.Refuse(q.Question, lang.English))
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
	a, err := h.answered(r.Context(), question)
	if status, code, fr, en := h.failure(err); status != 0 {
		httpd.RetryAfter(w, busyWait)
		h.fail(w, r, status, code, fr, en)
		return
	}
	write(w, http.StatusOK, a)
}

const busyWait = 5 * time.Second

// answered asks and keeps the answer.
func (h *handler) answered(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	a, err := h.Asker.Ask(ctx, q)
	if err != nil {
		return a, err
	}
	if err := h.Answers.Keep(ctx, a); err != nil {
		h.Log.ErrorContext(ctx, "answer not kept", "error", err) // the answer itself is good
	}
	return a, nil
}

// failure puts an error of Ask into words; status 0 for none.
func (h *handler) failure(err error) (status int, code, fr, en string) {
	switch {
	case err == nil:
		return 0, "", "", ""
	case errors.Is(err, h.Busy):
		return http.StatusServiceUnavailable, "busy", "Trop de questions à la fois : réessayez dans un instant.", "Too many questions at once: try again in a moment."
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout, "timeout", "Le calcul a pris trop de temps : demandez une année ou un territoire précis.", "The computation took too long: ask for one year or one territory."
	}
	return http.StatusInternalServerError, "internal", "La réponse n'a pas pu être préparée ; le journal dit pourquoi.", "The answer could not be prepared; the log says why."
}

// stream sends each step as an event "progress" {"step"}, then the answer as
// "answer", or "error".
func (h *handler) stream(w http.ResponseWriter, r *http.Request, q assistant.Question) {
	events := httpd.NewEvents(w)
	q.Progress = func(s assistant.Step) { _ = events.Send("progress", map[string]any{"step": s}) }
	httpd.Patience(w, answerTime)
	a, err := h.answered(r.Context(), q)
	if status, code, fr, en := h.failure(err); status != 0 {
		var f fault
		f.Error.Code, f.Error.Message = code, httpd.Language(r).Pick(fr, en)
		_ = events.Send("error", f)
		return
	}
	_ = events.Send("answer", a)
}

func (h *handler) answer(w http.ResponseWriter, r *http.Request) {
	a, err := h.Answers.Answer(r.Context(), strings.TrimSpace(r.PathValue("id")))
	switch {
	case errors.Is(err, h.Unknown):
		h.fail(w, r, http.StatusNotFound, "not_found", "Aucune réponse n'est gardée sous cet identifiant.", "No answer is kept under this identifier.")
	case err != nil:
		h.Log.ErrorContext(r.Context(), "answer not read", "error", err)
		h.fail(w, r, http.StatusInternalServerError, "internal", "La réponse n'a pas pu être lue.", "The answer could not be read.")
	default:
		write(w, http.StatusOK, a)
	}
}

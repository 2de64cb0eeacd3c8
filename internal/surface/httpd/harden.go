package httpd

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"cigogne/internal/trace"
)

// policy is the content security policy of every page: its own files only, no
// script or style within the page, no frame around it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// FramePolicy is the one of a page made to be put into others' pages.
const FramePolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors *"

// Harden gives every response its security headers, bounds request bodies,
// answers a panic with 500, and logs each request by its route, never by the
// question in it.
func Harden(next http.Handler, maxBody int64, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		r = r.WithContext(trace.Begin(r.Context()))
		h := w.Header()
		h.Set("X-Request-Id", trace.ID(r.Context())) // for whoever asks about a failure: the log's lines bear it
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // a conversation's address is for those who have it
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if r.ContentLength > maxBody {
			h.Set("Connection", "close")
			http.Error(w, "request too large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		s := &status{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if s.code == 0 {
					http.Error(s, "internal error", http.StatusInternalServerError)
				}
			}
			log.DebugContext(r.Context(), "request", "method", r.Method, "route", r.Pattern, "status", s.code, "elapsed", time.Since(start))
		}()
		next.ServeHTTP(s, r)
	})
}

// Frameable lifts what keeps a page out of others' pages.
func Frameable(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", FramePolicy)
	w.Header().Del("X-Frame-Options")
}

// status remembers the status of a response.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController flush and set deadlines.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

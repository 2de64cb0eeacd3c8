// Package trace gives each question an ID that stands on every log line about
// it, from whichever door it came in to the query that answered it. The ID is
// made up: it tells nothing of who asked, nor of what. Where that is switched on,
// the stages of the work go to an OpenTelemetry collector as spans.
package trace

import (
	"context"
	"crypto/rand"
	"log/slog"
)

type key struct{}

// idLetters are enough to tell apart the questions that one looks at together.
const idLetters = 10

// Begin returns a context with a question's ID: that of ctx, where it has one.
func Begin(ctx context.Context) context.Context {
	if ID(ctx) != "" {
		return ctx
	}
	return context.WithValue(ctx, key{}, rand.Text()[:idLetters])
}

// ID is the question's ID; "" outside of a question.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}

// Handler writes what h writes, with the question's ID on each line, and that of
// its trace where there is one.
func Handler(h slog.Handler) slog.Handler { return handler{h} }

type handler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if id := ID(ctx); id != "" {
		r.AddAttrs(slog.String("question", id))
	}
	if id := traceID(ctx); id != "" {
		r.AddAttrs(slog.String("trace", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h handler) WithAttrs(as []slog.Attr) slog.Handler { return handler{h.Handler.WithAttrs(as)} }

// WithGroup implements slog.Handler.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }

package discord

import (
	"context"
	"log/slog"
	"regexp"
)

// discreet keeps secrets out of a log: the address of a request, which an error
// quotes, holds the token with which anybody could answer in our stead for a
// quarter of an hour.
type discreet struct{ slog.Handler }

var secret = regexp.MustCompile(`(/(?:webhooks|interactions)/[^/\s]+/)[^/\s"?]+`)

func masked(s string) string { return secret.ReplaceAllString(s, "$1…") }

// Handle implements slog.Handler.
func (d discreet) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, masked(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(hush(a))
		return true
	})
	return d.Handler.Handle(ctx, out)
}

func hush(a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, masked(v.String()))
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			return slog.String(a.Key, masked(err.Error()))
		}
	}
	return a
}

// WithAttrs implements slog.Handler.
func (d discreet) WithAttrs(attrs []slog.Attr) slog.Handler {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = hush(a)
	}
	return discreet{d.Handler.WithAttrs(out)}
}

// WithGroup implements slog.Handler.
func (d discreet) WithGroup(name string) slog.Handler { return discreet{d.Handler.WithGroup(name)} }

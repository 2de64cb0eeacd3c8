package trace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	otel "go.opentelemetry.io/otel/trace"
)

type tracerKey struct{}

// With returns a context whose spans a tracer sends. Without one, spans cost the
// look at the context and nothing else.
func With(ctx context.Context, t *Tracer) context.Context {
	return context.WithValue(ctx, tracerKey{}, t)
}

func tracerOf(ctx context.Context) *Tracer {
	t, _ := ctx.Value(tracerKey{}).(*Tracer)
	return t
}

// Span begins a stage of the work; end ends it. What is noted of a stage is never
// what somebody wrote: names of ours, counts, IDs of datasets. Of an error only its
// kind is told, for its text may quote a question.
func Span(ctx context.Context, name string, about ...slog.Attr) (_ context.Context, end func(error)) {
	t := tracerOf(ctx)
	if t == nil {
		return ctx, untold
	}
	if id := ID(ctx); id != "" {
		about = append(about, slog.String("question", id))
	}
	ctx, s := t.tracer.Start(ctx, name, otel.WithAttributes(attributes(about)...))
	return ctx, func(err error) {
		if err != nil {
			s.SetStatus(codes.Error, kind(err))
		}
		s.End()
	}
}

func untold(error) {}

type askedKey struct{}

// Question begins the span that all stages of one question are in, with its text
// where the tracer is told to send texts ("": nothing of it may be told); where there is such a span already, it
// goes on.
func Question(ctx context.Context, text string) (_ context.Context, end func(error)) {
	ctx = Begin(ctx)
	t := tracerOf(ctx)
	if t == nil || ctx.Value(askedKey{}) != nil {
		return ctx, untold
	}
	ctx, end = Span(context.WithValue(ctx, askedKey{}, true), "question")
	if t.text != nil && text != "" {
		Note(ctx, slog.String("text", t.text(text)))
	}
	return ctx, end
}

// Note adds to the span that ctx is in.
func Note(ctx context.Context, about ...slog.Attr) {
	if tracerOf(ctx) != nil {
		otel.SpanFromContext(ctx).SetAttributes(attributes(about)...)
	}
}

// traceID is the trace that ctx is in, "" where there is none that is sent.
func traceID(ctx context.Context) string {
	if tracerOf(ctx) == nil {
		return ""
	}
	if s := otel.SpanContextFromContext(ctx); s.IsSampled() {
		return s.TraceID().String()
	}
	return ""
}

const prefix = "cigogne."

func attributes(about []slog.Attr) []attribute.KeyValue {
	out := make([]attribute.KeyValue, 0, len(about))
	for _, a := range about {
		k := attribute.Key(prefix + a.Key)
		switch v := a.Value.Resolve(); v.Kind() {
		case slog.KindInt64:
			out = append(out, k.Int64(v.Int64()))
		case slog.KindBool:
			out = append(out, k.Bool(v.Bool()))
		case slog.KindFloat64:
			out = append(out, k.Float64(v.Float64()))
		default:
			out = append(out, k.String(v.String()))
		}
	}
	return out
}

// kind is what sort of error it is, without a word of its text.
func kind(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return fmt.Sprintf("%T", err)
		}
		err = inner
	}
}

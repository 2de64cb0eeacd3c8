package main

import (
	"context"
	"net/http"
	"slices"
	"time"

	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/trace"
)

// tracedCommands are those whose stages are worth following.
var tracedCommands = []string{"ask", "chat", "serve", "mcp", "discord", "matrix", "harvest", "fetch"}

// lastSpans is how long a program that ends waits for its last spans to be sent.
const lastSpans = 5 * time.Second

// traced is a context whose spans go to the collector of the settings; the same
// context where they name none, or are at fault: the command says so then.
func (p *program) traced(ctx context.Context, command string) (_ context.Context, end func()) {
	if !slices.Contains(tracedCommands, command) {
		return ctx, func() {}
	}
	s, err := p.settings()
	if err != nil || !s.Trace.Set() {
		return ctx, func() {}
	}
	share := 1.
	if s.Trace.Percent > 0 {
		share = float64(s.Trace.Percent) / 100
	}
	how := trace.Settings{URL: s.Trace.URL, Headers: s.Trace.Pairs(), Service: s.Trace.Service, Version: version(), Share: share, HTTP: &http.Client{}, Log: p.log}
	if s.Trace.Questions {
		how.Text = func(text string) string { return ledger.Scrub(text, lang.Detect(text)) }
	}
	t := trace.Open(how)
	return trace.With(ctx, t), func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSpans)
		defer cancel()
		if err := t.Close(last); err != nil {
			p.log.WarnContext(ctx, "spans not sent", "error", err)
		}
	}
}

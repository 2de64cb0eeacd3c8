package trace_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"cigogne/internal/trace"
)

func TestEveryLineOfAQuestionBearsItsID(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(trace.Handler(slog.NewTextHandler(&out, nil))).With("room", "plan")
	ctx := trace.Begin(context.Background())
	if again := trace.Begin(ctx); trace.ID(again) != trace.ID(ctx) || trace.ID(ctx) == "" {
		t.Fatalf("a question's ID changed from %q to %q", trace.ID(ctx), trace.ID(again))
	}
	log.InfoContext(ctx, "planned")
	log.InfoContext(context.Background(), "no question")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "room=plan question="+trace.ID(ctx)) || strings.Contains(lines[1], "question=") {
		t.Errorf("got\n%s", out.String())
	}
}

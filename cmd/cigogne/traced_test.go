package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collectpb "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// The stages of a question reach a collector, one within another; nothing of what
// was asked does, unless a setting says so, and then without what is personal.
func TestAQuestionIsTraced(t *testing.T) {
	for name, c := range map[string]struct {
		questions string
		wants     []string // in what is sent
		never     []string
	}{
		"stages":              {"", nil, []string{"Metz", "habitants", "06 12", "dupont"}},
		"and texts, scrubbed": {"true", []string{"habitants"}, []string{"06 12", "dupont"}},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var sent []byte
			spans := map[string]*tracepb.Span{}
			collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				var got collectpb.ExportTraceServiceRequest
				if err := proto.Unmarshal(b, &got); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				sent = append(sent, b...)
				for _, s := range got.ResourceSpans[0].ScopeSpans[0].Spans {
					if spans[s.Name] == nil { // of the first question
						spans[s.Name] = s
					}
				}
			}))
			defer collector.Close()
			env := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "CIGOGNE_TRACE_QUESTIONS": c.questions, "CIGOGNE_DATA": t.TempDir()}
			var out bytes.Buffer
			question := "Combien d'habitants à Metz ? jean.dupont@example.org 06 12 34 56 78"
			// The second is answered by a refusal that quotes it: no reason to tell it either.
			for _, q := range []string{"Combien d'habitants à Metz ?", question} {
				run(t.Context(), []string{"ask", q}, stdio{in: strings.NewReader(""), out: &out, err: &out, env: func(name string) string { return env[name] }})
			}
			mu.Lock()
			defer mu.Unlock()
			root := spans["question"]
			for child, parent := range map[string]string{"search": "question", "plan": "question", "answer": "question", "keep": "question"} {
				if spans[child] == nil || root == nil || !bytes.Equal(spans[child].ParentSpanId, spans[parent].SpanId) {
					t.Errorf("no span %q within %q: %v", child, parent, spans)
				}
			}
			if spans["query"] == nil || len(spans["query"].ParentSpanId) == 0 {
				t.Errorf("no query within: %v", spans)
			}
			for _, w := range c.wants {
				if !bytes.Contains(sent, []byte(w)) {
					t.Errorf("%q is not sent", w)
				}
			}
			for _, n := range c.never {
				if bytes.Contains(sent, []byte(n)) {
					t.Errorf("%q is sent: %q", n, sent)
				}
			}
		})
	}
}

package trace_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collectpb "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"cigogne/internal/trace"
)

// collector takes spans as a collector does.
type collector struct {
	*httptest.Server
	mu    sync.Mutex
	spans []*tracepb.Span
	keys  []string // of the requests
	about string   // the resource, as text
	away  int      // so many requests are told to come back
}

func newCollector(t *testing.T) *collector {
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.away > 0 {
			c.away--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		b, _ := io.ReadAll(r.Body)
		var got collectpb.ExportTraceServiceRequest
		if err := proto.Unmarshal(b, &got); err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s %s: %v", r.URL, r.Header, err)
		}
		c.keys = append(c.keys, r.Header.Get("Api-Key"))
		for _, rs := range got.ResourceSpans {
			c.about = rs.Resource.String()
			for _, ss := range rs.ScopeSpans {
				c.spans = append(c.spans, ss.Spans...)
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) span(t *testing.T, name string) *tracepb.Span {
	t.Helper()
	for _, s := range c.spans {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no span %q of %v", name, c.spans)
	return nil
}

func TestSpansReachACollector(t *testing.T) {
	c := newCollector(t)
	c.away = 1
	tr := trace.Open(trace.Settings{URL: c.URL + "/", Headers: map[string]string{"Api-Key": "hush"}, Version: "1.2", Share: 1, Log: slog.New(slog.DiscardHandler)})
	ctx, end := trace.Question(trace.With(t.Context(), tr), "Combien d'habitants à Metz ?")
	var log bytes.Buffer
	slog.New(trace.Handler(slog.NewTextHandler(&log, nil))).InfoContext(ctx, "asked")
	inner, done := trace.Span(ctx, "query", slog.Int("rows", 3), slog.Bool("warm", true), slog.Float64("share", .5), slog.Any("dataset", "d"))
	again, same := trace.Question(inner, "the same one")
	trace.Note(again, slog.String("kind", "figure"))
	same(nil)
	done(fmt.Errorf("query for Dupont: %w", errors.New("no column Dupont")))
	end(context.DeadlineExceeded)
	if err := tr.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	question, query := c.span(t, "question"), c.span(t, "query")
	if len(c.spans) != 2 || string(query.ParentSpanId) != string(question.SpanId) || len(question.ParentSpanId) > 0 || string(query.TraceId) != string(question.TraceId) {
		t.Errorf("%v", c.spans)
	}
	for _, want := range []string{"rows", "warm", "share", "dataset", "kind", "figure", "*errors.errorString"} {
		if !strings.Contains(query.String(), want) {
			t.Errorf("no %s in %v", want, query)
		}
	}
	if question.Status.GetMessage() != "timeout" || question.EndTimeUnixNano < query.EndTimeUnixNano || query.StartTimeUnixNano < question.StartTimeUnixNano {
		t.Errorf("%v", question)
	}
	if all := fmt.Sprint(c.spans); strings.Contains(all, "Metz") || strings.Contains(all, "Dupont") {
		t.Errorf("a text is told: %s", all)
	}
	if !strings.Contains(c.about, "cigogne") || !strings.Contains(c.about, "1.2") || c.keys[0] != "hush" {
		t.Errorf("%s %v", c.about, c.keys)
	}
	if !strings.Contains(log.String(), fmt.Sprintf("trace=%x", question.TraceId)) {
		t.Errorf("the log: %s", &log)
	}
}

// The texts of questions are sent where that is asked for alone, as they are left
// after what is personal was taken out.
func TestTextsAreSentOnRequest(t *testing.T) {
	c := newCollector(t)
	tr := trace.Open(trace.Settings{URL: c.URL, Share: 1, Text: strings.ToUpper, Log: slog.New(slog.DiscardHandler)})
	for _, text := range []string{"how many", ""} {
		_, end := trace.Question(trace.With(t.Context(), tr), text)
		end(nil)
	}
	if err := tr.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(c.spans) != 2 || !strings.Contains(c.spans[0].String(), "HOW MANY") || strings.Contains(c.spans[1].String(), "cigogne.text") {
		t.Errorf("%v", c.spans)
	}
}

// A collector that is away, or a share of none, changes nothing for the work.
func TestACollectorThatIsAway(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	defer gone.Close()
	for url, share := range map[string]float64{"http://127.0.0.1:1": 0, gone.URL: 1} {
		var log bytes.Buffer
		tr := trace.Open(trace.Settings{URL: url, Share: share, Log: slog.New(slog.NewTextHandler(&log, nil))})
		_, end := trace.Question(trace.With(t.Context(), tr), "")
		end(nil)
		if err := tr.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if told := strings.Contains(log.String(), "spans not sent"); told != (share == 1) {
			t.Errorf("%s: the log holds %q", url, &log)
		}
	}
	var none *trace.Tracer
	if err := none.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// Nothing is begun where tracing is off.
func TestOffCostsNothing(t *testing.T) {
	ctx := trace.Begin(t.Context())
	if n := testing.AllocsPerRun(100, func() {
		_, end := trace.Span(ctx, "query")
		end(nil)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

package trace

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	otel "go.opentelemetry.io/otel/trace"
	collectpb "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/slim/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/slim/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Settings are how spans are sent.
type Settings struct {
	URL     string            // of a collector, without /v1/traces: OTLP over HTTP
	Headers map[string]string // with each request; a collector's key
	Service string            // what this server is called; cigogne
	Version string
	Share   float64             // of the questions that are traced, 0 to 1
	Text    func(string) string // what is sent of a question's text; nil: nothing
	HTTP    *http.Client        // nil: http.DefaultClient
	Log     *slog.Logger
}

// Tracer sends spans to a collector, some at a time, behind the work's back: a
// collector that is away loses spans and slows nothing down.
type Tracer struct {
	tracer   otel.Tracer
	provider *sdk.TracerProvider
	text     func(string) string
}

// Open prepares a tracer; nothing is sent yet.
func Open(s Settings) *Tracer {
	if s.HTTP == nil {
		s.HTTP = http.DefaultClient
	}
	about := resource.NewSchemaless(attribute.String("service.name", cmp.Or(s.Service, "cigogne")), attribute.String("service.version", s.Version))
	p := sdk.NewTracerProvider(
		sdk.WithBatcher(&sender{s, strings.TrimRight(s.URL, "/") + "/v1/traces"}),
		sdk.WithResource(about), // and nothing else: neither machine nor user
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(s.Share))),
	)
	return &Tracer{tracer: p.Tracer("cigogne"), provider: p, text: s.Text}
}

// Close sends what is left, as long as ctx lasts.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last spans: %w", err)
	}
	return nil
}

// sender is the exporter. OpenTelemetry's own for HTTP links all of gRPC: five
// megabytes more of program.
type sender struct {
	Settings
	to string
}

const (
	sendTime  = 10 * time.Second
	sendTries = 3
	maxReply  = 64 << 10
)

// ExportSpans implements sdk.SpanExporter. What cannot be sent is logged here.
func (s *sender) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	body, err := proto.Marshal(request(spans))
	wait := time.Second
	for try := 1; err == nil; try++ {
		var again bool
		if again, err = s.post(ctx, body); !again || try == sendTries {
			break
		}
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(wait):
			err, wait = nil, 2*wait
		}
	}
	if err != nil {
		s.Log.WarnContext(ctx, "spans not sent", "spans", len(spans), "error", err)
	}
	return nil
}

// post sends once, and tells whether it is worth another try.
func (s *sender) post(ctx context.Context, body []byte) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.to, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	for k, v := range s.Headers {
		req.Header.Set(k, v)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	res, err := s.HTTP.Do(req)
	if err != nil {
		return true, err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxReply)) // so that the connection serves again
	switch res.StatusCode {
	case http.StatusOK, http.StatusAccepted:
		return false, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout: // as OTLP lists them
		again = true
	}
	return again, fmt.Errorf("the collector says %s", res.Status)
}

// Shutdown implements sdk.SpanExporter.
func (*sender) Shutdown(context.Context) error { return nil }

// request is spans in OTLP's form; all are of one server.
func request(spans []sdk.ReadOnlySpan) *collectpb.ExportTraceServiceRequest {
	scope := &tracepb.ScopeSpans{Scope: &commonpb.InstrumentationScope{Name: "cigogne"}}
	all := &tracepb.ResourceSpans{ScopeSpans: []*tracepb.ScopeSpans{scope}}
	for _, s := range spans {
		all.Resource = &resourcepb.Resource{Attributes: pairs(s.Resource().Attributes())}
		scope.Spans = append(scope.Spans, span(s))
	}
	return &collectpb.ExportTraceServiceRequest{ResourceSpans: []*tracepb.ResourceSpans{all}}
}

func span(s sdk.ReadOnlySpan) *tracepb.Span {
	trace, id, parent := s.SpanContext().TraceID(), s.SpanContext().SpanID(), s.Parent().SpanID()
	out := &tracepb.Span{
		TraceId: trace[:], SpanId: id[:], Name: s.Name(), Kind: tracepb.Span_SPAN_KIND_INTERNAL,
		StartTimeUnixNano: uint64(s.StartTime().UnixNano()), EndTimeUnixNano: uint64(s.EndTime().UnixNano()),
		Attributes: pairs(s.Attributes()), DroppedAttributesCount: uint32(s.DroppedAttributes()),
		Flags: uint32(s.SpanContext().TraceFlags()),
	}
	if s.Parent().IsValid() {
		out.ParentSpanId = parent[:]
	}
	if st := s.Status(); st.Code == codes.Error {
		out.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR, Message: st.Description}
	}
	return out
}

func pairs(attributes []attribute.KeyValue) []*commonpb.KeyValue {
	out := make([]*commonpb.KeyValue, 0, len(attributes))
	for _, a := range attributes {
		v := &commonpb.AnyValue{}
		switch a.Value.Type() {
		case attribute.INT64:
			v.Value = &commonpb.AnyValue_IntValue{IntValue: a.Value.AsInt64()}
		case attribute.BOOL:
			v.Value = &commonpb.AnyValue_BoolValue{BoolValue: a.Value.AsBool()}
		case attribute.FLOAT64:
			v.Value = &commonpb.AnyValue_DoubleValue{DoubleValue: a.Value.AsFloat64()}
		default:
			v.Value = &commonpb.AnyValue_StringValue{StringValue: a.Value.AsString()}
		}
		out = append(out, &commonpb.KeyValue{Key: string(a.Key), Value: v})
	}
	return out
}

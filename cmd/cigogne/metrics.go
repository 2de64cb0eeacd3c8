package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/store"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
)

// metrics count what a service does, for Prometheus. No question and nobody who
// asks is in them.
type metrics struct {
	registry  *prometheus.Registry
	questions *prometheus.CounterVec
	seconds   prometheus.Histogram
	unkept    prometheus.Counter
}

func newMetrics(c *current, waiting func() int) *metrics {
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		questions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "cigogne_questions_total", Help: "Questions by what came of them: a kind of answer, or a fault."}, []string{"outcome"}),
		seconds:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "cigogne_question_seconds", Help: "Time from a question to its answer, its wait in line included.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 14)}),
		unkept:    prometheus.NewCounter(prometheus.CounterOpts{Name: "cigogne_answers_unkept_total", Help: "Answers that the ledger could not keep."}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(m.questions, m.seconds, m.unkept, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("cigogne_line_waiting", "Questions in line.", func() float64 { return float64(waiting()) }),
		gauge("cigogne_harvested_timestamp_seconds", "When the portal that was harvested longest ago was; 0: none was.", c.harvested))
	return m
}

// harvested is when the portal that was harvested longest ago was, in Unix
// seconds.
func (c *current) harvested() float64 {
	st, err := c.store(store.Read)
	if err != nil {
		return 0
	}
	gen, err := st.Current()
	if err != nil || gen == nil {
		return 0
	}
	oldest := time.Now()
	for _, p := range gen.Portals {
		if p.Refreshed.Before(oldest) {
			oldest = p.Refreshed
		}
	}
	return float64(oldest.Unix())
}

// measured is an asker whose questions are counted.
type measured struct {
	surface.Asker
	m     *metrics
	keeps bool // answers are meant to be kept
}

func (x measured) Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	start := time.Now()
	a, err := x.Asker.Ask(ctx, q)
	x.m.seconds.Observe(time.Since(start).Seconds())
	outcome := string(surface.CodeOf(err))
	if err == nil && a != nil {
		outcome = string(a.Kind)
		if x.keeps && a.AnswerID == "" {
			x.m.unkept.Inc()
		}
	}
	x.m.questions.WithLabelValues(outcome).Inc()
	return a, err
}

// serveMetrics answers Prometheus on an address of its own, which is nobody
// else's business, until ctx ends.
func (m *metrics) serve(ctx context.Context, address string, c *current) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return told{c.say("cli.cannot_listen", "address", clean(address))}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	go func() {
		if err := httpd.Serve(ctx, l, mux, c.log); err != nil && !errors.Is(err, net.ErrClosed) {
			c.log.ErrorContext(ctx, "metrics not served", "error", err)
		}
	}()
	return nil
}

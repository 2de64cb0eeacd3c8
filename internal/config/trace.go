package config

import (
	"fmt"
	"net/url"
	"strings"
)

// Trace is where spans of the work are sent, in OpenTelemetry's protocol over HTTP;
// none are without an address. The variables are OpenTelemetry's own where it has
// some.
type Trace struct {
	URL         string `toml:"url" env:"OTEL_EXPORTER_OTLP_ENDPOINT"`   // of a collector, as http://127.0.0.1:4318
	HeadersFile string `toml:"headers_file"`                            // file that holds what goes with each request, as key=value,key=value
	Service     string `toml:"service" env:"OTEL_SERVICE_NAME"`         // what this server is called there; "": cigogne
	Percent     int    `toml:"percent" env:"CIGOGNE_TRACE_PERCENT"`     // of the questions that are traced; 0: all
	Questions   bool   `toml:"questions" env:"CIGOGNE_TRACE_QUESTIONS"` // their texts are sent, too, without what is personal
	Headers     string `toml:"-" env:"OTEL_EXPORTER_OTLP_HEADERS"`
}

// Set tells whether spans are sent.
func (t Trace) Set() bool { return t.URL != "" }

// Pairs are the headers by name.
func (t Trace) Pairs() map[string]string {
	all := map[string]string{}
	for pair := range strings.SplitSeq(t.Headers, ",") {
		name, value, _ := strings.Cut(pair, "=")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		value = strings.TrimSpace(value)
		if plain, err := url.PathUnescape(value); err == nil { // as OpenTelemetry has them in the environment
			value = plain
		}
		all[name] = value
	}
	return all
}

// check says what is wrong with the settings, and reads the headers.
func (t *Trace) check() (faults []string) {
	t.Headers, faults = secret("trace.headers_file", t.Headers, t.HeadersFile)
	if t.Set() && address(t.URL, "http", "https") == nil {
		faults = append(faults, fmt.Sprintf("trace.url %q: not an http address (OTEL_EXPORTER_OTLP_ENDPOINT)", t.URL))
	}
	if t.Percent < 0 || t.Percent > 100 {
		faults = append(faults, "trace.percent: a number up to 100 (CIGOGNE_TRACE_PERCENT)")
	}
	return faults
}

package httpd

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Events is a stream of server-sent events. It is safe for concurrent use.
type Events struct {
	mu sync.Mutex
	w  http.ResponseWriter
	rc *http.ResponseController
}

// WantsEvents tells whether a request asks for events.
func WantsEvents(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// NewEvents begins a stream.
func NewEvents(w http.ResponseWriter) *Events {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
	return &Events{w: w, rc: http.NewResponseController(w)}
}

// Send writes an event whose data is the JSON form of v; name "" is the
// stream's default one.
func (e *Events) Send(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	return e.Raw(name, string(b))
}

// Raw writes an event with data of one line.
func (e *Events) Raw(name, data string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	_ = e.rc.SetWriteDeadline(time.Now().Add(writeTime))
	if name != "" {
		name = "event: " + name + "\n"
	}
	if _, err := fmt.Fprintf(e.w, "%sdata: %s\n\n", name, data); err != nil {
		return err
	}
	return e.rc.Flush()
}

package matrix

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// patient tells the client library how long a homeserver wants it to wait where
// that stands in the body alone, as older ones write it: the library reads the
// header.
type patient struct{ http.RoundTripper }

const maxRefusal = 64 << 10 // bytes read of a refusal

// RoundTrip implements http.RoundTripper.
func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := p.RoundTripper.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "" {
		return resp, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var refused struct {
		After float64 `json:"retry_after_ms"`
	}
	if err == nil && json.Unmarshal(body, &refused) == nil && refused.After > 0 {
		seconds := (time.Duration(refused.After)*time.Millisecond + time.Second - 1) / time.Second
		resp.Header.Set("Retry-After", strconv.Itoa(int(max(1, seconds))))
	}
	return resp, nil
}

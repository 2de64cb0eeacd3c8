package fetch

import (
	"context"
	"errors"
	"net/http"

	"cigogne/internal/httpx"
)

// Alive is what trying an address told.
type Alive int

// The closed list of what trying tells.
const (
	Unsure Alive = iota // the server is away, wants a password, or has had enough
	Dead                // nothing is there
	Answers
)

// Try asks an address for nothing but whether it answers.
func (c *Client) Try(ctx context.Context, address string) Alive {
	for _, method := range []string{http.MethodHead, http.MethodGet} { // some servers know no HEAD
		req, err := httpx.NewRequest(ctx, address)
		if err != nil {
			return Dead
		}
		if req.Method = method; method == http.MethodGet {
			req.Header.Set("Range", "bytes=0-0")
		}
		resp, err := c.http.Do(req)
		if err == nil {
			resp.Body.Close()
			return Answers
		}
		var e *httpx.Error
		if !errors.As(err, &e) {
			return Unsure
		}
		switch {
		case e.Reason == httpx.Unreachable && e.Temporary(), e.Reason == httpx.Timeout, e.Reason == httpx.RateLimited:
			return Unsure
		case e.Reason == httpx.Unreachable, e.Reason == httpx.Refused, e.Reason == httpx.Invalid:
			return Dead // no such name, or a place that nobody else reaches
		case method == http.MethodGet && e.Reason == httpx.NotFound:
			return Dead
		}
	}
	return Unsure
}

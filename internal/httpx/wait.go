package httpx

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// maxWait is the longest pause between two attempts. A server that asks for
// more is left alone.
const maxWait = time.Minute

// jitter spreads a pause, so that many clients do not come back at once.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d)
}

// retryAfter reads the header: seconds, or a date. 0 when it says nothing.
func retryAfter(header string, now time.Time) time.Duration {
	if s, err := strconv.Atoi(header); err == nil && s > 0 {
		return min(time.Duration(s), 1e6) * time.Second
	}
	if t, err := http.ParseTime(header); err == nil && t.After(now) {
		return t.Sub(now)
	}
	return 0
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

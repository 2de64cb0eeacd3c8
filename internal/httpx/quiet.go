package httpx

import (
	"context"
	"sync/atomic"
	"time"
)

// quiet knows since when a server has been silent.
type quiet struct{ since atomic.Int64 } // Unix nanoseconds

// heard notes that something came.
func (q *quiet) heard() {
	if q != nil {
		q.since.Store(time.Now().UnixNano())
	}
}

// listen tells Waiting of a server's silence until ctx ends; nil where nobody
// wants to know.
func (c *Client) listen(ctx context.Context, host string) *quiet {
	if c.opt.Waiting == nil {
		return nil
	}
	q := &quiet{}
	q.heard()
	go func() {
		tick := time.NewTicker(c.opt.Patient)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if silent := time.Since(time.Unix(0, q.since.Load())); silent >= c.opt.Patient*9/10 {
					c.opt.Waiting(host, silent)
				}
			}
		}
	}()
	return q
}

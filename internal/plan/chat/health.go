package chat

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Trouble is that a model fails: since when, and why.
type Trouble struct {
	Model string
	Since time.Time
	Err   error
}

// health remembers whether the last call failed.
type health struct {
	mu    sync.Mutex
	err   error
	since time.Time
	told  bool
}

// note keeps what a call came to, and tells whether a trouble began. A call that
// its asker gave up says nothing.
func (h *health) note(err error) (began bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case errors.Is(err, context.Canceled):
	case err == nil, errors.Is(err, ErrRefused): // of one question
		h.err, h.told = nil, false
	default:
		if began = h.err == nil; began {
			h.since = time.Now()
		}
		h.err = err
	}
	return began
}

// Trouble tells whether the model fails; nil: it replied last time, or was never
// asked.
func (c *Client) Trouble() *Trouble {
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	if c.health.err == nil {
		return nil
	}
	return &Trouble{c.server.Model, c.health.since, c.health.err}
}

// Untold is Trouble the first time it is asked for while a trouble lasts, then
// nil: a user is told once.
func (c *Client) Untold() *Trouble {
	t := c.Trouble()
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	if t == nil || c.health.told {
		return nil
	}
	c.health.told = true
	return t
}

// Sentence says the trouble to a user, with the way out.
func (t *Trouble) Sentence(l lang.Lang) string {
	return texts.Say(l, "model.silent", "model", t.Model, "why", t.Why(l))
}

// Why names the cause.
func (t *Trouble) Why(l lang.Lang) string {
	var s *StatusError
	var network net.Error
	switch {
	case errors.As(t.Err, &s) && (s.Status == http.StatusUnauthorized || s.Status == http.StatusForbidden):
		return texts.Say(l, "model.key")
	case errors.As(t.Err, &s) && s.Status == http.StatusNotFound:
		return texts.Say(l, "model.unknown")
	case errors.As(t.Err, &s) && (s.Status == http.StatusTooManyRequests || s.Status == http.StatusPaymentRequired):
		return texts.Say(l, "model.busy")
	case errors.As(t.Err, &s):
		return texts.Say(l, "model.refuses", "status", strconv.Itoa(s.Status))
	case errors.Is(t.Err, context.DeadlineExceeded), errors.As(t.Err, &network) && network.Timeout():
		return texts.Say(l, "model.slow")
	case errors.As(t.Err, &network):
		return texts.Say(l, "model.unreachable")
	}
	return texts.Say(l, "model.unreadable")
}

// Check asks the model for one word, and gives its trouble; nil where it replies.
func (c *Client) Check(ctx context.Context) *Trouble {
	_, err := c.Ask(ctx, Request{System: "You are asked whether you are there.", User: "Reply with the word yes.", Most: 5})
	if err != nil && ctx.Err() == nil {
		return c.Trouble()
	}
	return nil
}

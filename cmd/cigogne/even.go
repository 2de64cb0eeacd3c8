package main

import (
	"context"
	"time"

	"cigogne/internal/surface/httpd"
)

// What several servers over one ledger share besides what lasts goes through the
// keeper: it tries again where PostgreSQL was away.

// mostNoted is how many questions of a conversation, and answers of a page, are
// shared.
const mostNoted = 30

// Note implements assistant.Memory and web.Threads.
func (k *keeper) Note(ctx context.Context, conversation string, item []byte) ([][]byte, error) {
	led, err := k.writable(ctx)
	if err != nil {
		return nil, err
	}
	return led.Note(ctx, conversation, item, mostNoted)
}

// Noted implements web.Threads.
func (k *keeper) Noted(ctx context.Context, conversation string) ([][]byte, error) {
	led, err := k.writable(ctx)
	if err != nil {
		return nil, err
	}
	return led.Noted(ctx, conversation)
}

// count implements pace.Count.
func (k *keeper) count(ctx context.Context, cost map[string]time.Duration) (map[string]time.Duration, error) {
	led, err := k.writable(ctx)
	if err != nil {
		return nil, err
	}
	return led.Count(ctx, cost)
}

// even notes a rate that is to hold over all servers, where there may be others.
func (c *current) even(name string, r *httpd.Rate) *httpd.Rate {
	if c.rates == nil {
		c.rates = map[string]*httpd.Rate{}
	}
	c.rates[name] = r
	return r
}

const (
	evening = time.Second // how often servers tell one another how often each sender asked
	tidying = time.Minute
)

// evens has the rates hold over all servers until ctx ends, and what passes be
// forgotten.
func (c *current) evens(ctx context.Context) {
	if c.keeper == nil || !c.keeper.shared {
		return
	}
	for name, r := range c.rates {
		go r.Share(ctx, name, evening, c.keeper.count)
	}
	go func() {
		tick := time.NewTicker(tidying)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if led, err := c.keeper.writable(ctx); err == nil {
				if err := led.Tidy(ctx); err != nil {
					c.log.ErrorContext(ctx, "what passed is not forgotten", "error", err)
				}
			}
		}
	}()
}

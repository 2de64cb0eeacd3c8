package httpx

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// A server is a shared good: how many requests a second it gets from us, how
// many at once after a pause, and how many servers that is remembered of.
const (
	perSecond = 10
	atOnce    = 20
	maxHosts  = 4096
)

// polite keeps to a rate for each server, and leaves one alone that asks for it.
type polite struct {
	rate  float64 // requests a second; 0: perSecond, none for this machine; negative: none
	hosts *lru.Cache[string, *host]
}

// host is what is known of a server.
type host struct {
	limit *rate.Limiter

	mu    sync.Mutex
	until time.Time // it asked to be left alone
}

func newPolite(perSecond float64) *polite {
	hosts, _ := lru.New[string, *host](maxHosts) // fails for sizes below one only
	return &polite{rate: perSecond, hosts: hosts}
}

func (p *polite) of(name string) *host {
	if h, ok := p.hosts.Get(name); ok {
		return h
	}
	limit := rate.Limit(p.rate)
	switch {
	case p.rate < 0 || p.rate == 0 && here(name):
		limit = rate.Inf
	case p.rate == 0:
		limit = perSecond
	}
	h := &host{limit: rate.NewLimiter(limit, atOnce)}
	if before, had, _ := p.hosts.PeekOrAdd(name, h); had {
		return before
	}
	return h
}

// here tells whether a server is this machine.
func here(hostport string) bool {
	name, _, err := net.SplitHostPort(hostport)
	if err != nil {
		name = hostport
	}
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && addr.IsLoopback()
}

// wait returns when a server may be asked again.
func (p *polite) wait(ctx context.Context, name, address string) error {
	h := p.of(name)
	h.mu.Lock()
	pause := time.Until(h.until)
	h.mu.Unlock()
	if pause > 0 {
		if err := sleep(ctx, pause); err != nil {
			return fmt.Errorf("get %s: %w", address, err)
		}
	}
	if err := h.limit.Wait(ctx); err != nil {
		if ctx.Err() == nil { // its end would come first
			err = context.DeadlineExceeded
		}
		return fmt.Errorf("get %s: %w", address, err)
	}
	return nil
}

// pause leaves a server alone for as long as it asks, a minute at most: all
// requests to it wait, not only the one that was refused.
func (p *polite) pause(name string, d time.Duration) {
	if d <= 0 {
		return
	}
	h := p.of(name)
	h.mu.Lock()
	defer h.mu.Unlock()
	if until := time.Now().Add(min(d, maxWait)); until.After(h.until) {
		h.until = until
	}
}

package pace

import (
	"context"
	"maps"
	"time"

	"golang.org/x/time/rate"
)

// Count adds what senders asked here, each as the time in which a steady sender would
// have asked it, and gives how far ahead of a steady sender each is, on all servers
// together.
type Count func(ctx context.Context, cost map[string]time.Duration) (ahead map[string]time.Duration, err error)

// Share has the pace hold over all servers that count together, until ctx ends. No
// question waits for it: what was asked is counted afterwards, every so often, all
// senders at once. So it holds on average, and not at each moment: in between, a sender
// may have a burst from each server, which it waits for afterwards. Where it cannot be
// counted, each server holds its own. A sender is known to others by name.
func (p *Pace[K]) Share(ctx context.Context, every time.Duration, name func(K) string, count Count) {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.untold = map[K]int{}
	p.mu.Unlock()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.even(ctx, name, count)
		}
	}
}

// even tells others what was asked here, and holds who asked too much elsewhere.
func (p *Pace[K]) even(ctx context.Context, name func(K) string, count Count) {
	p.mu.Lock()
	told := p.untold
	p.untold = map[K]int{}
	p.mu.Unlock()
	if len(told) == 0 {
		return
	}
	each := time.Duration(float64(time.Second) / float64(p.limit))
	cost := map[string]time.Duration{}
	for who, n := range told {
		cost[name(who)] += time.Duration(n) * each
	}
	ahead, err := count(ctx, cost)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil { // told next time
		for who, n := range told {
			p.untold[who] += n
		}
		for who := range maps.Keys(p.untold) {
			if len(p.untold) <= mostSenders {
				break
			}
			delete(p.untold, who)
		}
		return
	}
	now := time.Now()
	for who := range told {
		l, known := p.senders.Peek(who)
		if !known {
			l = rate.NewLimiter(p.limit, p.burst)
			p.senders.Add(who, l)
		}
		left := float64(p.burst) - ahead[name(who)].Seconds()*float64(p.limit) - float64(p.untold[who])
		for over := int(l.TokensAt(now) - left); over > 0; over -= p.burst {
			l.ReserveN(now, min(over, p.burst))
		}
	}
}

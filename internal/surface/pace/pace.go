// Package pace bounds how often each of many senders may ask.
package pace

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Pace lets each sender ask so many times a minute on average, and a burst at
// once. A sender that is even with it is forgotten. It is safe for concurrent
// use; a nil Pace lets everything pass.
type Pace[K comparable] struct {
	limit rate.Limit
	burst int

	mu      sync.Mutex
	senders *simplelru.LRU[K, *rate.Limiter]
	untold  map[K]int // questions that no other server knows of; nil: nobody is told
}

const (
	mostSenders = 50_000 // remembered; of a crowd of them the oldest is forgotten, for it is better to forget than to refuse newcomers
	burstTime   = 10 * time.Second
)

// New returns a pace whose burst is what burstTime holds, and least at the
// least; nil for 0 a minute or less.
func New[K comparable](perMinute, least int) *Pace[K] {
	senders, err := simplelru.NewLRU[K, *rate.Limiter](mostSenders, nil)
	if perMinute <= 0 || err != nil { // an error comes only of a size below 1
		return nil
	}
	limit := rate.Limit(float64(perMinute) / time.Minute.Seconds())
	burst := max(least, int(float64(limit)*burstTime.Seconds()))
	return &Pace[K]{limit: limit, burst: burst, senders: senders}
}

// Wait counts a question of a sender, and tells how long to wait where it may
// not pass: 0 where it may. What may not pass is not counted.
func (p *Pace[K]) Wait(who K, now time.Time) time.Duration {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(now)
	l, known := p.senders.Get(who)
	if !known {
		l = rate.NewLimiter(p.limit, p.burst)
		p.senders.Add(who, l)
	}
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	} else if p.untold != nil && (len(p.untold) < mostSenders || p.untold[who] > 0) {
		p.untold[who]++
	}
	return wait
}

// forget drops those who asked longest ago, up to the first that is not even.
func (p *Pace[K]) forget(now time.Time) {
	for {
		_, oldest, some := p.senders.GetOldest()
		if !some || oldest.TokensAt(now) < float64(p.burst) {
			return
		}
		p.senders.RemoveOldest()
	}
}

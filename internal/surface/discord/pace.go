package discord

import (
	"sync"
	"time"
)

// pace bounds how many questions one of many asks a minute. Nothing is
// remembered of those who are even with it.
type pace struct {
	every, burst time.Duration
	mu           sync.Mutex
	next         map[string]time.Time
}

// newPace returns nil, which lets everything pass, for 0 or less.
func newPace(perMinute int) *pace {
	if perMinute <= 0 {
		return nil
	}
	every := time.Minute / time.Duration(perMinute)
	return &pace{every: every, burst: max(3*every, 10*time.Second), next: map[string]time.Time{}}
}

// wait counts a question, and tells how long to wait where it may not pass.
func (p *pace) wait(who string, now time.Time) time.Duration {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, t := range p.next {
		if t.Before(now) {
			delete(p.next, k)
		}
	}
	t := p.next[who]
	if t.Before(now) {
		t = now
	}
	if d := t.Sub(now) - p.burst + p.every; d > 0 {
		return d
	}
	p.next[who] = t.Add(p.every)
	return 0
}

// seen tells events that come for the first time from those that a gateway
// repeats. It remembers the latest ones.
type seen struct {
	mu    sync.Mutex
	ids   map[string]bool
	order []string
}

const remembered = 20_000

func newSeen() *seen { return &seen{ids: map[string]bool{}} }

func (s *seen) first(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids[id] {
		return false
	}
	s.ids[id] = true
	s.order = append(s.order, id)
	if len(s.order) > remembered {
		delete(s.ids, s.order[0])
		s.order = s.order[1:]
	}
	return true
}

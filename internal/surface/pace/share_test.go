package pace

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// counter is what servers count together.
type counter struct {
	mu   sync.Mutex
	due  map[string]time.Time
	away bool
}

func (c *counter) count(_ context.Context, cost map[string]time.Duration) (map[string]time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.away {
		return nil, errors.New("away")
	}
	ahead := map[string]time.Duration{}
	for name, d := range cost {
		if now := time.Now(); c.due[name].Before(now) {
			c.due[name] = now
		}
		c.due[name] = c.due[name].Add(d)
		ahead[name] = time.Until(c.due[name])
	}
	return ahead, nil
}

// A sender that goes from server to server asks as often as at one, but for a burst
// from each at first.
func TestPaceOverServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := &counter{due: map[string]time.Time{}}
		var servers []*Pace[string]
		var all sync.WaitGroup
		for range 3 {
			p := New[string](60, 3) // one a second, ten at once
			servers = append(servers, p)
			all.Go(func() { p.Share(ctx, time.Second, func(who string) string { return who }, c.count) })
		}
		ask := func(seconds int) (passed int) {
			for range seconds * 10 { // ten a second, from server to server
				time.Sleep(100 * time.Millisecond)
				for _, p := range servers {
					if p.Wait("a", time.Now()) == 0 {
						passed++
					}
				}
			}
			return passed
		}
		synctest.Wait()
		if n := ask(300); n < 300 || n > 300+3*10+3 {
			t.Errorf("%d passed in 300 s", n)
		}
		time.Sleep(time.Minute)
		if n := ask(1); n == 0 {
			t.Error("who rested for a minute is still held")
		}
		time.Sleep(time.Minute)
		for range 30 { // a steady one, at a server that changes
			time.Sleep(1100 * time.Millisecond)
			if w := servers[0].Wait("b", time.Now()); w > 0 {
				t.Errorf("a steady one waits %v", w)
			}
			servers = append(servers[1:], servers[0])
		}

		c.mu.Lock()
		c.away = true
		c.mu.Unlock()
		if n := ask(100); n < 100 || n > 3*(100+10) {
			t.Errorf("%d passed in 100 s, each server on its own", n)
		}
		c.mu.Lock()
		c.away = false
		c.mu.Unlock()
		time.Sleep(10 * time.Minute)
		if n := ask(1); n == 0 {
			t.Error("who rested for ten minutes is still held")
		}
		cancel()
		all.Wait()
	})
}

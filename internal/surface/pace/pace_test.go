package pace

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	p := New[string](60, 3) // one a second, ten at once
	now := time.Now()
	for i := range 10 {
		if w := p.Wait("a", now); w != 0 {
			t.Fatalf("question %d of a burst waits %v", i, w)
		}
	}
	if w := p.Wait("a", now); w <= 0 || w > time.Second {
		t.Errorf("one too many waits %v", w)
	}
	if w := p.Wait("b", now); w != 0 {
		t.Errorf("another sender waits %v", w)
	}
	if w := p.Wait("a", now.Add(time.Second)); w != 0 {
		t.Errorf("a second later it still waits %v", w)
	}
	if w := p.Wait("a", now.Add(time.Second)); w <= 0 {
		t.Error("what was refused was not counted, but what passed was")
	}
}

func TestLeastBurst(t *testing.T) {
	p := New[int](1, 5) // one a minute; five at once all the same
	now := time.Now()
	passed := 0
	for range 9 {
		if p.Wait(1, now) == 0 {
			passed++
		}
	}
	if passed != 5 {
		t.Errorf("%d passed", passed)
	}
}

func TestNoPace(t *testing.T) {
	p := New[string](0, 5)
	if p.Wait("a", time.Now()) != 0 {
		t.Error("no pace holds somebody")
	}
}

func TestSendersAtOnce(t *testing.T) {
	p := New[string](60, 3)
	now := time.Now()
	p.Wait("a", now)
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if p.Wait("a", now) == 0 {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if n := passed.Load(); n != 9 {
		t.Errorf("%d passed of a burst of ten, one of which was taken", n)
	}
}

// Nothing tells later who asked.
func TestSendersAreForgotten(t *testing.T) {
	p := New[string](60, 3)
	now := time.Now()
	p.Wait("a", now)
	p.Wait("b", now)
	p.Wait("c", now.Add(time.Hour))
	if n := p.senders.Len(); n != 1 {
		t.Errorf("%d are remembered", n)
	}
}

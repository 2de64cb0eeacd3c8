package surface

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"cigogne/internal/trace"
)

// Shift is the work that a bot has under way: pieces apart from each other, none
// begun before it opens or after it closes.
type Shift struct {
	Log  *slog.Logger
	Each time.Duration // how long a piece of work may take
	Last time.Duration // how long what is under way is waited for

	ctx    context.Context // of the work; nil until the shift opens
	stop   context.CancelFunc
	mu     sync.Mutex // holds what follows before work
	closed bool
	work   sync.WaitGroup
}

// Open begins the shift. Its work outlives ctx until Close.
func (s *Shift) Open(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
}

// Do does a piece of work, under an ID of its own in the log. A fault of ours ends
// that piece alone, and failed then says so; event names it in the log.
func (s *Shift) Do(event any, work, failed func(context.Context)) {
	if s.begin() {
		s.do(event, work, failed)
	}
}

// Go is Do beside whatever else is asked.
func (s *Shift) Go(event any, work, failed func(context.Context)) {
	if s.begin() {
		go s.do(event, work, failed)
	}
}

// begin counts a piece of work in, unless the shift is not open.
func (s *Shift) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil || s.closed {
		return false
	}
	s.work.Add(1)
	return true
}

func (s *Shift) do(event any, work, failed func(context.Context)) {
	defer s.work.Done()
	ctx, cancel := context.WithTimeout(trace.Begin(s.ctx), s.Each)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(ctx, "panic", "event", event, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			failed(ctx)
		}
	}()
	work(ctx)
}

// Close takes no more work and waits for what is under way; what takes too long is
// told to stop, and then says that it was interrupted.
func (s *Shift) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	if s.stop == nil {
		return // it never opened
	}
	defer s.stop()
	done := make(chan struct{})
	go func() { s.work.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(s.Last):
		s.stop()
		select {
		case <-done:
		case <-time.After(s.Last / 4):
		}
	}
}

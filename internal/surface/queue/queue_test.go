package queue_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/surface"
	"cigogne/internal/surface/queue"
)

// slow answers after a while and counts how many it answers at once.
type slow struct {
	takes     time.Duration
	now, most atomic.Int64
}

func (s *slow) Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	n := s.now.Add(1)
	defer s.now.Add(-1)
	for {
		m := s.most.Load()
		if n <= m || s.most.CompareAndSwap(m, n) {
			break
		}
	}
	select {
	case <-time.After(s.takes):
		return &answer.Answer{Question: q.Text}, nil
	case <-ctx.Done():
		return &answer.Answer{Question: q.Text, Kind: answer.KindRefusal}, ctx.Err()
	}
}

func TestQueueBoundsWhatIsAnsweredAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{takes: time.Second}
		q := queue.New(s, queue.Limits{AtOnce: 3, Waiting: 6, Wait: 10 * time.Second})
		var busy, waited atomic.Int64
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				_, err := q.Ask(t.Context(), assistant.Question{Progress: func(s assistant.Step) {
					if s == queue.StepWait {
						waited.Add(1)
					}
				}})
				if errors.Is(err, surface.ErrBusy) {
					busy.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if s.most.Load() != 3 || busy.Load() != 3 || waited.Load() != 6 {
			t.Errorf("%d at once, %d turned away, %d told to wait; want 3, 3, 6", s.most.Load(), busy.Load(), waited.Load())
		}
	})
}

func TestQueueLosesPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{takes: time.Minute}
		q := queue.New(s, queue.Limits{AtOnce: 1, Wait: time.Second, Answer: 5 * time.Second})
		done := make(chan error)
		go func() {
			_, err := q.Ask(t.Context(), assistant.Question{})
			done <- err
		}()
		synctest.Wait()
		if _, err := q.Ask(t.Context(), assistant.Question{}); !errors.Is(err, surface.ErrBusy) {
			t.Errorf("waited in line for ever: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := q.Ask(gone, assistant.Question{}); !errors.Is(err, context.Canceled) {
			t.Errorf("somebody who left: %v", err)
		}
		if err := <-done; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a question ran over its time: %v", err)
		}
	})
}

// One sender's long works leave the places beyond its share to others, and its
// own line is bounded, too.
func TestOneSenderDoesNotStarveAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue.New(nil, queue.Limits{AtOnce: 2, Share: 1, Own: 2, Wait: time.Minute})
		var running, refused, done atomic.Int64
		free := make(chan struct{})
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				err := q.Do(t.Context(), "greedy", nil, func(context.Context) error {
					running.Add(1)
					<-free
					return nil
				})
				switch {
				case errors.Is(err, surface.ErrBusy):
					refused.Add(1)
				case err == nil:
					done.Add(1)
				}
			})
		}
		synctest.Wait()
		if running.Load() != 1 || refused.Load() != 2 {
			t.Errorf("%d works of one sender run, %d were turned away; want 1, 2", running.Load(), refused.Load())
		}
		for _, who := range []string{"modest", ""} {
			told := false
			if err := q.Do(t.Context(), who, func(assistant.Step) { told = true }, func(context.Context) error { return nil }); err != nil || told {
				t.Errorf("%q: %v, waited: %t", who, err, told)
			}
		}
		close(free)
		wg.Wait()
		if done.Load() != 3 {
			t.Errorf("%d works were done, want 3", done.Load())
		}
	})
}

// A sender who waits for its share loses patience as in any line.
func TestASharesLineLosesPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue.New(nil, queue.Limits{AtOnce: 2, Share: 1, Wait: time.Second, Answer: time.Hour})
		free := make(chan struct{})
		go q.Do(t.Context(), "a", nil, func(context.Context) error { <-free; return nil })
		synctest.Wait()
		if err := q.Do(t.Context(), "a", nil, func(context.Context) error { return nil }); !errors.Is(err, surface.ErrBusy) {
			t.Errorf("got %v", err)
		}
		close(free)
	})
}

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
				if errors.Is(err, queue.ErrBusy) {
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
		if _, err := q.Ask(t.Context(), assistant.Question{}); !errors.Is(err, queue.ErrBusy) {
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

// Package queue lets a bounded number of questions be answered at a time; the
// others wait in line, and a full line says so at once. Every surface of one
// process shares a queue, so that no crowd on one starves another.
package queue

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
)

// ErrBusy is returned where the line is full, or was too slow.
var ErrBusy = errors.New("too many questions at once")

// Asker answers questions; the assistant does.
type Asker interface {
	Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error)
}

// StepWait is told to a question's Progress when it has to wait in line.
const StepWait assistant.Step = "wait"

// Limits bound a queue. Zero fields mean the defaults that New names.
type Limits struct {
	AtOnce  int           // questions answered at a time; 4
	Waiting int           // questions in line; 500
	Wait    time.Duration // in line; 30 s
	Answer  time.Duration // one question may take; 60 s
}

// Queue is an Asker before which questions wait.
type Queue struct {
	asker   Asker
	limits  Limits
	slots   chan struct{}
	waiting atomic.Int64
}

// New returns a queue before an asker.
func New(asker Asker, l Limits) *Queue {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.AtOnce, 4)
	def(&l.Waiting, 500)
	if l.Wait <= 0 {
		l.Wait = 30 * time.Second
	}
	if l.Answer <= 0 {
		l.Answer = 60 * time.Second
	}
	return &Queue{asker: asker, limits: l, slots: make(chan struct{}, l.AtOnce)}
}

// Ask waits for its turn and answers. The answer is nil with ErrBusy and where
// ctx ended in line, else as the asker gives it.
func (q *Queue) Ask(ctx context.Context, question assistant.Question) (a *answer.Answer, err error) {
	err = q.Do(ctx, question.Progress, func(ctx context.Context) error {
		a, err = q.asker.Ask(ctx, question)
		return err
	})
	return a, err
}

// Do waits for its turn and does other work that costs as much as a question;
// progress, which may be nil, is told StepWait where there is a line.
func (q *Queue) Do(ctx context.Context, progress func(assistant.Step), work func(ctx context.Context) error) error {
	select {
	case q.slots <- struct{}{}:
	default:
		if err := q.wait(ctx, progress); err != nil {
			return err
		}
	}
	defer func() { <-q.slots }()
	ctx, cancel := context.WithTimeout(ctx, q.limits.Answer)
	defer cancel()
	return work(ctx)
}

func (q *Queue) wait(ctx context.Context, progress func(assistant.Step)) error {
	if q.waiting.Add(1) > int64(q.limits.Waiting) {
		q.waiting.Add(-1)
		return ErrBusy
	}
	defer q.waiting.Add(-1)
	if progress != nil {
		progress(StepWait)
	}
	patience := time.NewTimer(q.limits.Wait)
	defer patience.Stop()
	select {
	case q.slots <- struct{}{}:
		return nil
	case <-patience.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

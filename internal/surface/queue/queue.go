// Package queue lets a bounded number of questions be answered at a time; the
// others wait in line, and a full line says so at once. Every surface of one
// process shares a queue, so that no crowd on one starves another; work of
// another weight has a queue of its own. Within a queue a sender may be held to
// a share: what it sends beyond waits behind its own work only.
package queue

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/surface"
	"cigogne/internal/trace"
)

// StepWait is told to a question's Progress when it has to wait in line.
const StepWait assistant.Step = "wait"

// Limits bound a queue. Zero fields mean the defaults that New names.
type Limits struct {
	AtOnce  int           // works done at a time; 4
	Waiting int           // works in line; 500
	Wait    time.Duration // in line; 30 s
	Answer  time.Duration // one work may take; 60 s
	Share   int           // works of one sender done at a time; AtOnce
	Own     int           // works of one sender in line; Waiting
}

// Queue is an Asker before which questions wait.
type Queue struct {
	asker   surface.Asker
	limits  Limits
	slots   chan struct{}
	waiting atomic.Int64

	mu      sync.Mutex
	senders map[string]*sender // those that have work here
}

// sender is whoever sent the works that run or wait.
type sender struct {
	slots chan struct{}
	works int
}

// New returns a queue before an asker, which is nil where only Do is called.
func New(asker surface.Asker, l Limits) *Queue {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.AtOnce, 4)
	def(&l.Waiting, 500)
	def(&l.Share, l.AtOnce)
	def(&l.Own, l.Waiting)
	if l.Wait <= 0 {
		l.Wait = 30 * time.Second
	}
	if l.Answer <= 0 {
		l.Answer = 60 * time.Second
	}
	return &Queue{asker: asker, limits: l, slots: make(chan struct{}, l.AtOnce), senders: map[string]*sender{}}
}

// Waiting is how many works are in line.
func (q *Queue) Waiting() int { return int(q.waiting.Load()) }

// Ask waits for its turn and answers. The answer is nil with surface.ErrBusy and where
// ctx ended in line, else as the asker gives it.
func (q *Queue) Ask(ctx context.Context, question assistant.Question) (a *answer.Answer, err error) {
	ctx, end := trace.Question(ctx, question.Traced())
	defer func() { end(err) }()
	err = q.Do(ctx, "", question.Progress, func(ctx context.Context) error {
		a, err = q.asker.Ask(ctx, question)
		return err
	})
	return a, err
}

// Do waits for its turn and does the work of a sender, "" for one who is not
// known and has no share; progress, which may be nil, is told StepWait where
// there is a line.
func (q *Queue) Do(ctx context.Context, from string, progress func(assistant.Step), work func(ctx context.Context) error) error {
	patience, cancel := context.WithTimeoutCause(ctx, q.limits.Wait, surface.ErrBusy)
	defer cancel()
	if from != "" { // its own share first: in line for that, it takes nobody's place
		own, leave := q.enter(from)
		if own == nil {
			return surface.ErrBusy
		}
		defer leave()
		if err := q.take(patience, own, progress); err != nil {
			return err
		}
		defer func() { <-own }()
	}
	if err := q.take(patience, q.slots, progress); err != nil {
		return err
	}
	defer func() { <-q.slots }()
	ctx, cancel = context.WithTimeout(ctx, q.limits.Answer)
	defer cancel()
	return work(ctx)
}

// enter counts a work of a sender, and gives the places that it shares with its
// other ones; nil where there are too many.
func (q *Queue) enter(from string) (own chan struct{}, leave func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.senders[from]
	if s == nil {
		s = &sender{slots: make(chan struct{}, q.limits.Share)}
		q.senders[from] = s
	}
	if s.works >= q.limits.Share+q.limits.Own {
		return nil, nil
	}
	s.works++
	return s.slots, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if s.works--; s.works == 0 {
			delete(q.senders, from)
		}
	}
}

// take takes a place, and waits for one as long as patience lasts.
func (q *Queue) take(patience context.Context, slots chan struct{}, progress func(assistant.Step)) (err error) {
	select {
	case slots <- struct{}{}:
		return nil
	default:
	}
	_, end := trace.Span(patience, "wait")
	defer func() { end(err) }()
	if q.waiting.Add(1) > int64(q.limits.Waiting) {
		q.waiting.Add(-1)
		return surface.ErrBusy
	}
	defer q.waiting.Add(-1)
	if progress != nil {
		progress(StepWait)
	}
	select {
	case slots <- struct{}{}:
		return nil
	case <-patience.Done():
		return context.Cause(patience)
	}
}

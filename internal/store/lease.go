package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"time"
)

// Lease is a lock in a bucket that keeps the conditions of its writes. Its holder
// says until when it holds, and says so again before that is over; who died is
// outlasted. Clocks that are apart by less than leaseSkew do no harm; where they
// are, and two write, the second is told when it would switch.
type Lease struct {
	bucket Bucket
	log    *slog.Logger
	now    func() time.Time
	lasts  time.Duration
}

const (
	leaseKey  = "writer"
	leaseTime = 2 * time.Minute
	leaseSkew = time.Minute
)

// NewLease returns the lease of a bucket.
func NewLease(b Bucket, log *slog.Logger) *Lease {
	return &Lease{bucket: b, log: log, now: time.Now, lasts: leaseTime}
}

// held is what is written: nobody holds it where Until is over.
type held struct {
	Holder string    `json:"holder"`
	Until  time.Time `json:"until"`
}

// Take implements Lock.
func (l *Lease) Take(ctx context.Context) (release func(), taken bool, err error) {
	when, free, err := l.free(ctx)
	if err != nil || !free {
		return nil, false, err
	}
	me := rand.Text()
	tag, err := l.write(ctx, held{me, l.now().Add(l.lasts)}, when)
	if errors.Is(err, ErrOvertaken) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	over := make(chan struct{})
	go func() {
		defer close(over)
		tag = l.renew(ctx, me, tag)
	}()
	return func() {
		cancel()
		<-over
		if tag == "" {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), smallTime)
		defer cancel()
		_, _ = l.write(ctx, held{Holder: me}, When{Tag: tag}) // else it is over in leaseTime
	}, true, nil
}

// free tells whether nobody holds the lease, and what a writer must still find there.
func (l *Lease) free(ctx context.Context) (when When, free bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, smallTime)
	defer cancel()
	body, tag, err := l.bucket.Get(ctx, leaseKey, "")
	if missing(err) {
		return When{New: true}, true, nil
	}
	if err != nil {
		return when, false, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, 1<<10))
	if err != nil {
		return when, false, err
	}
	var h held
	if json.Unmarshal(text, &h) != nil { // nobody can hold what nobody can read
		return When{Tag: tag}, true, nil
	}
	return When{Tag: tag}, h.Until.IsZero() || l.now().After(h.Until.Add(leaseSkew)), nil
}

// renew holds the lease until ctx ends, and tells the tag it stands under; "" where
// it was lost.
func (l *Lease) renew(ctx context.Context, me, tag string) string {
	tick := time.NewTicker(l.lasts / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return tag
		case <-tick.C:
		}
		now, err := l.write(context.WithoutCancel(ctx), held{me, l.now().Add(l.lasts)}, When{Tag: tag}) // what is cut off leaves open what came of it
		switch {
		case err == nil:
			tag = now
		case errors.Is(err, ErrOvertaken):
			l.log.ErrorContext(ctx, "the writers' lease was lost", "store", l.bucket.Address())
			return ""
		default:
			l.log.WarnContext(ctx, "the writers' lease was not renewed", "store", l.bucket.Address(), "error", err)
		}
	}
}

func (l *Lease) write(ctx context.Context, h held, when When) (tag string, err error) {
	text, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	sh := Shared{bucket: l.bucket}
	return sh.put(ctx, leaseKey, text, when)
}

package httpx

import (
	"context"
	"errors"
	"io"
	"time"
)

var errStalled = errors.New("the server has stopped sending")

// trickle is how many bytes must come before the clock starts anew: a server
// that sends one byte now and then stalls all the same.
const trickle = 16 << 10

// body is a response's body that gives up when it stalls.
type body struct {
	in      io.ReadCloser
	address string
	ctx     context.Context // of the exchange; cancelled at its end
	cancel  context.CancelCauseFunc
	stall   time.Duration
	quiet   *quiet

	timer *time.Timer
	left  time.Duration // of waiting until it has stalled
	fresh int           // bytes since that was full
}

// Read reads, and gives errors their reason. Only the time spent waiting here
// counts, not the reader's own.
func (b *body) Read(p []byte) (int, error) {
	if b.timer == nil {
		b.left = b.stall
		b.timer = time.AfterFunc(b.left, func() { b.cancel(errStalled) })
	} else {
		b.timer.Reset(max(b.left, 0))
	}
	start := time.Now()
	n, err := b.in.Read(p)
	b.timer.Stop()
	b.left -= time.Since(start)
	if b.fresh += n; b.fresh >= trickle {
		b.fresh, b.left = 0, b.stall
		b.quiet.heard()
	}
	if err == nil || err == io.EOF {
		return n, err
	}
	err = transportError(b.ctx, b.address, err)
	var e *Error
	if errors.As(err, &e) && e.Reason == Unreachable { // it was reached: it went away in the middle
		e.Reason = Cut
	}
	return n, err
}

// Close ends the exchange.
func (b *body) Close() error {
	if b.timer != nil {
		b.timer.Stop()
	}
	err := b.in.Close()
	b.cancel(nil)
	return err
}

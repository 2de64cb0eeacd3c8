// Package httpd is what every HTTP surface stands on: a server that slow or
// greedy clients cannot hold, limits on what one address may send, and a log
// that holds no question.
package httpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

const (
	maxConnections = 4096
	maxHeader      = 16 << 10
	headerTime     = 5 * time.Second  // to send the header: a slow one holds a connection, never a question
	readTime       = 15 * time.Second // to send all of a request
	writeTime      = 30 * time.Second // to take an answer; Patience lengthens it
	idleTime       = 75 * time.Second
	drainTime      = 65 * time.Second // what runs at the end may finish: as long as a question may take
)

// Serve serves until ctx ends, then takes no more requests and lets what runs
// finish.
func Serve(ctx context.Context, listener net.Listener, h http.Handler, log *slog.Logger) error {
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		BaseContext:    func(net.Listener) context.Context { return base },
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(netutil.LimitListener(listener, maxConnections)) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(base, drainTime)
	defer cancel()
	if err := s.Shutdown(drain); err != nil {
		stop() // interrupts the queries that still run
		if err := s.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("close: %w", err)
		}
	}
	return nil
}

// Patience gives a response more time to be written than a page gets: for
// answers that are computed or streamed.
func Patience(w http.ResponseWriter, d time.Duration) {
	// A writer without deadlines (a test's) waits for ever anyway.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d))
}

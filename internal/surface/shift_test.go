package surface_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"cigogne/internal/surface"
)

func TestAShift(t *testing.T) {
	nobody := func(context.Context) {}
	t.Run("takes no work before it opens", func(t *testing.T) {
		s := surface.Shift{}
		s.Do("e", func(context.Context) { t.Error("done") }, nobody)
		s.Close()
	})
	t.Run("takes no work after it closes", func(t *testing.T) {
		s := surface.Shift{Log: slog.New(slog.DiscardHandler), Each: time.Minute}
		s.Open(t.Context())
		s.Close()
		s.Go("e", func(context.Context) { t.Error("done") }, nobody)
	})
	t.Run("ends a piece that panics, and says so", func(t *testing.T) {
		s := surface.Shift{Log: slog.New(slog.DiscardHandler), Each: time.Minute}
		s.Open(t.Context())
		defer s.Close()
		said := false
		s.Do("e", func(context.Context) { panic("fault") }, func(context.Context) { said = true })
		if !said {
			t.Error("nobody was told")
		}
	})
	t.Run("waits for what is under way, then tells it to stop", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := surface.Shift{Log: slog.New(slog.DiscardHandler), Each: time.Hour, Last: 20 * time.Second}
			s.Open(t.Context())
			short, long := false, error(nil)
			s.Go("short", func(context.Context) { time.Sleep(time.Second); short = true }, nobody)
			s.Go("long", func(ctx context.Context) { <-ctx.Done(); long = ctx.Err() }, nobody)
			s.Close()
			if !short || long != context.Canceled {
				t.Errorf("the short one was done: %t, the long one ended by %v", short, long)
			}
		})
	})
}

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/go-co-op/gocron/v2"

	"cigogne/internal/store"
)

// nightly brings the data directory up to date once a night.
type nightly struct {
	p       *program
	private bool
	at      time.Time     // of any day: the hour and minute
	spread  time.Duration // so that all sites do not come to a portal at once
}

const nightSpread = 30 * time.Minute

// newNightly reads an hour as 03:30; nil where it is "".
func newNightly(p *program, hour string, private bool) (*nightly, error) {
	if hour == "" {
		return nil, nil
	}
	at, err := time.Parse("15:04", hour)
	if err != nil {
		return nil, told{p.say("cli.bad_hour", "hour", clean(hour))}
	}
	quiet := *p
	quiet.out = p.err // what the commands say is for the log here
	return &nightly{p: &quiet, private: private, at: at, spread: nightSpread}, nil
}

// schedule runs it each night until ctx ends, and at once where the last night
// was missed.
func (n *nightly) schedule(ctx context.Context) error {
	s, err := gocron.NewScheduler(gocron.WithLocation(time.Local))
	if err != nil {
		return fmt.Errorf("schedule the nightly refresh: %w", err)
	}
	at := gocron.NewAtTimes(gocron.NewAtTime(uint(n.at.Hour()), uint(n.at.Minute()), 0))
	job, err := s.NewJob(gocron.DailyJob(1, at), gocron.NewTask(func() {
		if n.wait(ctx, rand.N(n.spread)) {
			n.run(ctx)
		}
	}), gocron.WithSingletonMode(gocron.LimitModeReschedule))
	if err != nil {
		return fmt.Errorf("schedule the nightly refresh: %w", err)
	}
	s.Start()
	if gen := n.generation(ctx); gen != nil && n.missed(gen.Portals, time.Now()) {
		fmt.Fprintln(n.p.err, n.p.say("cli.night_made_up"))
		if err := job.RunNow(); err != nil {
			n.p.log.ErrorContext(ctx, "missed refresh not made up", "error", err)
		}
	}
	<-ctx.Done()
	return s.Shutdown()
}

// wait sleeps, and tells whether ctx lasted.
func (n *nightly) wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (n *nightly) generation(ctx context.Context) *store.Generation {
	gen, err := newHouse(n.p).generation(ctx)
	if err != nil {
		return nil // doctor and the question itself say so
	}
	return gen
}

// missed tells whether a portal was last harvested before the night that is over.
func (n *nightly) missed(portals []store.Portal, now time.Time) bool {
	last := time.Date(now.Year(), now.Month(), now.Day(), n.at.Hour(), n.at.Minute(), 0, 0, now.Location())
	if last.After(now) {
		last = last.AddDate(0, 0, -1)
	}
	for _, p := range portals {
		if p.Refreshed.Before(last) {
			return true
		}
	}
	return false
}

// run harvests every portal that was harvested before, side by side, then fetches
// what changed.
// What fails keeps what was there, is said, and stops nothing else.
func (n *nightly) run(ctx context.Context) {
	release, elected := n.elected(ctx)
	if !elected {
		return
	}
	defer release()
	gen := n.generation(ctx)
	if gen == nil {
		return
	}
	var places []portalAt
	for _, portal := range gen.Portals {
		places = append(places, portalAt{portal.URL, portal.Type})
	}
	if err := harvestEach(ctx, n.p, harvesting{private: n.private, limit: maxHarvest}, places); err != nil {
		fmt.Fprintln(n.p.err, sentence(err, n.p.lang()))
	}
	if ctx.Err() != nil {
		return
	}
	if err := fetchFiles(ctx, n.p, fetching{private: n.private, megabytes: mostMegabytes, links: mostLinks, quiet: true}); err != nil {
		fmt.Fprintln(n.p.err, sentence(err, n.p.lang()))
	}
}

// elected tells whether this server is the one that refreshes: of several over one
// ledger, one does. A ledger that is away stops no refresh.
func (n *nightly) elected(ctx context.Context) (release func(), yes bool) {
	led, err := openLedger(ctx, n.p)
	if err != nil {
		return func() {}, true
	}
	resign, yes, err := led.Elect(ctx)
	if err != nil || !yes {
		_ = led.Close()
		return func() {}, err != nil
	}
	return func() {
		resign()
		_ = led.Close()
	}, true
}

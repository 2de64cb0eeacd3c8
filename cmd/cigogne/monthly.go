package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-co-op/gocron/v2"

	"cigogne/internal/config"
)

// monthly posts a report on the month that is over, on the first of the next.
type monthly struct {
	night nightly // whose election it shares: of several servers, one posts
	how   reporting
}

const monthlyHour = 8

// newMonthly is nil where the settings name no place for it.
func newMonthly(p *program, s config.Config, base string, private bool) *monthly {
	if !s.Report.Set() {
		return nil
	}
	return &monthly{night: nightly{p: p}, how: reporting{webhook: s.Report.Webhook, exo: s.Report.EXo, base: base, private: private}}
}

// schedule posts it each month until ctx ends, and at once where the server was
// down when it was due. It looks each day, so that a report that could not be
// posted is tried again the next.
func (m *monthly) schedule(ctx context.Context) error {
	s, err := gocron.NewScheduler(gocron.WithLocation(time.Local))
	if err != nil {
		return fmt.Errorf("schedule the month's report: %w", err)
	}
	daily := gocron.DailyJob(1, gocron.NewAtTimes(gocron.NewAtTime(monthlyHour, 0, 0)))
	job, err := s.NewJob(daily, gocron.NewTask(func() { m.run(ctx, time.Now()) }), gocron.WithSingletonMode(gocron.LimitModeReschedule))
	if err != nil {
		return fmt.Errorf("schedule the month's report: %w", err)
	}
	s.Start()
	if err := job.RunNow(); err != nil {
		m.night.p.log.ErrorContext(ctx, "a missed report is not made up", "error", err)
	}
	<-ctx.Done()
	return s.Shutdown()
}

// due is the month whose report is due, by its first moment.
func due(now time.Time) time.Time {
	now = now.Add(-monthlyHour * time.Hour)
	return time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, now.Location())
}

// run posts the report that is due, unless that is done. It is noted as done once it
// is posted: a server that dies in between posts it again rather than never.
func (m *monthly) run(ctx context.Context, now time.Time) {
	release, elected := m.night.elected(ctx)
	if !elected {
		return
	}
	defer release()
	if err := m.post(ctx, due(now)); err != nil {
		m.night.p.log.ErrorContext(ctx, "the month's report was not posted; it is tried again tomorrow", "error", err)
	}
}

func (m *monthly) post(ctx context.Context, month time.Time) error {
	p := m.night.p
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return nil // nobody has asked yet
	}
	if err != nil {
		return err
	}
	defer led.Close()
	name := "report " + month.Format("2006-01")
	if done, err := led.Done(ctx, name); err != nil || done {
		return err
	}
	how := m.how
	how.month, how.format = month, "markdown"
	if asked, err := anyIn(ctx, led, how.period()); err != nil {
		return err
	} else if asked { // else there was no service yet
		if err := tellInsights(ctx, p, how); err != nil {
			return err
		}
	}
	return led.MarkDone(ctx, name)
}

// anyIn tells whether anything was asked in a period.
func anyIn(ctx context.Context, led records, p period) (bool, error) {
	for r, err := range p.of(led.Records(ctx)) {
		if err != nil {
			return false, err
		}
		if !r.At.Before(p.since) {
			return true, nil
		}
	}
	return false, nil
}

package main

import (
	"context"
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

// schedule posts it each month until ctx ends.
func (m *monthly) schedule(ctx context.Context) error {
	s, err := gocron.NewScheduler(gocron.WithLocation(time.Local))
	if err != nil {
		return fmt.Errorf("schedule the month's report: %w", err)
	}
	first := gocron.MonthlyJob(1, gocron.NewDaysOfTheMonth(1), gocron.NewAtTimes(gocron.NewAtTime(monthlyHour, 0, 0)))
	if _, err := s.NewJob(first, gocron.NewTask(func() { m.run(ctx, time.Now()) }), gocron.WithSingletonMode(gocron.LimitModeReschedule)); err != nil {
		return fmt.Errorf("schedule the month's report: %w", err)
	}
	s.Start()
	<-ctx.Done()
	return s.Shutdown()
}

// run posts the report on the month before a day.
func (m *monthly) run(ctx context.Context, now time.Time) {
	release, elected := m.night.elected(ctx)
	if !elected {
		return
	}
	defer release()
	p := m.night.p
	how := m.how
	how.days = int(now.Sub(now.AddDate(0, -1, 0)) / (24 * time.Hour))
	how.format = "markdown"
	if err := tellInsights(ctx, p, how); err != nil {
		p.log.ErrorContext(ctx, "the month's report was not posted", "error", err)
	}
}

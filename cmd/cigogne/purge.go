package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

func purgeCommand(p *program) *cobra.Command {
	var days int
	c := p.command("purge", "", nothing, func(ctx context.Context, _ []string) error { return purge(ctx, p, days) })
	c.Flags().IntVar(&days, "older-than", -1, p.say("cli.flag_older"))
	return c
}

// purge forgets answers older than so many days; below 0: than the settings say.
// With 0 everything goes, and the conversation's latest questions too.
func purge(ctx context.Context, p *program, days int) error {
	if days < 0 {
		settings, err := p.settings()
		if err != nil {
			return err
		}
		if days = settings.Ledger.KeepDays; days == 0 {
			return told{p.say("cli.purge_how_old")}
		}
	}
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return told{p.say("cli.no_questions")}
	}
	if err != nil {
		return err
	}
	defer led.Close()
	n, err := led.Purge(ctx, time.Now().AddDate(0, 0, -days))
	if err != nil {
		return err
	}
	if days == 0 {
		dir, err := p.dataDir()
		if err != nil {
			return err
		}
		if err := os.Remove(filepath.Join(dir, historyFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	fmt.Fprintln(p.out, p.say("cli.purged", "n", n))
	return nil
}

// forgetting is how often a site forgets what is older than the settings say.
const forgetting = 6 * time.Hour

// forget purges the ledger from time to time until ctx ends.
func (c *current) forget(ctx context.Context, days int) {
	if days <= 0 || c.keeper == nil {
		return
	}
	tick := time.NewTicker(forgetting)
	defer tick.Stop()
	for {
		if led, err := c.keeper.writable(ctx); err == nil {
			n, err := led.Purge(ctx, time.Now().AddDate(0, 0, -days))
			if err != nil {
				c.log.ErrorContext(ctx, "answers not forgotten", "error", err)
			} else if n > 0 {
				c.log.InfoContext(ctx, "answers forgotten", "count", n, "older_than_days", days)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// keepDays is how long answers are kept; 0: for good.
func (c *current) keepDays() int {
	s, err := c.settings()
	if err != nil {
		return 0
	}
	return s.Ledger.KeepDays
}

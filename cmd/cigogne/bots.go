package main

import (
	"context"
	"fmt"
	"sync"

	"cigogne/internal/config"
	"cigogne/internal/lang"
	"cigogne/internal/post"
	"cigogne/internal/surface"
	"cigogne/internal/surface/kept"
)

// bot answers in a place where people talk, and tells there what changed.
type bot interface {
	post.Poster
	Run(ctx context.Context) error
}

// place is where a bot talks, by the settings.
type place struct {
	name  string                       // of what is followed there
	token func(s config.Config) string // "": no bot
	build func(c *current, s config.Config, line surface.Asker, answers *kept.Store, base string) (bot, error)
	fault func(err error, l lang.Lang) error // what ended the bot, in a sentence
}

// answerIn answers in one place until ctx ends; lacking is said where the settings
// hold no token for it.
func answerIn(ctx context.Context, p *program, at place, lacking, base string) error {
	if _, err := (serving{base: base}).client(p.lang()); err != nil {
		return err
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	if at.token(settings) == "" {
		return told{lacking}
	}
	c, err := openCurrent(ctx, p)
	if err != nil {
		return err
	}
	defer c.Close()
	b, err := at.build(c, settings, newLine(c), c.answers(), base)
	if err != nil {
		return err
	}
	tell := posters(settings, false)
	tell[at.name] = b
	c.tells(tell, base)
	go c.watch(ctx, renewal)
	go c.forget(ctx, settings.Ledger.KeepDays)
	return at.fault(b.Run(ctx), p.lang())
}

// startBots starts the bots that have tokens beside a site; rest waits for them
// after ctx ended. Without a bot that fails, the site goes on. Each tells what
// changed in what its rooms follow.
func (c *current) startBots(ctx context.Context, s config.Config, line surface.Asker, answers *kept.Store, base string, private bool) (rest func(), err error) {
	var runs []func() error
	tell := posters(s, private)
	for _, at := range []place{inDiscord(), inMatrix()} {
		if at.token(s) == "" {
			continue
		}
		b, err := at.build(c, s, line, answers, base)
		if err != nil {
			return nil, err
		}
		tell[at.name] = b
		runs = append(runs, func() error { return at.fault(b.Run(ctx), c.lang()) })
	}
	c.tells(tell, base)
	var all sync.WaitGroup
	for _, run := range runs {
		all.Go(func() {
			if err := run(); err != nil {
				fmt.Fprintln(c.err, err)
			}
		})
	}
	return all.Wait, nil
}

package main

import (
	"context"
	"fmt"
	"sync"

	"cigogne/internal/config"
	"cigogne/internal/surface"
	"cigogne/internal/surface/kept"
)

// startBots starts the bots that have tokens beside a site; rest waits for them
// after ctx ended. Without a bot that fails, the site goes on. Each tells what
// changed in what its rooms follow.
func (c *current) startBots(ctx context.Context, s config.Config, line surface.Asker, answers *kept.Store, base string, private bool) (rest func(), err error) {
	var runs []func() error
	tell := posters(s, private)
	if s.Discord.Token != "" {
		bot, err := c.bot(s.Discord, line, answers, base)
		if err != nil {
			return nil, err
		}
		tell[placeDiscord] = bot
		runs = append(runs, func() error { return botFault(bot.Run(ctx), c.lang()) })
	}
	if s.Matrix.Token != "" {
		bot, err := c.matrixBot(s.Matrix, line, answers, base)
		if err != nil {
			return nil, err
		}
		tell[placeMatrix] = bot
		runs = append(runs, func() error { return matrixFault(bot.Run(ctx), c.lang()) })
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

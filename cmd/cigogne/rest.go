package main

import (
	"context"
	"runtime/debug"
	"time"

	"cigogne/internal/config"
)

// restAfter is how long nobody has to have asked for memory to be given back.
const restAfter = 30 * time.Second

// rest gives the system back the memory that a start, a new generation or questions
// took and that is not used any more, once it is quiet: the runtime itself keeps as
// much again as is in use, in case.
func (c *current) rest(ctx context.Context, after time.Duration) {
	tick := time.NewTicker(after)
	defer tick.Stop()
	seen, rested := int64(-1), int64(-1)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := c.stirred.Load()
		if now == seen && now != rested {
			debug.FreeOSMemory()
			rested = now
		}
		seen = now
	}
}

// rememberedAnswers are those that a site gives again to who asks the same.
const rememberedAnswers = 256

// repeats tells whether the same question has the same answer as long as the data
// are the same: with a model, the next reply may be another one.
func repeats(c config.Config, engine string) bool {
	return !c.Model.Set() || engine == "rules" || engine == "" && c.Engine == "rules"
}

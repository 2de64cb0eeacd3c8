package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/replay"
	"cigogne/internal/texts"
)

func replayCommand(p *program) *cobra.Command {
	var all bool
	var asJSON *bool
	c := p.command("replay", "ID|--all", nil, func(ctx context.Context, args []string) error {
		return replayAnswers(ctx, p, args, all, *asJSON)
	})
	c.Args = func(_ *cobra.Command, args []string) error {
		if all == (len(args) > 0) {
			return errUsage
		}
		return nil
	}
	c.Flags().BoolVar(&all, "all", false, p.say("cli.flag_all"))
	asJSON = p.jsonFlag(c)
	return c
}

func replayAnswers(ctx context.Context, p *program, ids []string, all, asJSON bool) error {
	led, err := openLedger(ctx, p)
	switch {
	case errors.Is(err, errNoLedger) && all:
		led = nil
	case errors.Is(err, errNoLedger):
		return unknown(ids[0], p)
	case err != nil:
		return err
	}
	t := tally{program: p, json: asJSON, all: all, count: map[replay.State]int{}}
	if led != nil {
		defer led.Close()
		h := newHouse(p)
		defer h.Close()
		if err := t.run(ctx, h, led, ids); err != nil {
			return err
		}
	}
	return t.close()
}

// tally shows reports and counts them.
type tally struct {
	*program
	json  bool
	all   bool
	count map[replay.State]int
	newer int // answers that today's data would change
	total int
}

func (t *tally) run(ctx context.Context, h *house, led *ledger.Ledger, ids []string) error {
	again, err := h.replayer(ctx, led, false)
	if err != nil {
		return err
	}
	defer again.Close()
	if t.all {
		for report, err := range again.All(ctx) {
			if err != nil {
				return err
			}
			if err := t.add(report); err != nil {
				return err
			}
		}
		return nil
	}
	for _, id := range ids {
		report, err := again.Replay(ctx, id)
		if errors.Is(err, ledger.ErrUnknown) {
			return unknown(id, t.program)
		}
		if err != nil {
			return err
		}
		if err := t.add(report); err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) add(r replay.Report) error {
	t.total++
	t.count[r.State]++
	moved := r.Newer != nil && !r.Newer.Same
	if moved {
		t.newer++
	}
	if t.json {
		return printJSON(t.out, r)
	}
	if t.all && r.OK() && !moved {
		return nil
	}
	l := t.lang()
	fmt.Fprintf(t.out, "%s  %s\n  %s\n", r.ID, lang.Cut(clean(r.Question), 100), clean(r.Sentence(l)))
	return nil
}

// close says how it went; the error is not nil where an answer does not stand.
func (t *tally) close() error {
	l := t.lang()
	bad := t.count[replay.Differs] + t.count[replay.Gone] + t.count[replay.Altered]
	if !t.json && t.all {
		fmt.Fprintln(t.out, texts.Say(l, "cli.kept_answers_replayed_which_with", "number", t.total, "total", t.total-t.count[replay.Nothing], "count", t.count[replay.Same], "count2", t.count[replay.Nothing], "newer", t.newer))
	}
	if bad > 0 {
		return told{texts.Say(l, "cli.answers_that_do_not_give_their", "number", bad)}
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"

	"cigogne/internal/ledger"
	"cigogne/internal/replay"
)

func replayCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("replay", io)
	o.register(fs)
	all := fs.Bool("all", false, "replay every kept answer")
	asJSON := fs.Bool("json", false, "print a line of JSON for each answer")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if *all == (len(rest) > 0) {
		return errUsage
	}
	led, err := openLedger(ctx, o, io)
	switch {
	case errors.Is(err, errNoLedger) && *all:
		led = nil
	case errors.Is(err, errNoLedger):
		return unknown(rest[0], io)
	case err != nil:
		return err
	}
	t := tally{io: io, json: *asJSON, all: *all, count: map[replay.State]int{}}
	if led != nil {
		defer led.Close()
		h := newHouse(o, io)
		defer h.Close()
		if err := t.run(ctx, h, led, rest); err != nil {
			return err
		}
	}
	return t.close()
}

// tally shows reports and counts them.
type tally struct {
	io    stdio
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
			return unknown(id, t.io)
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
		return printJSON(t.io.out, r)
	}
	if t.all && r.OK() && !moved {
		return nil
	}
	l := t.io.lang()
	fmt.Fprintf(t.io.out, "%s  %s\n  %s\n", r.ID, clip(clean(r.Question), 100), clean(r.Sentence(l)))
	return nil
}

// close says how it went; the error is not nil where an answer does not stand.
func (t *tally) close() error {
	l := t.io.lang()
	bad := t.count[replay.Differs] + t.count[replay.Gone] + t.count[replay.Altered]
	if !t.json && t.all {
		fmt.Fprintf(t.io.out, l.Pick("Réponses gardées : %d ; rejouées : %d, dont %d avec les mêmes chiffres ; sans calcul à rejouer : %d ; changées par des données plus récentes : %d\n",
			"Kept answers: %d; replayed: %d, of which %d with the same figures; without a query to replay: %d; changed by newer data: %d\n"),
			t.total, t.total-t.count[replay.Nothing], t.count[replay.Same], t.count[replay.Nothing], t.newer)
	}
	if bad > 0 {
		return told{fmt.Sprintf(l.Pick("Réponses qui ne redonnent pas leurs chiffres : %d.", "Answers that do not give their figures again: %d."), bad)}
	}
	return nil
}

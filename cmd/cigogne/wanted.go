package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/insight"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
)

// wanting is what `wanted` is told.
type wanting struct {
	vote   bool
	reply  string
	closed string // ID of the answer that closes it
	json   *bool
}

func wantedCommand(p *program) *cobra.Command {
	var w wanting
	c := p.command("wanted", "[ID]", nil, func(ctx context.Context, args []string) error { return wantedData(ctx, p, w, args) })
	c.Args = cobra.MaximumNArgs(1)
	c.Flags().BoolVar(&w.vote, "vote", false, p.say("cli.flag_vote"))
	c.Flags().StringVar(&w.reply, "reply", "", p.say("cli.flag_reply"))
	c.Flags().StringVar(&w.closed, "close", "", p.say("cli.flag_close"))
	w.json = p.jsonFlag(c)
	return c
}

func wantedData(ctx context.Context, p *program, w wanting, args []string) error {
	says := w.vote || w.reply != "" || w.closed != ""
	if len(args) == 1 != says {
		return errUsage
	}
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return told{p.say("cli.no_questions")}
	}
	if err != nil {
		return err
	}
	defer led.Close()
	h := newHouse(p)
	defer h.Close()
	all, err := h.insights(ctx, led, period{}, "")
	if err != nil {
		return err
	}
	if says {
		i := slices.IndexFunc(all.Wanted, func(x insight.Wanted) bool { return x.ID == args[0] })
		if i < 0 {
			return told{p.say("cli.no_wish", "id", lang.Cut(clean(args[0]), maxName))}
		}
		return w.say(ctx, p, led, all.Wanted[i])
	}
	if *w.json {
		return printJSON(p.out, all.Wanted)
	}
	for _, x := range all.Wanted {
		fmt.Fprintln(p.out, x.ID+"  "+clean(strings.ReplaceAll(wantedLine(x, p.lang()), "\\", "")))
	}
	return nil
}

// say notes a vote, a reply or the figure that closes a wish.
func (w wanting) say(ctx context.Context, p *program, led *ledger.Ledger, x insight.Wanted) error {
	wish := ledger.Wish{ID: x.ID, Question: x.Question, Lang: x.Lang, Reply: w.reply, AnswerID: w.closed}
	if w.vote {
		if err := led.Vote(ctx, wish); err != nil {
			return err
		}
	}
	if w.reply == "" && w.closed == "" {
		return nil
	}
	if err := led.Reply(ctx, wish); errors.Is(err, ledger.ErrUnknown) {
		return unknown(w.closed, p)
	} else {
		return err
	}
}

func vitalCommand(p *program) *cobra.Command {
	var remove bool
	c := p.command("vital", "DATASET [REASON]", nil, func(ctx context.Context, args []string) error {
		reason := strings.TrimSpace(strings.Join(args[1:], " "))
		if remove != (reason == "") {
			return errUsage
		}
		return markVital(ctx, p, args[0], reason)
	})
	c.Args = cobra.MinimumNArgs(1)
	c.Flags().BoolVar(&remove, "remove", false, p.say("cli.flag_not_vital"))
	return c
}

// markVital marks a dataset as vital for a reason, or not any more without one.
func markVital(ctx context.Context, p *program, key, reason string) error {
	h := newHouse(p)
	defer h.Close()
	lib, err := h.library(ctx)
	if err != nil {
		return err
	}
	d, err := lib.Dataset(ctx, key)
	if err != nil {
		return err
	}
	if d == nil {
		return told{p.say("cli.no_dataset_is_called", "key", lang.Cut(clean(key), maxName))}
	}
	k := openKeeper(ctx, p, true)
	defer k.Close()
	led, err := k.writable(ctx)
	if err != nil {
		return err
	}
	return led.MarkVital(ctx, d.ID, reason)
}

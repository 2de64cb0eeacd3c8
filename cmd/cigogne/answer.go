package main

import (
	"context"
	"errors"
	"fmt"

	"cigogne/internal/ledger"

	"github.com/spf13/cobra"
)

func answerCommand(p *program) *cobra.Command {
	var asJSON *bool
	c := p.command("answer", "ID", between(1, 1), func(ctx context.Context, args []string) error {
		return printAnswer(ctx, p, args[0], *asJSON)
	})
	asJSON = p.jsonFlag(c)
	return c
}

func printAnswer(ctx context.Context, p *program, id string, asJSON bool) error {
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return unknown(id, p)
	}
	if err != nil {
		return err
	}
	defer led.Close()
	a, err := led.Answer(ctx, id)
	if errors.Is(err, ledger.ErrUnknown) {
		return unknown(id, p)
	}
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(p.out, a)
	}
	fmt.Fprintln(p.out, clean(a.Question)+"\n")
	fmt.Fprintln(p.out, p.shown(a))
	return nil
}

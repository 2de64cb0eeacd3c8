package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/ledger"
)

func feedbackCommand(p *program) *cobra.Command {
	c := p.command("feedback", p.say("cli.takes_feedback"), nil, func(ctx context.Context, args []string) error {
		return feedback(ctx, p, args[0], args[1] == "right", strings.Join(args[2:], " "))
	})
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) < 2 || args[1] != "right" && args[1] != "wrong" {
			return errUsage
		}
		return nil
	}
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 1 {
			return []string{"right", "wrong"}, cobra.ShellCompDirectiveNoFileComp
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

func feedback(ctx context.Context, p *program, id string, right bool, why string) error {
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return unknown(id, p)
	}
	if err != nil {
		return err
	}
	defer led.Close()
	err = led.Judge(ctx, id, right, why)
	if errors.Is(err, ledger.ErrUnknown) {
		return unknown(id, p)
	}
	return err
}

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cigogne/internal/refresh"
)

// changesCommand lists what the last harvest of each portal added, changed and
// found withdrawn.
func changesCommand(p *program) *cobra.Command {
	var asJSON *bool
	c := p.command("changes", "", nothing, func(ctx context.Context, _ []string) error { return printChanges(ctx, p, *asJSON) })
	asJSON = p.jsonFlag(c)
	return c
}

func printChanges(ctx context.Context, p *program, asJSON bool) error {
	h := newHouse(p)
	defer h.Close()
	gen, err := h.sound(ctx)
	if err != nil {
		return err
	}
	all, err := refresh.ReadChanges(gen)
	if err != nil {
		return err
	}
	if asJSON {
		if all == nil {
			all = []refresh.Change{}
		}
		return printJSON(p.out, all)
	}
	if len(all) == 0 {
		fmt.Fprintln(p.out, p.say("cli.changes_none"))
		return nil
	}
	portal := ""
	for _, c := range all {
		if c.Portal != portal {
			portal = c.Portal
			fmt.Fprintln(p.out, p.say("cli.changes_of", "url", clean(portal), "date", c.Found.Format("2006-01-02 15:04")))
		}
		fmt.Fprintf(p.out, "  %s  %s (%s)\n", p.say("cli.change_"+c.What), clean(c.Title), clean(c.ID))
	}
	return nil
}

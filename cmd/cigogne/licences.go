package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/lang"
	"cigogne/internal/licences"
)

// licencesCommand prints the licences of what the program is made of: the texts
// of those that are named, else a line of each.
func licencesCommand(p *program) *cobra.Command {
	var whole, asJSON bool
	c := p.command("licences", p.say("cli.takes_modules"), nil, func(_ context.Context, args []string) error {
		all, err := licences.All()
		if err != nil {
			return err
		}
		chosen := all[:0:0]
		for _, t := range all {
			if len(args) == 0 || contains(t.Module, args) {
				chosen = append(chosen, t)
			}
		}
		switch {
		case len(chosen) == 0:
			return told{p.say("cli.no_module", "names", lang.Cut(clean(strings.Join(args, ", ")), maxName))}
		case asJSON:
			return printJSON(p.out, chosen)
		}
		for _, t := range chosen {
			fmt.Fprintf(p.out, "%s %s (%s)\n", t.Module, t.Version, t.Name)
			if whole || len(args) > 0 {
				fmt.Fprintf(p.out, "\n%s\n\n", t.Text)
			}
		}
		return nil
	})
	c.Flags().BoolVar(&whole, "all", false, p.say("cli.flag_texts"))
	c.Flags().BoolVar(&asJSON, "json", false, p.say("cli.flag_json"))
	return c
}

// contains tells whether any of some words is part of a text.
func contains(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			return true
		}
	}
	return false
}

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// help prints what a command is for, how it is called and its flags, in the
// user's language: the library's own is in English.
func (p *program) help(c *cobra.Command) {
	text := c.Long
	if text == "" {
		text = c.Short
	}
	fmt.Fprintf(p.out, "%s\n\n%s\n", text, p.say("cli.usage", "line", c.UseLine()))
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(p.out, "\n"+p.say("cli.commands"))
		listed := slices.DeleteFunc(p.commands(), func(sub *cobra.Command) bool { return sub.Hidden })
		widest := 0
		for _, sub := range listed {
			widest = max(widest, utf8.RuneCountInString(sub.Use))
		}
		for _, sub := range listed { // in the list's own order: the library sorts by name
			fmt.Fprintf(p.out, "  cigogne %-*s  %s\n", widest, sub.Use, sub.Short)
		}
	}
	p.list(p.say("cli.flags"), c.LocalNonPersistentFlags().FlagUsages())
	p.list(p.say("cli.shared_flags"), c.InheritedFlags().FlagUsages()+c.PersistentFlags().FlagUsages())
	if c.Example != "" {
		fmt.Fprintf(p.out, "\n%s\n%s\n", p.say("cli.examples"), c.Example)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(p.out, "\n"+p.say("cli.more_help"))
	}
}

// list prints flags under a heading, where there are any.
func (p *program) list(heading, flags string) {
	if strings.TrimSpace(flags) != "" {
		fmt.Fprintf(p.out, "\n%s\n%s", heading, strings.ReplaceAll(flags, "(default ", p.say("cli.default")+" "))
	}
}

// helpCommand is `cigogne help ask`, which is `cigogne ask --help`.
func helpCommand(p *program) *cobra.Command {
	var self *cobra.Command
	self = p.command("help", p.say("cli.takes_command"), between(0, -1), func(_ context.Context, args []string) error {
		about, rest, err := self.Root().Find(args)
		if err != nil || about == self.Root() && len(rest) > 0 {
			return unknownCommand{args[0]}
		}
		p.help(about)
		return nil
	})
	return self
}

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/discover"
	"cigogne/internal/texts"
)

// discovery is the path of discovery that ships in the binary.
func discovery() (*discover.Path, error) {
	b, err := catalog.Discover()
	if err != nil {
		return nil, err
	}
	return discover.Parse(string(b))
}

// discoverCommand asks five questions on a commune, or leads through six steps.
func discoverCommand(p *program) *cobra.Command {
	c := p.command("discover", p.say("cli.takes_commune"), between(0, -1), func(ctx context.Context, args []string) error {
		return lead(ctx, p, strings.Join(args, " "))
	})
	return c
}

// lead goes the path of a commune; without one, that of those who decide.
func lead(ctx context.Context, p *program, name string) error {
	path, err := discovery()
	if err != nil {
		return err
	}
	found := discover.Find(name)
	switch {
	case name != "" && len(found) == 0:
		return told{p.say("cli.no_such_commune", "name", clean(name))}
	case len(found) > 1:
		var names []string
		for _, c := range found {
			names = append(names, c.Name)
		}
		return told{p.say("cli.which_commune", "names", list(names))}
	}
	h := newHouse(p)
	defer h.Close()
	as, err := h.assistant(ctx, "")
	if err != nil {
		return err
	}
	ask := discover.Ask(alone(as))
	var stops []discover.Stop
	if name == "" {
		stops, err = path.Decide(ctx, p.lang(), ask)
	} else {
		stops, err = path.Commune(ctx, found[0], p.lang(), ask)
	}
	if err != nil {
		return err
	}
	for i, s := range stops {
		fmt.Fprintf(p.out, "%d. %s\n   %s\n   %s\n   → %s\n", i+1, clean(s.Title), clean(s.Answer.Question), clean(gist(s.Answer)), clean(s.Learnt))
		for _, x := range s.Answer.Sources {
			fmt.Fprintf(p.out, "   %s %s\n", texts.Say(p.lang(), "answer.source"), clean(answer.SourceLine(x, p.lang())))
		}
		if s.Talk != nil {
			fmt.Fprintf(p.out, "   %s (%s) %s\n", clean(s.Talk.Title), clean(s.Talk.By), s.Talk.URL)
		}
		fmt.Fprintln(p.out)
	}
	return nil
}

// gist is an answer in a line: its figure, or its first rows.
func gist(a *answer.Answer) string {
	if f := answer.FirstFigure(a); f != "" {
		return f
	}
	const shown = 3
	var lines []string
	for _, row := range a.Rows[:min(shown, len(a.Rows))] {
		var cells []string
		for i, v := range row {
			cells = append(cells, answer.Cell(v, a.Columns[i].Unit, a.Columns[i].Plain, a.Lang))
		}
		lines = append(lines, strings.Join(cells, " "))
	}
	return strings.Join(lines, " ; ")
}

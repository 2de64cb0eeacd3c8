package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/decide"
	"cigogne/internal/plan/rules"
	"cigogne/internal/query"
)

func whyCommand(p *program) *cobra.Command {
	var file string
	var asJSON *bool
	c := p.command("why", p.say("cli.takes_question"), between(1, -1), func(ctx context.Context, args []string) error {
		return why(ctx, p, file, strings.Join(args, " "), *asJSON)
	})
	asJSON = p.jsonFlag(c)
	c.Flags().StringVar(&file, "table", "", p.say("cli.flag_table"))
	_ = c.MarkFlagFilename("table")
	return c
}

// why prints how a question is decided over a table that nobody annotated.
func why(ctx context.Context, p *program, file, question string, asJSON bool) error {
	h := newHouse(p)
	defer h.Close()
	as, err := h.assistant(ctx, file)
	if err != nil {
		return err
	}
	library, err := h.asked(ctx, file)
	if err != nil {
		return err
	}
	candidates, given, err := library.Candidates(ctx, question)
	if err != nil {
		return err
	}
	planner, err := h.builtin()
	if err != nil {
		return err
	}
	req := plan.Request{Question: question, Lang: rules.Languages(question, p.lang()), Candidates: plan.Asked(candidates), Given: given,
		Run: func(ctx context.Context, q *query.Plan) ([][]any, error) { return as.Run(ctx, candidates, q) }}
	account, bare, err := planner.Why(ctx, req)
	if err != nil {
		return err
	}
	if !bare {
		return told{p.say("cli.why_annotated")}
	}
	if asJSON {
		return printJSON(p.out, account)
	}
	printAccount(p.out, p, account)
	return nil
}

// asked is the library that questions over a file, or the catalogue, are asked of.
func (h *house) asked(ctx context.Context, file string) (assistant.Library, error) {
	if file == "" {
		return h.library(ctx)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	return h.files[path].lib, nil
}

func printAccount(out io.Writer, p *program, a decide.Account) {
	fmt.Fprintln(out, p.say("cli.why_words"))
	for _, m := range a.Words {
		fmt.Fprintf(out, "  %-24s %-48s %-9s %.2f\n", lang.Cut(clean(m.Words), 24), lang.Cut(clean(m.Means), 48), m.How, m.Strength)
	}
	fmt.Fprintln(out, "\n"+p.say("cli.why_readings"))
	for i, r := range a.Readings {
		fmt.Fprintf(out, "%d. %.2f  %s\n", i+1, r.Prob, clean(r.Says))
		if len(r.Left) > 0 {
			fmt.Fprintf(out, "      %s %s\n", p.say("cli.why_left"), clean(strings.Join(r.Left, ", ")))
		}
		for _, w := range r.For {
			fmt.Fprintf(out, "     %+.2f  %s\n", w.Worth, clean(w.Name))
		}
	}
	fmt.Fprintln(out, "\n"+p.say("cli.why_trust"))
	for _, w := range a.Trust {
		fmt.Fprintf(out, "     %+.2f  %s\n", w.Worth, clean(w.Name))
	}
	fmt.Fprintf(out, "\n%s\n", p.say("cli.why_"+a.Outcome, "believed", fmt.Sprintf("%.2f", a.Believed), "sure", fmt.Sprintf("%.2f", a.Sure), "likely", fmt.Sprintf("%.2f", a.Likely)))
}

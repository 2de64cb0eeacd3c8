package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
	"cigogne/internal/lang"
	"cigogne/internal/refresh"
	"cigogne/internal/store"
	"cigogne/internal/texts"
)

// harvested is what `harvest --json` prints.
type harvested struct {
	Datasets int      `json:"datasets"`
	Type     string   `json:"type"` // ckan or d4c
	Portal   string   `json:"portal"`
	Seconds  float64  `json:"seconds"`
	Remarks  []string `json:"remarks,omitempty"`
}

func seconds(since time.Time) float64 { return time.Since(since).Seconds() }

// harvesting is what `harvest` is told besides the address.
type harvesting struct {
	kind    string // of portal, "": find out
	json    bool
	private bool // addresses of this machine are allowed
}

func harvestCommand(p *program) *cobra.Command {
	var how harvesting
	c := p.command("harvest", "URL", between(1, 1), func(ctx context.Context, args []string) error {
		return harvest(ctx, p, how, args[0])
	})
	c.Example = p.say("cli.example_harvest")
	c.ValidArgsFunction = func(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
		if all, err := newHouse(p).embedded(); err == nil {
			for _, x := range all.Portals {
				names = append(names, x.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	c.Flags().StringVar(&how.kind, "type", "", p.say("cli.flag_type"))
	c.Flags().BoolVar(&how.json, "json", false, p.say("cli.flag_json"))
	c.Flags().BoolVar(&how.private, "allow-private", false, p.say("cli.flag_private"))
	completes(c, "type", portal.Types()...)
	return c
}

func harvest(ctx context.Context, p *program, how harvesting, url string) error {
	h := newHouse(p)
	defer h.Close()
	c, err := h.embedded()
	if err != nil {
		return err
	}
	for _, known := range c.Portals {
		if known.Name == url {
			url = known.URL
			if how.kind == "" {
				how.kind = known.Type
			}
		}
	}
	st, err := h.store(store.Write)
	if err != nil {
		return err
	}
	start := time.Now()
	source, err := portal.Detect(ctx, httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: how.private}}), url, how.kind)
	if err != nil {
		return err
	}
	e, err := h.embedders()
	if err != nil {
		return err
	}
	report, err := refresh.Harvest(ctx, st, source, c.Datasets, e.options(p.log))
	if err != nil {
		return err
	}
	l := p.lang()
	remarks := report.Remarks(l)
	if r := e.remark(l); r != "" {
		remarks = append(remarks, r)
	}
	if how.json {
		if err := printJSON(p.out, harvested{report.Datasets, string(source.Type()), url, seconds(start), remarks}); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(p.out, texts.Say(l, "cli.datasets_harvested_in_s", "number", report.Datasets, "type", source.Type(), "seconds", lang.FormatNumber(float64(seconds(start)), 1, l)))
	}
	for _, r := range remarks {
		fmt.Fprintln(p.err, r)
	}
	if report.Lies() { // what came is kept; that it is all is not sure
		return told{texts.Say(l, "cli.this_portal_does_not_keep_its")}
	}
	return nil
}

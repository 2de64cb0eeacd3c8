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
	Type     string   `json:"type"` // a name of portal.Types
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
	limit   time.Duration
}

// maxHarvest is how long one portal may take: those that trickle without end are
// given up, and what was held of them stays.
const maxHarvest = 2 * time.Hour

// harvestAll harvests every portal of the catalogue; one that fails does not
// keep the others from it.
func harvestAll(ctx context.Context, p *program, how harvesting) error {
	c, err := newHouse(p).embedded()
	if err != nil {
		return err
	}
	var failed error
	for _, known := range c.Portals {
		if err := harvest(ctx, p, how, known.Name); err != nil {
			if ctx.Err() != nil {
				return err
			}
			if failed != nil {
				p.log.WarnContext(ctx, "portal not harvested", "error", failed)
			}
			failed = err
		}
	}
	return failed
}

func harvestCommand(p *program) *cobra.Command {
	var how harvesting
	c := p.command("harvest", "[URL]", between(0, 1), func(ctx context.Context, args []string) error {
		if len(args) == 0 {
			return harvestAll(ctx, p, how)
		}
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
	c.Flags().DurationVar(&how.limit, "time-limit", maxHarvest, p.say("cli.flag_time_limit"))
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
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, how.limit)
	defer cancel()
	source, err := portal.Detect(ctx, p.client(how.private), url, how.kind)
	if err != nil {
		return err
	}
	e, err := h.embedders()
	if err != nil {
		return err
	}
	l := p.lang()
	report, err := refresh.Harvest(ctx, st, source, c.Datasets, e.options(p.log))
	if ctx.Err() != nil && caller.Err() == nil {
		return told{fmt.Sprintf(l.Pick("%s n’a pas tout donné en %v : ce qui était enregistré est gardé. Donnez plus de temps avec --time-limit.", "%s has not given all in %v: what was held is kept. Give more time with --time-limit."), source.URL(), how.limit)}
	}
	if err != nil {
		return err
	}
	remarks := report.Remarks(l)
	if r := e.remark(l); r != "" {
		remarks = append(remarks, r)
	}
	if how.json {
		if err := printJSON(p.out, harvested{report.Datasets, string(source.Type()), url, seconds(start), remarks}); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(p.out, texts.Say(l, "cli.datasets_harvested_in_s", "n", report.Datasets, "type", source.Type(), "seconds", lang.FormatNumber(float64(seconds(start)), 1, l)))
	}
	for _, r := range remarks {
		fmt.Fprintln(p.err, r)
	}
	if report.Lies() { // what came is kept; that it is all is not sure
		return told{texts.Say(l, "cli.this_portal_does_not_keep_its")}
	}
	return nil
}

// client reads portals and files; whoever waits for a silent server is told.
func (p *program) client(private bool) *httpx.Client {
	return httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: private}, Waiting: func(host string, since time.Duration) {
		fmt.Fprintln(p.err, p.say("cli.waiting", "host", clean(host), "seconds", int(since.Seconds())))
	}})
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	catalogue "cigogne/internal/harvest"
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
	h.upToDate(ctx, st)
	e, err := h.embedders()
	if err != nil {
		return err
	}
	start := time.Now()
	run := refresh.Harvest{Store: st, Embedded: c.Datasets, Index: e.options(p.log)}
	report, err := p.harvestPortal(ctx, &run, how, url)
	if err != nil {
		return err
	}
	l, source := p.lang(), run.Source
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

// harvestPortal finds the portal at an address and runs the harvest, within the
// time allowed. The pages it gives are kept on a shelf: those that have not
// changed are not sent again, and a run that was cut short goes on.
func (p *program) harvestPortal(ctx context.Context, run *refresh.Harvest, how harvesting, url string) (report refresh.HarvestReport, err error) {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, how.limit)
	defer cancel()
	bar := p.begin(p.say("cli.harvesting", "url", clean(url)))
	defer bar.end()
	dir, err := p.dataDir()
	if err != nil {
		return report, err
	}
	shelf := httpx.NewShelf(pagesOf(dir, url))
	if shelf.Resumed() {
		bar.say(p.say("cli.resumed", "url", clean(url)))
	}
	run.Source, err = portal.Detect(ctx, p.client(how.private, bar.say).With(shelf), url, how.kind)
	if err == nil {
		run.Progress = func(r catalogue.Report) {
			bar.at(r.Datasets, r.Declared)
			if r.Declared > 0 && r.Datasets >= r.Declared {
				bar.turn(p.say("cli.indexing"))
			}
		}
		report, err = run.Run(ctx)
	}
	if ctx.Err() != nil && caller.Err() == nil {
		return report, told{p.say("cli.portal_too_slow", "url", clean(url), "limit", how.limit.String())}
	}
	if kept := settle(shelf, report, err); kept != nil {
		p.log.WarnContext(ctx, "pages not put away", "error", kept)
	}
	return report, err
}

// pagesOf is where the pages of a portal are kept between two harvests.
func pagesOf(dir, url string) string {
	sum := sha256.Sum256([]byte(url))
	return filepath.Join(dir, "pages", hex.EncodeToString(sum[:8]))
}

// settle puts the pages of a run away: those of a portal that contradicts itself
// are no use to the next one, those of a run that was cut short are.
func settle(shelf *httpx.Shelf, report refresh.HarvestReport, err error) error {
	var short *refresh.ShortError
	var silent *httpx.Error
	switch {
	case err == nil && !report.Lies():
		return shelf.Finish()
	case err == nil, errors.Is(err, refresh.ErrNothing), errors.As(err, &short):
		return shelf.Clear()
	case errors.As(err, &silent), errors.Is(err, context.Canceled):
		return nil
	}
	return shelf.Clear()
}

// client reads portals and files; whoever waits for a silent server is told.
func (p *program) client(private bool, say func(line string)) *httpx.Client {
	return httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: private}, Waiting: func(host string, since time.Duration) {
		say(p.say("cli.waiting", "host", clean(host), "seconds", int(since.Seconds())))
	}})
}

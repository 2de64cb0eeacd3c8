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

	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
	"cigogne/internal/lang"
	"cigogne/internal/refresh"
	"cigogne/internal/texts"
)

// harvested is what `harvest --json` prints, a line for each portal.
type harvested struct {
	Datasets  int      `json:"datasets"`
	Type      string   `json:"type"` // a name of portal.Types
	Portal    string   `json:"portal"`
	Seconds   float64  `json:"seconds"`
	Added     int      `json:"added,omitempty"` // since the harvest before
	Changed   int      `json:"changed,omitempty"`
	Withdrawn int      `json:"withdrawn,omitempty"`
	Remarks   []string `json:"remarks,omitempty"`
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

// harvestAll harvests every portal of the catalogue.
func harvestAll(ctx context.Context, p *program, how harvesting) error {
	c, err := newHouse(p).embedded()
	if err != nil {
		return err
	}
	var places []portalAt
	for _, known := range c.Portals {
		places = append(places, portalAt{known.URL, known.Type})
	}
	return harvestEach(ctx, p, how, places)
}

// harvest harvests the portal at an address, or of a name of the catalogue's.
func harvest(ctx context.Context, p *program, how harvesting, url string) error {
	c, err := newHouse(p).embedded()
	if err != nil {
		return err
	}
	at := portalAt{url, how.kind}
	for _, known := range c.Portals {
		if known.Name == url {
			at.url = known.URL
			if at.kind == "" {
				at.kind = known.Type
			}
		}
	}
	return harvestEach(ctx, p, how, []portalAt{at})
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
	case errors.As(err, &silent), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
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

// tell prints what a harvest of a portal did.
func (r read) tell(p *program, how harvesting, report refresh.HarvestReport, more string) error {
	l, kind := p.lang(), r.source.Type()
	remarks := report.Remarks(l)
	if more != "" {
		remarks = append(remarks, more)
	}
	if how.json {
		out := harvested{report.Datasets, kind, r.url, seconds(r.start), report.Added, report.Changed, report.Gone, remarks}
		if err := printJSON(p.out, out); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(p.out, texts.Say(l, "cli.datasets_harvested_in_s", "n", report.Datasets, "type", kind, "seconds", lang.FormatNumber(seconds(r.start), 1, l)))
		if report.Added+report.Changed+report.Gone > 0 {
			fmt.Fprintln(p.out, p.say("cli.harvest_changed", "added", report.Added, "changed", report.Changed, "withdrawn", report.Gone))
		}
	}
	for _, s := range remarks {
		fmt.Fprintln(p.err, s)
	}
	if report.Lies() { // what came is kept; that it is all is not sure
		return told{p.say("cli.this_portal_does_not_keep_its")}
	}
	return nil
}

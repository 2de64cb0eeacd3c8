package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cigogne/catalog"
	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/refresh"
	"cigogne/internal/store"
	"cigogne/internal/texts"
	"cigogne/internal/warehouse"
)

// fetched is what `fetch --json` prints.
type fetched struct {
	Tables    int         `json:"tables"`
	New       int         `json:"new"` // or changed
	Unchanged int         `json:"unchanged"`
	Repaired  int         `json:"repaired,omitempty"` // of new, those that were damaged or missing
	Seconds   float64     `json:"seconds"`
	Failed    []unfetched `json:"failed,omitempty"`

	asideOut
}

// asideOut is what of the harvested files is in no table, as people are told.
type asideOut struct {
	Aside   []unfetched    `json:"aside,omitempty"`   // files, or parts of them, that were read and are no table
	Formats map[string]int `json:"formats,omitempty"` // files that are not downloaded, by format
}

func asideOf(a refresh.Aside, l lang.Lang) asideOut {
	out := asideOut{Formats: a.Formats}
	for _, x := range a.Items {
		out.Aside = append(out.Aside, unfetched{x.DatasetID, x.Title, x.Sentence(l)})
	}
	return out
}

// shownAside bounds the lines of what is left aside; --json has all.
const shownAside = 20

// tell writes what is in no table, and why.
func (a asideOut) tell(p *program) {
	for i, x := range a.Aside {
		if i == shownAside {
			fmt.Fprintln(p.out, p.say("cli.and_more", "n", len(a.Aside)-shownAside))
			break
		}
		fmt.Fprintf(p.out, "– %s : %s\n", lang.Cut(clean(x.Title), 80), clean(x.Why))
	}
	if len(a.Formats) == 0 {
		return
	}
	names := slices.SortedFunc(maps.Keys(a.Formats), func(x, y string) int { return cmp.Or(a.Formats[y]-a.Formats[x], strings.Compare(x, y)) })
	var parts []string
	for _, n := range names[:min(len(names), shownAside)] {
		parts = append(parts, fmt.Sprintf("%s %s", lang.FormatNumber(float64(a.Formats[n]), 0, p.lang()), cmp.Or(clean(n), "?")))
	}
	fmt.Fprintln(p.out, p.say("cli.formats_aside", "formats", strings.Join(parts, ", ")))
	if a.Formats["xls"] > 0 {
		fmt.Fprintln(p.out, p.say("cli.xls_aside"))
	}
}

type unfetched struct {
	DatasetID string `json:"dataset_id"`
	Title     string `json:"title"`
	Why       string `json:"why"`
}

// fetching is what `fetch` is told.
type fetching struct {
	json      bool
	private   bool   // addresses of this machine are allowed
	only      string // datasets, separated by commas; "": all
	megabytes int64  // of the largest file
	links     int    // addresses to try of files that are not downloaded, at most
	quiet     bool   // a line a file is too much
}

func fetchCommand(p *program) *cobra.Command {
	var how fetching
	c := p.command("fetch", "", nothing, func(ctx context.Context, _ []string) error { return fetchFiles(ctx, p, how) })
	c.Flags().BoolVar(&how.json, "json", false, p.say("cli.flag_json"))
	c.Flags().BoolVar(&how.private, "allow-private", false, p.say("cli.flag_private"))
	c.Flags().StringVar(&how.only, "only", "", p.say("cli.flag_only"))
	c.Flags().IntVar(&how.links, "links", mostLinks, p.say("cli.flag_try_links"))
	c.Flags().Int64Var(&how.megabytes, "max-mb", mostMegabytes, p.say("cli.flag_max_mb"))
	return c
}

const (
	mostMegabytes = 2048
	mostLinks     = 300              // tried in a run
	linksTime     = 5 * time.Minute  // for all of them
	linkPatience  = 10 * time.Second // for one
)

func fetchFiles(ctx context.Context, p *program, how fetching) error {
	h := newHouse(p)
	defer h.Close()
	c, err := h.embedded()
	if err != nil {
		return err
	}
	st, err := h.store(store.Write)
	if err != nil {
		return err
	}
	h.upToDate(ctx, st)
	bar := p.begin(p.say("cli.fetching"))
	defer bar.end()
	start := time.Now()
	report, err := p.fetchRun(st, c, how, bar).Run(ctx)
	if err == nil {
		bar.turn(p.say("cli.trying_links"))
		err = p.tryLinks(ctx, st, how)
	}
	bar.end()
	if err != nil {
		return err
	}
	if _, _, err := p.lend(ctx, st); err != nil { // what was fetched is in force all the same
		fmt.Fprintln(p.err, sentence(err, p.lang()))
	}
	return p.tellFetched(report, seconds(start), how.json)
}

// fetchRun is a run over the store: what it takes, what it keeps and where it tells
// how far it is.
func (p *program) fetchRun(st *store.Store, c *catalog.Catalog, how fetching, bar *progress) *refresh.Fetch {
	run := &refresh.Fetch{
		Store: st, Client: fetch.New(p.client(how.private, bar.say), how.megabytes<<20), Log: p.log,
		Embedded: func(dir string) ([]warehouse.Source, error) {
			var ids []string
			for _, t := range c.Tables {
				ids = append(ids, t.ID)
			}
			return library.WriteParquet(dir, ids, catalog.Parquet)
		},
		Retain: p.answered,
	}
	if !how.quiet {
		run.Progress = func(done, all int, d dataset.Dataset, err error) {
			mark := "✓"
			if err != nil {
				mark = "✗"
			}
			if bar.out == nil || err != nil {
				bar.say(fmt.Sprintf("%s %d/%d %s", mark, done, all, lang.Cut(clean(d.Title), 80)))
			}
			bar.at(done, all)
		}
	}
	if c, err := p.settings(); err == nil && c.Trino.Set() {
		run.Alone = int64(c.Trino.Alone)
	}
	if how.only != "" {
		run.Only = strings.Split(how.only, ",")
	}
	return run
}

// answered lists the files that kept answers were made of.
func (p *program) answered(ctx context.Context) ([]string, error) {
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer led.Close()
	return led.Files(ctx)
}

// tellFetched says what came of a run; it fails where nothing is there that could
// be asked.
func (p *program) tellFetched(report refresh.FetchReport, took float64, asJSON bool) error {
	l := p.lang()
	out := fetched{Tables: report.Tables, New: report.New, Repaired: report.Repaired, Unchanged: report.Unchanged, Seconds: took}
	for _, f := range report.Failed {
		out.Failed = append(out.Failed, unfetched{f.Dataset.ID, f.Dataset.Title, f.Sentence(l)})
	}
	out.asideOut = asideOf(report.Aside, l)
	for _, url := range report.Unread {
		fmt.Fprintln(p.err, p.say("cli.portal_damaged", "url", clean(url)))
	}
	if report.Repaired > 0 {
		fmt.Fprintln(p.err, p.say("cli.repaired", "n", report.Repaired))
	}
	if asJSON {
		if err := printJSON(p.out, out); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(p.out, texts.Say(l, "cli.tables_new_or_changed_unchanged", "number", out.Tables, "new", out.New, "unchanged", out.Unchanged, "seconds", lang.FormatNumber(float64(out.Seconds), 1, l)))
	}
	for _, f := range report.Failed {
		fmt.Fprintf(p.err, "✗ %s : %s\n", lang.Cut(clean(f.Dataset.Title), 80), f.Sentence(l))
	}
	if !asJSON {
		asideOut{Aside: partsAside(out.Aside, out.Failed), Formats: out.Formats}.tell(p)
	}
	switch any := report.New+report.Unchanged > 0; {
	case len(report.Unread) > 0 && !any:
		return told{p.say("cli.harvest_first")}
	case len(report.Failed) > 0 && !any:
		return told{texts.Say(l, "cli.no_file_could_be_read_nothing")}
	}
	return nil
}

// tryLinks tries some of the addresses of files that are not downloaded.
func (p *program) tryLinks(ctx context.Context, st *store.Store, how fetching) error {
	gen, err := st.Current()
	if err != nil || gen == nil || how.links <= 0 || how.only != "" {
		return err
	}
	file, err := p.linksFile()
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, linksTime)
	defer cancel()
	client := httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: how.private}, Stall: linkPatience, Attempts: 1})
	_, dead, err := refresh.Links{Client: fetch.New(client, 0), File: file, Most: how.links}.Try(limited, gen.Datasets())
	if damaged := (*store.Error)(nil); limited.Err() != nil && ctx.Err() == nil || errors.As(err, &damaged) {
		err = nil // the next run goes on; which portal is damaged is told with the report
	}
	if dead > 0 {
		fmt.Fprintln(p.err, p.say("cli.links_dead", "n", dead))
	}
	return err
}

// linksFile is where is kept which addresses answered.
func (p *program) linksFile() (string, error) {
	dir, err := p.dataDir()
	return filepath.Join(dir, "links.json"), err
}

// partsAside is what was not told as failed in this run.
func partsAside(all, failed []unfetched) []unfetched {
	return slices.DeleteFunc(slices.Clone(all), func(x unfetched) bool { return slices.Contains(failed, x) })
}

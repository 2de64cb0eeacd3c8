package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cigogne/catalog"
	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
	"cigogne/internal/library"
	"cigogne/internal/refresh"
	"cigogne/internal/store"
	"cigogne/internal/warehouse"
)

// fetched is what `fetch --json` prints.
type fetched struct {
	Tables    int         `json:"tables"`
	New       int         `json:"new"` // or changed
	Unchanged int         `json:"unchanged"`
	Seconds   float64     `json:"seconds"`
	Failed    []unfetched `json:"failed,omitempty"`
}

type unfetched struct {
	DatasetID string `json:"dataset_id"`
	Title     string `json:"title"`
	Why       string `json:"why"`
}

func fetchCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("fetch", io)
	o.register(fs)
	asJSON := fs.Bool("json", false, "print what came of it as JSON")
	private := fs.Bool("allow-private", false, "allow addresses of this machine and of private networks")
	only := fs.String("only", "", "datasets to fetch, by ID or name, separated by commas (default: all)")
	megabytes := fs.Int64("max-mb", 2048, "largest file to download, in MB")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	h := newHouse(o, io)
	defer h.Close()
	c, err := h.embedded()
	if err != nil {
		return err
	}
	st, err := h.store(store.Write)
	if err != nil {
		return err
	}
	l := io.lang()
	run := refresh.Fetch{
		Store: st, Client: fetch.New(httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: *private}}), *megabytes<<20), Log: logger(io),
		Embedded: func(dir string) ([]warehouse.Source, error) {
			var ids []string
			for _, t := range c.Tables {
				ids = append(ids, t.ID)
			}
			return library.WriteParquet(dir, ids, catalog.Parquet)
		},
		Retain: func(ctx context.Context) ([]string, error) {
			led, err := openLedger(ctx, o, io)
			if errors.Is(err, errNoLedger) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			defer led.Close()
			return led.Files(ctx)
		},
		Progress: func(done, all int, d dataset.Dataset, err error) {
			mark := "✓"
			if err != nil {
				mark = "✗"
			}
			fmt.Fprintf(io.err, "%s %d/%d %s\n", mark, done, all, clip(clean(d.Title), 80))
		},
	}
	if *only != "" {
		run.Only = strings.Split(*only, ",")
	}
	start := time.Now()
	report, err := run.Run(ctx)
	if err != nil {
		return err
	}
	out := fetched{Tables: report.Tables, New: report.New, Unchanged: report.Unchanged, Seconds: seconds(start)}
	for _, f := range report.Failed {
		out.Failed = append(out.Failed, unfetched{f.Dataset.ID, f.Dataset.Title, f.Sentence(l)})
	}
	if *asJSON {
		if err := printJSON(io.out, out); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(io.out, l.Pick("%d tables (%d nouvelles ou changées, %d inchangées) en %.1f s\n", "%d tables (%d new or changed, %d unchanged) in %.1f s\n"), out.Tables, out.New, out.Unchanged, out.Seconds)
	}
	for _, f := range report.Failed {
		fmt.Fprintf(io.err, "✗ %s : %s\n", clip(clean(f.Dataset.Title), 80), f.Sentence(l))
	}
	if len(report.Failed) > 0 && report.New+report.Unchanged == 0 {
		return told{l.Pick("Aucun fichier n'a pu être lu ; rien de ce qui était enregistré n'est perdu.", "No file could be read; nothing that was stored is lost.")}
	}
	return nil
}

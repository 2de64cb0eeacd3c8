package main

import (
	"context"
	"fmt"
	"time"

	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
	"cigogne/internal/refresh"
	"cigogne/internal/store"
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

func harvestCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("harvest", io)
	o.register(fs)
	kind := fs.String("type", "", "kind of portal: ckan or d4c (default: find out)")
	asJSON := fs.Bool("json", false, "print what came of it as JSON")
	private := fs.Bool("allow-private", false, "allow addresses of this machine and of private networks")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errUsage
	}
	h := newHouse(o, io)
	defer h.Close()
	c, err := h.embedded()
	if err != nil {
		return err
	}
	url := rest[0]
	for _, p := range c.Portals {
		if p.Name == url {
			url = p.URL
			if *kind == "" {
				*kind = p.Type
			}
		}
	}
	st, err := h.store(store.Write)
	if err != nil {
		return err
	}
	start := time.Now()
	source, err := portal.Detect(ctx, httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: *private}}), url, *kind)
	if err != nil {
		return err
	}
	e, err := h.embedders()
	if err != nil {
		return err
	}
	report, err := refresh.Harvest(ctx, st, source, c.Datasets, e.options(logger(io)))
	if err != nil {
		return err
	}
	l := io.lang()
	remarks := report.Remarks(l)
	if r := e.remark(l); r != "" {
		remarks = append(remarks, r)
	}
	if *asJSON {
		if err := printJSON(io.out, harvested{report.Datasets, string(source.Type()), url, seconds(start), remarks}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(io.out, l.Pick("%d jeux de données moissonnés (%s) en %.1f s\n", "%d datasets harvested (%s) in %.1f s\n"), report.Datasets, source.Type(), seconds(start))
	}
	for _, r := range remarks {
		fmt.Fprintln(io.err, r)
	}
	if report.Lies() { // what came is kept; that it is all is not sure
		return told{l.Pick("Ce portail ne tient pas son compte : relancez la moisson pour vérifier.", "This portal does not keep its count: harvest again to check.")}
	}
	return nil
}

package main

import (
	"context"
	"fmt"

	"cigogne/internal/store"
)

// status is what `status --json` prints.
type status struct {
	Datasets   int            `json:"datasets"`
	Tables     int            `json:"tables"`
	Portals    []store.Portal `json:"portals"`
	Index      indexStatus    `json:"index"`
	Generation string         `json:"generation"`
	Data       string         `json:"data"`
}

type indexStatus struct {
	Datasets int      `json:"datasets"`
	Models   []string `json:"models"` // of the vectors, the preferred one first
}

func statusCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("status", io)
	o.register(fs)
	asJSON := fs.Bool("json", false, "print as JSON")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	h := newHouse(o, io)
	defer h.Close()
	lib, err := h.library()
	if err != nil {
		return err
	}
	gen, err := h.generation()
	if err != nil {
		return err
	}
	c, err := h.embedded()
	if err != nil {
		return err
	}
	s := status{Datasets: len(c.Datasets), Tables: len(lib.Tables()), Portals: []store.Portal{}}
	s.Data, _ = dataDir(o, io) // shown only: without a home there is none
	f := h.finder(c.Datasets, gen)
	if gen != nil {
		s.Datasets, s.Generation, s.Portals = gen.Count(), gen.ID, append(s.Portals, gen.Portals...)
	}
	x, err := f.open(ctx)
	if err != nil {
		return err
	}
	s.Index = indexStatus{x.Len(), x.Models()}
	if *asJSON {
		return printJSON(io.out, s)
	}
	l := io.lang()
	fmt.Fprintf(io.out, l.Pick("%d jeux de données, %d tables\ndossier : %s\n", "%d datasets, %d tables\ndirectory: %s\n"), s.Datasets, s.Tables, s.Data)
	for _, p := range s.Portals {
		fmt.Fprintf(io.out, l.Pick("%s (%s) : %d jeux, moissonné le %s\n", "%s (%s): %d datasets, harvested %s\n"), clean(p.URL), p.Type, p.Datasets, p.Refreshed.Format("2006-01-02 15:04"))
	}
	return nil
}

package main

import (
	"context"
	"fmt"

	"cigogne/internal/store"

	"github.com/spf13/cobra"
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

func statusCommand(p *program) *cobra.Command {
	var asJSON *bool
	c := p.command("status", "", nothing, func(ctx context.Context, _ []string) error { return printStatus(ctx, p, *asJSON) })
	asJSON = p.jsonFlag(c)
	return c
}

func printStatus(ctx context.Context, p *program, asJSON bool) error {
	h := newHouse(p)
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
	s.Data, _ = p.dataDir() // shown only: without a home there is none
	f := h.finder(c.Datasets, gen)
	if gen != nil {
		s.Datasets, s.Generation, s.Portals = gen.Count(), gen.ID, append(s.Portals, gen.Portals...)
	}
	x, err := f.open(ctx)
	if err != nil {
		return err
	}
	s.Index = indexStatus{x.Len(), x.Models()}
	if asJSON {
		return printJSON(p.out, s)
	}
	l := p.lang()
	fmt.Fprintf(p.out, l.Pick("%d jeux de données, %d tables\ndossier : %s\n", "%d datasets, %d tables\ndirectory: %s\n"), s.Datasets, s.Tables, s.Data)
	for _, x := range s.Portals {
		fmt.Fprintf(p.out, l.Pick("%s (%s) : %d jeux, moissonné le %s\n", "%s (%s): %d datasets, harvested %s\n"), clean(x.URL), x.Type, x.Datasets, x.Refreshed.Format("2006-01-02 15:04"))
	}
	return nil
}

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cigogne/internal/refresh"
	"cigogne/internal/store"
	"cigogne/internal/texts"
)

// status is what `status --json` prints.
type status struct {
	Datasets   int            `json:"datasets"`
	Tables     int            `json:"tables"`
	Portals    []store.Portal `json:"portals"`
	Index      indexStatus    `json:"index"`
	Generation string         `json:"generation"`
	Data       string         `json:"data"`
	Model      *modelStatus   `json:"model,omitempty"`

	asideOut
}

// modelStatus is what became of asking the model for one word.
type modelStatus struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Replies bool   `json:"replies"`
	Why     string `json:"why,omitempty"` // it does not
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
	lib, err := h.library(ctx)
	if err != nil {
		return err
	}
	gen, err := h.sound(ctx)
	if err != nil {
		return err
	}
	c, err := h.embedded()
	if err != nil {
		return err
	}
	s := status{Datasets: len(c.Datasets), Tables: len(lib.Tables()), Portals: []store.Portal{}}
	s.Data, _ = p.dataDir() // shown only: without a home there is none
	f := h.finder(c, gen)
	if gen != nil {
		s.Datasets, s.Generation, s.Portals = gen.Count(), gen.ID, append(s.Portals, gen.Portals...)
	}
	x, err := f.open(ctx)
	if err != nil {
		return err
	}
	s.Index = indexStatus{x.Len(), x.Models()}
	if s.Model, err = h.askedModel(ctx); err != nil {
		return err
	}
	l := p.lang()
	s.asideOut = asideOf(refresh.ReadAside(gen), l)
	if asJSON {
		return printJSON(p.out, s)
	}
	fmt.Fprintln(p.out, texts.Say(l, "cli.datasets_tables_directory", "number", s.Datasets, "tables", s.Tables, "data", s.Data))
	for _, x := range s.Portals {
		fmt.Fprintln(p.out, texts.Say(l, "cli.datasets_harvested", "url", clean(x.URL), "type", x.Type, "n", x.Datasets, "date", x.Refreshed.Format("2006-01-02 15:04")))
	}
	s.tell(p)
	if m := s.Model; m != nil && m.Replies {
		fmt.Fprintln(p.out, p.say("model.there", "model", clean(m.Name), "url", clean(m.URL)))
	} else if m != nil {
		fmt.Fprintln(p.out, p.say("model.not_there", "model", clean(m.Name), "url", clean(m.URL), "why", m.Why))
	}
	return nil
}

// askedModel asks the model for one word; nil where none is set.
func (h *house) askedModel(ctx context.Context) (*modelStatus, error) {
	c, err := h.settings()
	if err != nil || !c.Model.Set() {
		return nil, err
	}
	s := &modelStatus{Name: c.Model.Name, URL: c.Model.URL, Replies: true}
	if t := chatClient(c.Model, h.log).Check(ctx); t != nil {
		s.Replies, s.Why = false, t.Why(h.lang())
	}
	return s, ctx.Err()
}

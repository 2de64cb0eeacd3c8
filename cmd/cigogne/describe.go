package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/search"
	"cigogne/internal/store"
	"cigogne/internal/surface"
	"cigogne/internal/texts"
)

func datasetCommand(p *program) *cobra.Command {
	var asJSON *bool
	c := p.command("dataset", "ID", between(1, 1), func(ctx context.Context, args []string) error {
		return describe(ctx, p, args[0], *asJSON)
	})
	asJSON = p.jsonFlag(c)
	c.ValidArgsFunction = p.datasetNames
	return c
}

// datasetNames are what a shell offers where a dataset is named.
func (p *program) datasetNames(c *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	h := newHouse(p)
	defer h.Close()
	lib, err := h.library(c.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	names, _, err := assistant.NewGuide(lib).Names(c.Context(), begun, completedDatasets)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func describe(ctx context.Context, p *program, key string, asJSON bool) error {
	h := newHouse(p)
	defer h.Close()
	lib, err := h.library(ctx)
	if err != nil {
		return err
	}
	out, err := assistant.NewGuide(lib).Describe(ctx, key, p.lang())
	if errors.Is(err, assistant.ErrUnknownDataset) {
		return h.unknownDataset(ctx, lib, key)
	}
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(p.out, out)
	}
	printDataset(p, out)
	for i := range out.Tables {
		printTable(p, &out.Tables[i], out.Samples[i])
	}
	if len(out.Ask) > 0 {
		fmt.Fprintln(p.out, "\n"+p.say("cli.one_can_ask_it"))
		for _, x := range out.Ask {
			fmt.Fprintln(p.out, "  "+x)
		}
	}
	return nil
}

// oneDataset finds one by ID or name, harvested ones first, those that no portal
// publishes any more last; nil where there is none.
func oneDataset(embedded []dataset.Dataset, gen *store.Generation, key string) (*dataset.Dataset, error) {
	var harvested []dataset.Dataset
	if gen != nil {
		found, err := gen.Dataset(key)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 && found[0].Withdrawn.IsZero() {
			return &found[0], nil
		}
		harvested = found
	}
	if i := slices.IndexFunc(embedded, func(d dataset.Dataset) bool { return d.ID == key || d.Name == key }); i >= 0 {
		return &embedded[i], nil
	}
	if len(harvested) > 0 {
		return &harvested[0], nil
	}
	return nil, nil
}

// everyDataset reads the embedded ones, then the harvested ones.
func everyDataset(embedded []dataset.Dataset, gen *store.Generation) iter.Seq2[dataset.Dataset, error] {
	return func(yield func(dataset.Dataset, error) bool) {
		for _, d := range embedded {
			if !yield(d, nil) {
				return
			}
		}
		if gen == nil {
			return
		}
		for d, err := range gen.Datasets() {
			if !yield(d, err) {
				return
			}
		}
	}
}

func (h *house) unknownDataset(ctx context.Context, lib *library.Catalogue, key string) error {
	l := h.lang()
	text := texts.Say(l, "cli.no_dataset_is_called", "key", lang.Cut(clean(key), 80))
	near, err := lib.Search(ctx, search.Query{Text: strings.NewReplacer("-", " ", "_", " ").Replace(key), Limit: 3}, l)
	if err != nil {
		return err
	}
	if len(near) > 0 {
		var names []string
		for _, d := range near {
			names = append(names, clean(d.Name))
		}
		text += " " + texts.Say(l, "cli.near") + " " + strings.Join(names, ", ") + "."
	}
	return told{text}
}

func printDataset(p *program, out *assistant.Description) {
	l, d, q := p.lang(), &out.Dataset, out.Quality
	fmt.Fprintln(p.out, clean(d.Title))
	for _, r := range out.Remarks {
		fmt.Fprintln(p.out, "  ⚠ "+r)
	}
	s := answer.SourceOf(d, &dataset.Table{})
	line := func(name, v string) {
		if v != "" {
			fmt.Fprintf(p.out, "  %-12s %s\n", name, clean(v))
		}
	}
	line(p.say("cli.field_id"), d.ID)
	line(p.say("cli.field_name"), d.Name)
	line(p.say("cli.field_publisher"), d.Publisher)
	line(p.say("cli.field_licence"), s.Licence)
	line(p.say("cli.field_period"), strings.ReplaceAll(s.Period, "/", "–"))
	line(p.say("cli.field_modified"), s.Modified)
	line(p.say("cli.field_frequency"), d.Frequency)
	line(p.say("cli.field_address"), d.URL)
	var missing []string
	for _, c := range q.Missing {
		missing = append(missing, p.say("criterion.has_"+string(c)))
	}
	grade := fmt.Sprintf("%d/%d", len(q.Met), len(q.Met)+len(q.Missing))
	if len(missing) > 0 {
		grade += texts.Say(l, "cli.missing") + " " + strings.Join(missing, ", ")
	}
	line(p.say("cli.field_quality"), grade)
	if d.Description != "" {
		fmt.Fprintln(p.out, "\n"+lang.Cut(clean(d.Description), 1200))
	}
	if len(d.Distributions) > 0 {
		fmt.Fprintln(p.out, "\n"+texts.Say(l, "cli.files"))
		for _, x := range d.Distributions[:min(20, len(d.Distributions))] {
			fmt.Fprintf(p.out, "  %-8s %s %s\n", clean(x.Format), clean(x.Title), clean(x.URL))
		}
	}
}

func printTable(p *program, t *dataset.Table, s assistant.Sample) {
	l := p.lang()
	fmt.Fprintln(p.out, "\n"+texts.Say(l, "cli.table_rows", "id", t.ID, "n", t.Rows))
	for i, col := range t.Columns {
		fmt.Fprintf(p.out, "  %-24s %-9s", lang.Cut(clean(col.Name), 24), col.Type)
		if i < len(s.Columns) && s.Columns[i].Label != "" {
			fmt.Fprintf(p.out, " %s ;", s.Columns[i].Label)
		}
		fmt.Fprint(p.out, " "+texts.Say(l, "cli.values", "number", col.Distinct))
		if col.Min != "" {
			fmt.Fprint(p.out, texts.Say(l, "cli.from_to", "min", lang.Cut(clean(col.Min), 30), "max", lang.Cut(clean(col.Max), 30)))
		}
		fmt.Fprintln(p.out)
		for _, f := range surface.Facts(&col, l) {
			fmt.Fprintf(p.out, "      %s\n", clean(f))
		}
	}
	for _, f := range surface.RowFacts(t, l) {
		fmt.Fprintln(p.out, "  "+clean(f))
	}
	fmt.Fprintln(p.out, "  "+texts.Say(l, "cli.first_rows"))
	for _, row := range s.Rows {
		var cells []string
		for _, v := range row[:min(8, len(row))] {
			cells = append(cells, lang.Cut(clean(answer.Cell(v, "", true, l)), 28))
		}
		fmt.Fprintln(p.out, "    "+strings.Join(cells, " | "))
	}
}

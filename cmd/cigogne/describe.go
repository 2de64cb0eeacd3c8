package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/search"
	"cigogne/internal/store"

	"github.com/spf13/cobra"
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
	lib, err := h.library()
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
	lib, err := h.library()
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
	printDataset(p, &out.Dataset, out.Quality)
	for i := range out.Tables {
		printTable(p, &out.Tables[i], out.Samples[i])
	}
	if len(out.Ask) > 0 {
		fmt.Fprintln(p.out, p.lang().Pick("\nOn peut lui demander :", "\nOne can ask it:"))
		for _, x := range out.Ask {
			fmt.Fprintln(p.out, "  "+x)
		}
	}
	return nil
}

// oneDataset finds one by ID or name, harvested ones first; nil where there is none.
func oneDataset(embedded []dataset.Dataset, gen *store.Generation, key string) (*dataset.Dataset, error) {
	if gen != nil {
		found, err := gen.Dataset(key)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return &found[0], nil
		}
	}
	if i := slices.IndexFunc(embedded, func(d dataset.Dataset) bool { return d.ID == key || d.Name == key }); i >= 0 {
		return &embedded[i], nil
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
	text := fmt.Sprintf(l.Pick("Aucun jeu de données ne s'appelle « %s ».", "No dataset is called “%s”."), lang.Cut(clean(key), 80))
	near, err := lib.Search(ctx, search.Query{Text: strings.NewReplacer("-", " ", "_", " ").Replace(key), Limit: 3}, l)
	if err != nil {
		return err
	}
	if len(near) > 0 {
		var names []string
		for _, d := range near {
			names = append(names, clean(d.Name))
		}
		text += l.Pick(" Proches : ", " Near: ") + strings.Join(names, ", ") + "."
	}
	return told{text}
}

var criteria = map[dataset.Criterion][2]string{
	dataset.HasLicence: {"licence", "licence"}, dataset.HasPeriod: {"période couverte", "period covered"}, dataset.HasSpatial: {"territoire", "territory"},
	dataset.HasFrequency: {"fréquence de mise à jour", "update frequency"}, dataset.UpToDate: {"mise à jour à temps", "update on time"},
	dataset.HasDescription: {"description", "description"}, dataset.HasOpenFormat: {"format ouvert", "open format"},
}

func printDataset(p *program, d *dataset.Dataset, q assistant.DescriptionQuality) {
	l := p.lang()
	fmt.Fprintln(p.out, clean(d.Title))
	s := answer.SourceOf(d, &dataset.Table{})
	line := func(fr, en, v string) {
		if v != "" {
			fmt.Fprintf(p.out, "  %-12s %s\n", l.Pick(fr, en), clean(v))
		}
	}
	line("identifiant", "id", d.ID)
	line("nom", "name", d.Name)
	line("éditeur", "publisher", d.Publisher)
	line("licence", "licence", s.Licence)
	line("période", "period", strings.ReplaceAll(s.Period, "/", "–"))
	line("modifié", "modified", s.Modified)
	line("fréquence", "frequency", d.Frequency)
	line("adresse", "address", d.URL)
	var missing []string
	for _, c := range q.Missing {
		missing = append(missing, l.Pick(criteria[c][0], criteria[c][1]))
	}
	grade := fmt.Sprintf("%d/%d", len(q.Met), len(q.Met)+len(q.Missing))
	if len(missing) > 0 {
		grade += l.Pick(" ; manque : ", "; missing: ") + strings.Join(missing, ", ")
	}
	line("qualité", "quality", grade)
	if d.Description != "" {
		fmt.Fprintln(p.out, "\n"+lang.Cut(clean(d.Description), 1200))
	}
	if len(d.Distributions) > 0 {
		fmt.Fprintln(p.out, l.Pick("\nFichiers :", "\nFiles:"))
		for _, x := range d.Distributions[:min(20, len(d.Distributions))] {
			fmt.Fprintf(p.out, "  %-8s %s %s\n", clean(x.Format), clean(x.Title), clean(x.URL))
		}
	}
}

func printTable(p *program, t *dataset.Table, s assistant.Sample) {
	l := p.lang()
	fmt.Fprintf(p.out, l.Pick("\nTable %s : %s lignes\n", "\nTable %s: %s rows\n"), t.ID, lang.FormatNumber(float64(t.Rows), 0, l))
	for i, col := range t.Columns {
		fmt.Fprintf(p.out, "  %-24s %-9s", lang.Cut(clean(col.Name), 24), col.Type)
		if i < len(s.Columns) && s.Columns[i].Label != "" {
			fmt.Fprintf(p.out, " %s ;", s.Columns[i].Label)
		}
		fmt.Fprintf(p.out, l.Pick(" %d valeurs", " %d values"), col.Distinct)
		if col.Min != "" {
			fmt.Fprintf(p.out, l.Pick(", de %s à %s", ", from %s to %s"), lang.Cut(clean(col.Min), 30), lang.Cut(clean(col.Max), 30))
		}
		fmt.Fprintln(p.out)
	}
	fmt.Fprintln(p.out, l.Pick("  Premières lignes :", "  First rows:"))
	for _, row := range s.Rows {
		var cells []string
		for _, v := range row[:min(8, len(row))] {
			cells = append(cells, lang.Cut(clean(answer.Cell(v, "", true, l)), 28))
		}
		fmt.Fprintln(p.out, "    "+strings.Join(cells, " | "))
	}
}

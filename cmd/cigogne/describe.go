package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/search"
)

// described is what `dataset --json` prints.
type described struct {
	Dataset dataset.Dataset  `json:"dataset"`
	Quality describedQuality `json:"quality"`
	Tables  []dataset.Table  `json:"tables"`
	Ask     []string         `json:"ask,omitempty"` // questions it answers
}

type describedQuality struct {
	Score   float64             `json:"score"`
	Missing []dataset.Criterion `json:"missing,omitempty"`
}

func datasetCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("dataset", io)
	o.register(fs)
	asJSON := fs.Bool("json", false, "print as JSON")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errUsage
	}
	h := newHouse(o, io)
	defer h.Close()
	lib, err := h.library()
	if err != nil {
		return err
	}
	d, err := h.dataset(rest[0])
	if err != nil {
		return err
	}
	if d == nil {
		return h.unknownDataset(ctx, lib, rest[0])
	}
	q := dataset.QualityOf(*d, time.Now())
	out := described{Dataset: *d, Quality: describedQuality{q.Score(), q.Missing}, Tables: []dataset.Table{}}
	var candidates []plan.Candidate
	for _, c := range lib.Tables() {
		if c.Dataset != nil && c.Dataset.ID == d.ID {
			candidates = append(candidates, c)
			out.Tables = append(out.Tables, *c.Table)
			if c.Annotation != nil {
				for _, x := range c.Annotation.Questions {
					out.Ask = append(out.Ask, x.Pick(string(io.lang())))
				}
			}
		}
	}
	if *asJSON {
		return printJSON(io.out, out)
	}
	printDataset(io, d, q)
	for _, c := range candidates {
		if err := printTable(ctx, io, lib, c); err != nil {
			return err
		}
	}
	if len(out.Ask) > 0 {
		fmt.Fprintln(io.out, io.lang().Pick("\nOn peut lui demander :", "\nOne can ask it:"))
		for _, x := range out.Ask {
			fmt.Fprintln(io.out, "  "+x)
		}
	}
	return nil
}

// dataset finds one by ID or name, harvested ones first; nil where there is none.
func (h *house) dataset(key string) (*dataset.Dataset, error) {
	gen, err := h.generation()
	if err != nil {
		return nil, err
	}
	if gen != nil {
		found, err := gen.Dataset(key)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return &found[0], nil
		}
	}
	c, err := h.embedded()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(c.Datasets, func(d dataset.Dataset) bool { return d.ID == key || d.Name == key }); i >= 0 {
		return &c.Datasets[i], nil
	}
	return nil, nil
}

func (h *house) unknownDataset(ctx context.Context, lib *library.Catalogue, key string) error {
	l := h.io.lang()
	text := fmt.Sprintf(l.Pick("Aucun jeu de données ne s'appelle « %s ».", "No dataset is called “%s”."), clip(clean(key), 80))
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

func printDataset(io stdio, d *dataset.Dataset, q dataset.Quality) {
	l := io.lang()
	fmt.Fprintln(io.out, clean(d.Title))
	s := answer.SourceOf(d, &dataset.Table{})
	line := func(fr, en, v string) {
		if v != "" {
			fmt.Fprintf(io.out, "  %-12s %s\n", l.Pick(fr, en), clean(v))
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
		fmt.Fprintln(io.out, "\n"+clip(clean(d.Description), 1200))
	}
	if len(d.Distributions) > 0 {
		fmt.Fprintln(io.out, l.Pick("\nFichiers :", "\nFiles:"))
		for _, x := range d.Distributions[:min(20, len(d.Distributions))] {
			fmt.Fprintf(io.out, "  %-8s %s %s\n", clean(x.Format), clean(x.Title), clean(x.URL))
		}
	}
}

func printTable(ctx context.Context, io stdio, lib *library.Catalogue, c plan.Candidate) error {
	l := io.lang()
	fmt.Fprintf(io.out, l.Pick("\nTable %s : %s lignes\n", "\nTable %s: %s rows\n"), c.Table.ID, lang.FormatNumber(float64(c.Table.Rows), 0, l))
	for _, col := range c.Table.Columns {
		fmt.Fprintf(io.out, "  %-24s %-9s", clip(clean(col.Name), 24), col.Type)
		if label := noteLabel(c.Annotation, col.Name, l); label != "" {
			fmt.Fprintf(io.out, " %s ;", label)
		}
		fmt.Fprintf(io.out, l.Pick(" %d valeurs", " %d values"), col.Distinct)
		if col.Min != "" {
			fmt.Fprintf(io.out, l.Pick(", de %s à %s", ", from %s to %s"), clip(clean(col.Min), 30), clip(clean(col.Max), 30))
		}
		fmt.Fprintln(io.out)
	}
	var cols []string
	for _, col := range c.Table.Columns[:min(8, len(c.Table.Columns))] {
		cols = append(cols, col.Name)
	}
	p := &query.Plan{Table: c.Table.ID, Columns: cols, Limit: 3}
	compiled, err := query.Compile(p, func(string) *dataset.Table { return c.Table })
	if err != nil {
		return err
	}
	res, err := lib.Query(ctx, p.Tables(), compiled.SQL, compiled.Args...)
	if err != nil {
		return err
	}
	fmt.Fprintln(io.out, l.Pick("  Premières lignes :", "  First rows:"))
	for _, row := range res.Rows {
		var cells []string
		for _, v := range row {
			cells = append(cells, clip(clean(answer.Cell(v, "", true, l)), 28))
		}
		fmt.Fprintln(io.out, "    "+strings.Join(cells, " | "))
	}
	return nil
}

func noteLabel(a *dataset.Annotation, column string, l lang.Lang) string {
	if a == nil {
		return ""
	}
	for _, n := range a.Column {
		if strings.EqualFold(n.Name, column) {
			return n.Label.Pick(string(l))
		}
	}
	return ""
}

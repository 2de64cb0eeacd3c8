package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/insight"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/quality"
	"cigogne/internal/refresh"
	"cigogne/internal/surface/sheet"
)

// wanted is which part of the report is asked for.
type wanted struct {
	dataset   string // ID or name, "": all
	publisher string // part of the name, "": all
	files     []string
	json      bool
}

func qualityCommand(p *program) *cobra.Command {
	var w wanted
	var asJSON *bool
	c := p.command("quality", "[ID]", between(0, 1), func(ctx context.Context, args []string) error {
		if len(args) > 0 {
			w.dataset = args[0]
		}
		w.json = *asJSON
		return tellQuality(ctx, p, w)
	})
	c.Flags().StringVar(&w.publisher, "publisher", "", p.say("cli.flag_publisher"))
	c.Flags().StringSliceVar(&w.files, "write", nil, p.say("cli.flag_write"))
	asJSON = p.jsonFlag(c)
	c.ValidArgsFunction = p.datasetNames
	return c
}

// tellQuality judges the catalogue, prints the report and writes it to files.
func tellQuality(ctx context.Context, p *program, w wanted) error {
	for _, f := range w.files {
		if reportWriter(f) == nil {
			return errUsage
		}
	}
	h := newHouse(p)
	defer h.Close()
	lib, err := h.library(ctx)
	if err != nil {
		return err
	}
	asked, err := askedOf(ctx, p)
	if err != nil {
		return err
	}
	sheets, err := p.judged(ctx, lib, asked, w)
	if err != nil {
		return err
	}
	if len(sheets) == 0 {
		return told{p.say("quality.none")}
	}
	r := quality.Reported(sheets)
	for _, f := range w.files {
		if err := writeReport(p, f, r); err != nil {
			return err
		}
		fmt.Fprintln(p.err, p.say("quality.written", "file", f))
	}
	switch {
	case w.json:
		return printJSON(p.out, r)
	case len(w.files) == 0:
		printReport(p, r, w)
	}
	return nil
}

// judged judges the datasets that are wanted, with the tables that were read of them.
func (p *program) judged(ctx context.Context, lib *library.Catalogue, asked map[string]int, w wanted) ([]quality.Sheet, error) {
	tables := map[string][]dataset.Table{}
	for _, c := range lib.Tables() {
		if c.Dataset != nil {
			tables[c.Dataset.ID] = append(tables[c.Dataset.ID], *c.Table)
		}
	}
	file, err := p.linksFile()
	if err != nil {
		return nil, err
	}
	links := refresh.TriedLinks(file)
	now := time.Now()
	publisher := lang.Fold(w.publisher)
	var out []quality.Sheet
	for d, err := range lib.Datasets(ctx) {
		if err != nil {
			return nil, err
		}
		if w.dataset != "" && d.ID != w.dataset && d.Name != w.dataset || publisher != "" && !strings.Contains(lang.Fold(d.Publisher), publisher) {
			continue
		}
		links.Mark(&d)
		s := quality.Of(&d, tables[d.ID], now)
		s.Asked = asked[d.ID]
		out = append(out, s)
	}
	return out, nil
}

// askedOf counts the kept answers that came from each dataset; none where no answer is kept.
func askedOf(ctx context.Context, p *program) (map[string]int, error) {
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer led.Close()
	r, err := insight.Of(led.Records(ctx), time.Time{})
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, d := range r.Datasets {
		out[d.ID] = d.Answers
	}
	return out, nil
}

// reportWriter is how a report is written to a file, by its ending; nil: not at all.
func reportWriter(file string) func(*program, io.Writer, *quality.Report) error {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".html", ".htm":
		return func(p *program, w io.Writer, r *quality.Report) error { return quality.HTML(w, r, p.lang()) }
	case ".csv":
		return func(p *program, w io.Writer, r *quality.Report) error { return sheet.CSV(w, findingsOf(p, r)) }
	case ".json":
		return func(_ *program, w io.Writer, r *quality.Report) error { return printJSON(w, r) }
	}
	return nil
}

// writeReport writes a file whole or leaves the one that was there.
func writeReport(p *program, file string, r *quality.Report) error {
	part, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return told{p.say("quality.not_written", "file", file, "cause", cause(err))}
	}
	defer os.Remove(part.Name())
	err = errors.Join(reportWriter(file)(p, part, r), part.Chmod(0o644), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), file)
	}
	if err != nil {
		return told{p.say("quality.not_written", "file", file, "cause", cause(err))}
	}
	return nil
}

// cause is the last of an error's reasons, as the system says it.
func cause(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// findingsOf is the report as a table: a row for each thing to mend.
func findingsOf(p *program, r *quality.Report) *answer.Answer {
	l := p.lang()
	a := &answer.Answer{Lang: l}
	for _, name := range []string{
		p.say("quality.publisher"), p.say("quality.dataset"), "ID", p.say("quality.score"), p.say("quality.record"), p.say("quality.files"), p.say("quality.answers"),
		p.say("quality.points"), p.say("quality.missing"), p.say("quality.property"), p.say("quality.remedy"), p.say("quality.where"), "URL",
	} {
		a.Columns = append(a.Columns, answer.Column{Name: name})
	}
	for _, pub := range r.Publishers {
		for _, s := range pub.Sheets {
			var files any
			if s.Content != nil {
				files = tenth(*s.Content)
			}
			for _, f := range s.Findings {
				var where []string
				for _, d := range f.Details {
					where = append(where, d.Sentence(l))
				}
				a.Rows = append(a.Rows, []any{
					pub.Called(l), s.Title, s.ID, tenth(s.Score), tenth(s.Metadata), files, int64(s.Asked),
					tenth(f.Lost), quality.Reason(f.Check, l), f.Property, quality.Remedy(f.Check, l), strings.Join(where, " ; "), s.URL,
				})
			}
		}
	}
	return a
}

func tenth(x float64) float64 { return float64(int64(x*10+0.5)) / 10 }

const (
	printedPublishers = 20
	printedFixes      = 3
	printedSheets     = 5
)

// printReport prints the worst of each publisher, or all of one dataset.
func printReport(p *program, r *quality.Report, w wanted) {
	l := p.lang()
	if r.Datasets == 1 {
		printSheet(p, &r.Publishers[0].Sheets[0])
		return
	}
	fmt.Fprintln(p.out, r.Overall(l))
	for i, pub := range r.Publishers {
		if i == printedPublishers {
			fmt.Fprintln(p.out, "\n"+p.say("quality.more", "n", len(r.Publishers)-i))
			break
		}
		fmt.Fprintf(p.out, "\n%s\n  %s · %s\n", clean(pub.Called(l)), pub.Line(l), pub.Sides(l))
		for _, f := range pub.First[:min(printedFixes, len(pub.First))] {
			fmt.Fprintf(p.out, "  → %s (%s ; %s)\n", quality.Remedy(f.Check, l), quality.Reason(f.Check, l), f.Gained(l))
		}
		shown := printedSheets
		if w.publisher != "" {
			shown = len(pub.Sheets)
		}
		for _, s := range pub.Sheets[:min(shown, len(pub.Sheets))] {
			fmt.Fprintf(p.out, "  %3s  %s\n", quality.Score(s.Score, l), lang.Cut(clean(s.Title), 90))
		}
	}
}

func printSheet(p *program, s *quality.Sheet) {
	l := p.lang()
	fmt.Fprintf(p.out, "%s\n%s %s · %s\n%s : %s\n", clean(s.Title), p.say("quality.score"), quality.Score(s.Score, l), s.Sides(l), p.say("quality.dims"), s.Dimensions(l))
	for _, f := range s.Findings {
		property := ""
		if f.Property != "" {
			property = ", " + f.Property
		}
		fmt.Fprintf(p.out, "\n−%s  %s%s\n     → %s\n", lang.FormatNumber(f.Lost, 1, l), quality.Reason(f.Check, l), property, quality.Remedy(f.Check, l))
		for _, d := range slices.Clone(f.Details)[:min(10, len(f.Details))] {
			fmt.Fprintf(p.out, "       %s\n", clean(d.Sentence(l)))
		}
	}
	if len(s.Findings) == 0 {
		fmt.Fprintln(p.out, p.say("quality.perfect"))
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/scratch"
	"cigogne/internal/table"
)

// inspected is what `inspect --json` prints.
type inspected struct {
	Rows    int64             `json:"rows"`
	Columns []inspectedColumn `json:"columns"`
	Skipped []dataset.Skip    `json:"skipped"`
	Notes   []string          `json:"notes"`

	Key        []string `json:"key,omitempty"`
	Duplicates int64    `json:"duplicates,omitempty"`
}

type inspectedColumn struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Role     string   `json:"role"`
	Unit     string   `json:"unit,omitempty"`
	Nulls    int64    `json:"nulls"`
	Distinct int64    `json:"distinct"`
	Min      string   `json:"min"`
	Max      string   `json:"max"`
	Sum      *float64 `json:"sum"`
	First    string   `json:"first"`

	Kind       dataset.Kind       `json:"kind,omitempty"`
	Additivity dataset.Additivity `json:"additivity,omitempty"`
	Why        dataset.Why        `json:"why,omitempty"`
	Ratio      *dataset.Ratio     `json:"ratio,omitempty"`
	Within     []string           `json:"within,omitempty"`
	Totals     []string           `json:"totals,omitempty"`
	Whole      string             `json:"whole,omitempty"`
	Levels     []string           `json:"levels,omitempty"`
}

func inspectCommand(p *program) *cobra.Command {
	var asJSON *bool
	c := p.command("inspect", p.say("cli.takes_file"), between(1, 1), func(ctx context.Context, args []string) error {
		return printInspected(ctx, p, args[0], *asJSON)
	})
	asJSON = p.jsonFlag(c)
	return c
}

func printInspected(ctx context.Context, p *program, path string, asJSON bool) error {
	t, err := inspect(ctx, path)
	if err != nil {
		return fileOr(path, err, p)
	}
	seen := inspected{Rows: t.Rows, Skipped: append([]dataset.Skip{}, t.Skipped...), Notes: []string{}, Key: t.Key, Duplicates: t.Duplicates}
	for _, n := range t.Notes {
		seen.Notes = append(seen.Notes, clean(table.Describe(n, p.lang())))
	}
	for _, c := range t.Columns {
		seen.Columns = append(seen.Columns, inspectedColumn{c.Name, string(c.Type), string(c.Role), c.Unit, c.Nulls, c.Distinct, c.Min, c.Max, c.Sum, c.First,
			c.Kind, c.Additivity, c.Why, c.Ratio, c.Within, c.Totals, c.Whole, c.Levels})
	}
	if asJSON {
		return printJSON(p.out, seen)
	}
	fmt.Fprintf(p.out, "%s, %s\n\n", p.say("cli.rows", "n", seen.Rows), p.say("cli.columns", "n", len(seen.Columns)))
	for i, c := range seen.Columns {
		fmt.Fprintf(p.out, "  %-32s %-9s %-10s", lang.Cut(clean(c.Name), 32), c.Type, c.Role)
		if c.Nulls > 0 {
			fmt.Fprint(p.out, " "+p.say("cli.empty", "number", c.Nulls))
		}
		fmt.Fprint(p.out, " "+p.say("cli.distinct", "number", c.Distinct))
		if c.Min != "" {
			fmt.Fprintf(p.out, ", %s … %s", lang.Cut(clean(c.Min), 24), lang.Cut(clean(c.Max), 24))
		}
		fmt.Fprintln(p.out)
		for _, f := range facts(p, &t.Columns[i]) {
			fmt.Fprintf(p.out, "      %s\n", clean(f))
		}
	}
	for _, f := range rowFacts(p, t) {
		fmt.Fprintln(p.out, "\n"+clean(f))
	}
	for _, s := range seen.Skipped {
		fmt.Fprint(p.out, "\n"+p.say("cli.line_left_out", "number", s.Line, "reason", s.Reason, "text", lang.Cut(clean(s.Text), 80)))
	}
	if len(seen.Notes) > 0 {
		fmt.Fprintln(p.out, "\n"+strings.Join(seen.Notes, "\n"))
	}
	return nil
}

// rowFacts says what a row of a table is, and how many say nothing new.
func rowFacts(p *program, t *dataset.Table) []string {
	var out []string
	if len(t.Key) > 0 {
		out = append(out, p.say("cli.fact_key", "columns", strings.Join(t.Key, " + ")))
	}
	if t.Duplicates > 0 {
		out = append(out, p.say("cli.fact_duplicates", "n", t.Duplicates))
	}
	return out
}

// facts says what a column may be added up over, what it repeats and which of
// its cells are totals.
func facts(p *program, c *dataset.Column) []string {
	var out []string
	switch {
	case c.Additivity == dataset.Never:
		out = append(out, p.say("cli.fact_never"))
	case c.Additivity == dataset.NotOverTime:
		out = append(out, p.say("cli.fact_not_over_time"))
	}
	if r := c.Ratio; r != nil {
		out = append(out, p.say("cli.fact_ratio", "scale", r.Scale, "of", r.Of, "over", r.Over))
	}
	if len(c.Within) > 0 && c.Sum != nil {
		out = append(out, p.say("cli.fact_within", "columns", strings.Join(c.Within, " + ")))
	}
	if len(c.Totals) > 0 {
		out = append(out, p.say("cli.fact_totals", "cells", strings.Join(c.Totals, ", ")))
	}
	if len(c.Levels) > 0 {
		out = append(out, p.say("cli.fact_levels", "cells", strings.Join(c.Levels, ", ")))
	}
	return out
}

func inspect(ctx context.Context, path string) (*dataset.Table, error) {
	dir, err := scratch.Dir("cigogne-inspect-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	return table.Convert(ctx, path, filepath.Join(dir, "table.parquet"), table.Options{Name: filepath.Base(path)})
}

// fileOr puts the error of reading a file into a sentence that names it.
func fileOr(path string, err error, p *program) error {
	var bad *table.Error
	var missing *fs.PathError
	if errors.As(err, &missing) {
		return fileError(path, err, p.lang())
	}
	if errors.As(err, &bad) {
		return told{bad.Sentence(filepath.Base(path), p.lang())}
	}
	return err
}

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
	"cigogne/internal/surface"
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

	Part   string        `json:"part,omitempty"`   // of its file, where that holds several tables
	Others []inspected   `json:"others,omitempty"` // the file's other tables
	Left   []leftInspect `json:"left,omitempty"`   // what else the file holds
}

type leftInspect struct {
	Name string `json:"name"`
	Why  string `json:"why"`
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
	tables, left, err := inspect(ctx, path)
	if err != nil {
		return fileOr(path, err, p)
	}
	var all []inspected
	for _, t := range tables {
		all = append(all, seenOf(p, t))
	}
	seen := all[0]
	seen.Others = all[1:]
	for _, x := range left {
		seen.Left = append(seen.Left, leftInspect{clean(x.Name), x.Err.Sentence(clean(x.Name), p.lang())})
	}
	if asJSON {
		return printJSON(p.out, seen)
	}
	for i, t := range tables {
		if i > 0 {
			fmt.Fprintln(p.out)
		}
		if t.Part != "" {
			fmt.Fprintln(p.out, clean(t.Part)+"\n")
		}
		printProfile(p, t, all[i])
	}
	for _, x := range seen.Left {
		fmt.Fprintln(p.out, "\n"+p.say("cli.left_aside", "why", x.Why))
	}
	return nil
}

// seenOf is a table as inspect shows it.
func seenOf(p *program, t *dataset.Table) inspected {
	seen := inspected{Rows: t.Rows, Skipped: append([]dataset.Skip{}, t.Skipped...), Notes: []string{}, Key: t.Key, Duplicates: t.Duplicates, Part: t.Part}
	for _, n := range t.Notes {
		seen.Notes = append(seen.Notes, clean(table.Describe(n, p.lang())))
	}
	for _, c := range t.Columns {
		seen.Columns = append(seen.Columns, inspectedColumn{c.Name, string(c.Type), string(c.Role), c.Unit, c.Nulls, c.Distinct, c.Min, c.Max, c.Sum, c.First,
			c.Kind, c.Additivity, c.Why, c.Ratio, c.Within, c.Totals, c.Whole, c.Levels})
	}
	return seen
}

func printProfile(p *program, t *dataset.Table, seen inspected) {
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
		for _, f := range surface.Facts(&t.Columns[i], p.lang()) {
			fmt.Fprintf(p.out, "      %s\n", clean(f))
		}
	}
	for _, f := range surface.RowFacts(t, p.lang()) {
		fmt.Fprintln(p.out, "\n"+clean(f))
	}
	for _, s := range seen.Skipped {
		fmt.Fprint(p.out, "\n"+p.say("cli.line_left_out", "number", s.Line, "reason", table.Describe(s.Reason, p.lang()), "text", lang.Cut(clean(s.Text), 80)))
	}
	if len(seen.Notes) > 0 {
		fmt.Fprintln(p.out, "\n"+strings.Join(seen.Notes, "\n"))
	}
}

func inspect(ctx context.Context, path string) ([]*dataset.Table, []table.Left, error) {
	dir, err := scratch.Dir("cigogne-inspect-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	reader, err := table.NewReader()
	if err != nil {
		return nil, nil, err
	}
	defer reader.Close()
	return reader.ConvertAll(ctx, path, func(int) string { return filepath.Join(dir, "table.parquet") }, table.Options{Name: filepath.Base(path)})
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

package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/search"
)

// found is a line of `search --json`.
type found struct {
	ID      string           `json:"id,omitempty"`
	Results []answer.Dataset `json:"results"`
}

// searching is what `search` is told besides the words.
type searching struct {
	json  bool
	limit int
	why   bool
	batch string // JSONL file of questions
	like  string // ID or name of a dataset: its series
}

const mostResults = 1000

func searchCommand(p *program) *cobra.Command {
	var how searching
	c := p.command("search", p.say("cli.takes_words"), nil, func(ctx context.Context, args []string) error {
		return find(ctx, p, how, args)
	})
	c.Args = func(_ *cobra.Command, args []string) error {
		if how.batch == "" && how.like == "" && len(args) == 0 || how.limit < 1 || how.limit > mostResults {
			return errUsage
		}
		return nil
	}
	c.Flags().BoolVar(&how.json, "json", false, p.say("cli.flag_json"))
	c.Flags().IntVar(&how.limit, "limit", 10, p.say("cli.flag_limit"))
	c.Flags().BoolVar(&how.why, "why", false, p.say("cli.flag_why"))
	c.Flags().StringVar(&how.batch, "batch", "", p.say("cli.flag_search_batch"))
	c.Flags().StringVar(&how.like, "like", "", p.say("cli.flag_like"))
	_ = c.MarkFlagFilename("batch", "jsonl")
	return c
}

func find(ctx context.Context, p *program, how searching, args []string) error {
	h := newHouse(p)
	defer h.Close()
	lib, err := h.library(ctx)
	if err != nil {
		return err
	}
	if how.batch != "" {
		return searchBatch(ctx, lib, how.batch, how.limit, p)
	}
	text := strings.Join(args, " ")
	hits, err := lib.Search(ctx, search.Query{Text: text, Like: how.like, Limit: how.limit, Fold: !how.json && how.like == ""}, p.lang())
	if err != nil {
		return err
	}
	if how.json {
		return printJSON(p.out, found{Results: append([]answer.Dataset{}, hits...)})
	}
	if len(hits) == 0 {
		return told{p.say("cli.no_dataset_fits_try_other_words", "url", search.Elsewhere(text))}
	}
	series := ""
	for i, d := range hits {
		fmt.Fprintf(p.out, "%2d. %s\n    %s", i+1, lang.Cut(clean(d.Title), 110), clean(d.Name))
		if d.Publisher != "" {
			fmt.Fprintf(p.out, " · %s", clean(d.Publisher))
		}
		if d.Similar > 0 {
			fmt.Fprint(p.out, answer.Others(d.Similar, p.lang()))
			series = cmp.Or(series, d.Name, d.ID)
		}
		fmt.Fprintln(p.out)
		if how.why && len(d.Why) > 0 {
			fmt.Fprintln(p.out, "    "+clean(strings.Join(d.Why, ", ")))
		}
	}
	if series != "" {
		fmt.Fprintln(p.out, p.say("cli.open_series", "name", clean(series)))
	}
	return nil
}

func searchBatch(ctx context.Context, lib *library.Catalogue, path string, limit int, p *program) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err, p.lang())
	}
	defer f.Close()
	out := bufio.NewWriter(p.out)
	defer out.Flush()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q asked
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return told{p.say("cli.line_not_readable_json_2", "path", path, "number", n)}
		}
		hits, err := lib.Search(ctx, search.Query{Text: q.Question, Limit: limit}, lang.Detect(q.Question))
		if err != nil {
			return err
		}
		if err := printJSON(out, found{q.ID, append([]answer.Dataset{}, hits...)}); err != nil {
			return err
		}
	}
	return lines.Err()
}

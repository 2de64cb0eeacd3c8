package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

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

func searchCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("search", io)
	o.register(fs)
	asJSON := fs.Bool("json", false, "print as JSON")
	limit := fs.Int("limit", 10, "results at most")
	why := fs.Bool("why", false, "say what speaks for each result")
	batch := fs.String("batch", "", "search for each line of a JSONL `FILE`")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if *batch == "" && len(rest) == 0 || *limit < 1 || *limit > 1000 {
		return errUsage
	}
	h := newHouse(o, io)
	defer h.Close()
	lib, err := h.library()
	if err != nil {
		return err
	}
	if *batch != "" {
		return searchBatch(ctx, lib, *batch, *limit, io)
	}
	text := strings.Join(rest, " ")
	hits, err := lib.Search(ctx, search.Query{Text: text, Limit: *limit, Fold: !*asJSON}, io.lang())
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(io.out, found{Results: append([]answer.Dataset{}, hits...)})
	}
	if len(hits) == 0 {
		return told{io.lang().Pick("Aucun jeu de données ne correspond. Essayez d'autres mots, cherchez sur https://www.data.gouv.fr, ou moissonnez un autre portail.", "No dataset fits. Try other words, look at https://www.data.gouv.fr, or harvest another portal.")}
	}
	for i, d := range hits {
		fmt.Fprintf(io.out, "%2d. %s\n    %s", i+1, clip(clean(d.Title), 110), clean(d.Name))
		if d.Publisher != "" {
			fmt.Fprintf(io.out, " · %s", clean(d.Publisher))
		}
		if d.Similar > 0 {
			fmt.Fprint(io.out, answer.Others(d.Similar, io.lang()))
		}
		fmt.Fprintln(io.out)
		if *why && len(d.Why) > 0 {
			fmt.Fprintln(io.out, "    "+clean(strings.Join(d.Why, ", ")))
		}
	}
	return nil
}

func searchBatch(ctx context.Context, lib *library.Catalogue, path string, limit int, io stdio) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err, io.lang())
	}
	defer f.Close()
	out := bufio.NewWriter(io.out)
	defer out.Flush()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q asked
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return told{fmt.Sprintf(io.lang().Pick("%s, ligne %d : ce n'est pas du JSON lisible.", "%s, line %d: not readable JSON."), path, n)}
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

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
)

func askCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("ask", io)
	o.register(fs)
	asJSON := fs.Bool("json", false, "print the answer as JSON")
	batch := fs.String("batch", "", "answer each line of a JSONL `FILE`")
	picture := fs.String("chart", "", "write the answer's chart to this `FILE` (.svg or .png)")
	file := fs.String("table", "", "ask this `FILE` (CSV, Parquet …) instead of the catalogue")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if *batch == "" && len(rest) == 0 {
		return errUsage
	}
	h := newHouse(o, io)
	h.keeper = openKeeper(ctx, o, io)
	defer h.keeper.Close()
	defer h.Close()
	if *batch != "" {
		return askBatch(ctx, h, *batch, io)
	}
	question := strings.Join(rest, " ")
	as, err := h.assistant(ctx, *file)
	if err != nil {
		return err
	}
	a, err := as.Ask(ctx, assistant.Question{Text: question})
	if *asJSON {
		if err := printJSON(io.out, a); err != nil {
			return err
		}
	} else if a.Kind != answer.KindRefusal {
		fmt.Fprintln(io.out, io.shown(a))
	}
	if err == nil && *picture != "" && a.Kind != answer.KindRefusal {
		if err := h.draw(a, *picture, io.lang()); err != nil {
			return err
		}
	}
	if err != nil || a.Kind == answer.KindRefusal {
		if *asJSON {
			return told{firstLine(a.Text)}
		}
		return told{io.shown(a)}
	}
	return nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// asked is a line of a batch.
type asked struct {
	ID           string `json:"id"`
	Question     string `json:"question"`
	Table        string `json:"table"`
	Conversation string `json:"conversation"`
}

// askBatch answers every line, in order, in this one process; a line that
// cannot be answered gets a refusal, never stops the others.
func askBatch(ctx context.Context, h *house, path string, io stdio) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err, io.lang())
	}
	defer f.Close()
	out := bufio.NewWriter(io.out)
	defer out.Flush()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	broken := 0
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q asked
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			broken++
			text := fmt.Sprintf(io.lang().Pick("Ligne %d : ce n'est pas du JSON lisible.", "Line %d: not readable JSON."), n)
			if err := printJSON(out, &answer.Answer{Lang: io.lang(), Kind: answer.KindRefusal, Text: text}); err != nil {
				return err
			}
			continue
		}
		if q.Table != "" && !filepath.IsAbs(q.Table) {
			q.Table = filepath.Join(filepath.Dir(path), q.Table)
		}
		if err := printJSON(out, h.answer(ctx, q)); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if broken > 0 {
		return told{fmt.Sprintf(io.lang().Pick("Lignes illisibles dans %s : %d.", "Unreadable lines in %s: %d."), path, broken)}
	}
	return lines.Err()
}

// answer answers one line of a batch, whatever happens.
func (h *house) answer(ctx context.Context, q asked) *answer.Answer {
	as, err := h.assistant(ctx, q.Table)
	if err != nil {
		l := lang.Detect(q.Question)
		return &answer.Answer{ID: q.ID, Question: q.Question, Lang: l, Kind: answer.KindRefusal, Text: sentence(err, l)}
	}
	a, _ := as.Ask(ctx, assistant.Question{ID: q.ID, Text: q.Question, Conversation: q.Conversation}) // the answer says what went wrong
	return a
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func fileError(path string, err error, l lang.Lang) error {
	if errors.Is(err, os.ErrNotExist) {
		return told{fmt.Sprintf(l.Pick("Le fichier %s n'existe pas.", "There is no file %s."), path)}
	}
	return told{fmt.Sprintf(l.Pick("Le fichier %s ne peut pas être lu.", "The file %s cannot be read."), path)}
}

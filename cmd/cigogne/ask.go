package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// asking is what `ask` is told besides the question.
type asking struct {
	json    bool
	batch   string // JSONL file of questions
	picture string // file for the chart
	table   string // file to ask
}

func askCommand(p *program) *cobra.Command {
	var how asking
	c := p.command("ask", p.say("cli.takes_question"), nil, func(ctx context.Context, args []string) error {
		return ask(ctx, p, how, args)
	})
	c.Args = func(_ *cobra.Command, args []string) error {
		if how.batch == "" && len(args) == 0 {
			return errUsage
		}
		return nil
	}
	c.Example = p.say("cli.example_ask")
	c.Flags().BoolVar(&how.json, "json", false, p.say("cli.flag_json"))
	c.Flags().StringVar(&how.batch, "batch", "", p.say("cli.flag_batch"))
	c.Flags().StringVar(&how.picture, "chart", "", p.say("cli.flag_chart"))
	c.Flags().StringVar(&how.table, "table", "", p.say("cli.flag_table"))
	_ = c.MarkFlagFilename("batch", "jsonl")
	_ = c.MarkFlagFilename("chart", "svg", "png")
	_ = c.MarkFlagFilename("table")
	return c
}

// onceGC lets the heap of a process that answers once grow to five times what it
// holds, some 80 MB, before it is swept: an eighth of the processor time.
const onceGC = 400

func ask(ctx context.Context, p *program, how asking, args []string) error {
	h := newHouse(p)
	h.keeper = openKeeper(ctx, p, false)
	defer h.keeper.Close()
	defer h.Close()
	if how.batch != "" {
		return askBatch(ctx, h, how.batch)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(onceGC))
	question := strings.Join(args, " ")
	as, err := h.assistant(ctx, how.table)
	if err != nil {
		return err
	}
	a, err := as.Ask(ctx, assistant.Question{Text: question})
	if how.json {
		if err := printJSON(p.out, a); err != nil {
			return err
		}
	} else if a.Kind != answer.KindRefusal {
		fmt.Fprintln(p.out, p.shown(a))
	}
	if err == nil && how.picture != "" && a.Kind != answer.KindRefusal {
		if err := h.draw(ctx, a, how.picture, p.lang()); err != nil {
			return err
		}
	}
	if err != nil || a.Kind == answer.KindRefusal {
		if how.json {
			return told{firstLine(a.Text)}
		}
		return told{p.shown(a)}
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
	Table        string `json:"table,omitempty"`
	Conversation string `json:"conversation,omitempty"`
}

// askBatch answers every line, in order, in this one process; a line that
// cannot be answered gets a refusal, never stops the others.
func askBatch(ctx context.Context, h *house, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err, h.lang())
	}
	defer f.Close()
	out := bufio.NewWriter(h.out)
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
			text := h.say("cli.line_not_readable_json", "number", n)
			if err := printJSON(out, &answer.Answer{Lang: h.lang(), Kind: answer.KindRefusal, Text: text}); err != nil {
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
		return told{h.say("cli.unreadable_lines_in", "path", path, "number", broken)}
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
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(visible(b.Bytes()))
	return err
}

func fileError(path string, err error, l lang.Lang) error {
	if errors.Is(err, os.ErrNotExist) {
		return told{texts.Say(l, "cli.no_file", "path", path)}
	}
	return told{texts.Say(l, "cli.unreadable_file", "path", path)}
}

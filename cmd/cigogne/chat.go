package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/surface/terminal"
)

func chatCommand(p *program) *cobra.Command {
	var table string
	c := p.command("chat", "", nothing, func(ctx context.Context, _ []string) error { return chat(ctx, p, table) })
	c.Flags().StringVar(&table, "table", "", p.say("cli.flag_talk"))
	_ = c.MarkFlagFilename("table")
	return c
}

func chat(ctx context.Context, p *program, table string) error {
	h := newHouse(p)
	h.keeper = openKeeper(ctx, p, false)
	defer h.keeper.Close()
	defer h.Close()
	as, err := h.assistant(ctx, table)
	if err != nil {
		return err
	}
	talk := terminal.Chat{Asker: as, Style: p.style(), Look: p.style, Lang: p.lang()}
	if table == "" {
		for _, a := range h.known().Annotations {
			if len(a.Questions) > 0 {
				talk.Questions = append(talk.Questions, a.Questions[0].In(talk.Lang))
			}
		}
	}
	f, typed := p.in.(*os.File)
	if !typed || !term.IsTerminal(int(f.Fd())) {
		return talk.Run(ctx, p.in, p.out)
	}
	talk.Prompt = "› "
	before, err := term.MakeRaw(int(f.Fd())) // arrows, history; Ctrl-C and Ctrl-D end the line's reading
	if err != nil {
		return talk.Run(ctx, p.in, p.out)
	}
	defer term.Restore(int(f.Fd()), before)
	screen := term.NewTerminal(struct {
		stdin
		stdout
	}{f, p.out}, talk.Prompt)
	screen.History = terminal.OpenHistory(p.historyFile(table), talk.Lang)
	names := &terminal.Completer{Out: screen, Look: p.style, Load: func() []string { return h.names(ctx, talk.Lang, table) }}
	screen.AutoCompleteCallback = names.Complete
	if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		if err := screen.SetSize(width, height); err != nil {
			return talk.Run(ctx, f, p.out)
		}
	}
	talk.Prompted = true
	return talk.Run(ctx, typist{screen, f}, screen)
}

// historyFile is where what is typed is kept: in the data directory, where there
// is one; nowhere for talk about a file of the user's own.
func (p *program) historyFile(table string) string {
	dir, err := p.dataDir()
	if err != nil || table != "" {
		return ""
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return filepath.Join(dir, historyFile)
}

const completedDatasets = 200

// names are what Tab completes: commands, questions that are good ones, what
// columns are called, places, and datasets that can be asked.
func (h *house) names(ctx context.Context, l lang.Lang, table string) []string {
	out := terminal.Commands(l)
	if table != "" {
		return out
	}
	lib, err := h.library(ctx)
	if err != nil {
		return out // the conversation itself says so
	}
	for _, c := range lib.Tables() {
		if c.Annotation == nil {
			continue
		}
		for _, q := range c.Annotation.Questions {
			out = append(out, q.In(l))
		}
		out = append(out, c.Annotation.Entity.Many.In(l))
		for _, n := range c.Annotation.Column {
			if n.Hide {
				continue
			}
			out = append(out, n.Label.In(l))
			col := c.Table.Column(n.Name)
			if n.Level == "" || col == nil || col.Role == dataset.Code {
				continue
			}
			for _, v := range col.Values {
				out = append(out, v.Text)
			}
		}
	}
	datasets, _, err := assistant.NewGuide(lib).Names(ctx, "", completedDatasets)
	if err != nil {
		return out
	}
	return append(out, datasets...)
}

type (
	stdin  interface{ Read(p []byte) (int, error) }
	stdout interface{ Write(p []byte) (int, error) }
)

// typist is a terminal that is read by lines only.
type typist struct {
	*term.Terminal
	file *os.File
}

func (typist) Read([]byte) (int, error) { return 0, errUsage }

// ReadLine reads a line of a terminal that may have another size by now.
func (t typist) ReadLine() (string, error) {
	if width, height, err := term.GetSize(int(t.file.Fd())); err == nil && width > 0 {
		_ = t.SetSize(width, height) // at worst lines break as before
	}
	return t.Terminal.ReadLine()
}

// historyFile holds the conversation's latest questions, in the data directory.
const historyFile = "history"

package main

import (
	"context"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/surface/terminal"
)

func chatCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("chat", io)
	o.register(fs)
	file := fs.String("table", "", "talk about this `FILE` (CSV, Parquet …) instead of the catalogue")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	h := newHouse(o, io)
	h.keeper = openKeeper(ctx, o, io)
	defer h.keeper.Close()
	defer h.Close()
	as, err := h.assistant(ctx, *file)
	if err != nil {
		return err
	}
	chat := terminal.Chat{Asker: as, Style: io.style(), Look: io.style, Lang: io.lang()}
	if *file == "" {
		for _, a := range h.annotations() {
			if len(a.Questions) > 0 {
				chat.Questions = append(chat.Questions, a.Questions[0].Pick(string(chat.Lang)))
			}
		}
	}
	f, typed := io.in.(*os.File)
	if !typed || !term.IsTerminal(int(f.Fd())) {
		return chat.Run(ctx, io.in, io.out)
	}
	chat.Prompt = "› "
	before, err := term.MakeRaw(int(f.Fd())) // arrows, history; Ctrl-C and Ctrl-D end the line's reading
	if err != nil {
		return chat.Run(ctx, io.in, io.out)
	}
	defer term.Restore(int(f.Fd()), before)
	screen := term.NewTerminal(struct {
		stdin
		stdout
	}{f, io.out}, chat.Prompt)
	screen.History = terminal.OpenHistory(historyFile(o, io, *file), chat.Lang)
	names := &terminal.Completer{Out: screen, Look: io.style, Load: func() []string { return h.names(ctx, chat.Lang, *file) }}
	screen.AutoCompleteCallback = names.Complete
	if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		if err := screen.SetSize(width, height); err != nil {
			return chat.Run(ctx, f, io.out)
		}
	}
	chat.Prompted = true
	return chat.Run(ctx, typist{screen, f}, screen)
}

// historyFile is where what is typed is kept: in the data directory, where there
// is one; nowhere for talk about a file of the user's own.
func historyFile(o options, io stdio, table string) string {
	dir, err := dataDir(o, io)
	if err != nil || table != "" {
		return ""
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return filepath.Join(dir, "history")
}

const completedDatasets = 200

// names are what Tab completes: commands, questions that are good ones, what
// columns are called, places, and datasets that can be asked.
func (h *house) names(ctx context.Context, l lang.Lang, table string) []string {
	out := terminal.Commands(l)
	if table != "" {
		return out
	}
	lib, err := h.library()
	if err != nil {
		return out // the conversation itself says so
	}
	for _, c := range lib.Tables() {
		if c.Annotation == nil {
			continue
		}
		for _, q := range c.Annotation.Questions {
			out = append(out, q.Pick(string(l)))
		}
		out = append(out, c.Annotation.Entity.Many.Pick(string(l)))
		for _, n := range c.Annotation.Column {
			if n.Hide {
				continue
			}
			out = append(out, n.Label.Pick(string(l)))
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

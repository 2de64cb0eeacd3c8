package main

import (
	"context"
	"os"

	"golang.org/x/term"

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
	chat := terminal.Chat{Asker: as, Style: io.style(), Lang: io.lang()}
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
	if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		if err := screen.SetSize(width, height); err != nil {
			return chat.Run(ctx, f, io.out)
		}
	}
	chat.Prompted = true
	return chat.Run(ctx, typist{screen}, screen)
}

type (
	stdin  interface{ Read(p []byte) (int, error) }
	stdout interface{ Write(p []byte) (int, error) }
)

// typist is a terminal that is read by lines only.
type typist struct{ *term.Terminal }

func (typist) Read([]byte) (int, error) { return 0, errUsage }

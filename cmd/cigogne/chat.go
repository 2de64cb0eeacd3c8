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
	if f, ok := io.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		chat.Prompt = "› "
	}
	return chat.Run(ctx, io.in, io.out)
}

package main

import (
	"os"
	"strings"

	"golang.org/x/term"

	"cigogne/internal/answer"
	"cigogne/internal/surface/terminal"
)

// style tells what the output can show.
func (s stdio) style() terminal.Style {
	f, ok := s.out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return terminal.Style{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 0
	}
	return terminal.Style{Color: s.env("NO_COLOR") == "" && s.env("TERM") != "dumb", Width: min(width, 110)}
}

// shown is an answer with its query, for reading in a terminal or a pipe.
func (s stdio) shown(a *answer.Answer) string {
	text := terminal.Answer(a, s.style())
	if s := s.style(); s.Width > 0 || a.Chart {
		if bars := terminal.Bars(a, s); bars != "" {
			text += "\n\n" + bars
		}
	}
	if a.Answered() {
		text += "\n\nSQL : " + clean(a.SQL)
	}
	return text
}

// clean takes control characters out of a data text, those that turn the
// direction of writing among them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, s)
}

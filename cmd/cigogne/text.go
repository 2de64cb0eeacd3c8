package main

import (
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/term"

	"cigogne/internal/answer"
	"cigogne/internal/surface/plain"
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

// clean makes one line of a data text, without anything that a reader does not see.
func clean(s string) string {
	return plain.Text(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cc, r) {
			return ' '
		}
		return r
	}, s))
}

// visible writes what a reader does not see as JSON spells it out: a terminal
// that shows the text obeys none of it, and a program reads the same.
func visible(b []byte) []byte {
	var out []byte
	for i, r := range string(b) {
		switch size := utf8.RuneLen(r); {
		case r == '\n' || r < utf8.RuneSelf && r != 0x7f:
			out = append(out, byte(r))
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r):
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		case r == utf8.RuneError:
			_, size = utf8.DecodeRune(b[i:])
			out = append(out, b[i:i+size]...)
		default:
			out = append(out, b[i:i+size]...)
		}
	}
	return out
}

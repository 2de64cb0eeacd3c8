// Package terminal shows answers in a terminal and holds a conversation there.
package terminal

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Style says what the terminal can show.
type Style struct {
	Color bool // ANSI bold and dim
	Width int  // columns; 0: not known, lines are left long
}

const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	reset = "\x1b[0m"
)

var (
	strong  = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	link    = regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\(([^)\s]*)\)`)
	escaped = regexp.MustCompile(`\\([|*_` + "`" + `<\[\]])`)
)

// Render writes the Markdown of an answer for reading in a terminal: bold
// figures, aligned tables, links followed by their address. Control characters
// of data never reach the terminal.
func Render(markdown string, s Style) string {
	var out []string
	lines := strings.Split(clean(markdown), "\n")
	for i := 0; i < len(lines); i++ {
		if strings.HasPrefix(lines[i], "|") {
			j := i
			for j < len(lines) && strings.HasPrefix(lines[j], "|") {
				j++
			}
			out = append(out, table(lines[i:j], s)...)
			i = j - 1
			continue
		}
		out = append(out, wrap(inline(lines[i], s), s.Width)...)
	}
	return strings.Join(out, "\n")
}

// clean drops control characters, escape sequences' first of all, and those
// that turn the direction of writing.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r >= 0x20 && r != 0x7f && (r < 0x80 || r > 0x9f) && r != '\u200b' && (r < 0x202a || r > 0x202e) && (r < 0x2066 || r > 0x2069) {
			return r
		}
		return -1
	}, text)
}

func inline(line string, s Style) string {
	line = link.ReplaceAllString(line, "$1 <$2>")
	if s.Color {
		line = strong.ReplaceAllString(line, bold+"$1"+reset)
		for _, p := range []string{"Source", "Retenu", "Assumed"} {
			if strings.HasPrefix(line, p) {
				line = dim + line + reset
			}
		}
	} else {
		line = strong.ReplaceAllString(line, "$1")
	}
	return escaped.ReplaceAllString(line, "$1")
}

// table aligns the rows of a Markdown table; columns marked ---: go right.
func table(lines []string, s Style) []string {
	var rows [][]string
	var right []bool
	for i, l := range lines {
		cells := cells(l)
		if i == 1 {
			for _, c := range cells {
				right = append(right, strings.HasSuffix(strings.TrimSpace(c), ":"))
			}
			continue
		}
		rows = append(rows, cells)
	}
	widths := make([]int, len(right))
	for _, row := range rows {
		for j, c := range row {
			if j < len(widths) {
				widths[j] = max(widths[j], utf8.RuneCountInString(c))
			}
		}
	}
	var out []string
	for i, row := range rows {
		var b strings.Builder
		for j, c := range row {
			if j >= len(widths) {
				break
			}
			if j > 0 {
				b.WriteString("  ")
			}
			pad := strings.Repeat(" ", widths[j]-utf8.RuneCountInString(c))
			if right[j] {
				b.WriteString(pad + c)
			} else {
				b.WriteString(c + pad)
			}
		}
		line := strings.TrimRight(b.String(), " ")
		if i == 0 && s.Color {
			line = bold + line + reset
		}
		out = append(out, line)
		if i == 0 {
			rule := 0
			for _, w := range widths {
				rule += w + 2
			}
			out = append(out, strings.Repeat("─", max(0, rule-2)))
		}
	}
	return out
}

// cells cuts a row at its bars, escaped bars left in.
func cells(line string) []string {
	line = strings.Trim(line, "|")
	var out []string
	for _, c := range strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|") {
		c = strings.ReplaceAll(strings.TrimSpace(c), "\x00", "|")
		out = append(out, escaped.ReplaceAllString(c, "$1"))
	}
	return out
}

// wrap breaks a line at spaces to the width; escape sequences take no room.
func wrap(line string, width int) []string {
	if width < 20 || visible(line) <= width {
		return []string{line}
	}
	var out []string
	cur, n := "", 0
	for _, w := range strings.Split(line, " ") {
		v := visible(w)
		if n > 0 && n+1+v > width {
			out = append(out, cur)
			cur, n = w, v
			continue
		}
		if n > 0 {
			cur, n = cur+" ", n+1
		}
		cur, n = cur+w, n+v
	}
	return append(out, cur)
}

var sequence = regexp.MustCompile("\x1b\\[[0-9;]*m")

func visible(s string) int { return utf8.RuneCountInString(sequence.ReplaceAllString(s, "")) }

// Package terminal shows answers in a terminal and holds a conversation there.
package terminal

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"

	"cigogne/internal/answer"
	"cigogne/internal/surface/plain"
)

// Style says what the terminal can show. The zero value is a pipe's: plain text,
// lines left long.
type Style struct {
	Color bool // ANSI bold and dim
	Width int  // columns; 0: not known, lines are left long
}

const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	under = "\x1b[4m"
	reset = "\x1b[0m"
)

var (
	strong  = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	code    = regexp.MustCompile("`([^`]+)`")
	link    = regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\(([^)\s]*)\)`)
	escaped = regexp.MustCompile(`\\([\\|*_` + "`" + `<\[\]])`)
	heading = regexp.MustCompile(`^#{1,6} +`)
	item    = regexp.MustCompile(`^( *)([-*+]|\d{1,3}[.)]) +`)
)

// Render writes the Markdown of an answer for reading in a terminal: bold
// figures, lists that hang, code as it is, tables aligned within the width, links
// followed by their address. Control characters of data never reach the terminal.
func Render(markdown string, s Style) string {
	var out []string
	lines := strings.Split(clean(markdown), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case strings.HasPrefix(line, "|"):
			j := i
			for j < len(lines) && strings.HasPrefix(lines[j], "|") {
				j++
			}
			out = append(out, table(lines[i:j], s)...)
			i = j - 1
		case strings.HasPrefix(line, "```"):
			for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
				out = append(out, "  "+lines[i]) // whole: it may be copied
			}
		default:
			out = append(out, paragraph(line, s)...)
		}
	}
	return strings.Join(out, "\n")
}

// Answer writes an answer for reading in a terminal: what stands beneath its own
// words is dim, what misleads is not.
func Answer(a *answer.Answer, s Style) string {
	if !a.Answered() || a.Sentence == "" { // words alone, or kept by an earlier version
		return Render(a.Text, s)
	}
	out := []string{Render(a.Own(), s)}
	for _, p := range a.Beneath() {
		if strings.HasPrefix(p, "⚠") {
			out = append(out, Render(p, s))
			continue
		}
		out = append(out, strings.Join(wrap(s.in(dim, inline(clean(p), Style{})), s.Width, ""), "\n"))
	}
	return strings.Join(out, "\n\n")
}

// clean is text that a terminal shows and does not obey.
func clean(text string) string { return plain.Text(text) }

// paragraph is a line of Markdown, wrapped; a list's items hang by their mark.
func paragraph(line string, s Style) []string {
	if mark := heading.FindString(line); mark != "" {
		title := strings.ReplaceAll(strings.TrimPrefix(line, mark), "**", "")
		return wrap(s.in(bold, inline(title, Style{})), s.Width, "")
	}
	if m := item.FindStringSubmatch(line); m != nil {
		mark := m[2]
		if len(mark) == 1 {
			mark = "•"
		}
		before := m[1] + mark + " "
		return wrap(before+inline(line[len(m[0]):], s), s.Width, strings.Repeat(" ", visible(before)))
	}
	return wrap(inline(line, s), s.Width, "")
}

// in puts a text between a sequence and its end, where the terminal knows them.
func (s Style) in(sequence, text string) string {
	if !s.Color {
		return text
	}
	return sequence + text + reset
}

func inline(line string, s Style) string {
	line = link.ReplaceAllString(line, "$1 <$2>")
	if s.Color {
		line = strong.ReplaceAllString(line, bold+"$1"+reset)
		line = code.ReplaceAllString(line, under+"$1"+reset)
	} else {
		line = strong.ReplaceAllString(line, "$1")
		line = code.ReplaceAllString(line, "$1")
	}
	return escaped.ReplaceAllString(line, "$1")
}

// wrap breaks a line at spaces to the width; lines after the first begin with
// hang. Escape sequences take no room.
func wrap(line string, width int, hang string) []string {
	if width < 20 || visible(line) <= width {
		return []string{line}
	}
	var out []string
	cur, n := "", 0
	for i, w := range strings.Split(line, " ") {
		v := visible(w)
		switch {
		case i == 0:
			cur, n = w, v
		case n+1+v > width && strings.TrimSpace(cur) != "":
			out = append(out, cur)
			cur, n = hang+w, len(hang)+v
		default:
			cur, n = cur+" "+w, n+1+v
		}
	}
	return append(out, cur)
}

var sequence = regexp.MustCompile("\x1b\\[[0-9;]*m")

// visible is how many columns a text takes.
func visible(s string) int {
	n := 0
	for _, r := range sequence.ReplaceAllString(s, "") {
		n += columns(r)
	}
	return n
}

func columns(r rune) int {
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

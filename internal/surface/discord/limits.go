package discord

import (
	"strings"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
)

// What the platform takes, in characters as its documentation counts them.
const (
	maxContent     = 2000
	maxTitle       = 256
	maxDescription = 4096
	maxFieldName   = 256
	maxField       = 1024
	maxFields      = 25
	maxFooter      = 2048
	maxEmbeds      = 6000 // of all texts of a message's embeds together
	maxCustomID    = 100
	maxLabel       = 80
	maxOption      = 100 // label, value and description of a choice
	maxOptions     = 25
	maxThread      = 100
	maxModal       = 45
	maxInput       = 45 // label of a text input
	maxURL         = 2048
	maxFile        = 10 << 20 // bytes of a message's files, where no server is boosted
)

// places is how many a character takes as the platform counts: UTF-16 units,
// which are never fewer than its characters.
func places(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

func length(s string) int {
	n := 0
	for _, r := range s {
		n += places(r)
	}
	return n
}

// cut shortens a text to at most n, and leaves no backslash that would keep the
// ellipsis from being read.
func cut(s string, n int) string {
	short := lang.CutBy(s, n, places)
	if short == s {
		return s
	}
	return strings.TrimRight(strings.TrimSuffix(short, "…"), " \n\\") + "…"
}

// text makes of a data text what is read as itself: no Markdown, no mention, no
// invisible character.
func text(s string) string {
	s = plain.Line(s)
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '\\', '*', '_', '`', '~', '|', '[', ']', '(', ')', '<', '>':
			b.WriteByte('\\')
		case '#', '-', '+':
			if i == 0 { // a heading, a list
				b.WriteByte('\\')
			}
		case '@':
			b.WriteString("@\u200b")
			continue
		case ':':
			if strings.HasPrefix(s[i:], "://") { // no link but ours
				b.WriteString(":\u200b")
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code makes of a text what may stand in a block of code.
func code(s string) string {
	return strings.ReplaceAll(plain.Text(s), "```", "`\u200b`\u200b`")
}

// fit brings an embed under every limit; what is cut is for the caller to have
// attached. It tells whether anything was.
func fit(e *discordgo.MessageEmbed) (short bool) {
	trim := func(s *string, n int) {
		if length(*s) > n {
			*s, short = cut(*s, n), true
		}
	}
	trim(&e.Title, maxTitle)
	trim(&e.Description, maxDescription)
	defer func() { // a block of code that was cut is closed
		if strings.Count(e.Description, "```")%2 == 1 {
			e.Description = cut(e.Description, max(8, length(e.Description)-4)) + "\n```"
		}
	}()
	if len(e.Fields) > maxFields {
		e.Fields, short = e.Fields[:maxFields], true
	}
	for _, f := range e.Fields {
		trim(&f.Name, maxFieldName)
		trim(&f.Value, maxField)
	}
	if e.Footer != nil {
		trim(&e.Footer.Text, maxFooter)
	}
	if over := size(e) - maxEmbeds; over > 0 {
		trim(&e.Description, max(1, length(e.Description)-over))
	}
	for size(e) > maxEmbeds && len(e.Fields) > 0 {
		e.Fields, short = e.Fields[:len(e.Fields)-1], true
	}
	return short
}

// size is the sum that the platform bounds.
func size(e *discordgo.MessageEmbed) int {
	n := length(e.Title) + length(e.Description)
	for _, f := range e.Fields {
		n += length(f.Name) + length(f.Value)
	}
	if e.Footer != nil {
		n += length(e.Footer.Text)
	}
	if e.Author != nil {
		n += length(e.Author.Name)
	}
	return n
}

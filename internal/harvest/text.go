package harvest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxText bounds a description, in bytes: more than any person wrote.
const maxText = 64 << 10

// Clean drops what no text holds (control characters, invalid UTF-8, the spaces
// around it) and keeps the rest as it is.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == '\ufeff' || r == '\u200b') {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.TrimSpace(s)
}

// Line is Clean on one line.
func Line(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

var (
	tag      = regexp.MustCompile(`(?i)</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|table|tr|td|th|img|font|blockquote|pre|code|hr|section|article|sup|sub|style|script)\b[^<>]*>|<!--`)
	escaped  = regexp.MustCompile(`(?i)&lt;/?(?:p|br|div|span|a|ul|li|strong|em)\b`)
	entity   = regexp.MustCompile(`&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});`)
	link     = regexp.MustCompile(`!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))+(?:\s+"[^"\n]*")?\)`)
	autolink = regexp.MustCompile(`<((?:https?|ftp|mailto):[^<>\s]+)>`)
	heading  = regexp.MustCompile(`(?m)^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$`)
	under    = regexp.MustCompile(`(?m)^[ \t]{0,3}(?:=+|-{3,}|\*{3,}|_{3,})[ \t]*$`)
	bullet   = regexp.MustCompile(`(?m)^([ \t]*)[*+][ \t]+`)
	quote    = regexp.MustCompile(`(?m)^[ \t]{0,3}(?:>[ \t]?)+`)
	strong   = regexp.MustCompile(`(\*\*|__)(\S(?:[^\n]*?\S)?)(\*\*|__)`)
	emphasis = regexp.MustCompile(`(^|[\s(«"'])[*_]([^\s*_](?:[^*_\n]*[^\s*_])?)[*_]($|[\s).,;:!?»"'])`)
	ticks    = regexp.MustCompile("`{1,3}([^`\n]+)`{1,3}")
	escape   = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!>-])")
	blanks   = regexp.MustCompile(`[ \t\x{a0}]+\n`)
	empty    = regexp.MustCompile(`\n{3,}`)
)

// Plain turns a description written in HTML, in Markdown or in neither into
// plain text: words and figures stay, links keep their text, lists keep their
// dashes, and paragraphs are set apart by a blank line.
func Plain(s string) string {
	if len(s) > 4*maxText {
		s = s[:4*maxText]
	}
	s = Clean(s)
	if escaped.MatchString(s) && !tag.MatchString(s) {
		s = html.UnescapeString(s) // HTML that was escaped as a text
	}
	if tag.MatchString(s) {
		s = htmlText(s)
	} else if entity.MatchString(s) {
		s = html.UnescapeString(s)
	}
	s = markdownText(s)
	s = blanks.ReplaceAllString(s, "\n")
	s = Clean(empty.ReplaceAllString(s, "\n\n"))
	return cut(s, maxText)
}

func markdownText(s string) string {
	s = autolink.ReplaceAllString(s, "$1")
	for range 2 { // an image inside a link
		s = link.ReplaceAllString(s, "$1")
	}
	s = heading.ReplaceAllString(s, "$1")
	s = under.ReplaceAllString(s, "")
	s = quote.ReplaceAllString(s, "")
	s = bullet.ReplaceAllString(s, "$1- ")
	s = strong.ReplaceAllString(s, "$2")
	s = emphasis.ReplaceAllString(s, "$1$2$3")
	s = ticks.ReplaceAllString(s, "$1")
	return escape.ReplaceAllString(s, "$1")
}

// htmlText is what a person reads of a piece of HTML.
func htmlText(s string) string {
	var b strings.Builder
	hidden := 0 // depth inside elements that are not read
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if hidden == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := z.TagName()
			switch a := atom.Lookup(name); a {
			case atom.Script, atom.Style, atom.Head, atom.Title, atom.Noscript, atom.Template, atom.Iframe:
				if kind == html.StartTagToken {
					hidden++
				} else if kind == html.EndTagToken && hidden > 0 {
					hidden--
				}
			case atom.Br:
				b.WriteByte('\n')
			case atom.Li:
				if kind == html.StartTagToken {
					b.WriteString("\n- ")
				}
			case atom.Td, atom.Th:
				b.WriteByte(' ')
			case atom.Tr, atom.Dt, atom.Dd, atom.Div:
				b.WriteByte('\n')
			case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Section, atom.Article, atom.Pre:
				b.WriteString("\n\n")
			}
		}
	}
}

// cut shortens a text to n bytes at most, at a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n])
}

package harvest

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cigogne/internal/lang"
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
	tag     = regexp.MustCompile(`(?i)</?(?:br|div|span|em|strong|ul|ol|li|h[1-6]|table|tr|td|th|img|font|blockquote|pre|code|hr|section|article|sup|sub|style|script)\b[^<>]*>|</?[pabiu]\s*/?>|<[pa]\s+\w+=[^<>]*>|<!--`)
	escaped = regexp.MustCompile(`(?i)&lt;/?(?:p|br|div|span|a|ul|li|strong|em)\b`)
	empty   = regexp.MustCompile(`\n{3,}`)
)

// Plain turns a description written in HTML, in Markdown or in neither into
// plain text: words and figures stay, links keep their text, lists keep their
// dashes, and paragraphs are set apart by a blank line.
func Plain(s string) string {
	if len(s) > 4*maxText {
		s = s[:4*maxText]
	}
	s = Clean(s)
	hasTag := strings.Contains(s, "<") && tag.MatchString(s)
	if !hasTag && strings.Contains(s, "&lt;") && escaped.MatchString(s) { // HTML escaped as a text
		s = html.UnescapeString(s)
		hasTag = true
	}
	if hasTag {
		s = htmlText(s)
	} else if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	s = markdownText(s)
	return cut(Clean(empty.ReplaceAllString(s, "\n\n")), maxText)
}

// markup is a piece of Markdown and what is kept of it.
type markup struct {
	signs  []string // without one of these in the text, there is none of it
	form   *regexp.Regexp
	become string
}

var markdown = []markup{
	{[]string{"<http", "<ftp", "<mailto"}, regexp.MustCompile(`<((?:https?|ftp|mailto):[^<>\s]+)>`), "$1"},
	{[]string{"]("}, links, "$1"},
	{[]string{"]("}, links, "$1"}, // an image inside a link
	{[]string{"#"}, regexp.MustCompile(`(?m)^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$`), "$1"},
	{[]string{"==", "---", "***", "___"}, regexp.MustCompile(`(?m)^[ \t]{0,3}(?:=+|-{3,}|\*{3,}|_{3,})[ \t]*$`), ""},
	{[]string{">"}, regexp.MustCompile(`(?m)^[ \t]{0,3}(?:>[ \t]?)+`), ""},
	{[]string{"* ", "+ "}, regexp.MustCompile(`(?m)^([ \t]*)[*+][ \t]+`), "$1- "},
	{[]string{"**", "__"}, regexp.MustCompile(`(\*\*|__)(\S(?:[^\n]*?\S)?)(\*\*|__)`), "$2"},
	{[]string{"*", "_"}, regexp.MustCompile(`(^|[\s(«"'])[*_]([^\s*_](?:[^*_\n]*[^\s*_])?)[*_]($|[\s).,;:!?»"'])`), "$1$2$3"},
	{[]string{"`"}, regexp.MustCompile("`{1,3}([^`\n]+)`{1,3}"), "$1"},
	{[]string{"\\"}, regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!>-])"), "$1"},
	{[]string{" \n", "\t\n", "\u00a0\n"}, regexp.MustCompile(`[ \t\x{a0}]+\n`), "\n"},
}

var links = regexp.MustCompile(`!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))+(?:\s+"[^"\n]*")?\)`)

func markdownText(s string) string {
	for _, m := range markdown {
		if slices.ContainsFunc(m.signs, func(sign string) bool { return strings.Contains(s, sign) }) {
			s = m.form.ReplaceAllString(s, m.become)
		}
	}
	return s
}

// htmlText is what a person reads of a piece of HTML.
func htmlText(s string) string {
	var r reading
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return string(r.b)
		case html.TextToken:
			r.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := z.TagName()
			r.tag(atom.Lookup(name), kind)
		}
	}
}

// reading is HTML read so far.
type reading struct {
	b      []byte
	hidden int // depth inside elements that are not read
}

func (r *reading) text(text []byte) {
	if r.hidden > 0 {
		return
	}
	if bytes.HasSuffix(r.b, []byte("\n")) {
		text = bytes.TrimLeft(text, " \t\r\n")
	}
	r.b = append(r.b, text...)
}

// lines ends the line, with n-1 blank ones after it.
func (r *reading) lines(n int) {
	r.b = bytes.TrimRight(r.b, " \t")
	for len(r.b) > 0 && !bytes.HasSuffix(r.b, []byte("\n\n")[:n]) {
		r.b = append(r.b, '\n')
	}
}

func (r *reading) tag(name atom.Atom, kind html.TokenType) {
	switch name {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Noscript, atom.Template, atom.Iframe:
		if kind == html.StartTagToken {
			r.hidden++
		} else if kind == html.EndTagToken && r.hidden > 0 {
			r.hidden--
		}
	case atom.Br:
		r.b = append(bytes.TrimRight(r.b, " \t"), '\n')
	case atom.Li:
		if r.lines(1); kind == html.StartTagToken {
			r.b = append(r.b, "- "...)
		}
	case atom.Td, atom.Th:
		if kind == html.EndTagToken {
			r.b = append(r.b, ' ')
		}
	case atom.Tr, atom.Dt, atom.Dd, atom.Div:
		r.lines(1)
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Section, atom.Article, atom.Pre:
		r.lines(2)
	}
}

// cut shortens a text to n bytes at most, at a rune.
func cut(s string, n int) string {
	return strings.TrimSpace(lang.CutBytes(s, n))
}

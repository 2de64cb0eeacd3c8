package web

import (
	"html"
	"html/template"
	"net/url"
	"strings"
)

// markdown writes the text of an answer as HTML: paragraphs, lists, bold,
// links and code, which is all the Markdown that answers are written in.
// Whatever else a data text may hold comes out as the text it is: every byte
// is escaped, and the tags are only those written here.
func markdown(text string) template.HTML {
	var b strings.Builder
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i := 0; i < len(lines); {
		switch line := lines[i]; {
		case strings.TrimSpace(line) == "":
			i++
		case strings.HasPrefix(line, "```"):
			j := i + 1
			for j < len(lines) && !strings.HasPrefix(lines[j], "```") {
				j++
			}
			b.WriteString(`<pre tabindex="0"><code>` + html.EscapeString(strings.Join(lines[i+1:j], "\n")) + "</code></pre>\n")
			i = j + 1
		case strings.HasPrefix(line, "- "):
			b.WriteString("<ul>\n")
			for ; i < len(lines) && strings.HasPrefix(lines[i], "- "); i++ {
				b.WriteString("<li>" + inline(lines[i][2:]) + "</li>\n")
			}
			b.WriteString("</ul>\n")
		default:
			b.WriteString("<p>" + inline(line))
			for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "" && !strings.HasPrefix(lines[i], "- ") && !strings.HasPrefix(lines[i], "```"); i++ {
				b.WriteString("<br>" + inline(lines[i]))
			}
			b.WriteString("</p>\n")
		}
	}
	return template.HTML(b.String())
}

// punctuation are the characters that a backslash keeps from being markup.
const punctuation = "\\`*_{}[]()#+-.!|<>~@"

// inline writes bold, links and code within a line.
func inline(s string) string {
	var b strings.Builder
	bold := false
	for i := 0; i < len(s); {
		switch rest := s[i:]; {
		case rest[0] == '\\' && len(rest) > 1 && strings.IndexByte(punctuation, rest[1]) >= 0:
			b.WriteString(html.EscapeString(rest[1:2]))
			i += 2
			continue
		case strings.HasPrefix(rest, "**") && (bold || strings.Contains(rest[2:], "**")):
			b.WriteString(map[bool]string{false: "<strong>", true: "</strong>"}[bold])
			bold = !bold
			i += 2
			continue
		case rest[0] == '[':
			if label, to, n, ok := link(rest); ok {
				b.WriteString(`<a href="` + html.EscapeString(to) + `">` + html.EscapeString(unescape(label)) + "</a>")
				i += n
				continue
			}
		case rest[0] == '`':
			if end := strings.IndexByte(rest[1:], '`'); end > 0 {
				b.WriteString("<code>" + html.EscapeString(rest[1:1+end]) + "</code>")
				i += end + 2
				continue
			}
		}
		n := strings.IndexAny(s[i+1:], "\\*[`") + 1
		if n == 0 {
			n = len(s) - i
		}
		b.WriteString(html.EscapeString(s[i : i+n]))
		i += n
	}
	if bold {
		b.WriteString("</strong>")
	}
	return b.String()
}

// link reads "[label](address)" at the start of s, n bytes of it. Only http
// addresses and this site's own are links.
func link(s string) (label, to string, n int, ok bool) {
	end := 1
	for ; end < len(s) && s[end] != ']'; end++ {
		if s[end] == '\\' {
			end++
		}
	}
	if end >= len(s)-1 || s[end+1] != '(' {
		return "", "", 0, false
	}
	closing := strings.IndexByte(s[end:], ')')
	if closing < 0 {
		return "", "", 0, false
	}
	to = s[end+2 : end+closing]
	return s[1:end], to, end + closing + 1, httpAddress(to) != "" || within(to)
}

// within tells whether an address is one of this site's.
func within(to string) bool {
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.HasPrefix(to, `/\`)
}

// httpAddress is the address where it is an absolute http one, else "".
func httpAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return s
}

// unescape takes the backslashes out of a Markdown text.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(punctuation, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return strings.ReplaceAll(b.String(), "\u200b", "")
}

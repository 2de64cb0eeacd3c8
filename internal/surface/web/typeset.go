package web

import (
	"strings"

	"golang.org/x/net/html"

	"cigogne/internal/lang"
)

// verbatim are the elements whose text is kept as it is: for programs, for a
// form, or for being copied.
var verbatim = map[string]bool{"pre": true, "code": true, "textarea": true, "script": true, "style": true, "title": true, "option": true}

// void are the elements that have no end.
var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "path": true, "source": true, "wbr": true}

// setting is how the text within an element is set.
type setting struct {
	tag      string
	lang     lang.Lang
	verbatim bool
}

// typeset sets every text of a page as its language is set, wherever it came
// from: messages, answers, titles of datasets. Markup stays as it is.
func typeset(page string, l lang.Lang) string {
	var b strings.Builder
	b.Grow(len(page) + len(page)/32)
	within := []setting{{lang: l}}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		raw := string(z.Raw()) // before the tokenizer folds names within it
		now := within[len(within)-1]
		switch kind {
		case html.ErrorToken: // the end
			b.WriteString(raw)
			return b.String()
		case html.TextToken:
			if !now.verbatim && strings.TrimSpace(raw) != "" {
				text := html.UnescapeString(raw)
				if set := lang.Typeset(text, now.lang); set != text {
					raw = html.EscapeString(set)
				}
			}
		case html.StartTagToken:
			if next := starts(z, now); !void[next.tag] {
				within = append(within, next)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			within = closed(within, string(name))
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
		b.WriteString(raw)
	}
}

// starts is how the text within an element that begins is set.
func starts(z *html.Tokenizer, now setting) setting {
	name, more := z.TagName()
	now.tag = string(name)
	now.verbatim = now.verbatim || verbatim[now.tag]
	for more {
		var key, value []byte
		if key, value, more = z.TagAttr(); string(key) == "lang" {
			now.lang = lang.Lang(value)
		}
	}
	return now
}

// closed leaves an element and what was left open within it.
func closed(within []setting, tag string) []setting {
	for i := len(within) - 1; i > 0; i-- {
		if within[i].tag == tag {
			return within[:i]
		}
	}
	return within
}

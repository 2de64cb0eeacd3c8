package web

import (
	"html"
	"html/template"
	"net/http"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"

	"cigogne/internal/glossary"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// glossary shows the words of public data, each with what it means and where it
// is explained at length.
func (s *site) glossary(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	p.Title = texts.Say(p.Lang, "web.glossary")
	terms := glossary.Terms()
	slices.SortStableFunc(terms, func(a, b glossary.Term) int {
		return strings.Compare(lang.Fold(a.Title(p.Lang)), lang.Fold(b.Title(p.Lang)))
	})
	var b strings.Builder
	b.WriteString("<dl class=\"terms\">\n")
	for _, t := range terms {
		b.WriteString("<dt id=\"" + slug(t) + "\">" + html.EscapeString(t.Title(p.Lang)) + "</dt>\n<dd>" + html.EscapeString(t.Says(p.Lang)) +
			" <a href=\"" + html.EscapeString(t.Source.URL) + "\">" + html.EscapeString(t.Source.Title) + "</a></dd>\n")
	}
	b.WriteString("</dl>")
	p.Data = template.HTML(b.String())
	w.Header().Set("Cache-Control", "public, max-age=300")
	s.show(w, r, http.StatusOK, "text", p)
}

// slug names a term in addresses, whatever the language.
func slug(t glossary.Term) string {
	return strings.Join(strings.Fields(lang.Fold(t.Title(lang.French))), "-")
}

// Elements whose text is linked, and those within which nothing is.
var (
	prose   = map[string]bool{"p": true, "li": true, "dd": true}
	unbound = map[string]bool{"a": true, "button": true, "h1": true, "h2": true, "h3": true, "h4": true, "summary": true, "label": true, "nav": true, "header": true, "footer": true,
		"th": true, "td": true, "dt": true, "svg": true, "pre": true, "code": true, "form": true, "script": true, "style": true, "title": true, "textarea": true, "option": true, "figure": true, "head": true}
)

// explained links the words of the glossary where they first stand in the prose
// of a page, each once; link makes an address of the site of a path.
func explained(page string, l lang.Lang, link func(path string) string) string {
	var b strings.Builder
	b.Grow(len(page) + len(page)/16)
	seen := map[string]bool{}
	var within []string
	z := nethtml.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case nethtml.ErrorToken: // the end
			b.WriteString(raw)
			return b.String()
		case nethtml.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				within = append(within, string(name))
			}
		case nethtml.EndTagToken:
			name, _ := z.TagName()
			for i := len(within) - 1; i >= 0; i-- {
				if within[i] == string(name) {
					within = within[:i]
					break
				}
			}
		case nethtml.TextToken:
			if slices.ContainsFunc(within, func(tag string) bool { return prose[tag] }) && !slices.ContainsFunc(within, func(tag string) bool { return unbound[tag] }) {
				raw = linked(raw, l, link, seen)
			}
		case nethtml.SelfClosingTagToken, nethtml.CommentToken, nethtml.DoctypeToken:
		}
		b.WriteString(raw)
	}
}

// linked links the terms of one text, as it stands in a page.
func linked(raw string, l lang.Lang, link func(path string) string, seen map[string]bool) string {
	text := html.UnescapeString(raw)
	var b strings.Builder
	at := 0
	for _, m := range glossary.In(text) {
		word, name := text[m.Start:m.End], slug(m.Term)
		if m.Term.Plain || seen[name] || !called(m.Term, word, l) {
			continue
		}
		seen[name] = true
		b.WriteString(html.EscapeString(text[at:m.Start]) + "<a class=\"term\" href=\"" + html.EscapeString(link("/glossary")+"#"+name) + "\">" + html.EscapeString(word) + "</a>")
		at = m.End
	}
	if at == 0 {
		return raw
	}
	return b.String() + html.EscapeString(text[at:])
}

// called tells whether a term is called so in a language; an acronym is written
// as one: "ça" is no CA.
func called(t glossary.Term, word string, l lang.Lang) bool {
	return slices.ContainsFunc(t.Names[l], func(n string) bool {
		if n == strings.ToUpper(n) {
			return word == n
		}
		return lang.Fold(word) == lang.Fold(n)
	})
}

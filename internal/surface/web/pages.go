package web

import (
	"embed"
	"html"
	"html/template"
	"net/http"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

//go:embed pages
var pageFiles embed.FS

// text shows a page of plain text: what this is, who publishes it, how
// accessible it is.
func (s *site) text(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := s.page(r)
		b, err := pageFiles.ReadFile("pages/" + name + "." + string(p.Lang) + ".md")
		if err != nil { // nobody wrote it in that language
			b, err = pageFiles.ReadFile("pages/" + name + "." + string(lang.French) + ".md")
		}
		if err != nil {
			s.missing(w, r)
			return
		}
		publisher := s.Publisher
		if publisher == "" {
			publisher = texts.Say(p.Lang, "web.no_publisher")
		}
		p.Title = title(name, p.Lang)
		p.Data = article(strings.ReplaceAll(string(b), "{publisher}", publisher))
		w.Header().Set("Cache-Control", "public, max-age=300")
		s.show(w, r, http.StatusOK, "text", p)
	}
}

func title(name string, l lang.Lang) string {
	switch name {
	case "legal":
		return texts.Say(l, "web.legal")
	case "accessibility":
		return texts.Say(l, "web.accessibility")
	}
	return texts.Say(l, "web.about")
}

// article writes our own Markdown with its headings; links may lead within the
// site.
func article(text string) template.HTML {
	var b strings.Builder
	for _, part := range strings.Split(text, "\n\n") {
		if heading, ok := strings.CutPrefix(part, "## "); ok {
			b.WriteString("<h2>" + html.EscapeString(strings.TrimSpace(heading)) + "</h2>\n")
			continue
		}
		b.WriteString(string(markdown(part)))
	}
	return template.HTML(b.String())
}

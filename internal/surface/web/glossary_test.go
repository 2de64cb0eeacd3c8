package web

import (
	"testing"

	"cigogne/internal/lang"
)

func TestExplained(t *testing.T) {
	link := func(path string) string { return path + "?lang=fr" }
	for name, c := range map[string]struct{ page, want string }{
		"the first of several":     {"<p>Le millésime, puis le millésime.</p>", `<p>Le <a class="term" href="/glossary?lang=fr#millesime">millésime</a>, puis le millésime.</p>`},
		"the longest":              {"<p>Sans les opérations d&#39;ordre.</p>", `<p>Sans les <a class="term" href="/glossary?lang=fr#operation-d-ordre">opérations d&#39;ordre</a>.</p>`},
		"not within a link":        {`<p><a href="/">millésime</a></p>`, `<p><a href="/">millésime</a></p>`},
		"nor a heading":            {"<h2>millésime</h2>", "<h2>millésime</h2>"},
		"nor a cell":               {"<td><p>millésime</p></td>", "<td><p>millésime</p></td>"},
		"nor outside of prose":     {"<div>millésime</div>", "<div>millésime</div>"},
		"an acronym":               {"<p>Une CA.</p>", `<p>Une <a class="term" href="/glossary?lang=fr#communaute-d-agglomeration">CA</a>.</p>`},
		"what only sounds as one":  {"<p>Avec ça.</p>", "<p>Avec ça.</p>"},
		"what is escaped stays so": {"<p>&lt;b&gt; millésime &amp; co</p>", `<p>&lt;b&gt; <a class="term" href="/glossary?lang=fr#millesime">millésime</a> &amp; co</p>`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := explained(c.page, lang.French, link); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

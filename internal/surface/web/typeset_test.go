package web

import (
	"strings"
	"testing"

	"cigogne/internal/lang"
)

func TestTypesetPages(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"text":             {`<p title="l'eau ?">l&#39;eau ?</p>`, "<p title=\"l'eau ?\">l’eau\u202f?</p>"},
		"markup stays":     {`<b>a &lt; b ?</b>`, "<b>a &lt; b\u202f?</b>"},
		"code stays":       {`<pre>l'a -5 ?</pre><textarea>l'a ?</textarea>`, `<pre>l'a -5 ?</pre><textarea>l'a ?</textarea>`},
		"another language": {`<div lang="en"><br>it's <i>a ?</i></div>l'a`, `<div lang="en"><br>it's <i>a ?</i></div>l’a`},
		"a minus":          {`<td class="n">-3,6 %</td>`, "<td class=\"n\">−3,6\u00a0%</td>"},
		"left open":        {`<p lang="en">a ?<div>b ?</section> c ?`, `<p lang="en">a ?<div>b ?</section> c ?`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := typeset(c.page, lang.French); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func FuzzTypesetKeepsMarkup(f *testing.F) {
	f.Add(`<p>l'eau <b lang="en">a ?</b> &lt;script&gt; -5</p>`)
	f.Add("<pre>\x00</textarea><")
	f.Fuzz(func(t *testing.T, page string) {
		got := typeset(page, lang.French)
		if strings.Count(got, "<") > strings.Count(page, "<") {
			t.Errorf("%q became %q", page, got)
		}
	})
}

package harvest_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cigogne/internal/harvest"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", " \r\n ", ""},
		{"plain", "Montants votés : 5 < 6 & 7 > 3, taux * 100, code_commune", "Montants votés : 5 < 6 & 7 > 3, taux * 100, code_commune"},
		{"names with underscores", "Colonnes BGT_MTREAL, BGT_CODRD et __total__ 2*3*4", "Colonnes BGT_MTREAL, BGT_CODRD et total 2*3*4"},
		{"paragraphs", "<p>Un.</p><p>Deux&nbsp;:&eacute;t&eacute;</p>", "Un.\n\nDeux\u00a0:été"},
		{"breaks", "Un<br/>Deux<BR>Trois", "Un\nDeux\nTrois"},
		{"list", "<ul><li>un</li>\n<li>deux</li></ul>", "- un\n- deux"},
		{"link", `Voir <a href="https://x.fr">la page</a>.`, "Voir la page."},
		{"script", "<p>Avant</p><script>alert(1)</script><style>p{}</style><p>Après</p>", "Avant\n\nAprès"},
		{"comment", "Avant<!-- caché -->Après", "AvantAprès"},
		{"escaped twice", "&lt;p&gt;Bonjour &amp;eacute;t&amp;eacute;&lt;/p&gt;", "Bonjour été"},
		{"entities", "Loir &amp; Cher, l&#39;eau", "Loir & Cher, l'eau"},
		{"unclosed", "<p>Un <strong>deux", "Un deux"},
		{"comparison is no tag", "si a<b et b>c", "si a<b et b>c"},
		{"markdown", "# Titre #\n\n**Gras** et *italique*, `code`, [lien](https://x.fr/a_(b) \"titre\").\n\n* un\n+ deux\n- trois\n\n> cité\n\n---\n\nFin\\_ici", "Titre\n\nGras et italique, code, lien.\n\n- un\n- deux\n- trois\n\ncité\n\nFin_ici"},
		{"image in a link", "[![logo](a.png)](https://x.fr) suite", "logo suite"},
		{"autolink", "Voir <https://x.fr/a?b=c>.", "Voir https://x.fr/a?b=c."},
		{"control characters", "a\x00b\x1bc\ufeff\u200b\xff", "abc"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := harvest.Plain(c.in); got != c.want {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestPlainIsBounded(t *testing.T) {
	for _, s := range []string{strings.Repeat("é ", 1<<20), strings.Repeat("<div>", 1<<18), strings.Repeat("[a](", 1<<18), strings.Repeat("*", 1<<20)} {
		if got := harvest.Plain(s); len(got) > 64<<10 || !utf8.ValidString(got) {
			t.Errorf("%.10q becomes %d bytes", s, len(got))
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("<p>a</p>")
	f.Add("**a** [b](c) &lt;p&gt; <script>")
	f.Fuzz(func(t *testing.T, s string) {
		got := harvest.Plain(s)
		if !utf8.ValidString(got) || strings.TrimSpace(got) != got || strings.ContainsRune(got, 0) {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

func BenchmarkPlain(b *testing.B) {
	s := strings.Repeat("Comptes **administratifs** de la [Région](https://x.fr), en euros.\n", 10)
	for b.Loop() {
		harvest.Plain(s)
	}
}

package web

import (
	"regexp"
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"a\n\nb":                         "<p>a</p>\n<p>b</p>\n",
		"**12** [t\\]x](https://a.b/c)":  "<p><strong>12</strong> <a href=\"https://a.b/c\">t]x</a></p>\n",
		"x\n- a\n- b":                    "<p>x</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n",
		"```sql\nSELECT <1>\n```":        "<pre tabindex=\"0\"><code>SELECT &lt;1&gt;</code></pre>\n",
		"[x](javascript:alert(1))":       "<p>[x](javascript:alert(1))</p>\n",
		"[x](//evil.example)":            "<p>[x](//evil.example)</p>\n",
		"![x](https://a.b/p.png)":        "<p>!<a href=\"https://a.b/p.png\">x</a></p>\n",
		"2 ** 3":                         "<p>2 ** 3</p>\n",
		"un \\*mot\\* et `du code`":      "<p>un *mot* et <code>du code</code></p>\n",
		"<b>&amp;":                       "<p>&lt;b&gt;&amp;amp;</p>\n",
		"[t](https://a.b/\"onclick=\"x)": "<p><a href=\"https://a.b/&#34;onclick=&#34;x\">t</a></p>\n",
	} {
		if got := string(markdown(in)); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

var tags = regexp.MustCompile(`^(</?(p|strong|ul|li|code)>|<br>|</pre>|<pre tabindex="0">|</a>|<a href="https?://[^"<>]*">)`)

func FuzzMarkdown(f *testing.F) {
	f.Add("**a** [b](https://c) `d`\n- e\n```\nf")
	f.Add("\\[x](javascript:1)\n|a|\n<script>")
	f.Fuzz(func(t *testing.T, s string) {
		out := string(markdown(s))
		for i := strings.IndexByte(out, '<'); i >= 0; i = strings.IndexByte(out, '<') {
			tag := tags.FindString(out[i:])
			if tag == "" {
				t.Fatalf("%q wrote a tag of its own: %q", s, out[i:])
			}
			out = out[i+len(tag):]
		}
	})
}

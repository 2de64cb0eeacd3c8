package discord

import (
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

// Rows that a message does not show are in the file beside it, all of them.
func TestLongTablesAreAttached(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	c := d.edited(d.interact(2, slash("ask", "question", "table")))
	size := 0
	for name, n := range c.files {
		if strings.HasSuffix(name, ".csv") {
			size = n
		}
	}
	if size < 400*30 { // bytes of 400 rows
		t.Errorf("files %v", c.files)
	}
}

func TestLongAnswersAreCutWithTheRestAttached(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	c := d.edited(d.interact(2, slash("ask", "question", "long")))
	if c.files["reponse.md"] < 30_000 {
		t.Errorf("files %v", c.files)
	}
}

func TestLongFieldsKeepTheirLinesWhole(t *testing.T) {
	line := strings.Repeat("x", 600)
	fields := blocks("Source", []string{line, line, "y"})
	if len(fields) != 2 || fields[0].Value != line || fields[1].Value != line+"\ny" {
		t.Errorf("%d fields", len(fields))
	}
	e := &discordgo.MessageEmbed{Description: "```\n" + strings.Repeat("x ", 5000) + "\n```"}
	if !fit(e) || length(e.Description) > maxDescription || strings.Count(e.Description, "```") != 2 {
		t.Errorf("%d characters, ends %q", length(e.Description), e.Description[len(e.Description)-8:])
	}
}

func TestTextIsReadAsItself(t *testing.T) {
	for in, want := range map[string]string{
		"@everyone **gras** [x](http://a)": "@\u200beveryone \\*\\*gras\\*\\* \\[x\\]\\(http:\u200b//a\\)",
		"# titre":                          "\\# titre",
		"a\u202eb\x00c\x1b[31m":            "abc\\[31m",
		"<@123> `code` ~~x~~ ||y||":        "\\<@\u200b123\\> \\`code\\` \\~\\~x\\~\\~ \\|\\|y\\|\\|",
		"été : 1 234,5 M€":                 "été : 1 234,5 M€",
	} {
		if got := text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := code("a ``` b"); strings.Contains(got, "```") {
		t.Errorf("%q", got)
	}
}

func FuzzCut(f *testing.F) {
	f.Add("une phrase assez longue", 10)
	f.Add(strings.Repeat("𝄞", 50), 7)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 2 || n > 10_000 {
			return
		}
		got := cut(s, n)
		if length(got) > n {
			t.Errorf("%d characters of at most %d: %q", length(got), n, got)
		}
		if length(s) <= n && got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("c1:sql:ABCDEF:0:")
	f.Add("c1:pick:x:3:123")
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := parse(s)
		if !ok {
			return
		}
		if again, ok := parse(p.String()); !ok || again != p {
			t.Errorf("%q: %+v, then %+v", s, p, again)
		}
	})
}

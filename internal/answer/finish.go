package answer

import (
	"fmt"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Others says how many near-identical datasets a line stands for.
func Others(n int, l lang.Lang) string {
	if n == 1 {
		return " " + texts.Say(l, "answer.and_1_other_like_it")
	}
	return " " + texts.Say(l, "answer.and_others_like_it", "n", n)
}

// Escape keeps what data say from being read as Markdown or as a mention.
func Escape(s string) string { return escape(s) }

// Links writes datasets as a Markdown list.
func Links(found []Dataset, l lang.Lang) string {
	var b strings.Builder
	for _, d := range found {
		title := escape(lang.Cut(d.Title, longestTitle))
		if d.URL != "" {
			title = "[" + title + "](" + strings.NewReplacer(")", "%29", " ", "%20").Replace(d.URL) + ")"
		}
		fmt.Fprintf(&b, "\n- %s", title)
		if d.Publisher != "" {
			b.WriteString(" · " + escape(d.Publisher))
		}
		if d.Similar > 0 {
			b.WriteString(Others(d.Similar, l))
		}
	}
	return b.String()
}

// longestTitle is shown in full, in characters: a longer one is a paragraph.
const longestTitle = 160

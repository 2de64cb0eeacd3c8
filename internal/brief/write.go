package brief

import (
	"fmt"
	"math"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Change is how a figure changed over its years: "De 2021 à 2026 : +0,2 %"; ""
// where there is nothing to say.
func (f Figure) Change(l lang.Lang) string {
	s := Series(f.Trend)
	if len(s) < 2 || s[0].Value <= 0 {
		return ""
	}
	from, to := s[0], s[len(s)-1]
	percent := 100 * (to.Value - from.Value) / from.Value
	text := lang.FormatNumber(percent, 1, l)
	if percent > 0 {
		text = "+" + text
	}
	return texts.Say(l, "brief.change", "from", fmt.Sprint(from.Year), "to", fmt.Sprint(to.Year), "percent", text)
}

// Value is the figure as people read it.
func (f Figure) Value() string { return answer.FirstFigure(f.Answer) }

// Spark is a line through a figure's years, in a box of that width and height,
// as an SVG's list of points; "" where there is no line to draw. It fills the
// height from the least to the greatest: it shows the way, not the size.
func (f Figure) Spark(width, height float64) string {
	s := Series(f.Trend)
	if len(s) < 3 {
		return ""
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range s {
		low, high = min(low, p.Value), max(high, p.Value)
	}
	if high == low {
		return ""
	}
	span := float64(s[len(s)-1].Year - s[0].Year)
	var out []string
	for _, p := range s {
		out = append(out, fmt.Sprintf("%.1f,%.1f", width*float64(p.Year-s[0].Year)/span, height*(high-p.Value)/(high-low)))
	}
	return strings.Join(out, " ")
}

// Markdown writes a brief for a terminal, a file or a message.
func (b *Brief) Markdown() string {
	l := b.Lang
	say := func(key string) string { return texts.Say(l, "brief."+key) }
	var s strings.Builder
	fmt.Fprintf(&s, "# %s\n\n%s\n", b.Kit.Title.In(l), b.Kit.Lead.In(l))
	for _, f := range b.Figures {
		fmt.Fprintf(&s, "\n## %s\n\n**%s**", f.Says, f.Value())
		if c := f.Change(l); c != "" {
			fmt.Fprintf(&s, " · %s", c)
		}
		s.WriteString("\n")
		if f.Likes != nil {
			fmt.Fprintf(&s, "\n%s\n\n%s\n", f.Likes.Question, answer.Table(f.Likes.Columns, f.Likes.Rows[:min(tableRows, len(f.Likes.Rows))], l))
		}
	}
	list := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(&s, "\n## %s\n\n", title)
		for _, x := range lines {
			fmt.Fprintf(&s, "- %s\n", x)
		}
	}
	list(say("limits"), b.Limits())
	list(say("next"), b.Next())
	var sources []string
	for _, x := range b.Sources {
		sources = append(sources, answer.SourceLine(x, l))
	}
	list(say("sources"), sources)
	return s.String()
}

const tableRows = 12 // of what a figure stands beside

// Limits are what the figures do not say: the kit's words, and what misleads in
// today's data.
func (b *Brief) Limits() []string {
	var out []string
	for _, x := range b.Kit.Limits {
		out = append(out, x.In(b.Lang))
	}
	for _, c := range b.Caveats {
		out = append(out, strings.TrimRight(c, ".")+".")
	}
	return out
}

// Next are the questions to ask next.
func (b *Brief) Next() []string {
	var out []string
	for _, x := range b.Kit.Try {
		if q := x.Question.In(b.Lang); q != "" {
			out = append(out, q)
		}
	}
	return out
}

package main

import (
	"strings"
	"time"

	"cigogne/internal/insight"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// listed is how many lines a list of the report has.
const listed = 30

func (all *insights) counts(l lang.Lang) string {
	return texts.Say(l, "cli.insights_counts", "asked", all.Asked, "answered", all.Answered, "back", all.Back, "pointed", all.Pointed, "declined", all.Declined, "right", all.Right, "wrong", all.Wrong)
}

// markdown is the report as people read it.
func (all *insights) markdown(l lang.Lang) string {
	var b strings.Builder
	b.WriteString("# " + texts.Say(l, "cli.insights_title") + "\n\n")
	if !all.Since.IsZero() {
		b.WriteString(texts.Say(l, "cli.insights_since", "day", all.Since.Format(time.DateOnly)) + "\n\n")
	}
	b.WriteString(all.counts(l) + "\n")
	section := func(title string, n int, line func(i int) string) {
		if n == 0 {
			return
		}
		b.WriteString("\n## " + title + "\n\n")
		for i := range min(n, listed) {
			b.WriteString("- " + line(i) + "\n")
		}
	}
	section(texts.Say(l, "cli.insights_wanted"), len(all.Wanted), func(i int) string { return wantedLine(all.Wanted[i], l) })
	section(texts.Say(l, "cli.insights_datasets"), len(all.Datasets), func(i int) string {
		d := all.Datasets[i]
		line := texts.Say(l, "cli.insights_dataset", "title", flat(d.Title), "publisher", flat(d.Publisher), "n", d.Answers)
		if d.Wrong > 0 {
			line += ", " + texts.Say(l, "cli.insights_wrong", "times", d.Wrong)
		}
		return line
	})
	section(texts.Say(l, "cli.insights_ailing"), len(all.Ailing), func(i int) string {
		x := all.Ailing[i]
		line := texts.Say(l, "cli.insights_dataset", "title", flat(x.Title), "publisher", flat(x.Publisher), "n", x.Answers)
		if x.Stale {
			line += ", " + texts.Say(l, "cli.insights_stale")
		}
		if x.Poor {
			line += ", " + texts.Say(l, "cli.insights_poor")
		}
		return line
	})
	section(texts.Say(l, "cli.insights_vital"), len(all.Vital), func(i int) string {
		v := all.Vital[i]
		return texts.Say(l, "cli.insights_vital_line", "title", flat(v.Title), "reason", flat(v.Reason), "n", v.Answers)
	})
	section(texts.Say(l, "cli.insights_themes"), len(all.Themes), func(i int) string {
		return texts.Say(l, "cli.insights_theme", "name", flat(all.Themes[i].Name), "n", all.Themes[i].Answers)
	})
	marked := func(m insight.Marked) string {
		line := texts.Say(l, "cli.insights_marked", "question", flat(m.Question), "id", m.ID)
		if m.Why != "" {
			line += texts.Say(l, "cli.insights_why", "why", flat(m.Why))
		}
		return line
	}
	section(texts.Say(l, "cli.insights_review"), len(all.Review), func(i int) string { return marked(all.Review[i]) })
	section(texts.Say(l, "cli.insights_confirm"), len(all.Confirm), func(i int) string { return marked(all.Confirm[i]) })
	return b.String()
}

// wantedLine is one line of wanted data.
func wantedLine(w insight.Wanted, l lang.Lang) string {
	line := texts.Say(l, "cli.insights_want", "question", flat(w.Question), "times", w.Times)
	if w.Votes > 0 {
		line += ", " + texts.Say(l, "cli.insights_votes", "n", w.Votes)
	}
	if w.Wrong > 0 {
		line += ", " + texts.Say(l, "cli.insights_wrong", "times", w.Wrong)
	}
	if len(w.Missing) > 0 {
		line += " (" + texts.Say(l, "cli.insights_missing", "words", flat(strings.Join(w.Missing, ", "))) + ")"
	}
	if w.Reply != "" {
		line += " " + texts.Say(l, "cli.insights_reply", "reply", flat(w.Reply))
	}
	if w.AnswerID != "" {
		line += " " + texts.Say(l, "cli.insights_closed", "id", w.AnswerID)
	}
	return line
}

// flat is a text that makes no Markdown of its own.
func flat(s string) string {
	return strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "\\<", "|", "\\|").Replace(clean(s))
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cigogne/internal/answer"
	"cigogne/internal/insight"
	"cigogne/internal/surface/sheet"
)

// insights is what `insights --json` prints.
type insights struct {
	insight.Report
	Themes []theme `json:"themes"`
}

type theme struct {
	Name    string `json:"name"`
	Answers int    `json:"answers"`
}

func insightsCommand(p *program) *cobra.Command {
	var days int
	var format string
	c := p.command("insights", "", nothing, func(ctx context.Context, _ []string) error {
		return tellInsights(ctx, p, days, format)
	})
	c.Flags().IntVar(&days, "days", 30, p.say("cli.flag_days"))
	c.Flags().StringVar(&format, "format", "markdown", p.say("cli.flag_report"))
	completes(c, "format", "markdown", "csv", "json")
	return c
}

// tellInsights reports on the last days; 0: on all.
func tellInsights(ctx context.Context, p *program, days int, format string) error {
	if days < 0 || !slices.Contains([]string{"markdown", "csv", "json"}, format) {
		return errUsage
	}
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return told{p.say("cli.no_questions")}
	}
	if err != nil {
		return err
	}
	defer led.Close()
	var since time.Time
	if days > 0 {
		since = time.Now().AddDate(0, 0, -days)
	}
	report, err := insight.Of(led.Records(ctx), since)
	if err != nil {
		return err
	}
	all := insights{Report: *report}
	if all.Themes, err = themesOf(ctx, p, report.Datasets); err != nil {
		return err
	}
	switch format {
	case "json":
		return printJSON(p.out, all)
	case "csv":
		return sheet.CSV(p.out, all.sheet(p))
	}
	_, err = fmt.Fprint(p.out, all.markdown(p))
	return err
}

// themesOf counts answers by the themes of their datasets, most frequent first.
func themesOf(ctx context.Context, p *program, datasets []insight.Dataset) ([]theme, error) {
	h := newHouse(p)
	defer h.Close()
	lib, err := h.library(ctx)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, d := range datasets {
		known, err := lib.Dataset(ctx, d.ID)
		if err != nil || known == nil {
			continue // it is published no more
		}
		for _, name := range known.Themes {
			counts[name] += d.Answers
		}
	}
	out := []theme{}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, theme{name, counts[name]})
	}
	slices.SortStableFunc(out, func(a, b theme) int { return cmp.Compare(b.Answers, a.Answers) })
	return out, nil
}

// sheet is the list of wanted data as a table.
func (r insights) sheet(p *program) *answer.Answer {
	a := &answer.Answer{Lang: p.lang()}
	for _, name := range []string{p.say("cli.wanted_question"), p.say("cli.wanted_times"), p.say("cli.wanted_declined"), p.say("cli.wanted_wrong"), p.say("cli.wanted_missing"), p.say("cli.wanted_last")} {
		a.Columns = append(a.Columns, answer.Column{Name: name})
	}
	for _, w := range r.Wanted {
		a.Rows = append(a.Rows, []any{clean(w.Question), int64(w.Times), int64(w.Declined), int64(w.Wrong), clean(strings.Join(w.Missing, ", ")), w.Last.Format(time.DateOnly)})
	}
	return a
}

// listed is how many lines a list of the report has.
const listed = 30

func (r insights) markdown(p *program) string {
	var b strings.Builder
	b.WriteString("# " + p.say("cli.insights_title") + "\n\n")
	if !r.Since.IsZero() {
		b.WriteString(p.say("cli.insights_since", "day", r.Since.Format(time.DateOnly)) + "\n\n")
	}
	b.WriteString(p.say("cli.insights_counts", "asked", r.Asked, "answered", r.Answered, "back", r.Back, "pointed", r.Pointed, "declined", r.Declined, "right", r.Right, "wrong", r.Wrong) + "\n")
	section := func(title string, n int, line func(i int) string) {
		if n == 0 {
			return
		}
		b.WriteString("\n## " + title + "\n\n")
		for i := range min(n, listed) {
			b.WriteString("- " + line(i) + "\n")
		}
	}
	section(p.say("cli.insights_wanted"), len(r.Wanted), func(i int) string {
		w := r.Wanted[i]
		line := p.say("cli.insights_want", "question", flat(w.Question), "times", w.Times)
		if w.Wrong > 0 {
			line += ", " + p.say("cli.insights_wrong", "times", w.Wrong)
		}
		if len(w.Missing) > 0 {
			line += " (" + p.say("cli.insights_missing", "words", flat(strings.Join(w.Missing, ", "))) + ")"
		}
		return line
	})
	section(p.say("cli.insights_datasets"), len(r.Datasets), func(i int) string {
		d := r.Datasets[i]
		line := p.say("cli.insights_dataset", "title", flat(d.Title), "publisher", flat(d.Publisher), "answers", d.Answers)
		if d.Wrong > 0 {
			line += ", " + p.say("cli.insights_wrong", "times", d.Wrong)
		}
		return line
	})
	section(p.say("cli.insights_themes"), len(r.Themes), func(i int) string {
		return p.say("cli.insights_theme", "name", flat(r.Themes[i].Name), "answers", r.Themes[i].Answers)
	})
	return b.String()
}

// flat is a text that makes no Markdown of its own.
func flat(s string) string {
	return strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "\\<", "|", "\\|").Replace(clean(s))
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/yuin/goldmark"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/insight"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/library"
	"cigogne/internal/post"
	"cigogne/internal/surface/sheet"
	"cigogne/internal/texts"
)

// insights is what `insights --json` prints.
type insights struct {
	insight.Report
	Themes []theme     `json:"themes"`
	Vital  []vital     `json:"vital"`  // marked by their producers
	Ailing []neglected `json:"ailing"` // asked about, and stale, broken or poorly described
}

type theme struct {
	Name    string `json:"name"`
	Answers int    `json:"answers"`
}

// vital is a dataset that few ask for and that decides much.
type vital struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Reason  string `json:"reason"`
	Answers int    `json:"answers"`
}

// neglected is a dataset that people ask about and that serves them badly.
type neglected struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	Answers   int    `json:"answers"`
	Stale     bool   `json:"stale,omitempty"` // not refreshed as often as it says
	Poor      bool   `json:"poor,omitempty"`  // its sheet meets few criteria
}

// reporting is what `insights` is told.
type reporting struct {
	days         int
	month        time.Time // first moment of the month to report on, instead of days; zero: none
	format       string
	publisher    string
	webhook, exo string // where the report is posted; "": nowhere
	base         string
	private      bool
}

func insightsCommand(p *program) *cobra.Command {
	var r reporting
	c := p.command("insights", "", nothing, func(ctx context.Context, _ []string) error { return tellInsights(ctx, p, r) })
	c.Flags().IntVar(&r.days, "days", 30, p.say("cli.flag_days"))
	c.Flags().StringVar(&r.format, "format", "markdown", p.say("cli.flag_report"))
	c.Flags().StringVar(&r.publisher, "publisher", "", p.say("cli.flag_publisher"))
	c.Flags().StringVar(&r.webhook, placeWebhook, "", p.say("cli.flag_webhook"))
	c.Flags().StringVar(&r.exo, placeEXo, "", p.say("cli.flag_exo"))
	c.Flags().StringVar(&r.base, "url", "", p.say("cli.flag_links"))
	c.Flags().BoolVar(&r.private, "allow-private", false, p.say("cli.flag_private"))
	completes(c, "format", "markdown", "csv", "json", "html")
	return c
}

// tellInsights reports on the last days; 0: on all.
func tellInsights(ctx context.Context, p *program, r reporting) error {
	if r.days < 0 || !slices.Contains([]string{"markdown", "csv", "json", "html"}, r.format) {
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
	h := newHouse(p)
	defer h.Close()
	all, err := h.insights(ctx, led, r.period(), r.publisher)
	if err != nil {
		return err
	}
	if r.webhook != "" || r.exo != "" {
		return all.post(ctx, p, r)
	}
	switch r.format {
	case "json":
		return printJSON(p.out, all)
	case "csv":
		return sheet.CSV(p.out, all.sheet(p))
	case "html":
		text, err := asHTML(all.markdown(p.lang()))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "<!doctype html>\n<html lang=%q>\n<meta charset=\"utf-8\">\n<title>%s</title>\n%s</html>\n", p.lang(), p.say("cli.insights_title"), text)
		return err
	}
	_, err = fmt.Fprint(p.out, all.markdown(p.lang()))
	return err
}

// post sends the report's counts, and what is wanted most, to where people talk.
func (all *insights) post(ctx context.Context, p *program, r reporting) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	place, address := placeWebhook, r.webhook
	if address == "" {
		place, address = placeEXo, r.exo
	}
	to := posters(settings, r.private)[place]
	if to == nil {
		return told{p.say("cli.no_exo")}
	}
	n := post.Note{Title: p.say("cli.insights_title"), Lines: []string{all.counts(p.lang())}, Address: strings.TrimRight(r.base, "/")}
	for _, w := range all.Wanted[:min(len(all.Wanted), postedWishes)] {
		n.Lines = append(n.Lines, texts.Say(p.lang(), "cli.insights_want", "question", w.Question, "times", w.Times+w.Votes))
	}
	if err := to.Post(ctx, address, n); err != nil {
		return told{p.say("cli.not_posted") + " " + err.Error()}
	}
	return nil
}

const postedWishes = 5

// asHTML is a report's Markdown as HTML; tags in it stay text.
func asHTML(markdown string) (string, error) {
	var b strings.Builder
	err := goldmark.Convert([]byte(markdown), &b)
	return b.String(), err
}

// records is what reports are made of; the ledger and the keeper are.
type records interface {
	Records(ctx context.Context) iter.Seq2[*ledger.Record, error]
	Wishes(ctx context.Context) ([]ledger.Wish, error)
	Vitals(ctx context.Context) ([]ledger.Vital, error)
}

// period is a stretch of time; a zero time is no bound.
type period struct{ since, until time.Time }

// lastDays are the days up to now; 0: all there were.
func lastDays(n int) (p period) {
	if n > 0 {
		p.since = time.Now().AddDate(0, 0, -n)
	}
	return p
}

// period is what a report is on.
func (r reporting) period() period {
	if r.month.IsZero() {
		return lastDays(r.days)
	}
	return period{r.month, r.month.AddDate(0, 1, 0)}
}

// of are the records of the period, but for the beginning, which insight looks at.
func (p period) of(all iter.Seq2[*ledger.Record, error]) iter.Seq2[*ledger.Record, error] {
	return func(yield func(*ledger.Record, error) bool) {
		for r, err := range all {
			if err == nil && !p.until.IsZero() && !r.At.Before(p.until) {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// insights gathers the report of a period; of one publisher where there is a name.
func (h *house) insights(ctx context.Context, led records, p period, publisher string) (*insights, error) {
	report, err := insight.Of(p.of(led.Records(ctx)), p.since)
	if err != nil {
		return nil, err
	}
	wishes, err := led.Wishes(ctx)
	if err != nil {
		return nil, err
	}
	report.Wished(wishes)
	if publisher != "" {
		report = report.Publisher(publisher)
	}
	all := &insights{Report: *report, Vital: []vital{}, Ailing: []neglected{}}
	lib, err := h.library(ctx)
	if err != nil {
		return nil, err
	}
	if all.Themes, err = themesOf(ctx, lib, report.Datasets); err != nil {
		return nil, err
	}
	asked := map[string]int{}
	for _, d := range report.Datasets {
		asked[d.ID] = d.Answers
	}
	all.Ailing = append(all.Ailing, neglects(ctx, lib, report.Datasets)...)
	marks, err := led.Vitals(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range marks {
		known, err := lib.Dataset(ctx, m.DatasetID)
		if err != nil {
			return nil, err
		}
		v := vital{ID: m.DatasetID, Title: m.DatasetID, Reason: m.Reason, Answers: asked[m.DatasetID]}
		if known != nil {
			if v.Title = known.Title; publisher != "" && !strings.Contains(lang.Fold(known.Publisher), lang.Fold(publisher)) {
				continue
			}
		}
		all.Vital = append(all.Vital, v)
	}
	return all, nil
}

// neglects are the datasets that are asked and are out of date or poorly described.
// Those published no more are left out.
func neglects(ctx context.Context, lib *library.Catalogue, datasets []insight.Dataset) []neglected {
	var out []neglected
	for _, d := range datasets {
		known, err := lib.Dataset(ctx, d.ID)
		if err != nil || known == nil {
			continue
		}
		x := neglected{ID: d.ID, Title: d.Title, Publisher: d.Publisher, Answers: d.Answers}
		x.Stale, _ = dataset.Stale(*known, time.Now())
		x.Poor = dataset.QualityOf(*known, time.Now()).Score() < poor
		if x.Stale || x.Poor {
			out = append(out, x)
		}
	}
	return out
}

// poor is the share of criteria below which a sheet is said to be poor.
const poor = 0.5

// themesOf counts answers by the themes of their datasets, most frequent first.
func themesOf(ctx context.Context, lib *library.Catalogue, datasets []insight.Dataset) ([]theme, error) {
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
func (all *insights) sheet(p *program) *answer.Answer {
	a := &answer.Answer{Lang: p.lang()}
	for _, name := range []string{p.say("cli.wanted_question"), p.say("cli.wanted_times"), p.say("cli.wanted_declined"), p.say("cli.wanted_wrong"), p.say("cli.wanted_missing"), p.say("cli.wanted_last")} {
		a.Columns = append(a.Columns, answer.Column{Name: name})
	}
	for _, w := range all.Wanted {
		a.Rows = append(a.Rows, []any{clean(w.Question), int64(w.Times), int64(w.Declined), int64(w.Wrong), clean(strings.Join(w.Missing, ", ")), w.Last.Format(time.DateOnly)})
	}
	return a
}

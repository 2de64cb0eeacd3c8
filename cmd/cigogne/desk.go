package main

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"sync"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/config"
	"cigogne/internal/insight"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/staff"
	"cigogne/internal/surface/web"
)

// desk is where the site reads what is asked and what is wanted. Gathering it
// reads every kept answer: it is done once in a while, whoever asks.
type desk struct {
	c *current

	mu   sync.Mutex
	last *insights
	at   time.Time
}

const (
	deskDays  = 30
	deskEvery = time.Minute
)

func (d *desk) gather(ctx context.Context) (*insights, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last != nil && time.Since(d.at) < deskEvery {
		return d.last, nil
	}
	led, err := d.c.keeper.readable(ctx)
	if err != nil {
		return nil, err
	}
	t, leave := d.c.enter()
	defer leave()
	all, err := t.house.insights(ctx, led, lastDays(deskDays), "")
	if err != nil {
		return nil, err
	}
	d.last, d.at = all, time.Now()
	return all, nil
}

// report is the team's page.
func (d *desk) report(ctx context.Context, l lang.Lang) (template.HTML, error) {
	all, err := d.gather(ctx)
	if err != nil {
		return "", err
	}
	text, err := asHTML(all.markdown(l))
	return template.HTML(text), err //nolint:gosec // goldmark leaves no tag of a text's own in it
}

func (d *desk) wanted(ctx context.Context) ([]web.Wish, error) {
	all, err := d.gather(ctx)
	if err != nil {
		return nil, err
	}
	var out []web.Wish
	for _, w := range all.Wanted {
		out = append(out, web.Wish{ID: w.ID, Question: clean(w.Question), Times: w.Times + w.Votes, Reply: clean(w.Reply), AnswerID: w.AnswerID})
	}
	return out, nil
}

func (d *desk) vote(ctx context.Context, id string) error {
	all, err := d.gather(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all.Wanted, func(w insight.Wanted) bool { return w.ID == id })
	if i < 0 {
		return answer.ErrUnknown
	}
	led, err := d.c.keeper.writable(ctx)
	if err != nil {
		return err
	}
	w := all.Wanted[i]
	if err := led.Vote(ctx, ledger.Wish{ID: w.ID, Question: w.Question, Lang: w.Lang}); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = nil
	return nil
}

// staffOnly lets in those whom the settings name; nil where they name no provider.
func (c *current) staffOnly(s config.Staff, base func(*http.Request) string) func(web.Refuse, http.Handler) http.Handler {
	if !s.Set() {
		return nil
	}
	return func(refuse web.Refuse, pages http.Handler) http.Handler {
		return staff.New(staff.Parts{
			Issuer: s.Issuer, Client: s.Client, Secret: s.Secret, Emails: s.Emails, Groups: s.Groups,
			Base: base, Sorry: refuse, HTTP: &http.Client{Timeout: providerPatience}, Log: c.log,
		}).Handler(pages)
	}
}

const providerPatience = 10 * time.Second

// atBase is the public address of the site: as it is set, or as a request tells.
func atBase(base string, client httpd.Client) func(*http.Request) string {
	if base != "" {
		return func(*http.Request) string { return base }
	}
	return client.Base
}

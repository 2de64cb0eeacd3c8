package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cigogne/internal/assistant"
	"cigogne/internal/config"
	"cigogne/internal/dataset"
	"cigogne/internal/httpx"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/post"
	"cigogne/internal/surface/feed"
	"cigogne/internal/watch"
)

// Places that can follow a figure.
const (
	placeWebhook = "webhook"
	placeEXo     = "exo"
	placeDiscord = "discord"
	placeMatrix  = "matrix"
)

// watching is what `watch` is told.
type watching struct {
	to      map[string]*string // address by place
	remove  string
	now     bool
	base    string
	private bool
	json    *bool
}

func watchCommand(p *program) *cobra.Command {
	w := watching{to: map[string]*string{}}
	c := p.command("watch", "[ID]", nil, func(ctx context.Context, args []string) error { return watchFigures(ctx, p, w, args) })
	c.Args = cobra.MaximumNArgs(1)
	w.to[placeWebhook] = c.Flags().String(placeWebhook, "", p.say("cli.flag_webhook"))
	w.to[placeEXo] = c.Flags().String(placeEXo, "", p.say("cli.flag_exo"))
	w.to[placeDiscord] = c.Flags().String(placeDiscord, "", p.say("cli.flag_discord"))
	w.to[placeMatrix] = c.Flags().String(placeMatrix, "", p.say("cli.flag_matrix"))
	c.Flags().StringVar(&w.remove, "remove", "", p.say("cli.flag_unwatch"))
	c.Flags().BoolVar(&w.now, "now", false, p.say("cli.flag_now"))
	c.Flags().StringVar(&w.base, "url", "", p.say("cli.flag_links"))
	c.Flags().BoolVar(&w.private, "allow-private", false, p.say("cli.flag_private"))
	w.json = p.jsonFlag(c)
	return c
}

// place is the one place that was named, and the address there; "" for none, an
// error for several.
func (w watching) place() (place, address string, err error) {
	for name, to := range w.to {
		if *to == "" {
			continue
		}
		if place != "" {
			return "", "", errUsage
		}
		place, address = name, *to
	}
	if place == placeWebhook && post.CheckWebhook(address) != nil {
		return "", "", errUsage
	}
	return place, address, nil
}

func watchFigures(ctx context.Context, p *program, w watching, args []string) error {
	place, address, err := w.place()
	if err != nil || len(args) == 1 != (place != "") {
		return errUsage
	}
	c, err := openCurrent(ctx, p)
	if err != nil {
		return err
	}
	defer c.Close()
	if c.keeper == nil {
		return told{p.say("cli.no_questions")}
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	c.tells(posters(settings, w.private), w.base)
	switch {
	case w.remove != "":
		if err := c.keeper.Unwatch(ctx, w.remove); errors.Is(err, ledger.ErrUnknown) {
			return told{p.say("cli.no_watch", "id", lang.Cut(clean(w.remove), maxName))}
		} else {
			return err
		}
	case w.now:
		return c.announce(ctx)
	case place != "":
		id, err := c.Follow(ctx, args[0], place, address, p.lang())
		if err == nil {
			fmt.Fprintln(p.out, p.say("cli.watched", "id", id))
		}
		return err
	}
	return w.list(ctx, c)
}

// list prints what is followed; the address of a webhook is a secret.
func (w watching) list(ctx context.Context, c *current) error {
	all, err := c.keeper.Watches(ctx)
	if err != nil {
		return err
	}
	type line struct {
		ID       string           `json:"id"`
		Kind     ledger.WatchKind `json:"kind"`
		Subject  string           `json:"subject"`
		Place    string           `json:"place"`
		Address  string           `json:"address"`
		Failures int              `json:"failures"`
	}
	lines := []line{}
	for _, x := range all {
		if x.Place == placeWebhook {
			x.Address = hidden(x.Address)
		}
		lines = append(lines, line{x.ID, x.Kind, x.Subject, x.Place, x.Address, x.Failures})
	}
	if *w.json {
		return printJSON(c.out, lines)
	}
	for _, x := range lines {
		fmt.Fprintf(c.out, "%s  %s %s → %s %s\n", x.ID, x.Kind, clean(x.Subject), x.Place, clean(x.Address))
	}
	if len(lines) == 0 {
		fmt.Fprintln(c.out, c.say("cli.nothing_watched"))
	}
	return nil
}

// hidden is an address without what must stay secret in it.
func hidden(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host + "/…"
}

// posters are the places that need no bot.
func posters(c config.Config, private bool) map[string]post.Poster {
	client := httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: private}, Attempts: 1, Proxy: http.ProxyFromEnvironment})
	out := map[string]post.Poster{placeWebhook: post.Webhook{Client: client}}
	if c.EXo.Server != "" {
		out[placeEXo] = post.EXo{Client: client, Server: c.EXo.Server, User: c.EXo.User, Password: c.EXo.Password}
	}
	return out
}

// tells has what is followed told by these; the base is the site's address.
func (c *current) tells(posters map[string]post.Poster, base string) {
	c.posters, c.base = posters, strings.TrimRight(base, "/")
}

// watcher looks at what is followed, over the house in force.
func (c *current) watcher(t *tenancy) *watch.Watcher {
	shelf := func(ctx context.Context, key string) (*dataset.Dataset, []dataset.Table, error) {
		d, err := t.guide.Describe(ctx, key, lang.French)
		if errors.Is(err, assistant.ErrUnknownDataset) {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		return &d.Dataset, d.Tables, nil
	}
	return watch.New(watch.Parts{Ledger: c.keeper, Replayer: t.replayer, Shelf: shelf, Generation: cmp.Or(t.generation, version()), Posters: c.posters, Base: c.base, Log: c.log})
}

const tellTime = 10 * time.Minute // of a whole round

// announce tells what changed in what is followed.
func (c *current) announce(ctx context.Context) error {
	if c.keeper == nil || len(c.posters) == 0 {
		return nil
	}
	t, leave := c.enter()
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	return c.watcher(t).Run(ctx)
}

// Follow has a place told of what changes in an answer's figure, or in a dataset
// that has the ID or name. The error is told to the user.
func (c *current) Follow(ctx context.Context, subject, place, address string, l lang.Lang) (id string, err error) {
	if c.keeper == nil {
		return "", told{c.say("cli.no_questions")}
	}
	t, leave := c.enter()
	defer leave()
	x := c.watcher(t)
	w := ledger.Watch{Kind: ledger.WatchFigure, Subject: subject, Place: place, Address: address, Lang: l}
	err = x.Follow(ctx, &w)
	if errors.Is(err, ledger.ErrUnknown) {
		d, e := t.guide.Describe(ctx, subject, l)
		if e == nil {
			w.Kind, w.Subject = ledger.WatchDataset, d.Dataset.ID
			err = x.Follow(ctx, &w)
		}
	}
	switch {
	case errors.Is(err, ledger.ErrUnknown):
		return "", unknown(subject, c.program)
	case errors.Is(err, watch.ErrNothing):
		return "", told{c.say("cli.nothing_to_watch")}
	}
	return w.ID, err
}

// Unfollow ends what a place follows of an answer, and tells whether it did.
func (c *current) Unfollow(ctx context.Context, subject, place, address string) (bool, error) {
	if c.keeper == nil {
		return false, nil
	}
	all, err := c.keeper.Watches(ctx)
	if err != nil {
		return false, err
	}
	ended := false
	for _, w := range all {
		if w.Place == place && w.Address == address && (subject == "" || w.Subject == subject) {
			if err := c.keeper.Unwatch(ctx, w.ID); err != nil && !errors.Is(err, ledger.ErrUnknown) {
				return ended, err
			}
			ended = true
		}
	}
	return ended, nil
}

// moved is what became of a kept answer's figure, for its feed.
func (c *current) moved(ctx context.Context, id string, l lang.Lang) (*feed.Moved, error) {
	if c.keeper == nil {
		return nil, nil
	}
	t, leave := c.enter()
	defer leave()
	m, err := c.watcher(t).Since(ctx, id, l)
	if err != nil || m == nil {
		return nil, err
	}
	return &feed.Moved{At: m.At, Changed: m.Changed, Lines: m.Lines, Day: m.Day}, nil
}

// Watch implements watch.Ledger.
func (k *keeper) Watch(ctx context.Context, w *ledger.Watch) error {
	led, err := k.writable(ctx)
	if err != nil {
		return err
	}
	return led.Watch(ctx, w)
}

// Watches implements watch.Ledger.
func (k *keeper) Watches(ctx context.Context) ([]ledger.Watch, error) {
	led, err := k.readable(ctx)
	if err != nil {
		return nil, err
	}
	return led.Watches(ctx)
}

// Unwatch implements watch.Ledger.
func (k *keeper) Unwatch(ctx context.Context, id string) error {
	led, err := k.writable(ctx)
	if err != nil {
		return err
	}
	return led.Unwatch(ctx, id)
}

// Told implements watch.Ledger.
func (k *keeper) Told(ctx context.Context, w ledger.Watch, seen, state string) (bool, error) {
	led, err := k.writable(ctx)
	if err != nil {
		return false, err
	}
	return led.Told(ctx, w, seen, state)
}

// Untold implements watch.Ledger.
func (k *keeper) Untold(ctx context.Context, w ledger.Watch) error {
	led, err := k.writable(ctx)
	if err != nil {
		return err
	}
	return led.Untold(ctx, w)
}

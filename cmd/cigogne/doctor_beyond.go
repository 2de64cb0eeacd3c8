package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"cigogne/internal/config"
	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
	"cigogne/internal/store"
	"cigogne/internal/surface/discord"
	"cigogne/internal/surface/matrix"
)

func (d *doctor) portals(ctx context.Context, gen *store.Generation) {
	for _, p := range gen.Portals {
		client := httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: d.private}, Stall: patience, Attempts: 1})
		ctx, cancel := context.WithTimeout(ctx, 2*patience)
		_, err := portal.Detect(ctx, client, p.URL, p.Type)
		switch {
		case err != nil && ctx.Err() != nil:
			d.note("portal", broken, d.p.say("doctor.portal_silent", "url", p.URL), d.p.say("doctor.mend_portal", "url", p.URL))
		case err != nil:
			d.note("portal", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_portal", "url", p.URL))
		default:
			d.note("portal", healthy, d.p.say("doctor.portal_ok", "url", p.URL), "")
			if a, err := client.Get(ctx, httpx.Get{URL: p.URL, Attempts: 1}); err == nil {
				d.hear(p.URL, a.Header)
			}
		}
		cancel()
	}
}

// hear notes what a server says the time is.
func (d *doctor) hear(server string, h http.Header) {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		d.skew[server] = d.now().Sub(t)
	}
}

// server looks at a server of models, by the list of them; none says that there
// is none.
func (d *doctor) server(ctx context.Context, check string, s config.Server, none string) {
	if !s.Set() {
		d.note(check, healthy, none, "")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(s.URL, "/")+"/models", nil)
	if err != nil {
		d.note(check, broken, d.p.say("doctor.server_silent", "url", s.URL), d.p.say("doctor.mend_server"))
		return
	}
	if s.Key != "" {
		req.Header.Set("Authorization", "Bearer "+s.Key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.note(check, broken, d.p.say("doctor.server_silent", "url", s.URL), d.p.say("doctor.mend_server"))
		return
	}
	defer res.Body.Close()
	d.hear(s.URL, res.Header)
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	switch {
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		d.note(check, broken, d.p.say("doctor.server_refuses", "url", s.URL), d.p.say("doctor.mend_key"))
	case err != nil || res.StatusCode >= 500:
		d.note(check, broken, d.p.say("doctor.server_fails", "url", s.URL, "status", fmt.Sprint(res.StatusCode)), d.p.say("doctor.mend_server"))
	case res.StatusCode == http.StatusOK && !strings.Contains(string(body), s.Name):
		d.note(check, ailing, d.p.say("doctor.server_lacks", "url", s.URL, "model", s.Name), d.p.say("doctor.mend_name"))
	default: // not every server lists its models
		d.note(check, healthy, d.p.say("doctor.server_ok", "url", s.URL, "model", s.Name), "")
	}
}

func (d *doctor) discord(ctx context.Context, s config.Discord) {
	if s.Token == "" {
		d.note("discord", healthy, d.p.say("doctor.discord_none"), "")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	name, err := discord.Check(ctx, s.Token)
	switch {
	case errors.Is(err, discord.ErrRefused):
		d.note("discord", broken, d.p.say("doctor.discord_refused"), d.p.say("doctor.mend_token"))
	case err != nil:
		d.note("discord", broken, d.p.say("doctor.discord_silent"), d.p.say("doctor.mend_network"))
	default:
		d.note("discord", healthy, d.p.say("doctor.discord_ok", "name", name), "")
	}
}

func (d *doctor) matrix(ctx context.Context, s config.Matrix) {
	if s.Token == "" {
		d.note("matrix", healthy, d.p.say("doctor.matrix_none"), "")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	user, err := matrix.Check(ctx, s.Server, s.Token)
	switch {
	case errors.Is(err, matrix.ErrRefused):
		d.note("matrix", broken, d.p.say("doctor.matrix_refused"), d.p.say("doctor.mend_matrix_token"))
	case err != nil:
		d.note("matrix", broken, d.p.say("doctor.matrix_silent", "url", s.Server), d.p.say("doctor.mend_matrix_server"))
	default:
		d.note("matrix", healthy, d.p.say("doctor.matrix_ok", "user", user), "")
	}
}

// off is how far a clock may be from others' before years and dates of answers
// are in doubt.
const off = 2 * time.Minute

// clock holds this machine's clock against those of the servers that answered,
// and where none did, against the day that the program was built.
func (d *doctor) clock() {
	for server, skew := range d.skew {
		if skew.Abs() > off {
			d.note("clock", broken, d.p.say("doctor.clock_off", "seconds", int(skew.Abs().Seconds()), "url", server), d.p.say("doctor.mend_clock"))
			return
		}
	}
	if built := buildTime(); d.now().Before(built) {
		d.note("clock", broken, d.p.say("doctor.clock_past", "day", d.now().Format(time.DateOnly)), d.p.say("doctor.mend_clock"))
		return
	}
	d.note("clock", healthy, d.p.say("doctor.clock_ok", "day", d.now().Format("2006-01-02 15:04")), "")
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cigogne/internal/config"
	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
	"cigogne/internal/ledger"
	"cigogne/internal/library"
	"cigogne/internal/scratch"
	"cigogne/internal/store"
	"cigogne/internal/surface/discord"
	"cigogne/internal/surface/matrix"
)

// health is how one thing is.
type health string

const (
	healthy health = "ok"
	ailing  health = "warning" // it works, or will not for long
	broken  health = "fault"
	skipped health = "skipped"
)

// symptom is what a check found, and how to mend it.
type symptom struct {
	Check string `json:"check"`
	State health `json:"state"`
	Said  string `json:"said"`
	Mend  string `json:"mend,omitempty"`
}

// doctor looks at everything that the program stands on.
type doctor struct {
	p       *program
	offline bool
	private bool
	found   []symptom
	now     func() time.Time
	skew    map[string]time.Duration // of servers' clocks to ours
}

func doctorCommand(p *program) *cobra.Command {
	d := &doctor{p: p, now: time.Now, skew: map[string]time.Duration{}}
	var asJSON *bool
	var site string
	c := p.command("doctor", "", nothing, func(ctx context.Context, _ []string) error {
		if site != "" {
			return ready(ctx, p, site)
		}
		d.examine(ctx)
		return d.report(*asJSON)
	})
	asJSON = p.jsonFlag(c)
	c.Flags().BoolVar(&d.offline, "offline", false, p.say("doctor.flag_offline"))
	c.Flags().BoolVar(&d.private, "allow-private", false, p.say("cli.flag_private"))
	c.Flags().StringVar(&site, "ready", "", p.say("doctor.flag_ready"))
	return c
}

// ready asks a running site whether it takes questions: for containers, which
// have no other program to ask with.
func ready(ctx context.Context, p *program, site string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(site, "/")+"/readyz", nil)
	if err != nil {
		return told{p.say("doctor.not_ready", "site", clean(site))}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return told{p.say("doctor.not_ready", "site", clean(site))}
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil || res.StatusCode != http.StatusOK {
		return told{p.say("doctor.not_ready", "site", clean(site)) + " " + clean(string(said))}
	}
	return nil
}

// report prints what was found; a fault is a failure.
func (d *doctor) report(asJSON bool) error {
	if asJSON {
		if err := printJSON(d.p.out, d.found); err != nil {
			return err
		}
	} else {
		marks := map[health]string{healthy: "✓", ailing: "⚠", broken: "✗", skipped: "–"}
		for _, s := range d.found {
			fmt.Fprintf(d.p.out, "%s %s\n", marks[s.State], s.Said)
			if s.Mend != "" {
				fmt.Fprintf(d.p.out, "  → %s\n", s.Mend)
			}
		}
	}
	if n := len(slices.DeleteFunc(slices.Clone(d.found), func(s symptom) bool { return s.State != broken })); n > 0 {
		return told{d.p.say("doctor.faults", "n", n)}
	}
	return nil
}

// note keeps what a check found, and how to mend it where something is to be
// mended.
func (d *doctor) note(check string, state health, said, mend string) {
	d.found = append(d.found, symptom{check, state, clean(said), clean(mend)})
}

// patience is how long a server may take to answer a check.
const patience = 15 * time.Second

func (d *doctor) examine(ctx context.Context) {
	settings, err := d.p.settings()
	if err != nil {
		d.note("config", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_config"))
	} else {
		d.note("config", healthy, d.p.say("doctor.config_ok"), "")
	}
	gen := d.directory(ctx)
	d.scratch()
	if d.offline {
		d.note("network", skipped, d.p.say("doctor.offline"), "")
	} else {
		if gen != nil {
			d.portals(ctx, gen)
		}
		d.server(ctx, "model", settings.Model.Server, d.p.say("doctor.model_none"))
		d.server(ctx, "embeddings", settings.Embeddings.Server, d.p.say("doctor.embeddings_none"))
		d.discord(ctx, settings.Discord)
		d.matrix(ctx, settings.Matrix)
		d.trino(ctx, settings.Trino, gen)
	}
	d.clock()
}

// directory looks at the data directory, and gives the generation in force.
func (d *doctor) directory(ctx context.Context) *store.Generation {
	dir, err := d.p.dataDir()
	if err != nil {
		d.note("data", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_home"))
		return nil
	}
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		d.note("data", healthy, d.p.say("doctor.data_none", "dir", dir), "")
		return nil
	}
	st, err := d.p.store(store.Read)
	if err != nil {
		d.note("data", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_rights", "dir", dir))
		return nil
	}
	if probe, err := os.CreateTemp(dir, ".doctor-"); err != nil {
		d.note("data", broken, d.p.say("doctor.data_read_only", "dir", dir), d.p.say("doctor.mend_rights", "dir", dir))
	} else {
		_ = probe.Close()
		_ = os.Remove(probe.Name())
		d.note("data", healthy, d.p.say("doctor.data_ok", "dir", dir), "")
	}
	d.room(st)
	d.ledger(ctx, dir)
	d.shared(ctx, st)
	gen, err := st.Current()
	if err != nil {
		d.note("harvest", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_harvest", "url", "ADRESSE"))
		return nil
	}
	if gen == nil {
		d.note("harvest", healthy, d.p.say("doctor.harvest_none"), "")
		return nil
	}
	d.generation(ctx, gen)
	return gen
}

// Room on the disk below which it is time to act, and below which nothing new is
// sure to be kept, in bytes.
const (
	scarce = 1 << 30
	full   = 64 << 20
)

func (d *doctor) room(st *store.Store) {
	free, err := st.Free()
	if err != nil {
		d.note("disk", skipped, d.p.say("doctor.disk_unknown"), "")
		return
	}
	state, mend := healthy, ""
	switch {
	case free < full:
		state, mend = broken, d.p.say("doctor.mend_disk")
	case free < scarce:
		state, mend = ailing, d.p.say("doctor.mend_disk")
	}
	d.note("disk", state, d.p.say("doctor.disk", "megabytes", free>>20), mend)
}

func (d *doctor) ledger(ctx context.Context, dir string) {
	path := filepath.Join(dir, ledger.FileName)
	if s, err := d.p.settings(); err == nil && s.Ledger.URL != "" {
		path = s.Ledger.URL
	} else if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		d.note("ledger", healthy, d.p.say("doctor.ledger_none"), "")
		return
	}
	led, err := ledger.Open(ctx, path)
	if err == nil {
		defer led.Close()
		err = led.Check(ctx)
	}
	switch {
	case err != nil:
		d.note("ledger", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_ledger", "path", path))
	case led.ReadOnly():
		d.note("ledger", broken, d.p.say("doctor.ledger_read_only"), d.p.say("doctor.mend_rights", "dir", dir))
	default:
		d.note("ledger", healthy, d.p.say("doctor.ledger_ok"), "")
	}
}

// shared asks the object store, where there is one, for what is in force.
func (d *doctor) shared(ctx context.Context, st *store.Store) {
	switch sh, err := d.p.shared(); {
	case err != nil:
		return // the settings' own note says so
	case sh == nil:
		return
	}
	if _, err := st.Pull(ctx); err != nil {
		d.note("store", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_store"))
		return
	}
	d.note("store", healthy, d.p.say("doctor.store_ok"), "")
}

// stale is how old a harvest may be before a word is said of it.
const stale = 8 * 24 * time.Hour

func (d *doctor) generation(ctx context.Context, gen *store.Generation) {
	damage, err := gen.Check(ctx)
	if err != nil {
		d.note("harvest", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_device"))
		return
	}
	for _, url := range damage.Portals {
		d.note("harvest", broken, d.p.say("doctor.portal_damaged", "url", url), d.p.say("doctor.mend_harvest", "url", url))
	}
	if n := len(damage.Contents); damage.Tables || n > 0 || damage.Has(library.DatabaseFile) {
		d.note("harvest", broken, d.p.say("doctor.tables_damaged"), d.p.say("doctor.mend_fetch"))
	}
	if damage.Has(library.IndexFile) {
		d.note("harvest", ailing, d.p.say("doctor.index_damaged"), d.p.say("doctor.mend_harvest", "url", gen.Portals[0].URL))
	}
	if !damage.Any() {
		d.note("harvest", healthy, d.p.say("doctor.harvest_ok", "datasets", gen.Count(), "tables", gen.TableCount()), "")
	}
	for _, p := range gen.Portals {
		if age := d.now().Sub(p.Refreshed); age > stale {
			d.note("harvest", ailing, d.p.say("doctor.harvest_old", "url", p.URL, "days", int(age.Hours()/24)), d.p.say("doctor.mend_harvest", "url", p.URL))
		}
	}
}

func (d *doctor) scratch() {
	dir, err := scratch.Dir("cigogne-doctor-")
	if err != nil {
		d.note("scratch", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_scratch"))
		return
	}
	_ = os.RemoveAll(dir)
	d.note("scratch", healthy, d.p.say("doctor.scratch_ok", "dir", filepath.Dir(dir)), "")
}

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

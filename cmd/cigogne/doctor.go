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

	"cigogne/internal/ledger"
	"cigogne/internal/library"
	"cigogne/internal/scratch"
	"cigogne/internal/store"
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
		mend := d.p.say("doctor.mend_rights", "dir", dir)
		if refused := (*store.Error)(nil); errors.As(err, &refused) && (refused.Reason == store.Unnumbered || refused.Reason == store.NewerVersion) {
			mend = d.p.say("doctor.mend_format", "dir", dir)
		}
		d.note("data", broken, sentence(err, d.p.lang()), mend)
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
	d.ledger(ctx, dir, st)
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

func (d *doctor) ledger(ctx context.Context, dir string, st *store.Store) {
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
	unwritable := (*ledger.Error)(nil)
	switch free, unknown := st.Free(); {
	case errors.As(err, &unwritable) && unwritable.Reason == ledger.NotWritable && unknown == nil && free < full:
		d.note("ledger", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_disk"))
	case unwritable != nil && unwritable.Reason == ledger.NotWritable:
		d.note("ledger", broken, sentence(err, d.p.lang()), d.p.say("doctor.mend_rights", "dir", dir))
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
	if gen.Instead != "" {
		d.note("harvest", broken, d.p.say("doctor.harvest_instead", "id", gen.Instead, "day", gen.Created.Format(time.DateOnly)), d.p.say("doctor.mend_instead"))
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

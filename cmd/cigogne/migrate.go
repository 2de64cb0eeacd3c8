package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/ledger"
	"cigogne/internal/store"
)

func migrateCommand(p *program) *cobra.Command {
	var from []string
	c := p.command("migrate", "", nothing, func(ctx context.Context, _ []string) error { return migrate(ctx, p, from) })
	c.Flags().StringArrayVar(&from, "from", nil, p.say("cli.flag_from"))
	return c
}

// migrate moves the data directory to where the settings have it shared: its ledger
// into PostgreSQL, what was harvested into the object store. With from, it comes from
// such addresses into the data directory. What is there already stays, so that it can
// be run again.
func migrate(ctx context.Context, p *program, from []string) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	dir, err := p.dataDir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	own := filepath.Join(dir, ledger.FileName)
	for _, address := range from {
		switch {
		case ledger.IsPostgres(address):
			err = p.moveLedger(ctx, address, own)
		case strings.HasPrefix(address, "s3://"):
			err = p.moveFrom(ctx, address)
		default:
			err = told{p.say("cli.migrate_where")}
		}
		if err != nil {
			return err
		}
	}
	if len(from) > 0 {
		return nil
	}
	if settings.Ledger.URL == "" && !settings.Store.Set() {
		return told{p.say("cli.migrate_where")}
	}
	files, err := p.neededFiles(ctx, own)
	if err != nil {
		return err
	}
	if settings.Ledger.URL != "" {
		if err := p.moveLedger(ctx, own, settings.Ledger.URL); err != nil {
			return err
		}
	}
	if settings.Store.Set() {
		return p.moveTo(ctx, files)
	}
	return nil
}

// moveLedger copies what a ledger holds into another one.
func (p *program) moveLedger(ctx context.Context, source, target string) error {
	a, err := ledger.Open(ctx, source)
	if err != nil {
		return err
	}
	b, err := ledger.Open(ctx, target)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	n, err := a.Transfer(ctx, b)
	if err = errors.Join(err, a.Close(), b.Close()); err != nil {
		return err
	}
	fmt.Fprintln(p.out, p.say("cli.migrated", "n", n))
	return nil
}

// neededFiles are the files that the answers of the data directory's ledger were
// made of, and where the ledger is shared already, of that one's.
func (p *program) neededFiles(ctx context.Context, own string) (files []string, err error) {
	sources := []string{own}
	if s, err := p.settings(); err == nil && s.Ledger.URL != "" {
		sources = append(sources, s.Ledger.URL)
	}
	for _, source := range sources {
		led, err := ledger.Open(ctx, source)
		if err != nil {
			return nil, err
		}
		some, err := led.Files(ctx)
		if err = errors.Join(err, led.Close()); err != nil {
			return nil, err
		}
		files = append(files, some...)
	}
	return files, nil
}

// moveTo sends what was harvested, and what answers need, into the object store.
func (p *program) moveTo(ctx context.Context, files []string) error {
	st, err := p.store(store.Write)
	if err != nil {
		return err
	}
	gen, sent, err := st.MoveTo(ctx, files)
	var bad *store.Error
	if errors.As(err, &bad) && bad.Reason == store.Foreign {
		settings, _ := p.settings()
		return told{p.say("cli.migrate_occupied", "store", clean(settings.Store.URL), "dir", clean(bad.Dir))}
	}
	if err != nil {
		return err
	}
	n := 0
	if gen != nil {
		n = gen.Count()
	}
	fmt.Fprintln(p.out, p.say("cli.migrated_store", "n", n, "sent", sent))
	return nil
}

// moveFrom brings what is in force in an object store into the data directory, which
// is a copy of nothing afterwards.
func (p *program) moveFrom(ctx context.Context, address string) error {
	sh, err := p.sharingAt(address)
	if err != nil {
		return err
	}
	dir, err := p.dataDir()
	if err != nil {
		return err
	}
	st, err := store.Open(dir, store.Write)
	if err != nil {
		return err
	}
	st.Over(sh.Shared)
	if _, err := st.Pull(ctx); err != nil {
		return err
	}
	files, err := p.neededFiles(ctx, filepath.Join(dir, ledger.FileName))
	if err != nil {
		return err
	}
	gen, brought, err := st.MoveFrom(ctx, files)
	if err != nil {
		return err
	}
	n := 0
	if gen != nil {
		n = gen.Count()
	}
	fmt.Fprintln(p.out, p.say("cli.migrated_back", "n", n, "brought", brought))
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"cigogne/internal/ledger"
)

func migrateCommand(p *program) *cobra.Command {
	var from string
	c := p.command("migrate", "", nothing, func(ctx context.Context, _ []string) error { return migrate(ctx, p, from) })
	c.Flags().StringVar(&from, "from", "", p.say("cli.flag_from"))
	return c
}

// migrate copies the ledger of the data directory into PostgreSQL, where the
// settings name a server; with from, a server's into the data directory. What is
// there already stays, so that it can be run again.
func migrate(ctx context.Context, p *program, from string) error {
	dir, err := p.dataDir()
	if err != nil {
		return err
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	source, target := filepath.Join(dir, ledger.FileName), settings.Ledger.URL
	if from != "" {
		source, target = from, source
	}
	if target == "" || from != "" && !ledger.IsPostgres(from) {
		return told{p.say("cli.migrate_where")}
	}
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

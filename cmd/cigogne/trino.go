package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/config"
	"cigogne/internal/dataset"
	"cigogne/internal/library"
	"cigogne/internal/store"
	"cigogne/internal/warehouse"
	"cigogne/internal/warehouse/trino"
)

// trinoName is what people know the engine by.
const trinoName = "Trino"

func trinoCommand(p *program) *cobra.Command {
	return p.command("trino", "", nothing, func(ctx context.Context, _ []string) error {
		st, err := p.store(store.Read)
		if err != nil {
			return err
		}
		if c, err := p.settings(); err != nil || !c.Trino.Set() {
			return errors.Join(err, told{p.say("cli.trino_unset")})
		}
		if err := p.bring(ctx, st); err != nil {
			return err
		}
		n, fresh, err := p.lend(ctx, st)
		if err != nil {
			return err
		}
		fmt.Fprintln(p.out, p.say("cli.trino_holds", "n", n, "fresh", fresh))
		return nil
	})
}

// openTrino returns the engine of the settings.
func openTrino(c config.Trino) (*trino.Engine, error) {
	return trino.Open(trino.Server{URL: c.URL, User: c.User, Password: c.Password, Catalog: c.Catalog, Schema: c.Schema, Limits: warehouse.Limits{Timeout: c.Limit()}})
}

// far is the distributed engine of the settings; nil where they name none.
func (h *house) far() (*library.Far, error) {
	c, err := h.settings()
	if err != nil || !c.Trino.Set() {
		return nil, nil // what is wrong with the settings is said where they are read
	}
	if h.trino == nil {
		if h.trino, err = openTrino(c.Trino); err != nil {
			return nil, err
		}
	}
	return &library.Far{Engine: h.trino, Name: trinoName, From: int64(c.Trino.From), Alone: int64(c.Trino.Alone), Log: h.log}, nil
}

// lend has the distributed engine read the large tables in force, and no more those
// whose file no generation here has any more: n are large, of which fresh were not
// there. Where the settings name no engine it does nothing.
func (p *program) lend(ctx context.Context, st *store.Store) (n, fresh int, err error) {
	c, err := p.settings()
	if err != nil || !c.Trino.Set() {
		return 0, 0, err
	}
	gen, err := st.Current()
	if err != nil || gen == nil {
		return 0, 0, err
	}
	engine, err := openTrino(c.Trino)
	if err != nil {
		return 0, 0, err
	}
	defer engine.Close()
	there, err := engine.Registered(ctx)
	if err != nil {
		return 0, 0, p.trinoFault(err)
	}
	for t, err := range gen.Tables() {
		if err != nil {
			return n, fresh, err
		}
		if t.Rows < int64(c.Trino.From) {
			continue
		}
		n++
		if there[trino.Name(&t)] {
			continue
		}
		if err := p.lendTable(ctx, st, engine, &t, c.Trino.Location); err != nil {
			return n, fresh, err
		}
		fresh++
	}
	return n, fresh, p.takeBack(ctx, st, engine, there)
}

func (p *program) lendTable(ctx context.Context, st *store.Store, engine *trino.Engine, t *dataset.Table, location string) error {
	name := trino.Name(t)
	place, err := st.Lend(ctx, t.Parquet, name)
	if err != nil {
		return err
	}
	if place == "" {
		place = strings.TrimRight(location, "/") + "/" + name
	}
	return p.trinoFault(engine.Register(ctx, t, place))
}

// takeBack forgets tables whose object is gone: no generation that is still open has
// them.
func (p *program) takeBack(ctx context.Context, st *store.Store, engine *trino.Engine, there map[string]bool) error {
	loans, err := st.Loans(ctx)
	if err != nil {
		return err
	}
	for name, sha := range loans {
		if _, err := os.Stat(st.Object(sha)); err == nil {
			continue
		}
		if there[name] {
			if err := engine.Forget(ctx, name); err != nil {
				return p.trinoFault(err)
			}
		}
		if err := st.Return(ctx, name, sha); err != nil {
			return err
		}
	}
	return nil
}

// trinoFault says what the engine refused.
func (p *program) trinoFault(err error) error {
	if err == nil {
		return nil
	}
	return told{p.say("cli.trino_refuses", "error", clean(err.Error()))}
}

// trino asks whether the distributed engine answers, and which large tables it lacks.
func (d *doctor) trino(ctx context.Context, c config.Trino, gen *store.Generation) {
	if !c.Set() {
		return
	}
	engine, err := openTrino(c)
	if err == nil {
		defer engine.Close()
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		err = engine.Check(ctx)
	}
	var there map[string]bool
	if err == nil {
		there, err = engine.Registered(ctx)
	}
	switch {
	case errors.Is(err, trino.ErrAbsent):
		d.note("trino", broken, d.p.say("doctor.trino_no_catalog", "url", c.URL, "catalog", c.Catalog), d.p.say("doctor.mend_trino_catalog"))
		return
	case err != nil:
		d.note("trino", broken, d.p.say("doctor.trino_silent", "url", c.URL), d.p.say("doctor.mend_trino"))
		return
	}
	lacking := 0
	if gen != nil {
		for t, err := range gen.Tables() {
			if err == nil && t.Rows >= int64(c.From) && !there[trino.Name(&t)] {
				lacking++
			}
		}
	}
	if lacking > 0 {
		d.note("trino", ailing, d.p.say("doctor.trino_lacks", "n", lacking), d.p.say("doctor.mend_trino_tables"))
		return
	}
	d.note("trino", healthy, d.p.say("doctor.trino_ok", "url", c.URL), "")
}

package main

import (
	"context"
	"fmt"

	"cigogne/internal/refresh"
	"cigogne/internal/store"
)

// upToDate brings a data directory of an older format to this program's. One that
// cannot be written, or is being written, is read as it is: that stops nothing.
func (h *house) upToDate(ctx context.Context, st *store.Store) {
	from, err := h.migrateStore(ctx, st)
	switch {
	case err != nil:
		h.log.WarnContext(ctx, "the data directory keeps its older format", "error", err)
	case from < store.Version:
		fmt.Fprintln(h.err, h.say("cli.data_migrated", "from", from, "to", store.Version))
	}
}

func (h *house) migrateStore(ctx context.Context, st *store.Store) (from int, err error) {
	c, err := h.embedded()
	if err != nil {
		return 0, err
	}
	e, err := h.embedders()
	if err != nil {
		return 0, err
	}
	return refresh.Migrate(ctx, st, c.Datasets, e.options(c.Annotations, h.log))
}

package refresh

import (
	"context"
	"fmt"
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/library"
	"cigogne/internal/store"
	"cigogne/internal/warehouse"
)

// built tells whether a generation has a database already, whole, of those of its
// tables that are to be in it.
func (f *Fetch) built(ctx context.Context, g *store.Generation, held map[string]dataset.Table, damage store.Damage) bool {
	if g == nil || !exists(g.Path(library.DatabaseFile)) || damage.Has(library.DatabaseFile) {
		return false
	}
	db, err := warehouse.OpenFile(ctx, g.Path(library.DatabaseFile), warehouse.Limits{})
	if err != nil {
		return false
	}
	defer db.Close()
	res, err := db.Query(ctx, "SELECT table_name FROM duckdb_tables()")
	if err != nil {
		return false
	}
	there := map[any]bool{}
	for _, row := range res.Rows {
		there[row[0]] = true
	}
	for id, t := range held {
		if there[id] == f.alone(t) && !res.Truncated {
			return false
		}
	}
	return true
}

// commit builds the database of all tables and puts the generation in force.
func (f *Fetch) commit(ctx context.Context, draft *store.Draft, tmp string, held map[string]dataset.Table, damage store.Damage) error {
	ids := make([]string, 0, len(held))
	for id := range held {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	sources, err := f.Embedded(tmp)
	if err != nil {
		return err
	}
	var tables []dataset.Table
	for _, id := range ids {
		tables = append(tables, held[id])
		if f.alone(held[id]) {
			continue
		}
		sources = append(sources, warehouse.Source{Name: id, Parquet: f.Store.Object(held[id].Parquet)})
	}
	if err := warehouse.Build(ctx, draft.Path(library.DatabaseFile), sources); err != nil {
		return f.told(fmt.Errorf("build the database: %w", err))
	}
	if err := draft.PutTables(tables); err != nil {
		return err
	}
	if err := keep(draft, ChangesFile); err != nil {
		return err
	}
	if !damage.Has(library.IndexFile) { // else the next harvest writes it
		if err := keep(draft, library.IndexFile); err != nil {
			return err
		}
	}
	if _, err := draft.Commit(ctx); err != nil {
		return err
	}
	if err := f.sweep(ctx); err != nil {
		f.Log.WarnContext(ctx, "old generations stay", "error", err) // the new one is in force all the same
	}
	return nil
}

// sweep removes what nothing needs any more; nothing, where it cannot be told.
func (f *Fetch) sweep(ctx context.Context) error {
	var retain []string
	if f.Retain != nil {
		var err error
		if retain, err = f.Retain(ctx); err != nil {
			return err
		}
	}
	_, err := f.Store.GC(ctx, keptGenerations, retain...)
	return err
}

// keptGenerations is how many stay, so that a process that opened one before a
// switch can finish with it.
const keptGenerations = 3

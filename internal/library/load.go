package library

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"cigogne/internal/scratch"
	"cigogne/internal/warehouse"
)

// Place says where another process finds the tables; done is called once it has
// read them.
func (c *Catalogue) Place(ctx context.Context, tables []string) (place warehouse.Database, done func(), err error) {
	if err := c.here(tables); err != nil {
		return place, nil, err
	}
	if _, err := c.database(ctx, tables); err != nil {
		return place, nil, err
	}
	c.mu.Lock()
	damaged := c.damaged
	c.mu.Unlock()
	var embedded []string
	for _, t := range tables {
		if slices.Contains(c.inMem, t) {
			embedded = append(embedded, t)
		}
	}
	if len(embedded) < len(tables) && !damaged {
		return warehouse.Database{File: c.parts.Database}, func() {}, nil
	}
	dir, err := scratch.Dir("cigogne-embedded-")
	if err != nil {
		return place, nil, err
	}
	done = func() { os.RemoveAll(dir) }
	if place.Tables, err = WriteParquet(dir, embedded, c.parts.Parquet); err != nil {
		done()
		return place, nil, err
	}
	for _, t := range tables {
		if !slices.Contains(embedded, t) {
			place.Tables = append(place.Tables, warehouse.Source{Name: t, Parquet: c.parts.File(t)})
		}
	}
	return place, done, nil
}

// load puts embedded tables, and harvested ones from their Parquet files, into a
// database in memory.
func (c *Catalogue) load(ctx context.Context, embedded []string, harvested []Holding) (*warehouse.DB, error) {
	dir, err := scratch.Dir("cigogne-embedded-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	sources, err := WriteParquet(dir, embedded, c.parts.Parquet)
	if err != nil {
		return nil, err
	}
	for _, h := range harvested {
		if !c.parts.Far.Keeps(h.Table.Rows) {
			continue
		}
		sources = append(sources, warehouse.Source{Name: h.Table.ID, Parquet: c.parts.File(h.Table.ID)})
	}
	return warehouse.OpenTables(ctx, sources, c.parts.Limits)
}

// WriteParquet writes embedded tables into a folder, for a database to read.
func WriteParquet(dir string, tables []string, parquet func(string) ([]byte, error)) ([]warehouse.Source, error) {
	var sources []warehouse.Source
	for _, id := range tables {
		b, err := parquet(id)
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, id+".parquet")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			return nil, err
		}
		sources = append(sources, warehouse.Source{Name: id, Parquet: path})
	}
	return sources, nil
}

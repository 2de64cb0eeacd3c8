package store

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// Damage is what is missing of a generation, or is not what was written.
type Damage struct {
	Portals  []string // URLs of portals whose datasets cannot be read
	Tables   bool     // the list of tables cannot be read
	Contents []string // IDs of tables whose Parquet file is damaged
	Files    []string // files that other rooms put there
}

// Any tells whether there is any damage.
func (d Damage) Any() bool { return d.Tables || len(d.Portals)+len(d.Contents)+len(d.Files) > 0 }

// Has tells whether a file that other rooms put there is damaged, or one of a folder.
func (d Damage) Has(name string) bool {
	return slices.ContainsFunc(d.Files, func(f string) bool { return f == name || strings.HasPrefix(f, name+"/") })
}

// Check reads everything that the generation needs, and holds it against the
// hashes it was written under. The error is that of ctx, or of a device that
// cannot be read.
func (g *Generation) Check(ctx context.Context) (d Damage, err error) {
	for _, p := range g.Portals {
		bad, err := g.s.altered(ctx, p.objects()...)
		if err != nil {
			return d, err
		}
		if bad {
			d.Portals = append(d.Portals, p.URL)
		}
	}
	if d.Tables, err = g.s.altered(ctx, g.tables.objects()...); err != nil {
		return d, err
	}
	if !d.Tables {
		for t, err := range g.Tables() {
			if err != nil {
				return d, err
			}
			bad, err := g.s.altered(ctx, t.Parquet)
			if err != nil {
				return d, err
			}
			if bad {
				d.Contents = append(d.Contents, t.ID)
			}
		}
	}
	for name, sum := range g.files {
		bad, err := altered(ctx, g.Path(name), sum)
		if err != nil {
			return d, err
		}
		if bad {
			d.Files = append(d.Files, name)
		}
	}
	return d, nil
}

// Readable looks, without reading them all, whether the lists of datasets and
// tables are there and whole; the error is an *Error.
func (g *Generation) Readable() error {
	lists := []records{g.tables}
	for _, p := range g.Portals {
		lists = append(lists, p.lists()...)
	}
	for _, r := range lists {
		if err := g.s.whole(r); err != nil {
			return g.s.damaged(g.s.Object(r.Lines), err)
		}
	}
	return nil
}

// whole tells whether the lines of a list end where its index says.
func (s *Store) whole(r records) error {
	if r.Lines == "" {
		return nil
	}
	index, err := os.ReadFile(s.Object(r.Index))
	if err != nil {
		return err
	}
	if len(index) != r.Keys*entrySize {
		return fmt.Errorf("index of %d bytes where %d entries were written", len(index), r.Keys)
	}
	info, err := os.Stat(s.Object(r.Lines))
	if err != nil {
		return err
	}
	if end := lastByte(index); r.Keys > 0 && uint64(info.Size()) < end {
		return fmt.Errorf("%d bytes where %d were written", info.Size(), end)
	}
	return nil
}

// DatasetsOf reads the datasets of one portal. An error comes last.
func (g *Generation) DatasetsOf(url string) iter.Seq2[dataset.Dataset, error] {
	for _, p := range g.Portals {
		if p.URL == url {
			return each[dataset.Dataset](g.s, p.records)
		}
	}
	return func(func(dataset.Dataset, error) bool) {}
}

// altered tells whether any of some objects is not the bytes of its name.
func (s *Store) altered(ctx context.Context, hashes ...string) (bool, error) {
	for _, h := range hashes {
		if bad, err := altered(ctx, s.Object(h), h); bad || err != nil {
			return bad, err
		}
	}
	return false, nil
}

func altered(ctx context.Context, path, sum string) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	o, err := identify(path)
	switch {
	case missing(err):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("check %s: %w", filepath.Base(path), err)
	}
	return o.SHA256 != sum, nil
}

// sums hashes the files below a folder, by their names there; names that are no
// part of the generation's own are left out.
func sums(dir string) (map[string]string, error) {
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == manifestName {
			return err
		}
		o, err := identify(p)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, p)
		out[filepath.ToSlash(name)] = o.SHA256
		return err
	})
	return out, err
}

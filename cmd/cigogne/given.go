package main

import (
	"context"
	"os"
	"path/filepath"

	"cigogne/catalog"
	"cigogne/internal/assistant"
	"cigogne/internal/library"
	"cigogne/internal/plan/joined"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

type given struct {
	lib *library.File
	as  *assistant.Assistant
}

const openFiles = 8

// cache keeps large files of one's own as they were read, in the data directory:
// nil where there is none, nor was one named.
func (h *house) cache() *library.Cache {
	dir, err := h.dataDir()
	if err != nil {
		return nil
	}
	named := h.data != ""
	if c, err := h.settings(); err == nil {
		named = named || c.Data != ""
	}
	if _, err := os.Stat(dir); err != nil && !named {
		return nil
	}
	return &library.Cache{Dir: filepath.Join(dir, "tables")}
}

func (h *house) overFile(ctx context.Context, file string, planner assistant.Planner) (*assistant.Assistant, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	if g := h.files[path]; g != nil {
		return g.as, nil
	}
	if h.reader == nil {
		if h.reader, err = table.NewReader(); err != nil {
			return nil, err
		}
	}
	if len(h.files) >= openFiles {
		for p, g := range h.files {
			g.lib.Close()
			delete(h.files, p)
			break
		}
	}
	lib, err := h.cache().Open(ctx, h.reader, path, h.known(), warehouse.Limits{})
	if err != nil {
		return nil, fileOr(file, err, h.program)
	}
	as := assistant.New(lib, planner, "rules", h.log)
	h.files[path] = &given{lib, as}
	return as, nil
}

// known is what the embedded catalogue says of files of one's own; nothing where it
// cannot be read.
func (h *house) known() library.Known {
	c, err := h.embedded()
	if err != nil {
		return library.Known{}
	}
	k := library.Known{Annotations: c.Annotations, Parquet: catalog.Parquet}
	k.Register, _ = joined.Register(library.New(library.Parts{Embedded: held(c), Annotations: c.Annotations}).Tables())
	return k
}

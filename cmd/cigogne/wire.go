package main

import (
	"context"
	"errors"
	"flag"
	"path/filepath"

	"cigogne/catalog"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/plan/rules"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// options are the flags that every command shares.
type options struct {
	data   string
	engine string
}

func (o *options) register(fs *flag.FlagSet) {
	fs.StringVar(&o.data, "data", "", "data `DIR`ectory (default: $CIGOGNE_DATA, else the user's data folder)")
	fs.StringVar(&o.engine, "engine", "auto", "`rules`, model or auto")
}

// house builds the parts of the program as they are needed: the only place
// that does.
type house struct {
	o       options
	io      stdio
	planner *rules.Planner

	cat       *catalog.Catalog
	lib       *library.Catalogue
	catalogue *assistant.Assistant

	reader *table.Reader
	files  map[string]*given // tables given with questions, the last one open
}

type given struct {
	lib *library.File
	as  *assistant.Assistant
}

func newHouse(o options, io stdio) *house {
	return &house{o: o, io: io, planner: rules.New(), files: map[string]*given{}}
}

// Close closes what was opened.
func (h *house) Close() {
	for _, g := range h.files {
		g.lib.Close()
	}
	if h.lib != nil {
		h.lib.Close()
	}
	if h.reader != nil {
		h.reader.Close()
	}
}

// assistant returns the assistant over the catalogue, or over a table file.
func (h *house) assistant(ctx context.Context, file string) (*assistant.Assistant, error) {
	if file != "" {
		return h.overFile(ctx, file)
	}
	if h.catalogue == nil {
		lib, err := h.library(ctx)
		if err != nil {
			return nil, err
		}
		h.catalogue = assistant.New(lib, h.planner, "rules", logger(h.io))
	}
	return h.catalogue, nil
}

// embedded reads the embedded catalogue, once.
func (h *house) embedded() (*catalog.Catalog, error) {
	if h.cat == nil {
		c, err := catalog.Load()
		if err != nil {
			return nil, err
		}
		h.cat = c
	}
	return h.cat, nil
}

// library returns the library of the embedded catalogue and of the data directory.
func (h *house) library(ctx context.Context) (*library.Catalogue, error) {
	if h.lib != nil {
		return h.lib, nil
	}
	c, err := h.embedded()
	if err != nil {
		return nil, err
	}
	parts := library.Parts{Annotations: c.Annotations, Parquet: catalog.Parquet}
	for i := range c.Tables {
		for j := range c.Datasets {
			if c.Datasets[j].ID == c.Tables[i].DatasetID {
				parts.Embedded = append(parts.Embedded, library.Holding{Dataset: &c.Datasets[j], Table: &c.Tables[i]})
			}
		}
	}
	h.lib = library.New(parts)
	return h.lib, nil
}

const openFiles = 8

func (h *house) overFile(ctx context.Context, file string) (*assistant.Assistant, error) {
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
	lib, err := library.OpenFile(ctx, h.reader, path, h.annotations(), warehouse.Limits{})
	if err != nil {
		return nil, err
	}
	as := assistant.New(lib, h.planner, "rules", logger(h.io))
	h.files[path] = &given{lib, as}
	return as, nil
}

// annotations are those of the embedded catalogue; none where it cannot be read.
func (h *house) annotations() []dataset.Annotation {
	c, err := h.embedded()
	if err != nil {
		return nil
	}
	return c.Annotations
}

// sentence puts an error into one sentence for the user.
func sentence(err error, l lang.Lang) string {
	var bad *table.Error
	if errors.As(err, &bad) {
		return bad.Sentence("", l)
	}
	return l.Pick("Erreur : ", "Error: ") + err.Error()
}

package main

import (
	"cigogne/catalog"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/search"
	"cigogne/internal/search/embed"
	"cigogne/internal/store"
	"cigogne/internal/texts"
)

// home is the region that Cigogne serves first: the Grand Est, as its embedded
// catalogue does.
const home = "region-44"

// embedders turn texts into vectors: the server that is configured, where one
// is, then the table that ships in the binary.
type embedders struct {
	builtin *embed.Static
	server  *remote // nil: none is configured
}

// remote is an embeddings server that remembers whether it failed to embed datasets.
type remote struct {
	*embed.Endpoint
	failed error
}

func (r *remote) Passages(ctx context.Context, texts []embed.Passage) ([][]float32, error) {
	vs, err := r.Endpoint.Passages(ctx, texts)
	r.failed = err
	return vs, err
}

// embedders reads the configuration. Vectors that a server made are kept in the
// data directory, a file a model.
func (h *house) embedders() (e embedders, err error) {
	if e.builtin, err = embed.Builtin(); err != nil {
		return e, err
	}
	c, err := h.settings()
	if err != nil || !c.Embeddings.Set() {
		return e, err
	}
	s := c.Embeddings
	ec := embed.EndpointConfig{
		BaseURL: s.URL, Key: s.Key, Model: s.Name, QueryModel: s.QueryName, QueryPrefix: s.QueryPrefix, PassagePrefix: s.PassagePrefix,
		Batch: s.Batch, MaxText: s.MaxText, HTTP: &http.Client{}, Log: h.log,
	}
	if s.Timeout != "" {
		ec.Timeout = s.Wait()
	}
	if dir, err := h.dataDir(); err == nil {
		ec.Cache = filepath.Join(dir, "embeddings-"+notFileName.ReplaceAllString(s.Name, "_"))
	}
	server, err := embed.NewEndpoint(ec)
	if err != nil {
		return e, fmt.Errorf("embeddings server: %w", err)
	}
	e.server = &remote{Endpoint: server}
	return e, nil
}

var notFileName = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// options is how datasets are indexed and asked, with what was written of some.
func (e embedders) options(notes []dataset.Annotation, log *slog.Logger) search.Options {
	o := search.Options{Embedders: []search.Embedder{e.builtin}, Notes: notes, Home: home, Log: log}
	if e.server != nil {
		o.Embedders = slices.Insert(o.Embedders, 0, search.Embedder(e.server))
	}
	return o
}

// remark says that the server did not embed the datasets; "" where all is well.
func (e embedders) remark(l lang.Lang) string {
	if e.server == nil || e.server.failed == nil {
		return ""
	}
	return texts.Say(l, "cli.embeddings_server_does_not_answer")
}

// finder opens the generation's index, or makes one of the embedded datasets.
type finder struct {
	mu sync.Mutex

	embedded   []dataset.Dataset
	notes      []dataset.Annotation
	generation *store.Generation
	embedders  func() (embedders, error)
	log        *slog.Logger
	index      *search.Index
}

func (h *house) finder(c *catalog.Catalog, gen *store.Generation) *finder {
	return &finder{embedded: c.Datasets, notes: c.Annotations, generation: gen, embedders: h.embedders, log: h.log}
}

// open reads the index, or makes one of the embedded datasets: milliseconds.
func (f *finder) open(ctx context.Context) (*search.Index, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index != nil {
		return f.index, nil
	}
	e, err := f.embedders()
	if err != nil {
		return nil, err
	}
	options := e.options(f.notes, f.log)
	all := slices.Clone(f.embedded)
	if f.generation != nil {
		f.index, err = search.Open(ctx, f.generation.Path(library.IndexFile), options)
		if err == nil {
			return f.index, nil
		}
		// Missing, or written by another version of this program: made anew in
		// memory, which takes seconds; the next harvest writes it again.
		f.log.WarnContext(ctx, "search index made anew", "error", err)
		for d, err := range f.generation.Datasets() {
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	options.Embedders = []search.Embedder{e.builtin} // somebody waits: no server is sent a catalogue
	f.index, err = search.Build(ctx, all, options)
	return f.index, err
}

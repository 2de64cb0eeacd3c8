package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"

	"cigogne/internal/dataset"
	"cigogne/internal/search/embed"
)

// Embedder turns texts into unit vectors of one length. A zero vector means
// that it knows nothing of the text.
type Embedder interface {
	// Name identifies the model, its version and how it is used: vectors of
	// different names are never compared.
	Name() string
	// Query embeds a question.
	Query(ctx context.Context, text string) ([]float32, error)
	// Passages embeds datasets' texts, in their order.
	Passages(ctx context.Context, texts []embed.Passage) ([][]float32, error)
}

// Options are the parts an index is built or opened with.
type Options struct {
	Embedders []Embedder   // in order of preference: where one fails, the next decides; none: words and fields only
	Gazetteer Gazetteer    // nil: French regions and departments only
	Home      string       // code of the region that the catalogue serves ("region-44"): where no place is named, those of others come later; "": none
	Previous  *Index       // Build takes over from it what has not changed; nil: nothing. Made with the same Gazetteer
	Log       *slog.Logger // nil: silence
}

// ErrEmpty says that there is no dataset to index.
var ErrEmpty = errors.New("no dataset to index")

// Build indexes datasets. What Options.Previous holds of an unchanged dataset
// is reused (its words always, its vectors where an embedder is the same one),
// so that an update costs what changed. Datasets with the same ID: the last
// one counts. An embedder that fails is left out, and the log says so; the last
// one may not fail.
func Build(ctx context.Context, datasets []dataset.Dataset, o Options) (*Index, error) {
	if len(datasets) == 0 {
		return nil, ErrEmpty
	}
	datasets = unique(datasets)
	x := &Index{entries: make([]entry, len(datasets))}
	x.finish(o)
	old := o.Previous
	var renumber []int
	known := map[[16]byte]int{}
	if old != nil {
		renumber = make([]int, len(old.entries))
		for i, e := range old.entries {
			renumber[i] = -1
			known[e.hash] = i
		}
	}
	var fresh []int // datasets that Previous does not hold as they are
	for i, d := range datasets {
		h := contentHash(d)
		if j, ok := known[h]; ok && renumber[j] < 0 {
			x.entries[i] = old.entries[j]
			renumber[j] = i
			continue
		}
		fresh = append(fresh, i)
	}
	b := wordsBuilder{}
	x.analyse(datasets, fresh, b)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if old != nil {
		b.carry(old.words, renumber)
	}
	x.words = b.build()
	if err := x.embed(ctx, datasets, o, renumber, fresh); err != nil {
		return nil, err
	}
	x.group()
	x.finish(o)
	return x, nil
}

func unique(ds []dataset.Dataset) []dataset.Dataset {
	at := make(map[string]int, len(ds))
	out := make([]dataset.Dataset, 0, len(ds))
	for _, d := range ds {
		if i, ok := at[d.ID]; ok {
			out[i] = d
			continue
		}
		at[d.ID] = len(out)
		out = append(out, d)
	}
	return out
}

// analyse reads the text of fresh datasets, on every processor.
func (x *Index) analyse(datasets []dataset.Dataset, fresh []int, b wordsBuilder) {
	freqs := make([]frequencies, len(fresh))
	inParallel(len(fresh), func(k int) {
		i := fresh[k]
		a := x.stems.analyse(datasets[i])
		x.entries[i] = newEntry(x.places, datasets[i], a)
		freqs[k] = a.terms()
	})
	for k, i := range fresh {
		b.add(i, freqs[k])
	}
}

func inParallel(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// embed fills the vectors, a set for each embedder that works.
func (x *Index) embed(ctx context.Context, datasets []dataset.Dataset, o Options, renumber, fresh []int) error {
	for i, e := range o.Embedders {
		v, err := embedWith(ctx, e, datasets, o.Previous, renumber, fresh)
		if err != nil {
			if ctx.Err() != nil || i == len(o.Embedders)-1 {
				return err
			}
			x.log.WarnContext(ctx, "an embedding model is left out of the index", "model", e.Name(), "error", err)
			continue
		}
		x.meanings = append(x.meanings, meaning{e.Name(), e, v})
	}
	return nil
}

// embedWith makes one embedder's vectors: carried over from old where it holds
// them, computed for fresh datasets.
func embedWith(ctx context.Context, e Embedder, datasets []dataset.Dataset, old *Index, renumber, fresh []int) (*vectors, error) {
	var before *vectors
	if old != nil {
		before = old.vectorsOf(e.Name())
	}
	if before == nil {
		fresh = make([]int, len(datasets))
		for i := range fresh {
			fresh[i] = i
		}
	}
	passages := make([]embed.Passage, len(fresh))
	for k, i := range fresh {
		passages[k] = passage(datasets[i])
	}
	vs, err := e.Passages(ctx, passages)
	if err != nil {
		return nil, fmt.Errorf("embed datasets: %w", err)
	}
	if len(vs) != len(fresh) {
		return nil, fmt.Errorf("embed datasets: %d vectors for %d texts", len(vs), len(fresh))
	}
	dims := 0
	switch {
	case before != nil:
		dims = before.dims
	case len(vs) > 0:
		dims = len(vs[0])
	}
	flat := make([]float32, dims*len(datasets))
	for k, i := range fresh {
		if len(vs[k]) != dims {
			return nil, fmt.Errorf("embed datasets: vectors of %d and %d numbers", dims, len(vs[k]))
		}
		copy(flat[i*dims:], vs[k])
	}
	if before != nil {
		for j, i := range renumber {
			if i >= 0 {
				copy(flat[i*dims:(i+1)*dims], before.row(j))
			}
		}
	}
	return newVectors(ctx, dims, flat)
}

// passage is the text of a dataset that is embedded.
func passage(d dataset.Dataset) embed.Passage {
	return embed.Passage{Title: d.Title, Text: clip(d.Description, 1200), Keywords: d.Keywords}
}

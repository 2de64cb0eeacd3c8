package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
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
	x := &Index{}
	x.finish(o)
	u := planned(datasets, o.Previous)
	for _, k := range u.kept {
		x.shelves = append(x.shelves, shelf{part: k.shelf.part, gone: k.gone})
	}
	origins := u.origins()
	for _, run := range origins[len(u.kept):] {
		p, err := x.part(ctx, datasets, run)
		if err != nil {
			return nil, err
		}
		x.shelves = append(x.shelves, shelf{part: p})
	}
	inParallel(len(x.shelves), func(i int) { x.shelves[i].count() })
	x.number()
	if err := x.embed(ctx, datasets, o, origins); err != nil {
		return nil, err
	}
	x.group()
	x.gather()
	for _, d := range datasets {
		x.newest = max(x.newest, unix(d.Modified))
	}
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

// part makes a part of a run of datasets: the text of those that are new is read,
// on every processor; the others are taken over.
func (x *Index) part(ctx context.Context, datasets []dataset.Dataset, run []origin) (*part, error) {
	b := partBuilder{entries: make([]entry, len(run)), marks: make([]mark, len(run)), words: wordsBuilder{}}
	freqs := make([]frequencies, len(run))
	inParallel(len(run), func(i int) {
		o := run[i]
		if o.shelf != nil {
			b.entries[i], b.marks[i] = *o.shelf.entries.at(o.local), o.shelf.marks.at(o.local)
			return
		}
		if ctx.Err() != nil {
			return
		}
		d := &datasets[o.dataset]
		a := x.stems.analyse(*d)
		b.entries[i], freqs[i] = newEntry(x.places, *d), a.terms()
		b.marks[i] = mark{o.hash, frameOf(d.Publisher, d.Title), seriesOf(d.Publisher, a), a.sketch()}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	moved := map[*shelf][]int{} // the new numbers of what is taken over, by its old one
	for i, o := range run {
		if o.shelf == nil {
			b.words.add(i, freqs[i])
			continue
		}
		if moved[o.shelf] == nil {
			moved[o.shelf] = slices.Repeat([]int{-1}, o.shelf.entries.len())
		}
		moved[o.shelf][o.local] = i
	}
	for s, renumber := range moved {
		b.words.carry(s.words, renumber)
	}
	return b.part(), nil
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
func (x *Index) embed(ctx context.Context, datasets []dataset.Dataset, o Options, origins [][]origin) error {
	for i, e := range o.Embedders {
		vs, err := x.embedWith(ctx, e, datasets, o.Previous, origins)
		if err != nil {
			if ctx.Err() != nil || i == len(o.Embedders)-1 {
				return err
			}
			x.log.WarnContext(ctx, "an embedding model is left out of the index", "model", e.Name(), "error", err)
			continue
		}
		for k := range x.shelves {
			x.shelves[k].vectors = append(x.shelves[k].vectors, vs[k])
		}
		x.meanings = append(x.meanings, meaning{name: e.Name(), embedder: e})
		last := len(x.meanings) - 1
		x.meanings[last].base = x.baseline(ctx, last)
	}
	return nil
}

// embedWith makes one embedder's vectors of every shelf: taken over from the
// index before where it has them, computed for the rest.
func (x *Index) embedWith(ctx context.Context, e Embedder, datasets []dataset.Dataset, before *Index, origins [][]origin) ([]*vectors, error) {
	was := -1
	if before != nil {
		was = before.meaningOf(e.Name())
	}
	var passages []embed.Passage
	for _, run := range origins {
		for _, o := range run {
			if o.dataset >= 0 && (was < 0 || o.shelf == nil) {
				passages = append(passages, passage(datasets[o.dataset]))
			}
		}
	}
	made, err := e.Passages(ctx, passages)
	if err != nil {
		return nil, fmt.Errorf("embed datasets: %w", err)
	}
	if len(made) != len(passages) {
		return nil, fmt.Errorf("embed datasets: %d vectors for %d texts", len(made), len(passages))
	}
	dims := 0
	switch {
	case was >= 0:
		dims = before.shelves[0].vectors[was].dims
	case len(made) > 0:
		dims = len(made[0])
	}
	for _, v := range made {
		if len(v) != dims {
			return nil, fmt.Errorf("embed datasets: vectors of %d and %d numbers", dims, len(v))
		}
	}
	out := make([]*vectors, len(x.shelves))
	for k, run := range origins {
		if s := run[0].shelf; was >= 0 && s != nil && s.part == x.shelves[k].part {
			out[k] = s.vectors[was]
			continue
		}
		rows := make([][]float32, len(run))
		for i, o := range run {
			switch {
			case o.dataset < 0:
			case was >= 0 && o.shelf != nil:
				rows[i] = o.shelf.vectors[was].vector(ctx, o.local)
			default:
				rows[i], made = made[0], made[1:]
			}
		}
		if out[k], err = newVectors(ctx, dims, rows, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// passage is the text of a dataset that is embedded.
func passage(d dataset.Dataset) embed.Passage {
	return embed.Passage{Title: d.Title, Text: clip(d.Description, 1200), Keywords: d.Keywords}
}

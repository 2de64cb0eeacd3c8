package search

import (
	"context"
	"crypto/sha256"
	"errors"
	"iter"
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
	Embedders []Embedder           // in order of preference: where one fails, the next decides; none: words and fields only
	Gazetteer Gazetteer            // nil: French regions and departments only
	Home      string               // code of the region that the catalogue serves ("region-44"): where no place is named, those of others come later; "": none
	Notes     []dataset.Annotation // whose words for rows, columns and cells find their datasets, too
	Previous  *Index               // Build takes over from it what has not changed; nil: nothing. Made with the same Gazetteer
	Log       *slog.Logger         // nil: silence
}

// ErrEmpty says that there is no dataset to index.
var ErrEmpty = errors.New("no dataset to index")

// Build indexes datasets. What Options.Previous holds of an unchanged dataset
// is reused (its words always, its vectors where an embedder is the same one),
// so that an update costs what changed. Datasets with the same ID: the last
// one counts. An embedder that fails is left out, and the log says so; the last
// one may not fail.
func Build(ctx context.Context, datasets []dataset.Dataset, o Options) (*Index, error) {
	return BuildFrom(ctx, func(yield func(dataset.Dataset, error) bool) {
		for _, d := range datasets {
			if !yield(d, nil) {
				return
			}
		}
	}, o)
}

// BuildFrom is Build over a catalogue that need not be in memory: it is read
// twice, and gives the same datasets in the same order both times.
func BuildFrom(ctx context.Context, catalogue iter.Seq2[dataset.Dataset, error], o Options) (*Index, error) {
	words := saidOf(o.Notes)
	sheets, newest, err := survey(ctx, catalogue, words)
	if err != nil {
		return nil, err
	}
	if len(sheets) == 0 {
		return nil, ErrEmpty
	}
	x := &Index{newest: newest}
	x.finish(o)
	b := newBuilder(x, planned(sheets, o.Previous), len(sheets), words, o)
	if err := b.read(ctx, catalogue); err != nil {
		return nil, err
	}
	b.shelve()
	inParallel(len(x.shelves), func(i int) { x.shelves[i].count() })
	x.number()
	if err := b.mean(ctx); err != nil {
		return nil, err
	}
	x.group()
	x.gather()
	return x, nil
}

// sheet is what decides whether a dataset is indexed anew.
type sheet struct {
	hash   [16]byte // of all that the index reads of it
	passed bool     // another one of its ID comes later, and counts
}

// survey reads a catalogue for what tells whether a dataset has changed, and for
// when the last one did.
func survey(ctx context.Context, catalogue iter.Seq2[dataset.Dataset, error], words said) (sheets []sheet, newest int64, err error) {
	at := map[[16]byte]int{} // by ID
	for d, err := range catalogue {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, 0, err
		}
		sum := sha256.Sum256([]byte(d.ID))
		id := [16]byte(sum[:16])
		if i, ok := at[id]; ok {
			sheets[i].passed = true
		}
		at[id] = len(sheets)
		sheets = append(sheets, sheet{hash: contentHash(&d, words.of(&d))})
		newest = max(newest, unix(d.Modified))
	}
	return sheets, newest, nil
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

// passage is the text of a dataset that is embedded.
func passage(d dataset.Dataset) embed.Passage {
	return embed.Passage{Title: d.Title, Text: clip(d.Description, 1200), Keywords: d.Keywords}
}

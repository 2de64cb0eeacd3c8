package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/search/embed"
)

// builder makes the new parts of an index, and the vectors of all of them, while
// a catalogue goes by: of its texts, no more than a batch is in memory.
type builder struct {
	x          *Index
	runs       [][]origin // of the shelves: those that stay, then those that are made
	kept       []kept
	places     []place // by number in the catalogue
	parts      []*partBuilder
	embeddings []*embedding
	batch      []numbered
	said       said
}

// place is where a dataset of the catalogue comes to stand.
type place struct {
	shelf, local int // -1: nowhere, another of its ID comes later
	fresh        bool
}

// numbered is a dataset with its number in the catalogue.
type numbered struct {
	number int
	dataset.Dataset
}

// textBatch is how many datasets are cut into words together.
const textBatch = 1024

func newBuilder(x *Index, u update, datasets int, words said, o Options) *builder {
	b := &builder{x: x, runs: u.origins(), kept: u.kept, places: make([]place, datasets), said: words}
	for i := range b.places {
		b.places[i] = place{shelf: -1, local: -1}
	}
	for k, run := range b.runs {
		for i, o := range run {
			if o.dataset >= 0 {
				b.places[o.dataset] = place{k, i, o.shelf == nil}
			}
		}
	}
	for _, run := range u.runs {
		p := &partBuilder{words: wordsBuilder{}}
		p.takeOver(run)
		b.parts = append(b.parts, p)
	}
	for i, e := range o.Embedders {
		b.embeddings = append(b.embeddings, newEmbedding(e, i == len(o.Embedders)-1, o.Previous, b.runs, len(u.kept)))
	}
	return b
}

// takeOver begins a part with what an index before holds: the head of a run.
func (p *partBuilder) takeOver(run []origin) {
	var shelves []*shelf // in the order of the run, as postings are
	moved := map[*shelf][]int{}
	for i, o := range run {
		if o.shelf == nil {
			break
		}
		p.add(o.shelf.entries.at(o.local), o.shelf.marks.at(o.local))
		if moved[o.shelf] == nil {
			moved[o.shelf] = slices.Repeat([]int{-1}, o.shelf.entries.len())
			shelves = append(shelves, o.shelf)
		}
		moved[o.shelf][o.local] = i
	}
	for _, s := range shelves {
		p.words.carry(s.words, moved[s])
	}
}

// read has what is new of the catalogue read.
func (b *builder) read(ctx context.Context, catalogue iter.Seq2[dataset.Dataset, error]) error {
	n := 0
	for d, err := range catalogue {
		if err != nil {
			return err
		}
		if n >= len(b.places) {
			return errMoved
		}
		if p := b.places[n]; p.shelf >= 0 && (p.fresh || b.embeds(p)) {
			b.batch = append(b.batch, numbered{n, d})
		}
		if n++; len(b.batch) == textBatch {
			if err := b.flush(ctx); err != nil {
				return err
			}
		}
	}
	if n != len(b.places) {
		return errMoved
	}
	if err := b.flush(ctx); err != nil {
		return err
	}
	for _, e := range b.embeddings {
		if err := e.flush(ctx, b.x); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) embeds(p place) bool {
	return slices.ContainsFunc(b.embeddings, func(e *embedding) bool { return e.wants(p) })
}

// flush reads the batch, on every processor, and adds it to the parts.
func (b *builder) flush(ctx context.Context) error {
	type text struct {
		entry entry
		mark  mark
		freqs frequencies
	}
	read := make([]text, len(b.batch))
	inParallel(len(b.batch), func(i int) {
		d := &b.batch[i].Dataset
		p := b.places[b.batch[i].number]
		if !p.fresh || ctx.Err() != nil {
			return
		}
		a, said := b.x.stems.analyse(*d), b.said.of(d)
		hash := b.runs[p.shelf][p.local].hash
		read[i] = text{newEntry(b.x.places, *d, len(said) > 0), mark{hash, frameOf(d.Publisher, d.Title), seriesOf(d.Publisher, a), a.sketch()}, a.terms(b.x.stems.said(said))}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range b.batch {
		p := b.places[b.batch[i].number]
		if p.fresh {
			part := b.parts[p.shelf-len(b.kept)]
			part.words.add(p.local, read[i].freqs)
			part.add(&read[i].entry, read[i].mark)
		}
		for _, e := range b.embeddings {
			if err := e.add(ctx, b.x, p, passage(b.batch[i].Dataset)); err != nil {
				return err
			}
		}
	}
	clear(b.batch)
	b.batch = b.batch[:0]
	return nil
}

// shelve puts the parts onto the index's shelves.
func (b *builder) shelve() {
	for _, k := range b.kept {
		b.x.shelves = append(b.x.shelves, shelf{part: k.shelf.part, gone: k.gone})
	}
	for i, p := range b.parts {
		b.x.shelves = append(b.x.shelves, shelf{part: p.part()})
		b.parts[i] = nil
	}
}

// mean gives the shelves their vectors, a set for each embedder that worked.
func (b *builder) mean(ctx context.Context) error {
	for _, e := range b.embeddings {
		if e.failed {
			continue
		}
		for k := range b.x.shelves {
			v, err := e.vectors(ctx, k)
			if err != nil {
				return err
			}
			b.x.shelves[k].vectors = append(b.x.shelves[k].vectors, v)
		}
		b.x.meanings = append(b.x.meanings, meaning{name: e.by.Name(), embedder: e.by})
		last := len(b.x.meanings) - 1
		b.x.meanings[last].base = b.x.baseline(last)
	}
	return nil
}

// errMoved is a catalogue that gave other datasets the second time.
var errMoved = errors.New("the catalogue changed while it was indexed")

// embedding is one embedder at work on a catalogue.
type embedding struct {
	by     Embedder
	last   bool // the others may fail
	failed bool
	before *Index // holds vectors of it; nil: none does
	was    int    // its place among the meanings of before
	runs   [][]origin
	kept   int // how many of them stay as they were

	dims    int         // 0: not known yet
	rows    [][]float32 // by shelf: the vectors end to end, zero where there is none; nil: all stay as they were
	waiting []embed.Passage
	where   []place // of those waiting
}

// embedBatch is how many texts an embedder is given at once.
const embedBatch = 8192

func newEmbedding(by Embedder, last bool, before *Index, runs [][]origin, kept int) *embedding {
	e := &embedding{by: by, last: last, runs: runs, kept: kept, rows: make([][]float32, len(runs)), was: -1}
	if before != nil {
		e.was = before.meaningOf(by.Name())
	}
	if e.was >= 0 {
		e.before = before
		e.dims = before.shelves[0].vectors[e.was].dims
	}
	return e
}

// wants tells whether a dataset has to be embedded.
func (e *embedding) wants(p place) bool { return !e.failed && (p.fresh || e.before == nil) }

func (e *embedding) add(ctx context.Context, x *Index, p place, text embed.Passage) error {
	if !e.wants(p) {
		return nil
	}
	e.waiting, e.where = append(e.waiting, text), append(e.where, p)
	if len(e.waiting) < embedBatch {
		return nil
	}
	return e.flush(ctx, x)
}

// flush embeds the texts that wait. An embedder that fails is left out, unless
// it is the last one.
func (e *embedding) flush(ctx context.Context, x *Index) error {
	if e.failed || len(e.waiting) == 0 {
		return nil
	}
	err := e.embed(ctx)
	clear(e.waiting)
	e.waiting, e.where = e.waiting[:0], e.where[:0]
	if err == nil {
		return nil
	}
	if ctx.Err() != nil || e.last {
		return err
	}
	x.log.WarnContext(ctx, "an embedding model is left out of the index", "model", e.by.Name(), "error", err)
	e.failed, e.rows = true, nil
	return nil
}

func (e *embedding) embed(ctx context.Context) error {
	made, err := e.by.Passages(ctx, e.waiting)
	if err != nil {
		return fmt.Errorf("embed datasets: %w", err)
	}
	if len(made) != len(e.waiting) {
		return fmt.Errorf("embed datasets: %d vectors for %d texts", len(made), len(e.waiting))
	}
	for i, v := range made {
		if e.dims == 0 {
			e.dims = len(v)
		}
		if len(v) != e.dims {
			return fmt.Errorf("embed datasets: vectors of %d and %d numbers", e.dims, len(v))
		}
		p := e.where[i]
		copy(e.shelf(p.shelf)[p.local*e.dims:], v)
	}
	return nil
}

// shelf is where the vectors of a shelf lie end to end.
func (e *embedding) shelf(k int) []float32 {
	if e.rows[k] == nil {
		e.rows[k] = make([]float32, len(e.runs[k])*e.dims)
	}
	return e.rows[k]
}

// vectors are those of a shelf: the ones it had where it stays as it was, else
// what is taken over and what was made.
func (e *embedding) vectors(ctx context.Context, k int) (*vectors, error) {
	run := e.runs[k]
	if e.before != nil && k < e.kept {
		return run[0].shelf.vectors[e.was], nil
	}
	flat := e.shelf(k)
	e.rows[k] = nil
	rows := make([][]float32, len(run))
	for i, o := range run {
		rows[i] = flat[i*e.dims:][:e.dims:e.dims]
		if e.before != nil && o.shelf != nil {
			copy(rows[i], o.shelf.vectors[e.was].rows[o.local])
		}
	}
	return newVectors(ctx, e.dims, rows, nil)
}

package search

import (
	"context"
	"fmt"
	"slices"

	"cigogne/internal/search/embed"
)

// meaning is one embedder; each shelf has its vectors, in the order of meanings.
type meaning struct {
	name     string
	embedder Embedder // nil: not at hand, its vectors lie idle
	base     float32  // see baseline
}

// adopt gives the vectors their embedders, in the embedders' order. It tells
// which embedders have no vectors here.
func (x *Index) adopt(embedders []Embedder) (missing []string) {
	var order []int
	for _, e := range embedders {
		i := x.meaningOf(e.Name())
		if i < 0 {
			missing = append(missing, e.Name())
			continue
		}
		x.meanings[i].embedder = e
		order = append(order, i)
	}
	for i := range x.meanings {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	x.meanings = inOrder(x.meanings, order)
	for i := range x.shelves {
		x.shelves[i].vectors = inOrder(x.shelves[i].vectors, order)
	}
	return missing
}

func inOrder[T any](list []T, order []int) []T {
	out := make([]T, len(order))
	for i, j := range order {
		out[i] = list[j]
	}
	return out
}

// meaningOf is the place of a model among the meanings, -1 where it has none.
func (x *Index) meaningOf(model string) int {
	return slices.IndexFunc(x.meanings, func(m meaning) bool { return m.name == model })
}

// byMeaning adds the datasets nearest in meaning to the candidates, and gives
// all their cosine: by the first embedder that answers.
func (x *Index) byMeaning(ctx context.Context, text string, cands []candidate) ([]candidate, error) {
	for i, m := range x.meanings {
		if m.embedder == nil {
			continue
		}
		out, err := x.near(ctx, i, text, cands)
		if err == nil {
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x.log.WarnContext(ctx, "search without an embedding model", "model", m.name, "error", err)
	}
	return cands, nil
}

// weight is what a likeness of 1 is worth.
func (m meaning) weight() float32 {
	if _, table := m.embedder.(*embed.Static); table {
		return tableWeight
	}
	return modelWeight
}

// near is byMeaning of meaning k.
func (x *Index) near(ctx context.Context, k int, text string, cands []candidate) ([]candidate, error) {
	m := x.meanings[k]
	if _, table := m.embedder.(*embed.Static); table {
		text = x.respelt(text) // it knows whole words only
	}
	q, err := m.embedder.Query(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("embed question: %w", err)
	}
	var nearest []neighbour
	for i := range x.shelves {
		s := &x.shelves[i]
		if dims := s.vectors[k].dims; len(q) != dims {
			return nil, fmt.Errorf("embed question: %d numbers, where datasets have %d", len(q), dims)
		}
		found, err := s.vectors[k].nearest(ctx, q, depth, s.gone)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			nearest = append(nearest, neighbour{s.first + n.doc, n.cosine})
		}
	}
	slices.SortFunc(nearest, nearer)
	have := make(map[int]bool, len(cands))
	for i := range cands {
		c := &cands[i]
		if v := x.vector(k, c.doc); v != nil {
			c.cosine = m.above(dot(v, q))
		} else {
			c.cosine = m.above(0)
		}
		c.near = m.weight() * c.cosine
		have[c.doc] = true
	}
	for _, n := range nearest[:min(depth, len(nearest))] {
		if !have[n.doc] {
			cosine := m.above(n.cosine)
			cands = append(cands, candidate{doc: n.doc, cosine: cosine, near: m.weight() * cosine})
		}
	}
	return cands, nil
}

// vector is that of a dataset in meaning k, nil where it has none.
func (x *Index) vector(k, doc int) []float32 {
	s := x.shelfOf(doc)
	return s.vectors[k].rows[doc-s.first]
}

// above takes off a cosine what any two texts have in common: models differ
// widely in that (0.8 for e5, 0.1 for the built-in table).
func (m meaning) above(cosine float32) float32 { return (cosine - m.base) / (1 - m.base) }

// baseline is the mean cosine of datasets far apart in the catalogue.
func (x *Index) baseline(k int) float32 {
	const pairs = 2000
	n := x.size
	if n < 100 {
		return 0
	}
	var sum float32
	for i := range pairs {
		a, b := x.vector(k, i*7919%n), x.vector(k, (i*104729+n/2)%n)
		if a != nil && b != nil {
			sum += dot(a, b)
		}
	}
	return max(0, sum/pairs)
}

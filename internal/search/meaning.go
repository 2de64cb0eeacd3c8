package search

import (
	"context"
	"fmt"

	"cigogne/internal/search/embed"
)

// meaning is one embedder with its vectors of all datasets.
type meaning struct {
	name     string
	embedder Embedder // nil: not at hand, its vectors lie idle
	vectors  *vectors
}

// adopt gives the vectors their embedders, in the embedders' order. It tells
// which embedders have no vectors here.
func (x *Index) adopt(embedders []Embedder) (missing []string) {
	var in, idle []meaning
	for _, e := range embedders {
		v := x.vectorsOf(e.Name())
		if v == nil {
			missing = append(missing, e.Name())
			continue
		}
		in = append(in, meaning{e.Name(), e, v})
	}
	for _, m := range x.meanings {
		if m.embedder == nil && !contains(in, m.name) {
			idle = append(idle, m)
		}
	}
	x.meanings = append(in, idle...)
	return missing
}

func contains(ms []meaning, name string) bool {
	for _, m := range ms {
		if m.name == name {
			return true
		}
	}
	return false
}

// byMeaning adds the datasets nearest in meaning to the candidates, and gives
// all their cosine: by the first embedder that answers.
func (x *Index) byMeaning(ctx context.Context, text string, cands []candidate) ([]candidate, error) {
	for _, m := range x.meanings {
		if m.embedder == nil || m.vectors.coll == nil {
			continue
		}
		out, err := m.add(ctx, text, cands)
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

func (m meaning) add(ctx context.Context, text string, cands []candidate) ([]candidate, error) {
	q, err := m.embedder.Query(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("embed question: %w", err)
	}
	if len(q) != m.vectors.dims {
		return nil, fmt.Errorf("embed question: %d numbers, where datasets have %d", len(q), m.vectors.dims)
	}
	near, err := m.vectors.nearest(ctx, q, depth)
	if err != nil {
		return nil, err
	}
	have := make(map[int]bool, len(cands))
	for i := range cands {
		c := &cands[i]
		c.cosine = m.vectors.cosine(c.doc, q)
		c.near = m.weight() * c.cosine
		have[c.doc] = true
	}
	for _, n := range near {
		if !have[n.doc] {
			cands = append(cands, candidate{doc: n.doc, cosine: n.cosine, near: m.weight() * n.cosine})
		}
	}
	return cands, nil
}

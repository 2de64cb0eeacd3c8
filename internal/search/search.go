package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Index ranks datasets. It is immutable and safe for concurrent use.
type Index struct {
	entries   []entry
	words     *words
	vectors   *vectors
	model     string // name of the embedder the vectors came from, empty without
	embedder  Embedder
	byID      map[string]int // IDs and names, folded
	stems     stemmer
	thesaurus *thesaurus
	places    Gazetteer
}

// Query is what is searched for.
type Query struct {
	Text  string
	Limit int // results at most; 0: 10
}

// Hit is one dataset found.
type Hit struct {
	ID, Name, Title, Publisher, URL string
	Score                           float64  // comparable within one answer only; in (0, 1]
	Words                           []string // words of the question that its text holds, as asked
	Cosine                          float64  // of meaning, 0 without vectors
}

// Len is the number of datasets.
func (x *Index) Len() int { return len(x.entries) }

// Model is the name of the embedder whose vectors the index holds, empty where it holds none.
func (x *Index) Model() string { return x.model }

func (x *Index) number() {
	x.thesaurus = builtinThesaurus()
	x.byID = make(map[string]int, 2*len(x.entries))
	for i, e := range x.entries {
		x.byID[strings.ToLower(e.name)] = i
	}
	for i, e := range x.entries { // an ID wins over another's name
		x.byID[strings.ToLower(e.id)] = i
	}
}

// candidate is a dataset under consideration.
type candidate struct {
	doc     int
	lexical float32 // share of the question's weight that its words hold, 0…1
	cosine  float32
	score   float32
}

// depth is how many datasets each kind of evidence puts forward.
const depth = 200

// evidence says which kinds of evidence count; all do but in measurements.
type evidence struct{ words, meaning bool }

// Search returns the datasets that answer the query best, best first; none
// where nothing does.
func (x *Index) Search(ctx context.Context, q Query) ([]Hit, error) {
	return x.search(ctx, q, evidence{words: true, meaning: true})
}

func (x *Index) search(ctx context.Context, q Query, by evidence) ([]Hit, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 10
	}
	if i, ok := x.byID[strings.ToLower(strings.TrimSpace(q.Text))]; ok {
		return []Hit{x.hit(candidate{doc: i, score: 1}, nil)}, nil
	}
	asked := x.concepts(q.Text)
	var cands []candidate
	if by.words {
		cands = x.byWords(asked, depth)
	}
	if by.meaning {
		if err := x.byMeaning(ctx, q.Text, &cands); err != nil {
			return nil, err
		}
	}
	where := x.gazetteer().Places(q.Text)
	for i := range cands {
		c := &cands[i]
		c.score = c.lexical + meaningWeight*max(0, c.cosine) + x.prior(c.doc, where)
	}
	rank(cands)
	hits := make([]Hit, 0, limit)
	for _, c := range cands[:min(limit, len(cands))] {
		hits = append(hits, x.hit(c, asked))
	}
	return hits, nil
}

const (
	meaningWeight = 0.2
	nationalBonus = 0.05
	richBonus = 0.1
	placeBonus    = 0.3
)

func (x *Index) gazetteer() Gazetteer {
	if x.places == nil {
		return builtinPlaces()
	}
	return x.places
}

// prior is what a dataset is worth before its subject is looked at.
func (x *Index) prior(doc int, where []Place) float32 {
	e := &x.entries[doc]
	s := richBonus * float32(e.rich) / 255
	if len(where) == 0 && !e.local {
		s += nationalBonus
	}
	for _, p := range where {
		if e.in(p.Code) {
			s += placeBonus
		}
	}
	return s
}

func rank(cs []candidate) {
	slices.SortFunc(cs, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
}

func (x *Index) hit(c candidate, asked []concept) Hit {
	e := &x.entries[c.doc]
	return Hit{ID: e.id, Name: e.name, Title: e.title, Publisher: e.publisher, URL: e.url, Score: float64(c.score), Cosine: float64(c.cosine)}
}

// byMeaning adds the datasets nearest in meaning and the cosine of all.
func (x *Index) byMeaning(ctx context.Context, text string, cands *[]candidate) error {
	if x.embedder == nil || x.vectors.coll == nil {
		return nil
	}
	q, err := x.embedder.Query(ctx, text)
	if err != nil {
		return fmt.Errorf("embed question: %w", err)
	}
	near, err := x.vectors.nearest(ctx, q, depth)
	if err != nil {
		return err
	}
	have := make(map[int]bool, len(*cands))
	for i := range *cands {
		c := &(*cands)[i]
		c.cosine = x.vectors.cosine(c.doc, q)
		have[c.doc] = true
	}
	for _, n := range near {
		if !have[n.doc] {
			*cands = append(*cands, candidate{doc: n.doc, cosine: n.cosine})
		}
	}
	return nil
}

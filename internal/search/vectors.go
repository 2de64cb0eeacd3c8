package search

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"github.com/philippgille/chromem-go"
)

// vectors holds one unit vector a dataset. The numbers lie in one block, which
// is what is saved; chromem-go holds slices of that same block. Up to exact
// datasets it is asked for the nearest ones itself; of more, the vectors that it
// holds of the likest signatures are compared.
type vectors struct {
	dims       int
	flat       []float32
	base       float32 // see baseline
	coll       *chromem.Collection
	signer     *signer
	signatures []uint64 // nil up to exact datasets
}

// exact is how many vectors are compared in full: of 100,000 datasets the
// likest 2,048 signatures hold each of the ten nearest vectors.
const exact = 2048

func newVectors(ctx context.Context, dims int, flat []float32) (*vectors, error) {
	v := &vectors{dims: dims, flat: flat}
	if dims == 0 || len(flat) == 0 {
		return v, nil
	}
	coll, err := chromem.NewDB().CreateCollection("datasets", nil, noEmbedding)
	if err != nil {
		return nil, fmt.Errorf("create collection: %w", err)
	}
	n := len(flat) / dims
	docs := make([]chromem.Document, 0, n)
	for i := range n {
		if row := v.row(i); row[0] != 0 || norm(row) > 0.5 { // a text of unknown words has no vector
			docs = append(docs, chromem.Document{ID: strconv.Itoa(i), Embedding: row})
		}
	}
	if len(docs) == 0 {
		return v, nil
	}
	if err := coll.AddDocuments(ctx, docs, runtime.NumCPU()); err != nil {
		return nil, fmt.Errorf("add vectors: %w", err)
	}
	v.coll = coll
	v.base = v.baseline()
	if n > exact {
		v.sign(n)
	}
	return v, nil
}

func (v *vectors) sign(n int) {
	v.signer = newSigner(v.dims)
	width := v.signer.words()
	v.signatures = make([]uint64, n*width)
	inParallel(n, func(i int) { v.signer.sign(v.row(i), v.signatures[i*width:][:width]) })
}

// noEmbedding stands where chromem-go would call an online service by default.
func noEmbedding(context.Context, string) ([]float32, error) {
	return nil, fmt.Errorf("vectors are always given")
}

func (v *vectors) row(i int) []float32 { return v.flat[i*v.dims : (i+1)*v.dims : (i+1)*v.dims] }

// neighbour is a dataset with its cosine to a question.
type neighbour struct {
	doc    int
	cosine float32
}

// nearest returns the k datasets nearest to q, nearest first.
func (v *vectors) nearest(ctx context.Context, q []float32, k int) ([]neighbour, error) {
	if v.coll == nil || len(q) != v.dims || norm(q) == 0 {
		return nil, nil
	}
	if v.signatures != nil {
		return v.likest(ctx, q, k)
	}
	found, err := v.coll.QueryEmbedding(ctx, q, min(k, v.coll.Count()), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("query vectors: %w", err)
	}
	out := make([]neighbour, 0, len(found))
	for _, r := range found {
		i, err := strconv.Atoi(r.ID)
		if err != nil {
			return nil, fmt.Errorf("read vector id: %w", err)
		}
		out = append(out, neighbour{i, v.above(r.Similarity)})
	}
	return out, nil
}

// likest is nearest among the datasets whose signatures are most like the question's.
func (v *vectors) likest(ctx context.Context, q []float32, k int) ([]neighbour, error) {
	sig := make([]uint64, v.signer.words())
	v.signer.sign(q, sig)
	near := likest(v.signatures, sig, max(k, exact))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]neighbour, len(near))
	for i, doc := range near {
		out[i] = neighbour{doc, v.cosine(doc, q)}
	}
	slices.SortFunc(out, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.doc, b.doc))
	})
	return out[:min(k, len(out))], nil
}

// cosine is the similarity of dataset i to the unit vector q.
func (v *vectors) cosine(i int, q []float32) float32 {
	if len(q) != v.dims {
		return 0
	}
	return v.above(dot(v.row(i), q))
}

// above takes off a cosine what any two texts have in common: models differ
// widely in that (0.8 for e5, 0.1 for the built-in table).
func (v *vectors) above(cosine float32) float32 { return (cosine - v.base) / (1 - v.base) }

// baseline is the mean cosine of datasets far apart in the catalogue.
func (v *vectors) baseline() float32 {
	const pairs = 2000
	n := len(v.flat) / v.dims
	if n < 100 {
		return 0
	}
	var sum float32
	for k := range pairs {
		sum += dot(v.row(k*7919%n), v.row((k*104729+n/2)%n))
	}
	return max(0, sum/pairs)
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32 // independent sums keep the processor's units busy
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func norm(a []float32) float32 { return dot(a, a) }

package search

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/philippgille/chromem-go"
)

// vectors holds one unit vector a dataset of a part. Up to exact datasets they lie in
// a collection of chromem-go, which is asked for the nearest ones; of more, those of
// the likest signatures are compared.
type vectors struct {
	file       file
	dims       int
	rows       [][]float32         // by dataset; nil where it has no vector
	coll       *chromem.Collection // nil over exact datasets
	signer     *signer
	signatures []uint64 // nil up to exact datasets
}

// exact is how many vectors are compared in full: of 100,000 datasets the
// likest 2,048 signatures hold each of the ten nearest vectors.
const exact = 2048

// newVectors holds a vector for each dataset, nil or zero for a text of unknown
// words; signatures are made where they are not given.
func newVectors(ctx context.Context, dims int, rows [][]float32, signatures []uint64) (*vectors, error) {
	v := &vectors{dims: dims, rows: make([][]float32, len(rows))}
	for i, row := range rows {
		if norm(row) >= 0.5 {
			v.rows[i] = row
		}
	}
	if len(rows) <= exact || dims == 0 {
		var err error
		v.coll, err = collection(ctx, v.rows)
		return v, err
	}
	v.signer = newSigner(dims)
	width := v.signer.words()
	if v.signatures = signatures; len(signatures) != width*len(rows) {
		v.signatures = make([]uint64, width*len(rows))
		inParallel(len(rows), func(i int) { v.signer.sign(rows[i], v.signatures[i*width:][:width]) })
	}
	return v, nil
}

// collection is chromem-go's of vectors; rows that are nil are left out.
func collection(ctx context.Context, rows [][]float32) (*chromem.Collection, error) {
	coll, err := chromem.NewDB().CreateCollection("datasets", nil, noEmbedding)
	if err != nil {
		return nil, fmt.Errorf("create collection: %w", err)
	}
	for i, row := range rows {
		if row == nil {
			continue
		}
		if err := coll.AddDocument(ctx, chromem.Document{ID: strconv.Itoa(i), Embedding: row}); err != nil {
			return nil, fmt.Errorf("add vectors: %w", err)
		}
	}
	return coll, nil
}

// noEmbedding stands where chromem-go would call an online service by default.
func noEmbedding(context.Context, string) ([]float32, error) {
	return nil, fmt.Errorf("vectors are always given")
}

// neighbour is a dataset with its cosine to a question.
type neighbour struct {
	doc    int
	cosine float32
}

func nearer(a, b neighbour) int {
	return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.doc, b.doc))
}

// nearest returns the k datasets nearest to q that are not gone, nearest first.
func (v *vectors) nearest(ctx context.Context, q []float32, k int, gone bitset) (out []neighbour, err error) {
	if len(q) != v.dims || norm(q) == 0 {
		return nil, nil
	}
	if v.signatures != nil {
		out, err = v.likest(ctx, q, max(k, exact), gone)
	} else {
		out, err = v.asked(ctx, q, gone)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, nearer)
	return out[:min(k, len(out))], nil
}

// asked are all datasets, as chromem-go compares them.
func (v *vectors) asked(ctx context.Context, q []float32, gone bitset) ([]neighbour, error) {
	n := v.coll.Count()
	if n == 0 {
		return nil, nil
	}
	found, err := v.coll.QueryEmbedding(ctx, q, n, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("query vectors: %w", err)
	}
	out := make([]neighbour, 0, len(found))
	for _, r := range found {
		i, err := strconv.Atoi(r.ID)
		if err != nil {
			return nil, fmt.Errorf("read vector id: %w", err)
		}
		if !gone.has(i) {
			out = append(out, neighbour{i, r.Similarity})
		}
	}
	return out, nil
}

// likest are the k datasets whose signatures are most like the question's.
func (v *vectors) likest(ctx context.Context, q []float32, k int, gone bitset) ([]neighbour, error) {
	sig := make([]uint64, v.signer.words())
	v.signer.sign(q, sig)
	near := likest(v.signatures, sig, k, gone)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]neighbour, 0, len(near))
	for _, i := range near {
		if row := v.rows[i]; row != nil {
			out = append(out, neighbour{i, dot(row, q)})
		}
	}
	return out, nil
}

// sections are the vectors as a file has them: how many numbers each has and how
// many there are (uint32), the numbers (float32), the signatures (uint64).
func (v *vectors) sections() []section {
	put := binary.LittleEndian
	head := put.AppendUint32(put.AppendUint32(nil, uint32(v.dims)), uint32(len(v.rows)))
	numbers := func(w io.Writer) error {
		row := make([]byte, 4*v.dims)
		for _, vector := range v.rows {
			clear(row)
			for j, f := range vector {
				put.PutUint32(row[4*j:], math.Float32bits(f))
			}
			if _, err := w.Write(row); err != nil {
				return err
			}
		}
		return nil
	}
	signatures := make([]byte, 0, 8*len(v.signatures))
	for _, s := range v.signatures {
		signatures = put.AppendUint64(signatures, s)
	}
	return []section{raw(head), {4 * v.dims * len(v.rows), numbers}, raw(signatures)}
}

// readVectors reads the vectors of so many datasets.
func readVectors(ctx context.Context, f file, datasets int) (*vectors, error) {
	var (
		dims, section int
		flat          []float32
		signatures    []uint64
	)
	err := readEach(filepath.Join(f.dir, f.name), func(size int, r io.Reader) error {
		defer func() { section++ }()
		switch section {
		case 0:
			head := make([]byte, 8)
			if _, err := io.ReadFull(r, head); err != nil || size != len(head) || u32(head, 1) != datasets {
				return ErrFormat
			}
			dims = u32(head, 0)
			return nil
		case 1:
			if uint64(size) != 4*uint64(dims)*uint64(datasets) {
				return ErrFormat
			}
			flat = make([]float32, 0, size/4)
			return inWords(r, size, 4, func(b []byte) {
				flat = append(flat, math.Float32frombits(binary.LittleEndian.Uint32(b)))
			})
		case 2:
			signatures = make([]uint64, 0, size/8)
			return inWords(r, size, 8, func(b []byte) { signatures = append(signatures, binary.LittleEndian.Uint64(b)) })
		}
		return ErrFormat
	})
	if err != nil {
		return nil, err
	}
	if section != 3 {
		return nil, ErrFormat
	}
	rows := make([][]float32, datasets)
	for i := range rows {
		rows[i] = flat[i*dims:][:dims:dims]
	}
	v, err := newVectors(ctx, dims, rows, signatures)
	if err == nil {
		v.file = f
	}
	return v, err
}

// inWords reads size bytes in words of so many.
func inWords(r io.Reader, size, width int, f func(b []byte)) error {
	if size%width != 0 {
		return ErrFormat
	}
	chunk := make([]byte, 1<<16)
	for size > 0 {
		b := chunk[:min(size, len(chunk))]
		if _, err := io.ReadFull(r, b); err != nil {
			return err
		}
		size -= len(b)
		for ; len(b) > 0; b = b[width:] {
			f(b[:width])
		}
	}
	return nil
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

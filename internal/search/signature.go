package search

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// A signature says in few bits where a vector points: the signs of its numbers
// after turns that spread what the vector says evenly over all of them. The
// share of bits in which two signatures differ estimates the angle between
// their vectors, so that counting bits, a thirtieth of the vectors' bytes, tells
// which few are worth an exact product.
const turns = 2

// signer makes the signatures of vectors of one length.
type signer struct {
	dims  int
	flips [turns][]float32 // 1 or -1 for each number of a turn, a power of two of them
}

func newSigner(dims int) *signer {
	size := 1
	for size < max(64, dims) {
		size *= 2
	}
	s := &signer{dims: dims}
	r := rand.New(rand.NewPCG(1, 2)) // the same bits on every machine: they are kept
	for t := range s.flips {
		s.flips[t] = make([]float32, size)
		for i := range size {
			s.flips[t][i] = float32(r.IntN(2)*2 - 1)
		}
	}
	return s
}

// words is the length of a signature, in 64-bit words.
func (s *signer) words() int { return turns * len(s.flips[0]) / 64 }

// sign writes the signature of v to out, s.words() long.
func (s *signer) sign(v []float32, out []uint64) {
	clear(out)
	size := len(s.flips[0])
	turned := make([]float32, size)
	for t, flip := range s.flips {
		clear(turned)
		for i, f := range v {
			turned[i] = f * flip[i]
		}
		hadamard(turned)
		for i, f := range turned {
			if f > 0 {
				out[(t*size+i)/64] |= 1 << (i % 64)
			}
		}
	}
}

// hadamard is the Walsh-Hadamard transform, in place: a turn (and a stretch)
// that costs additions only.
func hadamard(v []float32) {
	for half := 1; half < len(v); half *= 2 {
		for start := 0; start < len(v); start += 2 * half {
			a, b := v[start:start+half], v[start+half:start+2*half]
			for i := range a {
				a[i], b[i] = a[i]+b[i], a[i]-b[i]
			}
		}
	}
}

// likest lists the k signatures (each len(sig) words of all) that differ least
// from sig and are not gone, in the order they lie in. Where several differ as
// much as the last one, the first of them are taken.
func likest(all, sig []uint64, k int, gone bitset) []int {
	width := len(sig)
	n := len(all) / width
	apart := make([]uint16, n) // bits that differ
	counts := make([]int, 64*width+1)
	for i := range apart {
		if gone.has(i) {
			apart[i] = math.MaxUint16
			continue
		}
		d := 0
		row := all[i*width:][:width]
		for j, w := range sig {
			d += bits.OnesCount64(w ^ row[j])
		}
		apart[i] = uint16(d)
		counts[d]++
	}
	limit, last := 0, k // so many of those that differ by limit
	for limit < len(counts)-1 && counts[limit] <= last {
		last -= counts[limit]
		limit++
	}
	out := make([]int, 0, min(k, n))
	for i, d := range apart {
		switch {
		case int(d) < limit:
			out = append(out, i)
		case int(d) == limit && last > 0:
			out = append(out, i)
			last--
		}
	}
	return slices.Clip(out)
}

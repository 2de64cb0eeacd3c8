package search

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

func differing(a, b []uint64) (n int) {
	for i := range a {
		n += bits.OnesCount64(a[i] ^ b[i])
	}
	return n
}

// Two vectors at an angle of a third of the way round differ in a third of their bits,
// give or take what so many throws of a coin allow.
func TestSignaturesTellAngles(t *testing.T) {
	for _, dims := range []int{2, 100, 256, 384} {
		s := newSigner(dims)
		size := 64 * s.words()
		for _, angle := range []float64{0, 0.2, 0.5, 0.8, 1} {
			a, b := make([]float32, dims), make([]float32, dims)
			a[0] = 1
			b[0], b[1] = float32(math.Cos(angle*math.Pi)), float32(math.Sin(angle*math.Pi))
			x, y := make([]uint64, s.words()), make([]uint64, s.words())
			s.sign(a, x)
			s.sign(b, y)
			got := float64(differing(x, y)) / float64(size)
			// The signs of one unit vector are coins of two values only: a margin for that.
			if margin := 0.3; math.Abs(got-angle) > margin {
				t.Errorf("%d numbers, angle %.1f of half a turn: %.2f of the bits differ", dims, angle, got)
			}
			if angle == 0 && got != 0 || angle == 1 && got != 1 {
				t.Errorf("%d numbers: same and opposite differ in %.2f of the bits", dims, got)
			}
		}
	}
}

func TestLikestAreThoseThatDifferLeast(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const width = 2
	for _, n := range []int{1, 7, 300} {
		all := make([]uint64, n*width)
		for i := range all {
			all[i] = r.Uint64() & r.Uint64() // few bits, so that many differ alike
		}
		sig := []uint64{r.Uint64(), r.Uint64()}
		for _, k := range []int{1, 5, n, n + 10} {
			want := make([]int, n)
			for i := range want {
				want[i] = i
			}
			slices.SortStableFunc(want, func(i, j int) int {
				return cmp.Compare(differing(all[i*width:][:width], sig), differing(all[j*width:][:width], sig))
			})
			want = want[:min(k, n)]
			slices.Sort(want)
			if got := likest(all, sig, k, nil); !slices.Equal(got, want) {
				t.Errorf("%d of %d: %v, want %v", k, n, got, want)
			}
		}
	}
}

// What the house promises of approximate search, on the worst of vectors: without any likeness among them.
func TestNearestOfManyAreNearest(t *testing.T) {
	const n, dims = 6000, 64
	r := rand.New(rand.NewPCG(5, 6))
	rows := make([][]float32, n)
	for i := range rows {
		rows[i] = make([]float32, dims)
		for j := range rows[i] {
			rows[i][j] = float32(r.NormFloat64())
		}
		scale(rows[i])
	}
	v, err := newVectors(t.Context(), dims, rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	if v.signatures == nil {
		t.Fatal("the vectors are too few for signatures")
	}
	gone := newBitset(n)
	for i := 0; i < n; i += 7 {
		gone.add(i)
	}
	full := inFull(v)
	kept, all := 0, 0
	for range 20 {
		q := make([]float32, dims)
		for j := range q {
			q[j] = float32(r.NormFloat64())
		}
		scale(q)
		want, err := full.nearest(t.Context(), q, 10, gone)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.nearest(t.Context(), q, 10, gone)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			all++
			if slices.ContainsFunc(got, func(g neighbour) bool { return g.doc == w.doc }) {
				kept++
			}
		}
	}
	if share := float64(kept) / float64(all); share < 0.98 {
		t.Errorf("recall@10 %.3f", share)
	}
}

func scale(v []float32) {
	l := float32(math.Sqrt(float64(norm(v))))
	for i := range v {
		v[i] /= l
	}
}

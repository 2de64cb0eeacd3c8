package search

import (
	"cmp"
	"container/heap"
	"slices"
)

// tally sums scores by dataset and remembers which it touched, so that
// emptying it costs what was found rather than the size of the catalogue.
type tally struct {
	score   []float32
	touched []int32
}

// grown is an empty tally for n datasets, in the same memory where that suffices.
func (t *tally) grown(n int) {
	if len(t.score) < n {
		t.score = make([]float32, n)
	}
}

func (t *tally) add(doc int, s float32) {
	if t.score[doc] == 0 {
		t.touched = append(t.touched, int32(doc))
	}
	t.score[doc] += s
}

// raise keeps the better of two scores, and adds a share of the other.
func (t *tally) raise(doc int, s, again float32) {
	had := t.score[doc]
	if had == 0 {
		t.touched = append(t.touched, int32(doc))
	}
	t.score[doc] = max(had, s) + again*min(had, s)
}

// drain calls f for every dataset touched and empties the tally.
func (t *tally) drain(f func(doc int, score float32)) {
	for _, doc := range t.touched {
		f(int(doc), t.score[doc])
		t.score[doc] = 0
	}
	t.touched = t.touched[:0]
}

// tallies are what one question is counted with.
type tallies struct{ total, cover, best, one tally }

// best keeps the k candidates with the most words, in a heap whose first is the
// least of them.
type best struct {
	k    int
	list []candidate
}

func byLexical(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.lexical, a.lexical), cmp.Compare(a.doc, b.doc))
}

func (b *best) Len() int           { return len(b.list) }
func (b *best) Less(i, j int) bool { return byLexical(b.list[i], b.list[j]) > 0 }
func (b *best) Swap(i, j int)      { b.list[i], b.list[j] = b.list[j], b.list[i] }
func (b *best) Push(x any)         { b.list = append(b.list, x.(candidate)) }
func (b *best) Pop() any { // heap.Interface asks for it; nothing is taken out one by one
	last := b.list[len(b.list)-1]
	b.list = b.list[:len(b.list)-1]
	return last
}

func (b *best) add(c candidate) {
	switch {
	case len(b.list) < b.k:
		heap.Push(b, c)
	case byLexical(c, b.list[0]) < 0:
		b.list[0] = c
		heap.Fix(b, 0)
	}
}

// sorted is what was kept, the best first.
func (b *best) sorted() []candidate {
	slices.SortFunc(b.list, byLexical)
	return b.list
}

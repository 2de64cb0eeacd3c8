package search

import (
	"hash/fnv"
	"math"
	"slices"
	"strings"
)

// Near-identical sheets (one a commune, one a species, one a year) are told by
// MinHash: the share of equal parts of two sketches estimates the share of
// words that two sheets have in common.

const (
	sketchSize = 16
	alike      = 12 // equal parts of two sketches from which sheets are near-identical
)

type sketch [sketchSize]uint16

// sketched is how many words of a description are compared.
const sketched = 150

// sketch sketches a dataset's title and the start of its description.
func (a analysed) sketch() sketch {
	var low [sketchSize]uint64
	for i := range low {
		low[i] = math.MaxUint64
	}
	for _, t := range slices.Concat(a.title, a.body[:min(sketched, len(a.body))]) {
		h := fnv.New64a()
		h.Write([]byte(t.stem))
		v := h.Sum64()
		for i := range low {
			v = v*6364136223846793005 + 1442695040888963407 // the next number of a fixed sequence from the word's own
			low[i] = min(low[i], v^v>>29)
		}
	}
	var k sketch
	for i := range k {
		k[i] = uint16(low[i])
	}
	return k
}

func (k sketch) likeness(other sketch) int {
	n := 0
	for i := range k {
		if k[i] == other[i] {
			n++
		}
	}
	return n
}

// group numbers the groups of near-identical sheets. Only sheets whose titles
// start alike are compared, and only with the first of each group: a series is
// named alike, and this stays linear in practice.
func (x *Index) group() {
	first := map[string][]int{} // first sheets of groups, by how their titles start
	for i := range x.entries {
		e := &x.entries[i]
		e.group = uint32(i)
		start := opening(x, e.title)
		joined := false
		for _, j := range first[start] {
			if e.publisher == x.entries[j].publisher && e.sketch.likeness(x.entries[j].sketch) >= alike {
				e.group, joined = uint32(j), true
				break
			}
		}
		if !joined && len(first[start]) < maxGroups {
			first[start] = append(first[start], i)
		}
	}
}

// maxGroups bounds the comparisons where thousands of titles start alike.
const maxGroups = 256

func opening(x *Index, title string) string {
	ts := x.stems.tokens(title)
	return strings.Join(stems(ts[:min(2, len(ts))]), " ")
}

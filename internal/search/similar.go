package search

import (
	"hash/fnv"
	"math"
	"slices"
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

// seriesOf is a hash of what the sheets of a series share: their publisher and
// the first words of their titles.
func seriesOf(publisher string, a analysed) uint64 {
	h := fnv.New64a()
	h.Write([]byte(publisher))
	for _, s := range stems(a.title[:min(2, len(a.title))]) {
		h.Write([]byte{0})
		h.Write([]byte(s))
	}
	return h.Sum64()
}

// group numbers the groups of near-identical sheets: each by its first. Only
// sheets whose titles start alike are compared, and only with the first of each
// group: a series is named alike, and this stays linear in practice.
func (x *Index) group() {
	x.groups = make([]uint32, x.size)
	first := map[uint64][]uint32{} // first sheets of groups, by series
	for si := range x.shelves {
		s := &x.shelves[si]
		for i := range s.entries.len() {
			if s.gone.has(i) {
				continue
			}
			m, doc := s.marks.at(i), uint32(s.first+i)
			x.groups[doc] = doc
			joined := false
			for _, f := range first[m.series] {
				if m.sketch.likeness(x.sketch(int(f))) >= alike {
					x.groups[doc], joined = f, true
					break
				}
			}
			if !joined && len(first[m.series]) < maxGroups {
				first[m.series] = append(first[m.series], doc)
			}
		}
	}
}

// maxGroups bounds the comparisons where thousands of titles start alike.
const maxGroups = 256

func (x *Index) sketch(doc int) sketch {
	s := x.shelfOf(doc)
	return s.marks.at(doc - s.first).sketch
}

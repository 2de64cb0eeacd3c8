package search

import (
	"cmp"
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

// group numbers the groups of sheets of a series: each by its first. Sheets are
// of one where their titles have one frame, or where they are near-identical. Only
// sheets whose titles start alike are compared for that, and only with the first
// of each group: a series is named alike, and this stays linear in practice.
func (x *Index) group() {
	x.groups = make([]uint32, x.size)
	first := map[uint64][]uint32{} // first sheets of groups, by series
	framed := map[uint64]uint32{}  // first sheets, by frame
	for si := range x.shelves {
		s := &x.shelves[si]
		for i := range s.entries.len() {
			if s.gone.has(i) {
				continue
			}
			m, doc := s.marks.at(i), uint32(s.first+i)
			g, joined := framed[m.frame]
			if !joined || m.frame == 0 {
				g, joined = x.twin(m, first[m.series])
			}
			if !joined {
				if g = doc; len(first[m.series]) < maxGroups {
					first[m.series] = append(first[m.series], doc)
				}
			}
			if x.groups[doc] = g; m.frame != 0 {
				framed[m.frame] = g
			}
		}
	}
}

// twin is the first of the groups that a sheet is near-identical to.
func (x *Index) twin(m mark, groups []uint32) (first uint32, found bool) {
	for _, f := range groups {
		if m.sketch.likeness(x.sketch(int(f))) >= alike {
			return f, true
		}
	}
	return 0, false
}

// alike lists the sheets of a dataset's series, by title; none where no dataset
// is called so.
func (x *Index) alike(key string, only Filter, limit int) []Hit {
	doc, ok := x.named(strings.TrimSpace(key))
	if !ok {
		return nil
	}
	var docs []int
	for i, g := range x.groups {
		if g == x.groups[doc] && !x.gone(i) && only.admits(x.entry(i)) {
			docs = append(docs, i)
		}
	}
	slices.SortFunc(docs, func(a, b int) int {
		return cmp.Or(strings.Compare(x.entry(a).title, x.entry(b).title), cmp.Compare(a, b))
	})
	var hits []Hit
	for _, i := range docs[:min(limit, len(docs))] {
		h := x.hit(candidate{doc: i, score: 1}, ask{})
		h.Why = nil
		hits = append(hits, h)
	}
	return hits
}

// maxGroups bounds the comparisons where thousands of titles start alike.
const maxGroups = 256

func (x *Index) sketch(doc int) sketch {
	s := x.shelfOf(doc)
	return s.marks.at(doc - s.first).sketch
}

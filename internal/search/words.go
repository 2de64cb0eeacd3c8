package search

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"
	"strings"
)

// BM25F: a term's frequency is summed over fields, each with its weight and
// its own length normalisation, then saturated once. Mean lengths are fixed,
// as measured over French portals, rather than taken from the catalogue: what
// a dataset weighs then depends on nothing but itself, and an update touches
// changed datasets only.
const (
	saturation = 1.2
	maxImpact  = saturation + 1
)

// field is a part of a dataset's text with its weight.
type field struct {
	weight, mean, slope float64 // slope: how much length counts (BM25's b)
}

var (
	titleField     = field{weight: 4, mean: 9, slope: 0.5}
	keywordField   = field{weight: 1.5, mean: 6, slope: 0.5}
	publisherField = field{weight: 1, mean: 5, slope: 0.3}
	bodyField      = field{weight: 1, mean: 60, slope: 0.6}
	saidField      = field{weight: 1, mean: 60} // a long list is no less said
)

// words is an inverted index in its serial form, which is also how it is
// searched: opening it costs nothing. Terms are sorted.
type words struct {
	text  []byte // terms, end to end
	ends  []byte // uint32 for each term: where it ends in text
	post  []byte // postings, end to end: dataset number as varint difference, then impact
	posts []byte // uint32 for each term: where its postings end in post
	dfs   []byte // uint32 for each term: how many datasets hold it
}

func u32(b []byte, i int) int { return int(binary.LittleEndian.Uint32(b[4*i:])) }

func (w *words) len() int { return len(w.ends) / 4 }

func (w *words) term(i int) []byte {
	start := 0
	if i > 0 {
		start = u32(w.ends, i-1)
	}
	return w.text[start:u32(w.ends, i)]
}

// find returns the number of the term, or -1.
func (w *words) find(term string) int {
	n := w.len()
	i := sort.Search(n, func(i int) bool { return string(w.term(i)) >= term })
	if i < n && string(w.term(i)) == term {
		return i
	}
	return -1
}

// each calls f for every dataset that holds term i, by ascending number, with
// its impact: the saturated frequency, in (0, maxImpact].
func (w *words) each(i int, f func(doc int, impact float32)) {
	w.while(i, func(doc int, impact float32) bool {
		f(doc, impact)
		return true
	})
}

// while is each that stops where f says so.
func (w *words) while(i int, f func(doc int, impact float32) bool) {
	start := 0
	if i > 0 {
		start = u32(w.posts, i-1)
	}
	p := w.post[start:u32(w.posts, i)]
	doc := 0
	for len(p) > 0 {
		d, n := binary.Uvarint(p)
		if n <= 0 || n >= len(p) {
			return // a damaged file is caught by its checksum; this only keeps a wrong one from panicking
		}
		doc += int(d)
		if !f(doc, float32(p[n])*(maxImpact/255)) {
			return
		}
		p = p[n+1:]
	}
}

// impact is what dataset doc has of term i, 0 where it lacks it.
func (w *words) impact(i, doc int) (found float32) {
	w.while(i, func(d int, impact float32) bool {
		if d == doc {
			found = impact / maxImpact
		}
		return d < doc
	})
	return found
}

// idf is the weight of a term that df of n datasets hold.
func idf(df, n int) float32 {
	return float32(math.Log(1 + (float64(n-df)+0.5)/(float64(df)+0.5)))
}

// frequencies sums weighted term frequencies over a dataset's fields.
type frequencies map[string]float64

func (f frequencies) add(fd field, terms []string) {
	if len(terms) == 0 {
		return
	}
	norm := 1 - fd.slope + fd.slope*float64(len(terms))/fd.mean
	for _, t := range terms {
		f[t] += fd.weight / norm
	}
}

func impact(tf float64) byte {
	return byte(max(1, math.Round(tf/(saturation+tf)*255)))
}

// postings are the datasets that hold a term, as words has them.
type postings struct {
	post []byte
	n    uint32 // how many
	last uint32 // the last one's number
}

func (p *postings) add(doc uint32, impact byte) {
	p.post = binary.AppendUvarint(p.post, uint64(doc-p.last))
	p.post = append(p.post, impact)
	p.last = doc
	p.n++
}

// wordsBuilder gathers postings by term, of datasets by ascending number.
type wordsBuilder map[string]*postings

// of is where a term's postings are gathered.
func (b wordsBuilder) of(term string) *postings {
	p := b[term]
	if p == nil {
		p = &postings{}
		b[strings.Clone(term)] = p // not the text that it was cut out of
	}
	return p
}

func (b wordsBuilder) add(doc int, f frequencies) {
	for t, tf := range f {
		b.of(t).add(uint32(doc), impact(tf))
	}
}

// carry takes over the postings of an earlier index; renumber gives a
// dataset's new number, by ascending old one, or -1 where it is gone or has changed.
func (b wordsBuilder) carry(w *words, renumber []int) {
	for i := range w.len() {
		var p *postings
		w.each(i, func(doc int, imp float32) {
			if doc >= len(renumber) || renumber[doc] < 0 {
				return
			}
			if p == nil {
				p = b.of(string(w.term(i)))
			}
			p.add(uint32(renumber[doc]), byte(math.Round(float64(imp/maxImpact*255))))
		})
	}
}

// build lays the postings end to end, by term, and drops them here.
func (b wordsBuilder) build() *words {
	terms := make([]string, 0, len(b))
	size := 0
	for t, p := range b {
		terms = append(terms, t)
		size += len(p.post)
	}
	slices.Sort(terms)
	w := &words{post: make([]byte, 0, size)}
	put := binary.LittleEndian.AppendUint32
	for _, t := range terms {
		p := b[t]
		w.post = append(w.post, p.post...)
		w.text = append(w.text, t...)
		w.ends = put(w.ends, uint32(len(w.text)))
		w.posts = put(w.posts, uint32(len(w.post)))
		w.dfs = put(w.dfs, p.n)
		delete(b, t)
	}
	return w
}

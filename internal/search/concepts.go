package search

import (
	"cmp"
	"slices"
)

// A question is cut into concepts: a word, or a run of words the thesaurus
// knows. Each may be said in several ways, and a dataset's score for it is that
// of the best one, so that synonyms never add up.

// concept is one thing that a question asks for.
type concept struct {
	asked  string  // the question's own words
	weight float32 // how much it tells datasets apart
	ways   []way
}

// way is one way of saying a concept.
type way struct {
	terms []int  // terms of the index
	text  string // as the thesaurus says it; empty for the question's own words
	scale float32
	whole float32 // what all its words would weigh, unknown ones included
}

const (
	synonymScale = 0.7
	topicScale   = 0.95 // where the question is that one thing
	againScale   = 0.3  // of a second way that a dataset says that one thing
	partialScale = 0.5  // a synonym of several words of which only some are there
)

// concepts reads a question. Where it is one thing ("maire"), the official words
// for it are worth its own, and a dataset that says it in several ways is surely
// about it.
func (x *Index) concepts(text string, places []Place) []concept {
	ts := x.stems.tokens(text)
	all := stems(ts)
	scales := weights(text, ts, places)
	var out []concept
	for i := 0; i < len(ts); {
		n, others := x.thesaurus.at(all[i:])
		n = max(1, n)
		c := concept{asked: ts[i].text}
		if n > 1 {
			c.asked = text[ts[i].start:ts[i+n-1].end]
		}
		own := x.way(all[i:i+n], 1)
		c.weight = own.whole
		if n == 1 {
			c.weight *= scales[i]
		}
		c.ways = append(c.ways, own)
		if n == 1 {
			if t := x.words.find("+" + ts[i].fold); t >= 0 {
				c.ways = append(c.ways, x.joinedWay(t))
			}
		}
		for _, o := range others {
			w := x.way(o.stems, synonymScale)
			w.text = o.text
			if len(w.terms) > 0 {
				c.ways = append(c.ways, w)
			}
		}
		out = append(out, c)
		i += n
	}
	for _, j := range joinedSpans(ts) {
		if t := x.words.find(x.stems.stem(j)); t >= 0 {
			w := x.joinedWay(t)
			c := concept{asked: j, weight: w.whole, ways: []way{w}}
			out = append(out, c)
		}
	}
	if len(out) == 1 {
		for i := range out[0].ways {
			if w := &out[0].ways[i]; w.text != "" {
				w.scale = topicScale
			}
		}
	}
	return out
}

func (x *Index) joinedWay(term int) way {
	return way{terms: []int{term}, scale: 1, whole: idf(x.words.df(term), len(x.entries))}
}

func (x *Index) way(stems []string, scale float32) way {
	w := way{scale: scale}
	for _, s := range stems {
		t := x.words.find(s)
		if t < 0 {
			w.whole += idf(0, len(x.entries))
			continue
		}
		w.terms = append(w.terms, t)
		w.whole += idf(x.words.df(t), len(x.entries))
	}
	return w
}

// tally sums scores by dataset and remembers which it touched, so that
// emptying it costs what was found rather than the size of the catalogue.
type tally struct {
	score   []float32
	touched []int
}

func newTally(n int) *tally { return &tally{score: make([]float32, n)} }

func (t *tally) add(doc int, s float32) {
	if t.score[doc] == 0 {
		t.touched = append(t.touched, doc)
	}
	t.score[doc] += s
}

// raise keeps the better of two scores, and adds a share of the other.
func (t *tally) raise(doc int, s, again float32) {
	if t.score[doc] == 0 {
		t.touched = append(t.touched, doc)
	}
	had := t.score[doc]
	t.score[doc] = max(had, s) + again*min(had, s)
}

// drain calls f for every dataset touched and empties the tally.
func (t *tally) drain(f func(doc int, score float32)) {
	for _, doc := range t.touched {
		f(doc, t.score[doc])
		t.score[doc] = 0
	}
	t.touched = t.touched[:0]
}

// present turns a concept's score into whether it is there at all: one mention
// in a description of usual length is enough.
const present = 2.5

// byWords scores datasets on the concepts they hold, as a share of all that
// the question asks for, and returns the k best.
func (x *Index) byWords(concepts []concept, k int) []candidate {
	n := len(x.entries)
	total, cover, best, one := newTally(n), newTally(n), newTally(n), newTally(n)
	var whole, again float32
	if len(concepts) == 1 {
		again = againScale
	}
	for _, c := range concepts {
		whole += c.weight
		for _, w := range c.ways {
			for _, t := range w.terms {
				f := idf(x.words.df(t), n)
				x.words.each(t, func(doc int, impact float32) {
					if doc < n {
						one.add(doc, f*impact/maxImpact)
					}
				})
			}
			one.drain(func(doc int, s float32) {
				s /= w.whole
				best.raise(doc, w.scale*s, again)
			})
		}
		best.drain(func(doc int, s float32) {
			total.add(doc, c.weight*s)
			cover.add(doc, c.weight*min(1, present*s))
		})
	}
	var out []candidate
	total.drain(func(doc int, s float32) {
		out = append(out, candidate{doc: doc, lexical: s / whole, covered: cover.score[doc] / whole})
	})
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.lexical, a.lexical), cmp.Compare(a.doc, b.doc))
	})
	return out[:min(k, len(out))]
}

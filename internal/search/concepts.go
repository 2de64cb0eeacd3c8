package search

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
	terms []term // those of its words that the catalogue holds
	text  string // as the thesaurus says it; empty for the question's own words
	near  bool   // a word that the built-in table holds to be near
	scale float32
	whole float32 // what all its words would weigh, unknown ones included
}

const (
	synonymScale = 0.7
	topicScale   = 0.95 // where the question is that one thing
	againScale   = 0.3  // of a second way that a dataset says that one thing
	partialScale = 0.5  // a synonym of several words of which only some are there
	nearScale    = 0.7  // of a word near in meaning, times its cosine; learned: see FOLDS.md
)

// concepts reads a question. Where it is one thing ("maire"), the official words
// for it are worth its own, and a dataset that says it in several ways is surely
// about it.
func (x *Index) concepts(text string, places []Place) []concept {
	ts := x.stems.tokens(text)
	x.respell(ts)
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
		if ts[i].slip {
			c.weight *= x.slipScale
		}
		c.ways = append(c.ways, own)
		if n == 1 {
			if t, ok := x.term("+" + ts[i].fold); ok {
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
		if n == 1 && scales[i] != fieldScale && scales[i] != placeScale { // a town is not the one beside it
			c.ways = append(c.ways, x.nearWays(all[i])...)
		}
		out = append(out, c)
		i += n
	}
	for _, j := range joinedSpans(ts) {
		if t, ok := x.term(x.stems.stem(j)); ok {
			w := x.joinedWay(t)
			c := concept{asked: j, weight: w.whole, ways: []way{w}}
			out = append(out, c)
		}
	}
	if len(out) == 1 {
		out[0].alone()
	}
	return out
}

// alone makes the official words for what a question is all about worth its own.
func (c *concept) alone() {
	for i := range c.ways {
		if w := &c.ways[i]; w.text != "" {
			w.scale = topicScale
		}
	}
}

// nearWays are the words nearest in meaning to one, as the built-in table sees it.
func (x *Index) nearWays(stem string) (out []way) {
	for _, n := range x.neighbours(stem) {
		if t, ok := x.term(n.Stem); ok {
			out = append(out, way{terms: []term{t}, near: true, scale: x.nearScale * n.Cosine, whole: t.idf})
		}
	}
	return out
}

func (x *Index) joinedWay(t term) way {
	return way{terms: []term{t}, scale: 1, whole: t.idf}
}

func (x *Index) way(stems []string, scale float32) way {
	w := way{scale: scale}
	for _, s := range stems {
		t, ok := x.term(s)
		if ok {
			w.terms = append(w.terms, t)
		}
		w.whole += t.idf
	}
	return w
}

// term is a word as the parts of the index hold it.
type term struct {
	at  []int // its number on each shelf, -1 where no dataset has it
	idf float32
}

// term finds a word; ok is false where no dataset has it, and idf is what it
// would weigh.
func (x *Index) term(word string) (t term, ok bool) {
	df := 0
	t.at = make([]int, len(x.shelves))
	for i := range x.shelves {
		s := &x.shelves[i]
		if t.at[i] = s.words.find(word); t.at[i] >= 0 {
			df += u32(s.dfs, t.at[i])
		}
	}
	t.idf = idf(max(1, df), x.live)
	return t, df > 0
}

// present turns a concept's score into whether it is there at all: one mention
// in a description of usual length is enough.
const present = 2.5

// byWords scores datasets on the concepts they hold, as a share of all that
// the question asks for, and returns the k best.
func (x *Index) byWords(concepts []concept, k int) []candidate {
	t, ok := x.counting.Get().(*tallies)
	if !ok {
		t = &tallies{}
	}
	defer x.counting.Put(t)
	for _, each := range []*tally{&t.total, &t.cover, &t.best, &t.one} {
		each.grown(x.size)
	}
	var whole, again float32
	if len(concepts) == 1 {
		again = againScale
	}
	for _, c := range concepts {
		whole += c.weight
		x.tell(c, again, t)
	}
	found := best{k: k}
	t.total.drain(func(doc int, s float32) {
		if x.gone(doc) {
			return
		}
		found.add(candidate{doc: doc, lexical: s / whole, covered: t.cover.score[doc] / whole})
	})
	t.cover.drain(func(int, float32) {})
	return found.sorted()
}

// tell adds to the tallies what each dataset has of a concept. One that is said
// in one way, as most are, is added as its words are read.
func (x *Index) tell(c concept, again float32, t *tallies) {
	count := func(doc int, s float32) {
		t.total.add(doc, c.weight*s)
		t.cover.add(doc, c.weight*min(1, present*s))
	}
	if len(c.ways) == 1 {
		x.say(c.ways[0], &t.one, count)
		return
	}
	for _, w := range c.ways {
		a := again
		if w.near {
			a = 0 // beside the word itself, one that is near says nothing new
		}
		x.say(w, &t.one, func(doc int, s float32) { t.best.raise(doc, s, a) })
	}
	t.best.drain(count)
}

// say calls f with what each dataset has of one way of saying a concept.
func (x *Index) say(w way, sum *tally, f func(doc int, s float32)) {
	for _, t := range w.terms {
		worth := w.scale * t.idf / (maxImpact * w.whole)
		into := sum.add
		if len(w.terms) == 1 {
			into = f
		}
		for i, at := range t.at {
			if at < 0 {
				continue
			}
			s := &x.shelves[i]
			n := s.entries.len()
			s.words.each(at, func(doc int, impact float32) {
				if doc < n {
					into(s.first+doc, worth*impact)
				}
			})
		}
	}
	sum.drain(f)
}

// gone tells whether the index no longer holds the dataset of a number.
func (x *Index) gone(doc int) bool {
	s := x.shelfOf(doc)
	return s.gone.has(doc - s.first)
}

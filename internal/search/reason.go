package search

import (
	"cmp"
	"slices"
)

// Kind is a kind of reason.
type Kind string

// The closed list of reasons.
const (
	ByID      Kind = "id"      // the query is its identifier or name
	ByWord    Kind = "word"    // it holds a word of the question
	BySynonym Kind = "synonym" // it holds another way of saying it
	ByMeaning Kind = "meaning" // it is near in meaning
	ByPlace   Kind = "place"   // it is about the place named
	ByYear    Kind = "year"    // its period holds the year named
)

// Reason is one thing that speaks for a hit.
type Reason struct {
	Kind  Kind
	Asked string // the question's words
	Found string // what the dataset has for them, where that differs
}

// nearMeaning is the cosine from which a likeness is worth telling.
const nearMeaning = 0.4

func (x *Index) hit(c candidate, a ask) Hit {
	e := x.entry(c.doc)
	h := Hit{
		ID: e.id, Name: e.name, Title: e.title, Publisher: e.publisher, URL: e.url,
		Score: float64(c.score), Cosine: float64(c.cosine), Similar: max(1, x.members[x.groups[c.doc]]) - 1,
	}
	if h.Similar > 0 {
		h.Series = x.entry(int(x.groups[c.doc])).id
	}
	if a.concepts == nil {
		h.Why = []Reason{{Kind: ByID}}
		return h
	}
	type weighed struct {
		Reason
		weight float32
	}
	var rs []weighed
	for _, co := range a.concepts {
		if r, w := x.reason(co, c.doc); w > 0 {
			rs = append(rs, weighed{r, w})
		}
	}
	slices.SortStableFunc(rs, func(a, b weighed) int { return cmp.Compare(b.weight, a.weight) })
	for _, p := range a.places {
		if e.in(p.Code) {
			h.Why = append(h.Why, Reason{Kind: ByPlace, Asked: p.Name})
		}
	}
	near := c.cosine >= nearMeaning
	for _, r := range rs {
		if r.Kind == ByMeaning {
			near = true
			continue
		}
		h.Why = append(h.Why, r.Reason)
	}
	if a.year != 0 && e.holds(a.year) {
		h.Why = append(h.Why, Reason{Kind: ByYear})
	}
	if near {
		h.Why = append(h.Why, Reason{Kind: ByMeaning})
	}
	return h
}

// reason tells by which way of saying it a dataset holds a concept best.
func (x *Index) reason(c concept, doc int) (Reason, float32) {
	var best Reason
	var top float32
	for _, w := range c.ways {
		var s float32
		for _, t := range w.terms {
			s += t.idf * x.impact(t, doc)
		}
		if s = w.scale * s / w.whole; s > top {
			top = s
			switch {
			case w.near:
				best = Reason{Kind: ByMeaning}
			case w.text != "":
				best = Reason{Kind: BySynonym, Asked: c.asked, Found: w.text}
			default:
				best = Reason{Kind: ByWord, Asked: c.asked}
			}
		}
	}
	return best, top * c.weight
}

// impact is what a dataset has of a term, 0 where it lacks it.
func (x *Index) impact(t term, doc int) float32 {
	for i := len(x.shelves) - 1; i >= 0; i-- {
		if s := &x.shelves[i]; doc >= s.first {
			if t.at[i] < 0 {
				return 0
			}
			return s.words.impact(t.at[i], doc-s.first)
		}
	}
	return 0
}

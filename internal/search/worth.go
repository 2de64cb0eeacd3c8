package search

import (
	"regexp"
	"strconv"

	"cigogne/internal/lang"
)

// ask is a question as it was read.
type ask struct {
	concepts []concept
	places   []Place
	year     int // 0: none named
	figure   bool
	country  bool // the whole country is named
}

var (
	yearPattern  = regexp.MustCompile(`\b(19|20)\d\d\b`)
	figureOpener = regexp.MustCompile(`\b(combien|nombre|taux|montant|total|moyenne|evolution|part des?|how (many|much)|number|rate|average)\b`)
)

func (x *Index) read(text string) ask {
	places := x.places.Places(text)
	a := ask{concepts: x.concepts(text, places), places: places, figure: figureOpener.MatchString(lang.Fold(text))}
	for _, w := range lang.Words(text) {
		a.country = a.country || country[w.Fold]
	}
	if y := yearPattern.FindString(text); y != "" {
		a.year, _ = strconv.Atoi(y)
	}
	return a
}

// signals are what speaks for a dataset or against it, the question given.
func (x *Index) signals(c candidate, a ask) signals {
	e := x.entry(c.doc)
	var s signals
	s[byWords], s[byNearness] = c.lexical, max(0, c.near)
	s[described] = float32(e.rich) / 255
	x.where(&s, e, c, a)
	s[yearHeld] = one(a.year != 0 && e.holds(a.year))
	if e.tabular && (e.places == "" || x.home == "" || e.in(x.home)) {
		s[askable] = c.covered * c.covered
	}
	s[figureAsked] = one(a.figure && e.tabular)
	const year = 365 * 24 * 3600
	if age := x.newest - e.modified; e.modified != 0 && age < 5*year {
		s[fresh] = float32(5*year-age) / (5 * year)
	}
	return s
}

// where is what speaks for a dataset by the places that it is about.
func (x *Index) where(s *signals, e *entry, c candidate, a ask) {
	if len(a.places) == 0 {
		s[national] = one(!e.local)
		s[countryNamed] = one(!e.local && a.country)
		s[athome] = one(x.home != "" && e.in(x.home))
		s[strange] = one(e.local && x.home != "" && e.places != "" && !e.in(x.home))
	}
	// A place counts as far as the rest of the question does: in the Haut-Rhin, of all things.
	for _, p := range a.places {
		if k, ok := placed(e, p); ok {
			s[k] += min(1, c.evidence())
		}
	}
}

func one(is bool) float32 {
	if is {
		return 1
	}
	return 0
}

// placed tells what a dataset is to a place that is named.
func placed(e *entry, p Place) (signal, bool) {
	switch {
	case e.in(p.Code):
		return placeNamed, true
	case e.onLevelOf(p.Code):
		return elsewhere, true
	}
	for _, w := range p.Within {
		if e.about(w) {
			return placeHolder, true
		}
	}
	return 0, false
}

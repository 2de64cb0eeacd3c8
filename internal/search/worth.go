package search

import (
	"regexp"
	"strconv"

	"cigogne/internal/lang"
)

// What a dataset's fields add to its words and meaning. Words that fit the
// question in full are worth 1.
const (
	tableWeight = 0.15 // of likeness of meaning, as the built-in table sees it
	modelWeight = 0.45 // as a model sees it that reads whole sentences

	placeBonus    = 0.3   // it is about the place named, or about a part of it
	elsewhere     = -0.3  // it is about another place of the same level
	holderBonus   = 0.1   // it is about a place that holds the one named
	nationalBonus = 0.05  // no place is named, and it is about the whole country
	countryBonus  = 0.1   // besides, where the country is named
	strangeMalus  = -0.12 // no place is named, and it is about another region alone
	yearBonus     = 0.1   // its period holds the year named
	richBonus     = 0.1   // it is fully described
	tableBonus    = 0.05  // a figure is asked, and it has a table
	freshBonus    = 0.005 // it was changed as lately as any
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

// worth is what a dataset's fields say for it, given the question. A place
// counts as far as the rest of the question does: in the Haut-Rhin, of all things.
func (x *Index) worth(c candidate, a ask) float32 {
	e := &x.entries[c.doc]
	s := richBonus * float32(e.rich) / 255
	if len(a.places) == 0 {
		switch {
		case !e.local:
			s += nationalBonus
			if a.country {
				s += countryBonus
			}
		case x.home != "" && e.places != "" && !e.in(x.home):
			s += strangeMalus
		}
	}
	for _, p := range a.places {
		s += placeWorth(e, p) * min(1, c.evidence())
	}
	if a.year != 0 && e.holds(a.year) {
		s += yearBonus
	}
	if a.figure && e.tabular {
		s += tableBonus
	}
	const year = 365 * 24 * 3600
	if age := x.newest - e.modified; e.modified != 0 && age < 5*year {
		s += freshBonus * float32(5*year-age) / (5 * year)
	}
	return s
}

func placeWorth(e *entry, p Place) float32 {
	switch {
	case e.in(p.Code):
		return placeBonus
	case e.onLevelOf(p.Code):
		return elsewhere
	}
	for _, w := range p.Within {
		if e.about(w) {
			return holderBonus
		}
	}
	return 0
}

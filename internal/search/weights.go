package search

// signal is one kind of thing that speaks for a dataset or against it.
type signal int

const (
	byWords      signal = iota // share of the question that its words hold
	byNearness                 // what its nearness in meaning is worth
	described                  // how fully it is described
	national                   // no place is named, and it is about the whole country
	countryNamed               // besides, the country is named
	athome                     // no place is named, and it is about the region that the catalogue serves
	strange                    // no place is named, and it is about another region alone
	placeNamed                 // it is about the place named, or about a part of it
	elsewhere                  // it is about another place of the same level
	placeHolder                // it is about a place that holds the one named
	yearHeld                   // its period holds the year named
	askable                    // it has a table, of the region that the catalogue serves or of no one place: a question can be put to it
	figureAsked                // besides, the question wants a figure
	fresh                      // it was changed as lately as any
	signalCount
)

// signals are what a dataset has of each, mostly 0…1.
type signals [signalCount]float32

// learned weighs the signals; words that fit the question in full are worth 1.
// `make folds` learns them anew and measures them on questions that they were
// not learned from: see FOLDS.md. What is marked is no matter of those
// questions, whose datasets have neither files nor a region of their own.
var learned = signals{
	byWords:      1,
	byNearness:   1,
	described:    0.1,
	national:     0.05,
	countryNamed: 0.1,
	athome:       0,
	strange:      -0.12,
	placeNamed:   0.3,
	elsewhere:    -0.3,
	placeHolder:  0.1,
	yearHeld:     0.1,
	askable:      0.4,  // set  // set
	figureAsked:  0.05, // set
	fresh:        0.005,
}

func (s *signals) score(weights *signals) (sum float32) {
	for i, w := range weights {
		sum += w * s[i]
	}
	return sum
}

// What a likeness of meaning of 1 is worth.
const (
	tableWeight = 0.15 // as the built-in table sees it
	modelWeight = 0.45 // as a model sees it that reads whole sentences
)

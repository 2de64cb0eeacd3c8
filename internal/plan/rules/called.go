package rules

import (
	"slices"
	"strings"
	"sync"

	"cigogne/internal/dataset"
)

// cellNames are the texts of a column as words find them. They are read once for all
// tables that hold the same column: the register of communes gives its own to many.
type cellNames struct {
	cells    []cellName
	values   map[string][]int32 // phrase → indexes of cells
	postings map[string][]int32 // word → indexes of cells
	longest  int                // words of the longest phrase
	spelling func() vocabulary  // most questions are spelt well
}

type cellName struct {
	text  []string // one
	words []string // normed
}

// column is a column of a table; what it holds is counted from first on.
type column struct {
	*cellNames
	col, first int
}

// readCells reads a column; place says that it holds names of territories.
func readCells(values []dataset.Value, place bool) *cellNames {
	n := &cellNames{values: map[string][]int32{}, postings: map[string][]int32{}}
	n.spelling = sync.OnceValue(func() vocabulary {
		words := vocabulary{}
		for _, v := range values {
			words.add(v.Text, place)
		}
		return words
	})
	for _, v := range values {
		words := normAll(v.Text)
		if len(words) == 0 {
			continue
		}
		id := int32(len(n.cells))
		n.cells = append(n.cells, cellName{[]string{v.Text}, words})
		for _, phrase := range callings(words, place) {
			n.longest = max(n.longest, len(phrase))
			if k := key(phrase); !slices.Contains(n.values[k], id) {
				n.values[k] = append(n.values[k], id)
			}
		}
		for _, w := range words {
			if p := n.postings[w]; len(p) == 0 || p[len(p)-1] != id {
				n.postings[w] = append(p, id)
			}
		}
	}
	return n
}

// epciKinds spell out how the names of French intercommunalities begin.
var epciKinds = map[string]string{"cc": "communaute commune", "ca": "communaute agglomeration", "cu": "communaute urbaine"}

// callings are the phrases that name a cell of these words; place says that it is the
// name of a territory as its publisher writes it.
func callings(words []string, place bool) (out [][]string) {
	add := func(phrase []string) {
		if len(phrase) > 0 && len(phrase) <= maxPhrase && (len(phrase) > 1 || len(words) == 1 || !epciKind(phrase[0])) {
			out = append(out, phrase)
		}
	}
	add(words)
	add(dropArticle(words))
	switch {
	case place:
		add(withoutLinks(words))
	case !stopWords[words[len(words)-1]]: // "Club C" is not "Club"
		add(withoutSmall(words))
	}
	if kind, ok := epciKinds[words[0]]; ok && len(words) > 1 {
		rest := dropArticle(words[1:])
		if len(rest) > 1 && epciKind(rest[len(rest)-1]) { // "Troyes Champagne Métropole"
			add(rest)
		}
		add(append(strings.Fields(kind), withoutSmall(rest)...))
		add(append([]string{words[0]}, withoutSmall(rest)...))
	}
	return out
}

func (s *schema) addCells(col int, names *cellNames) {
	s.columns = append(s.columns, column{names, col, s.cellCount()})
	s.longest = max(s.longest, names.longest)
}

// cellCount is how many cells the columns hold; told ones are counted from there on.
func (s *schema) cellCount() int {
	if len(s.columns) == 0 {
		return 0
	}
	last := s.columns[len(s.columns)-1]
	return last.first + len(last.cells)
}

// tell adds a phrase of the annotation for cells.
func (s *schema) tell(v valueRef) {
	if len(v.words) == 0 {
		return
	}
	id := len(s.told)
	s.told = append(s.told, v)
	for _, phrase := range callings(v.words, false) {
		s.phrase(phrase)
		if k := key(phrase); !slices.Contains(s.values[k], id) {
			s.values[k] = append(s.values[k], id)
		}
	}
}

// val is a cell by its number.
func (s *schema) val(id int) valueRef {
	for _, c := range s.columns {
		if id < c.first+len(c.cells) {
			cell := c.cells[id-c.first]
			return valueRef{col: c.col, texts: cell.text, words: cell.words}
		}
	}
	return s.told[id-s.cellCount()]
}

// called are the cells that a phrase names.
func (s *schema) called(phrase string) (ids []int) {
	for _, c := range s.columns {
		for _, id := range c.values[phrase] {
			ids = append(ids, c.first+int(id))
		}
	}
	for _, id := range s.values[phrase] {
		ids = append(ids, s.cellCount()+id)
	}
	return ids
}

// having are the cells that a word is part of.
func (s *schema) having(word string) (ids []int) {
	for _, c := range s.columns {
		for _, id := range c.postings[word] {
			ids = append(ids, c.first+int(id))
		}
	}
	return ids
}

// withoutSmall leaves out articles and prepositions, so that "communauté de
// communes du Pays Réthelois" and "CC Pays Réthelois" meet.
func withoutSmall(words []string) []string {
	var out []string
	for _, w := range words {
		if !stopWords[w] {
			out = append(out, w)
		}
	}
	return out
}

// withoutLinks leaves out the small words that link those of a French place
// name; others are part of it: "Pars-lès-Romilly" is not Romilly.
func withoutLinks(words []string) []string {
	var out []string
	for _, w := range words {
		switch w {
		case "le", "la", "les", "l", "des", "de", "du", "d", "en", "sur", "sous", "au", "aux", "et", "a":
			continue
		}
		out = append(out, w)
	}
	return out
}

package rules

import (
	"strings"
	"sync"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// schema is a table as words find it: which phrases name its columns, its
// cells, its rows and the whole of it.
type schema struct {
	plan.Candidate
	t *dataset.Table
	a dataset.Annotation // empty where the table has none

	names    map[string][]nameRef
	columns  []column         // what is in each column of texts
	values   map[string][]int // phrase of the annotation for cells → its index among told
	told     []valueRef       // cells that the annotation names
	entity   map[string]bool
	scope    map[string]bool
	lifts    map[string][]int  // words that lift a default → indexes of a.Defaults
	absent   map[string]int    // phrase → index of a.Absent
	asks     map[string]int    // phrase → index of a.Ambiguous
	people   map[string]bool   // phrase that says who lives in a place
	lacks    map[string]int    // phrase → index of a.Synonyms that this table has no column or cell for
	spelling func() vocabulary // of annotated tables: what misspelt words may be
	longest  int               // words of the longest phrase of any kind

	year int // column of years, or -1

	// Of unannotated tables alone; see bare.
	parts    map[string][]int // phrase that is a part of cells → indexes of vals
	cells    []holds
	acronyms map[string]bool  // headers that initials may spell
	initials map[string]bool  // names that are initials, one word whatever their ending: "sirènes" are no SIREN
	label    int              // column that names the rows, or -1
	counter  int              // column that says how many things a row stands for, or -1
	titled   bool             // the file's name says what the rows are
	units    map[string][]int // unit → columns measured in it
}

// nameRef is a column that a phrase names.
type nameRef struct {
	col      int
	strength float64 // 1: its whole name; less: some of its words
}

// valueRef is a cell text (or several, for a synonym) that a phrase names.
type valueRef struct {
	col   int
	texts []string
	words []string          // normed
	says  dataset.Bilingual // assumption to show, for synonyms that are not obvious
	named bool              // by the annotation
}

const maxPhrase = 14 // words

// newSchema reads a table, with the cells of its columns as read knows them.
func newSchema(c plan.Candidate, read func(values []dataset.Value, place bool) *cellNames) *schema {
	s := &schema{Candidate: c, t: c.Table, names: map[string][]nameRef{}, values: map[string][]int{},
		initials: map[string]bool{}, entity: map[string]bool{}, scope: map[string]bool{}, lifts: map[string][]int{}, absent: map[string]int{}, asks: map[string]int{}, lacks: map[string]int{}, year: -1, parts: map[string][]int{}}
	if c.Annotation != nil {
		s.a = *c.Annotation
	}
	for i := range s.t.Columns {
		s.addColumn(i, read)
	}
	s.addAnnotation()
	if s.Annotation == nil {
		s.bare()
	} else {
		s.spelling = sync.OnceValue(s.vocabulary) // most questions are spelt well
	}
	return s
}

func (s *schema) col(name string) int {
	for i, c := range s.t.Columns {
		if strings.EqualFold(c.Name, name) {
			return i
		}
	}
	return -1
}

func (s *schema) note(col int) dataset.ColumnNote {
	for _, n := range s.a.Column {
		if strings.EqualFold(n.Name, s.t.Columns[col].Name) {
			return n
		}
	}
	return dataset.ColumnNote{}
}

func (s *schema) phrase(words []string) {
	s.longest = min(maxPhrase, max(s.longest, len(words)))
}

func (s *schema) addName(words []string, col int, strength float64) {
	if len(words) == 0 {
		return
	}
	s.phrase(words)
	for _, k := range forms(words) {
		refs := s.names[k]
		known := false
		for i := range refs {
			if refs[i].col == col {
				refs[i].strength = max(refs[i].strength, strength)
				known = true
			}
		}
		if !known {
			s.names[k] = append(refs, nameRef{col, strength})
		}
	}
}

func (s *schema) addColumn(i int, read func(values []dataset.Value, place bool) *cellNames) {
	c := s.t.Columns[i]
	note := s.note(i)
	words := headerWords(c.Name)
	s.addName(words, i, 1)
	s.addName(strings.Fields(lang.Fold(c.Name)), i, 1) // as it is written, abbreviations included
	for _, label := range []string{note.Label.FR, note.Label.EN} {
		s.addName(dropArticle(strings.Fields(lang.Fold(label))), i, 1)
	}
	for _, w := range append(note.Words.All(), note.Label.FR) {
		s.addName(strings.Fields(lang.Fold(w)), i, 1)
		if w != strings.ToLower(w) && w == strings.ToUpper(w) {
			s.initials[lang.Fold(w)] = true
		}
	}
	if c.Role == dataset.Year && (s.year < 0 || strings.EqualFold(c.Name, s.a.Time.Column)) {
		s.year = i
	}
	if c.Role.Moment() {
		s.addName([]string{"annee"}, i, 0.9)
		s.addName([]string{"year"}, i, 0.9)
		s.addName([]string{"an"}, i, 0.9)
	}
	if c.Role.Aside() || note.Hide {
		return
	}
	if c.Type == dataset.Text && len(c.Values) > 0 {
		s.addCells(i, read(c.Values, note.Level != ""))
	}
}

func (s *schema) addAnnotation() {
	s.people = map[string]bool{}
	for i, syn := range s.a.Synonyms {
		if syn.People {
			for _, w := range syn.Words.All() {
				s.people[key(normAll(w))] = true
			}
		}
		col := s.col(syn.Column)
		if col < 0 || !s.holds(col, syn.Values) {
			for _, w := range syn.Words.All() {
				words := normAll(w)
				s.phrase(words)
				s.lacks[key(words)] = i
			}
			continue
		}
		for _, w := range syn.Words.All() {
			s.tell(valueRef{col: col, texts: syn.Values, words: normAll(w), says: syn.Says, named: true})
		}
	}
	e := s.a.Entity
	for _, w := range append([]string{e.Name.FR, e.Name.EN, e.Many.FR, e.Many.EN}, e.Words.All()...) {
		s.addEntity(w)
	}
	for _, w := range append(append([]string{}, s.a.Scope.Words...), s.a.Scope.Name.FR, s.a.Scope.Name.EN) {
		if words := normAll(w); len(words) > 0 {
			s.phrase(words)
			s.scope[key(words)] = true
			s.scope[key(dropArticle(words))] = true
		}
	}
	for i, d := range s.a.Defaults {
		for _, w := range d.Unless.All() {
			words := normAll(w)
			s.phrase(words)
			s.lifts[key(words)] = append(s.lifts[key(words)], i)
		}
	}
	for i, a := range s.a.Absent {
		for _, w := range a.Words.All() {
			words := normAll(w)
			s.phrase(words)
			s.absent[key(words)] = i
		}
	}
	for i, a := range s.a.Ambiguous {
		for _, w := range a.Words.All() {
			words := normAll(w)
			s.phrase(words)
			s.asks[key(words)] = i
		}
	}
}

func (s *schema) addEntity(w string) {
	words := strings.Fields(lang.Fold(w))
	if len(words) == 0 {
		return
	}
	s.phrase(words)
	for _, k := range forms(words) {
		s.entity[k] = true
	}
}

// holds tells whether the column has every one of the values: an annotation
// made for a fuller publication must not point at cells that are not there.
func (s *schema) holds(col int, values []string) bool {
	for _, want := range values {
		found := false
		for _, v := range s.t.Columns[col].Values {
			found = found || v.Text == want
		}
		if !found {
			return false
		}
	}
	return true
}

// guessEntity takes what a row of an unannotated table is from its title and
// from the column that names the rows: "gares-rer.csv" lists gares.
func (s *schema) guessEntity() {
	title := s.t.Title
	if i := strings.LastIndexByte(title, '.'); i > 0 {
		title = title[:i]
	}
	words := headerWords(title)
	for _, w := range words {
		if len(w) > 2 && !stopWords[w] && !(w[0] >= '0' && w[0] <= '9') {
			s.titled = true
			s.addEntity(w)
			for _, other := range topics[norm(w)] {
				s.addEntity(other)
			}
		}
	}
	if len(words) > 1 && s.titled {
		s.addEntity(key(words))
	}
	if len(words) == 1 && s.titled { // Highschooler.csv: "high schoolers"
		for i := 3; i+3 <= len(words[0]); i++ {
			s.addEntity(words[0][:i] + " " + words[0][i:])
		}
	}
}

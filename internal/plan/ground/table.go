package ground

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
)

// Vectors places words and short texts in one space, French and English alike;
// the vector is nil where no word is known. Vectors are of length one.
type Vectors interface {
	Vector(text string) []float32
	Known(word string) bool
}

// Column is a column of a Table with what words may call it.
type Column struct {
	*dataset.Column
	Index  int
	Words  []string // of its header, folded and written out
	Stems  []string // of Words, by the French stemmer
	Names  []string // of its annotation, folded
	Vector []float32
	apart  [][]float32 // the vectors of the words of a header of several
	Flag   []string    // cells that mean yes, where the column says yes or no; numbers as text
	Codes  bool        // few short cells: initials may stand for words
	Abbrev bool        // few cells, each a word cut short, in capitals
	Reads  query.As    // what most cells of a text column hold, where they are no words
	Counts bool        // holds how many there are of something
	Of     []string    // the words of its header for what that is, normed
	Hidden bool        // not for answers
}

// Table is a table as words find it. It is built once and safe to share.
type Table struct {
	plan.Candidate
	Columns []Column
	Label   int // the column that names the rows, or -1

	names   map[string][]nameRef
	cells   map[string][]cellRef // a whole cell, normed
	called  map[string][]cellRef // what people call a cell, normed
	parts   map[string][]cellRef // a word of a cell
	heads   map[string][]string  // first two letters → words of cells, for slips
	stems   map[string][]string  // the stem of a word of a cell → the words
	shared  map[string]int       // a word of a header → how many headers have it
	senses  []sensed             // cells by what they mean
	rows    map[string]bool      // words for its rows, normed
	longest int
	vectors Vectors
}

type nameRef struct {
	col      int
	strength float64
	how      How
}

type cellRef struct {
	col int
	val int // of Column.Values
}

const (
	maxPhrase  = 14  // words of a cell that is looked for as a whole
	maxPartial = 400 // cells that share a word before that word names none of them
)

// NewTable indexes a table. vectors may be nil.
func NewTable(c plan.Candidate, vectors Vectors) *Table {
	t := &Table{Candidate: c, Label: -1, names: map[string][]nameRef{}, cells: map[string][]cellRef{}, called: map[string][]cellRef{}, parts: map[string][]cellRef{},
		heads: map[string][]string{}, stems: map[string][]string{}, shared: map[string]int{}, rows: map[string]bool{}, vectors: vectors}
	for i := range c.Table.Columns {
		t.addColumn(i)
	}
	t.weighWords()
	t.sense()
	t.findLabel()
	t.nameRows()
	t.nameCodes()
	return t
}

func (t *Table) addColumn(i int) {
	c := Column{Column: &t.Table.Columns[i], Index: i}
	c.Words = headerWords(c.Name)
	for _, w := range c.Words {
		c.Stems = append(c.Stems, stem(w, lang.French))
	}
	t.addName(c.Words, i, 1, Exact)
	t.addName(strings.Fields(lang.Fold(c.Name)), i, 1, Exact)
	t.addPieces(c.Words, i)
	t.addCalled(c.Words, i)
	t.addName(bracketed(c.Name), i, 0.9, Piece)
	for _, said := range saidAs(c.Name) {
		t.addName(strings.Fields(lang.Fold(said)), i, 1, Exact)
	}
	if t.vectors != nil {
		c.Vector = t.vectors.Vector(strings.Join(c.Words, " "))
	}
	c.Flag, c.Reads = flagOf(c.Column), readsOf(c.Column)
	c.Of, c.Counts = counts(c.Column, c.Words)
	c.Codes = c.Type == dataset.Text && c.Distinct <= 12 && shortCells(c.Column)
	c.Abbrev = c.Type == dataset.Text && c.Distinct <= 30 && cutShort(c.Column)
	t.Columns = append(t.Columns, c)
	if c.Role == dataset.Geometry {
		return
	}
	for v := range c.Values {
		t.addCell(i, v)
	}
}

// counts tells whether a header says how many, and of what: "nb_creations",
// "Nombre de places".
func counts(c *dataset.Column, header []string) (of []string, is bool) {
	lex, err := words()
	if err != nil || c.Role != dataset.Measure || c.Type != dataset.Integer || c.Additivity == dataset.Never {
		return nil, false
	}
	for _, w := range header {
		if _, count := lex.value(w, CountOf); count {
			is = true
		} else if !linking[w] {
			of = append(of, Norm(w))
		}
	}
	return of, is
}

// bracketed is the other name that a header gives its column in brackets:
// "Surface de plancher (SHON)". Units and powers are none.
func bracketed(header string) []string {
	_, rest, _ := strings.Cut(header, "(")
	inner, _, closed := strings.Cut(rest, ")")
	list := strings.Fields(lang.Fold(inner))
	lex, err := words()
	if !closed || err != nil || len(list) == 0 || len(list) > 3 {
		return nil
	}
	for _, w := range list {
		if _, scaled := lex.value(w, scales); scaled || strings.ContainsAny(w, "0123456789%€") {
			return nil
		}
	}
	if len(list) == 1 && len(list[0]) < 3 { // km, ha, kg
		return nil
	}
	return list
}

// addName lets a phrase name a column.
func (t *Table) addName(list []string, col int, strength float64, how How) {
	if len(list) == 0 {
		return
	}
	t.longest = min(maxPhrase, max(t.longest, len(list)))
	for _, k := range forms(bare(list)) {
		refs := t.names[k]
		known := false
		for i := range refs {
			if refs[i].col == col {
				known = true
				if strength > refs[i].strength && (how != Called || refs[i].how == Called) {
					refs[i].strength, refs[i].how = strength, how
				}
			}
		}
		if !known {
			t.names[k] = append(refs, nameRef{col, strength, how})
		}
	}
}

// addPieces lets runs of a header's words name its column, the more of them the
// better.
func (t *Table) addPieces(list []string, col int) {
	content := bare(list)
	for from := range content {
		for to := from + 1; to <= min(len(content), from+5); to++ {
			if to-from == len(content) || len(content[from]) < 2 && to-from == 1 {
				continue
			}
			t.addName(content[from:to], col, float64(to-from)/float64(len(content)), Piece)
		}
	}
	if len(content) == 1 && len(content[0]) > 6 { // Highschooler: "high schoolers"
		w := content[0]
		for i := 3; i+3 <= len(w); i++ {
			t.addName([]string{w[:i], w[i:]}, col, 0.9, Piece)
		}
	}
	if len(content) == 2 && len(content[0])+len(content[1]) > 5 {
		t.addName([]string{content[0] + content[1]}, col, 0.95, Exact)
	}
}

// forms are the keys under which a phrase is found: normed, and stemmed by
// either language.
func forms(list []string) []string {
	n, f, e := make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
	for i, w := range list {
		n[i] = Norm(w)
		f[i], e[i] = "f~"+lang.Stem(n[i], lang.French), "e~"+lang.Stem(n[i], lang.English)
	}
	return []string{key(n), key(f), key(e)}
}

// addCell makes a cell findable as a whole and by its words.
func (t *Table) addCell(col, val int) {
	c := &t.Columns[col]
	if c.Type == dataset.Date || c.Type == dataset.DateTime || c.Type == dataset.Boolean {
		return
	}
	t.addCellNamed(col, val, c.Values[val].Text)
	t.addCellCalled(col, val)
	if c.Type == dataset.Text {
		for _, said := range saidAs(c.Values[val].Text) {
			t.addCellWhole(col, val, said)
		}
	}
}

// addCellWhole makes a cell findable by the whole of a text that means it.
func (t *Table) addCellWhole(col, val int, text string) {
	if list := norms(text); len(list) > 0 && len(list) <= maxPhrase {
		t.longest = max(t.longest, len(list))
		k := key(bare(list))
		t.cells[k] = append(t.cells[k], cellRef{col, val})
	}
}

// addCellNamed makes a cell findable by a text that means it.
func (t *Table) addCellNamed(col, val int, text string) {
	c := &t.Columns[col]
	list := norms(text)
	if len(list) == 0 {
		return
	}
	ref := cellRef{col, val}
	t.addCellWhole(col, val, text)
	if c.Type != dataset.Text && text == c.Values[val].Text {
		return
	}
	for _, w := range list {
		if linking[w] {
			continue
		}
		refs := t.parts[w]
		if len(refs) == 0 && len(w) > 3 {
			t.heads[w[:2]] = append(t.heads[w[:2]], w)
			for _, form := range []string{w, w + "e"} { // the stem of "mauvais" is not that of "mauvaise"
				s := lang.Stem(form, lang.French)
				t.stems[s] = append(t.stems[s], w)
			}
		}
		if len(refs) <= maxPartial && (len(refs) == 0 || refs[len(refs)-1] != ref) {
			t.parts[w] = append(refs, ref)
		}
	}
}

// Numeric tells whether the cells of a column can be computed with.
func (c Column) Numeric() bool {
	return c.Type.Numeric() || c.Reads == query.AsNumber || c.Reads == query.AsDuration
}

// Yearly tells whether the cells of a column are numbers that may all be years.
func (c Column) Yearly() bool {
	low, high := 0, 0
	if c.Type != dataset.Integer {
		return false
	}
	if _, err := fmt.Sscan(c.Min, &low); err != nil {
		return false
	}
	if _, err := fmt.Sscan(c.Max, &high); err != nil {
		return false
	}
	return low >= 1500 && high < 2200
}

// Dated tells whether the cells of a column are days.
func (c Column) Dated() bool {
	return c.Type == dataset.Date || c.Type == dataset.DateTime || c.Reads == query.AsDate
}

// findLabel takes the column that names the rows: the first of texts that are
// nearly all different and short, codes and addresses aside.
func (t *Table) findLabel() {
	best := 0.0
	for i, c := range t.Columns {
		if c.Type != dataset.Text || t.Table.Rows == 0 || c.Role == dataset.Code || c.Role == dataset.Geometry {
			continue
		}
		share := float64(c.Distinct) / float64(t.Table.Rows)
		score := share - 0.05*float64(i)
		if c.Role == dataset.FreeText {
			score -= 0.5
		}
		if named(c.Words) {
			score += 0.5
		}
		if score > best && share > 0.3 {
			best, t.Label = score, i
		}
	}
}

func named(list []string) bool {
	for _, w := range list {
		switch w {
		case "name", "nom", "title", "titre", "libelle", "intitule", "designation", "denomination":
			return true
		}
	}
	return false
}

// nameRows takes what a row is from the file's name, and from the header of the
// column that names each row apart: "nom_lieu" is of places.
func (t *Table) nameRows() {
	title, _, _ := strings.Cut(t.Table.Title, ".")
	list := headerWords(title)
	if t.Label >= 0 && t.Columns[t.Label].Distinct == t.Table.Rows && named(t.Columns[t.Label].Words) {
		for _, w := range t.Columns[t.Label].Words {
			if !named([]string{w}) {
				list = append(list, w)
			}
		}
	}
	for _, w := range list {
		if len(w) > 2 && !linking[w] && !(w[0] >= '0' && w[0] <= '9') {
			t.rows[Norm(w)] = true
		}
	}
}

// flagOf lists the cells that mean yes in a column of yes and no.
func flagOf(c *dataset.Column) []string {
	lex, err := words()
	if err != nil || c.Distinct > 2 || c.Distinct == 0 {
		return nil
	}
	if c.Type == dataset.Integer && c.Min == "0" && c.Max == "1" {
		return []string{"1"}
	}
	var yes []string
	for _, v := range c.Values {
		if _, ok := lex.value(lang.Fold(v.Text), Yes); ok {
			yes = append(yes, v.Text)
		} else if _, ok := lex.value(lang.Fold(v.Text), No); !ok && v.Text != "0" && v.Text != "1" {
			return nil
		} else if v.Text == "1" {
			yes = append(yes, v.Text)
		}
	}
	return yes
}

func shortCells(c *dataset.Column) bool {
	for _, v := range c.Values {
		if len(v.Text) > 4 {
			return false
		}
	}
	return len(c.Values) > 1
}

// cutShort tells cells as EOL, METH, IRR: capitals, few and no spaces.
func cutShort(c *dataset.Column) bool {
	return len(c.Values) > 1 && !slices.ContainsFunc(c.Values, func(v dataset.Value) bool {
		return len(v.Text) > 6 || strings.ToUpper(v.Text) != v.Text || strings.ContainsAny(v.Text, " 0123456789")
	})
}

// Near is the cosine of two vectors of length one, 0 where one is missing.
func Near(a, b []float32) float64 {
	if len(a) == 0 || len(a) != len(b) {
		return 0
	}
	var s float64
	for i := range a {
		s += float64(a[i]) * float64(b[i])
	}
	if math.IsNaN(s) {
		return 0
	}
	return s
}

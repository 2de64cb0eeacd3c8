package table

import (
	"fmt"
	"strings"
)

// decide settles the columns once every cell was seen, and notes what was found out.
func (s *survey) decide(h habits) {
	commas, points := decimalCommas(s.tallies)
	h.commas, h.semicolon = commas, h.semicolon && !points
	h.labelled = labelled(s.layout.names)
	h.french = french(s.layout.names)
	unit := s.titleUnit()
	dropped := 0
	for i, name := range s.layout.names {
		if s.tallies[i].filled == 0 && (i >= len(s.layout.header) || s.layout.header[i] == "") {
			dropped++
			continue
		}
		c := s.decideColumn(i, name, unit, h)
		s.columns = append(s.columns, c)
		s.keep = append(s.keep, i)
		s.notes = append(s.notes, c.notes...)
	}
	if unit != "" {
		s.notes = append(s.notes, note(NoteUnit, unit))
	}
	if s.layout.headless {
		s.notes = append(s.notes, NoteHeadless)
	}
	if s.ragged > 0 && !h.workbook {
		s.notes = append(s.notes, note(NoteRagged, fmt.Sprintf("%d, %d", s.ragged, s.raggedAt)))
	}
	if dropped > 0 {
		s.notes = append(s.notes, note(NoteEmptyColumn, fmt.Sprint(dropped)))
	}
	s.noteCells()
}

// titleUnit is the unit that the lines above give to the whole table, "" where none
// does.
func (s *survey) titleUnit() (unit string) {
	for _, t := range s.layout.titles {
		if u := titleUnit(t); u != "" {
			unit = u
		}
	}
	return unit
}

// decideColumn settles the column at i; unit is the whole table's.
func (s *survey) decideColumn(i int, name, unit string, h habits) column {
	c := decide(name, s.tallies[i], h)
	c.merged = h.merged[i]
	if i < len(s.layout.types) {
		c.declare(s.layout.types[i])
	}
	if i < len(s.layout.units) && c.unit == "" {
		c.unit = s.layout.units[i]
	}
	if i < len(s.layout.declared) && c.unit == "" && c.typ.Numeric() && !c.year {
		c.unit = s.layout.declared[i]
	}
	if c.unit == "" && unit != "" && c.typ.Numeric() && !c.year {
		c.unit = unit
	}
	for n := h.scale[i+1]; n > 0 && c.unit != ""; n-- {
		if whole, ok := thousandth[c.unit]; ok { // what is shown is in thousands, what is held is not
			c.unit = whole
			c.notes = append(c.notes, note(NoteScaled, c.name))
		}
	}
	return c
}

// noteCells notes the sub-totals and the damaged signs that were met.
func (s *survey) noteCells() {
	var subtotals, c1 int64
	for i, t := range s.tallies {
		if c1 += t.c1; i < labelColumns {
			subtotals += t.subtotals
		}
	}
	if subtotals > 0 {
		s.notes = append(s.notes, note(NoteSubtotals, fmt.Sprint(subtotals)))
	}
	if c1 > 0 {
		s.notes = append(s.notes, note(NoteC1, fmt.Sprint(c1)))
	}
}

// labelColumns are those at the left where a row's label stands.
const labelColumns = 3

// thousandth is the unit a thousand times smaller.
var thousandth = map[string]string{"k€": "EUR", "M€": "k€", "Md€": "M€"}

// labelled finds the columns that another one labels: BGT_NATURE beside
// BGT_NATURE_LABEL, CodNuaCand beside LibNuaCand.
func labelled(names []string) map[string]bool {
	byKey := map[string]string{}
	for _, n := range names {
		byKey[strings.Join(hintOf(n).words, " ")] = n
	}
	found := map[string]bool{}
	for _, n := range names {
		words := hintOf(n).words
		if len(words) < 2 {
			continue
		}
		last, first := words[len(words)-1], words[0]
		var key string
		switch {
		case last == "label" || last == "libelle" || last == "lib" || last == "intitule":
			key = strings.Join(words[:len(words)-1], " ")
		case first == "label" || first == "libelle" || first == "lib" || first == "intitule":
			key = strings.Join(words[1:], " ")
		default:
			continue
		}
		if coded, ok := byKey[key]; ok {
			found[coded] = true
		}
	}
	return found
}

// frenchWords stand in the headers of French tables alone, folded.
var frenchWords = set("insee libgeo codgeo libelle lib commune communes departement annee nombre taux montant code_insee dep reg epci ville prix loyer surface")

// french tells a header in French: a number in it has a decimal comma.
func french(names []string) bool {
	for _, n := range names {
		if hintOf(n).any(frenchWords) || strings.ContainsAny(n, "éèêàçôûîÉÈÀ") {
			return true
		}
	}
	return false
}

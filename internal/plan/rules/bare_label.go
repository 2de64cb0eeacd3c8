package rules

import (
	"slices"

	"cigogne/internal/dataset"
)

// medals lets the total of a table of medals go by their name.
func (s *schema) medals() {
	if len(s.names["gold"]) == 0 || len(s.names["silver"]) == 0 || len(s.names["bronze"]) == 0 {
		return
	}
	for i, c := range s.t.Columns {
		switch w := headerWords(c.Name); {
		case len(w) != 1:
		case w[0] == "total":
			s.addName([]string{"medals"}, i, 0.9)
			s.addName([]string{"total", "medals"}, i, 1)
		case w[0] == "gold" || w[0] == "silver" || w[0] == "bronze":
			s.addName([]string{w[0], "medals"}, i, 1)
		}
	}
}

// findLabel takes the column that names the rows: the first text that tells
// them apart, else the first text.
func (s *schema) findLabel() {
	text := func(c dataset.Column) bool {
		return c.Type == dataset.Text && !c.Role.Aside() && c.Distinct > 0
	}
	for i, c := range s.t.Columns {
		if text(c) && c.Role == dataset.Key {
			s.label = i
			return
		}
	}
	for i, c := range s.t.Columns {
		if text(c) && c.Role != dataset.Code && c.Distinct*10 >= s.t.Rows*8 && !s.cells[i].date && !s.cells[i].number && !s.cells[i].lasts {
			s.label = i
			return
		}
	}
	for i, c := range s.t.Columns {
		if text(c) && !s.cells[i].date && !s.cells[i].number && !s.cells[i].lasts {
			s.label = i
			return
		}
	}
}

// findCounter finds the one column that says how many things a row stands for.
func (s *schema) findCounter() {
	found, others := -1, 0
	for i, c := range s.t.Columns {
		if !c.Type.Numeric() || c.Role != dataset.Measure {
			continue
		}
		words := headerWords(c.Name)
		if len(words) > 0 && slices.ContainsFunc(words, func(w string) bool {
			return w == "nombre" || w == "effectif" || w == "effectifs" || w == "occurrences" || w == "occurences" || w == "count"
		}) {
			found = i
		} else {
			others++
		}
	}
	if others == 0 {
		s.counter = found
	}
}

// counts tells whether a word names the things that the table counts, by its topics.
func (s *schema) isTopic(word string) bool {
	for _, other := range topics[word] {
		if s.entity[other] || len(s.names[other]) > 0 && s.names[other][0].strength > 0.3 {
			return true
		}
	}
	return false
}

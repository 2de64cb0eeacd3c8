package search

import (
	"slices"

	"cigogne/internal/dataset"
)

// said are the words that people use for what is in datasets, by ID or name: what
// annotations say of rows, columns and cells ("prendre le train"). A sheet is
// written by its producer and seldom holds them.
type said map[string][]string

// saidOf gathers the words of annotations. What a table lacks is left out, and so
// is what names the territory: it is no subject.
func saidOf(notes []dataset.Annotation) said {
	s := said{}
	for i := range notes {
		n := &notes[i]
		words := append(n.Entity.Words.All(), n.Title.FR, n.Title.EN)
		for _, c := range n.Column {
			if c.Level == "" && c.Name != n.Time.Column && !c.Hide {
				words = append(words, c.Words.All()...)
			}
		}
		for _, y := range n.Synonyms {
			words = append(words, y.Words.All()...)
		}
		for _, v := range n.Values {
			words = append(words, v.FR, v.EN)
		}
		for _, d := range n.Datasets {
			s[d] = append(s[d], words...)
		}
	}
	return s
}

// of are the words of a dataset, none where nobody wrote an annotation for it.
func (s said) of(d *dataset.Dataset) []string {
	if w := s[d.ID]; w != nil {
		return w
	}
	return s[d.Name]
}

// stems are those of phrases, each once: how often an annotation repeats a word
// says nothing.
func (s *stemmer) said(phrases []string) []string {
	var out []string
	for _, p := range phrases {
		out = append(out, stems(s.tokens(p))...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

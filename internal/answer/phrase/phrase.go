// Package phrase says in one sentence what came of a plan, as a colleague would:
// "En 2020, la Région a dépensé 496,8 M€ (496 779 162 €) pour les lycées publics."
// It is written from the plan, its rows and what the annotation says of the
// table, by a small grammar: a form a file, over a scene (of whom, when, what is
// left out). Its words are in texts/LANGUAGE/phrase.toml.
//
// Every number is a cell, or what a reader works out of two of them; answer
// holds the sentence against the rows once more.
package phrase

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// Fact is a plan that was run, with how its table is spoken of.
type Fact struct {
	Question string
	Lang     lang.Lang
	Plan     *query.Plan
	Outputs  []query.Output
	Units    []string // of the outputs
	Rows     [][]any  // one at least
	Cut      bool     // there were more
	Adds     bool     // figures of several years may be added up
	NoTrend  bool     // nor compared
	Claim    string   // the cell that the question holds comes first, "" none
	Partial  bool     // the table lacks some of the rows asked for, which is said first

	Table      *dataset.Table
	Annotation *dataset.Annotation // nil where nobody wrote one
	Names      query.Names

	Escape func(string) string // keeps what data say from being read as Markdown
}

// Sentence says a fact, in Markdown; "" where the grammar has no sentence for it.
func Sentence(f Fact) string {
	if len(f.Rows) == 0 || f.Table == nil || f.Plan.Shift != 0 || f.Plan.Offset > 0 && (f.Plan.Limit != 1 || len(f.Rows) != 1) {
		return ""
	}
	s := speaker{Fact: f}
	said := s.say()
	if said == "" {
		return ""
	}
	said = strings.ReplaceAll(said, timePlace, "")
	said = strings.ReplaceAll(said, ") (", ", ") // what stands beside a figure stands in one pair of brackets
	if f.Partial {
		said = s.text("partial", "said", said)
	}
	return capital(said) + "."
}

// speaker says one fact.
type speaker struct{ Fact }

func (s speaker) say() string {
	p := s.Plan
	switch {
	case p.Tally:
		return s.tallied()
	case p.Grouped():
		return s.groups()
	case p.Derived != nil:
		return s.derived()
	case len(p.Measures) == 1:
		return s.figure()
	case len(p.Measures) > 1:
		return s.beside()
	case len(p.Measures) == 0:
		return s.cells()
	}
	return ""
}

// text says a message of this room.
func (s speaker) text(key string, args ...any) string {
	return texts.Say(s.Lang, "phrase."+key, args...)
}

// pick is a text of an annotation in the fact's language.
func (s speaker) pick(b dataset.Bilingual) string { return b.In(s.Lang) }

// note is what is known of a column.
func (s speaker) note(column string) dataset.ColumnNote {
	if s.Annotation != nil {
		for _, n := range s.Annotation.Column {
			if strings.EqualFold(n.Name, column) {
				return n
			}
		}
	}
	return dataset.ColumnNote{}
}

// isYear tells whether a column is that of the years.
func (s speaker) isYear(column string) bool {
	if s.Annotation != nil && s.Annotation.Time.Column != "" {
		return strings.EqualFold(s.Annotation.Time.Column, column)
	}
	c := s.Table.Column(column)
	return c != nil && c.Role == dataset.Year
}

// strong is the part that a reader looks for.
func strong(text string) string { return "**" + text + "**" }

// capital begins with a capital letter, after a mark of Markdown too.
func capital(text string) string {
	at := strings.IndexFunc(text, func(r rune) bool { return r != '*' && r != '«' && r != '“' && !unicode.IsSpace(r) })
	if at < 0 {
		return text
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	return text[:at] + string(unicode.ToUpper(r)) + text[at+size:]
}

// spaced joins what is there with spaces.
func spaced(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

package phrase

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// scene is what the filters of a figure say: of whom, when, on what.
type scene struct {
	subject noun
	level   string   // of the territory that the subject is, "" where it is none
	places  []string // its bare names; none where all of the table's scope is meant
	holder  noun     // the territory, where the subject is what lies in it: "la Moselle" of "les gares de la Moselle"
	where   string   // "en Moselle"
	when    string   // "en 2020"
	past    bool     // before the last year there is
	kinds   []string // "de plus de 20 000 habitants": which of the rows
	rest    []string // "pour les lycées publics"
	bare    noun     // values of a table that nobody annotated, which one "pour" of rest holds
	aside   []string // "opérations réelles": what a reader may know
	saying  dataset.Saying
}

// scene reads filters; column is that of the figure, "" where rows are counted.
func (s speaker) scene(column string, sets ...[]query.Filter) scene {
	var sc scene
	filters := slices.Concat(sets...)
	saying, used := s.saying(column, filters)
	sc.saying = saying
	var places []query.Filter
	for _, f := range filters {
		n := s.note(f.Column)
		switch {
		case used != "" && strings.EqualFold(f.Column, used):
		case f.Op == query.NotNull:
		case s.isYear(f.Column):
			s.years(f, &sc)
		case f.Op == query.Eq && f.Than == nil && f.As == "" && f.Other == "" && (n.Level != "" || s.isLabel(f.Column)):
			places = append(places, f)
		default:
			s.condition(f, n, &sc)
		}
	}
	s.place(places, &sc)
	return sc
}

// isLabel tells whether a column names what a row is.
func (s speaker) isLabel(column string) bool {
	return s.Annotation != nil && s.Annotation.Entity.Label != "" && strings.EqualFold(s.Annotation.Entity.Label, column)
}

// saying is how figures of a column are said under filters, and the column of
// the filter that is said by it.
func (s speaker) saying(column string, filters []query.Filter) (said dataset.Saying, used string) {
	return sayingOf(s.note(column), filters)
}

func sayingOf(n dataset.ColumnNote, filters []query.Filter) (said dataset.Saying, used string) {
	for _, x := range n.Say {
		if x.When.Column == "" {
			return x, ""
		}
		for _, f := range filters {
			if strings.EqualFold(f.Column, x.When.Column) && f.Op == query.Eq && len(f.Values) == 1 && slices.Contains(x.When.Values, fmt.Sprint(f.Values[0])) {
				return x, f.Column
			}
		}
	}
	return dataset.Saying{}, ""
}

// Measured is what a column's figures are of under filters, with its article:
// "les dépenses"; "" where the annotation does not say.
func Measured(a *dataset.Annotation, column string, filters []query.Filter, l lang.Lang) string {
	said, _ := sayingOf(speaker{Fact{Annotation: a}}.note(column), filters)
	return said.Noun.In(l)
}

// Valued is what people call a value, with its article; "" where nobody said.
func Valued(a *dataset.Annotation, column string, value any, l lang.Lang) string {
	for _, x := range a.Values {
		if strings.EqualFold(x.Column, column) && x.Value == fmt.Sprint(value) {
			said := dataset.Bilingual{FR: x.FR, EN: x.EN}
			if !said.Says(l) {
				return ""
			}
			return said.In(l)
		}
	}
	return ""
}

// place finds the subject: the finest territory, or what a row is; what lies
// around it is an aside.
func (s speaker) place(filters []query.Filter, sc *scene) {
	order := []string{"", "commune", "epci", "arrondissement", "department", "region"} // "": what a row is
	slices.SortStableFunc(filters, func(a, b query.Filter) int {
		return slices.Index(order, s.levelOf(a.Column)) - slices.Index(order, s.levelOf(b.Column))
	})
	for i, f := range filters {
		names, level := s.nouns(f)
		if i > 0 {
			sc.aside = append(sc.aside, names.join(s.Lang))
			continue
		}
		sc.subject, sc.level = names, level
		var where noun
		for _, v := range f.Values {
			sc.places = append(sc.places, fmt.Sprint(v))
			where = append(where, in(level, s.Escape(fmt.Sprint(v)), s.Lang))
		}
		if level != "" {
			sc.where = where.join(s.Lang)
		}
	}
	if s.Annotation == nil {
		return
	}
	if len(sc.subject) == 0 {
		s.scope(sc)
	}
	sc.holder = sc.subject
	if len(filters) > 0 && s.isLabel(filters[0].Column) { // what is named is one: a bound does not choose among it
		sc.aside, sc.kinds = append(sc.aside, sc.kinds...), nil
	}
	if among := s.pick(s.Annotation.Entity.Among); among != "" && len(sc.subject) > 0 && !(len(filters) > 0 && s.levelOf(filters[0].Column) == "") {
		sc.subject = noun{among + " " + sc.subject.of(s.Lang)}
	}
}

// scope takes all that the table covers for the subject.
func (s speaker) scope(sc *scene) {
	x := s.Annotation.Scope
	name := s.pick(x.Name)
	if name == "" {
		return
	}
	sc.where = s.text("in_scope", "scope", Begun(name, s.text("in_begins")))
	if rest, ok := strings.CutPrefix(name, "la "); ok && x.Level == "country" && s.Lang == lang.French {
		sc.where = "en " + rest
	}
	if said := s.pick(x.Said); said != "" {
		name = said
	}
	sc.subject = noun{name}
}

// levelOf is the level of a column's territories; "" of what a row is.
func (s speaker) levelOf(column string) string {
	if s.isLabel(column) && s.note(column).Level == "" {
		return ""
	}
	return s.note(column).Level
}

// nouns are the values of a filter as nouns.
func (s speaker) nouns(f query.Filter) (names noun, level string) {
	level = s.levelOf(f.Column)
	for _, v := range f.Values {
		name := s.Escape(fmt.Sprint(v))
		switch said := s.pick(s.note(f.Column).Said); {
		case said != "":
			name = fill(said, name, s.Lang)
		case level == "" && s.isLabel(f.Column):
			name = quoted(name, s.Lang)
		default:
			name = place(level, name, s.Lang)
		}
		names = append(names, name)
	}
	return names, level
}

// fill puts a name into what a column says of it: {value}, or {of} for "de" with it.
func fill(said, name string, l lang.Lang) string {
	return strings.NewReplacer("{value}", name, "{of}", of(name, l)).Replace(said)
}

func quoted(name string, l lang.Lang) string { return texts.Say(l, "phrase.quoted", "words", name) }

// years says when.
func (s speaker) years(f query.Filter, sc *scene) {
	var ys noun
	for _, v := range f.Values {
		ys = append(ys, plainNumber(v))
	}
	if len(ys) == 0 {
		return
	}
	switch f.Op {
	case query.Eq:
		sc.when = s.text("in_year", "years", ys.join(s.Lang))
	case query.Between:
		if len(ys) == 2 {
			sc.when = s.text("from_year_to", "first", ys[0], "last", ys[1])
		}
	case query.Ge:
		sc.when = s.text("since_year", "year", ys[0])
	case query.Le:
		sc.when = s.text("until_year", "year", ys[0])
	case query.Gt:
		sc.when = s.text("after_year", "year", ys[0])
	case query.Lt:
		sc.when = s.text("before_year", "year", ys[0])
	default:
		sc.when = s.text("except_year", "years", ys.join(s.Lang))
	}
	if c := s.Table.Column(f.Column); c != nil {
		sc.past = c.Max != "" && ys[len(ys)-1] < strings.TrimSuffix(c.Max, ".0")
	}
}

// plainNumber writes a year or a code without grouping its digits.
func plainNumber(v any) string {
	if x, ok := v.(float64); ok && x == float64(int64(x)) {
		return fmt.Sprint(int64(x))
	}
	return fmt.Sprint(v)
}

// speaks tells whether a bare table's values say by themselves what they are:
// names, no codes, numbers or yes and no.
func (s speaker) speaks(column string, values []any) bool {
	c := s.Table.Column(column)
	if c == nil || c.Type != dataset.Text || c.Role == dataset.Code {
		return false
	}
	const shortest = 4 // letters: "oui", "N", "A1" say nothing alone
	return !slices.ContainsFunc(values, func(v any) bool {
		text := fmt.Sprint(v)
		return len([]rune(text)) < shortest || strings.ContainsAny(text, "0123456789")
	})
}

// value is a cell as people say it, and whether it is an aside.
func (s speaker) value(column string, v any) (text string, aside bool) {
	raw := fmt.Sprint(v)
	if s.Annotation != nil {
		for _, x := range s.Annotation.Values {
			if strings.EqualFold(x.Column, column) && x.Value == raw {
				said := dataset.Bilingual{FR: x.FR, EN: x.EN}
				if said.Says(s.Lang) {
					return s.pick(said), x.Aside
				}
				return quoted(s.Escape(raw), s.Lang), x.Aside
			}
		}
	}
	if _, known := articles()[raw]; known && s.Annotation != nil {
		return place("region", s.Escape(raw), s.Lang), false
	}
	switch v.(type) {
	case string:
		return quoted(s.Escape(raw), s.Lang), false
	case bool:
		return s.text("bool_" + raw), false
	}
	return plainNumber(v), false
}

// isFigure tells whether a column holds figures to compare with.
func (s speaker) isFigure(column string) bool {
	c := s.Table.Column(column)
	return c != nil && c.Type.Numeric() && c.Role == dataset.Measure
}

func (s speaker) unit(column string) string {
	if u := s.note(column).Unit; u != "" {
		return u
	}
	if c := s.Table.Column(column); c != nil {
		return c.Unit
	}
	return ""
}

// after is what stands behind the figure: on what, and asides in brackets.
func (sc scene) after() string {
	text := strings.Join(sc.rest, " ")
	if len(sc.aside) > 0 {
		text = spaced(text, "("+strings.Join(sc.aside, ", ")+")")
	}
	return text
}

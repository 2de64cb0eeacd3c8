package phrase

import (
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// figure says one figure: a count, a total, a mean.
func (s speaker) figure() string {
	m := s.Plan.Measures[0]
	v, ok := lang.Number(s.Rows[0][0])
	if !ok || len(s.Rows) != 1 || m.As != "" {
		return ""
	}
	switch m.Agg {
	case query.Count, query.CountDistinct:
		if m.Column != "" && (m.Agg == query.Count || !s.isKey(m.Column)) {
			return s.distinct(m, v)
		}
		if said := s.rank(v); said != "" {
			return said
		}
		return s.yes() + s.count(s.scene("", s.Plan.Where, m.Where), v)
	case query.Sum:
		return s.state(s.scene(m.Column, s.Plan.Where, m.Where), m.Column, s.amount(v, s.Units[0]))
	}
	return s.summary(m, v)
}

// distinct says how many different values there are.
func (s speaker) distinct(m query.Measure, n float64) string {
	if m.Agg != query.CountDistinct || n != float64(int(n)) {
		return ""
	}
	sc := s.scene("", s.Plan.Where, m.Where)
	counted := s.text("different_values", "count", strong(s.number(n, 0)), "column", s.label(m.Column), "n", int(n))
	if level := s.note(m.Column).Level; level != "" && level != "country" {
		counted = strong(s.number(n, 0) + " " + s.text("kind_"+level, "n", int(n)))
	}
	return s.text(be(n, s.Lang), "count", counted, "after", lead(sc.kinds, sc.where, sc.after(), sc.when))
}

// be is the key of "there is" so many.
func be(n float64, l lang.Lang) string {
	if single(n, l) {
		return "there_is"
	}
	return "there_are"
}

func (s speaker) isKey(column string) bool {
	if s.Annotation == nil {
		return false
	}
	for _, k := range s.Annotation.Entity.Key {
		if strings.EqualFold(k, column) {
			return true
		}
	}
	for _, g := range s.Plan.GroupBy { // the code of what is grouped by name
		if code := s.note(g).Code; code != "" && strings.EqualFold(code, column) {
			return true
		}
	}
	return s.isLabel(column)
}

// count says how many rows there are: "L'Aube compte 431 communes en 2026".
func (s speaker) count(sc scene, n float64) string {
	what := s.many(n)
	if what == "" || len(sc.places) == 0 && len(sc.holder) == 0 {
		return s.text(be(n, s.Lang), "count", strong(s.number(n, 0)+" "+s.rowWord(n)), "after", lead(sc.kinds, sc.after(), sc.when))
	}
	counted := strong(spaced(s.number(n, 0), what))
	place := sc.holder.join(s.Lang)
	if s.Lang != lang.French {
		place = sc.where
	}
	return s.text(agree("holds", sc.holder.plural(), sc.past), "place", place, "count", counted, "after", lead(sc.kinds, sc.after(), sc.when))
}

// many is what rows are called, so many of them.
func (s speaker) many(n float64) string {
	if s.Annotation == nil {
		return ""
	}
	if single(n, s.Lang) {
		return s.pick(s.Annotation.Entity.Name)
	}
	return s.pick(s.Annotation.Entity.Many)
}

func (s speaker) rowWord(n float64) string {
	if what := s.many(n); what != "" {
		return what
	}
	return unitName(n, "lignes", s.Lang)
}

// single tells whether so many take the singular.
func single(n float64, l lang.Lang) bool {
	if l == lang.French {
		return n > -2 && n < 2
	}
	return n == 1
}

// lead joins what stands behind a figure, with the space before it.
func lead(kinds []string, after ...string) string {
	text := spaced(append(append([]string(nil), kinds...), after...)...)
	if text == "" {
		return ""
	}
	return " " + text
}

// state says a figure of a subject: "la Région a dépensé 496,8 M€ pour les
// lycées publics", "la dette de la Lorraine était de 729,2 M€".
func (s speaker) state(sc scene, column, amount string) string {
	return s.dated(sc, s.clause(sc, column, amount))
}

// clause is the statement without its date.
func (s speaker) clause(sc scene, column, amount string) string {
	if verb := s.verb(sc); verb != "" && len(sc.kinds) == 0 && !sc.subject.plural() && len(sc.subject) > 0 {
		return s.text("clause", "subject", sc.subject.join(s.Lang), "verb", verb, "amount", amount, "after", lead(nil, sc.after()), "end", lead(nil, s.verbEnd(sc)))
	}
	name, many := s.measured(sc, column)
	of := sc.among(s).of(s.Lang)
	rest := strings.Join(sc.rest, " ")
	aside := ""
	if len(sc.aside) > 0 {
		aside = "(" + strings.Join(sc.aside, ", ") + ")"
	}
	return spaced(name, of, rest, s.text(agree(s.being(column), many, sc.past)), amount, aside)
}

// timePlace is where the time stands in a message of a language that has it
// within the sentence: German, after the verb. It stands before all else where
// a message has none.
const timePlace = "¦"

// dated says when, where the language says it.
func (s speaker) dated(sc scene, said string) string {
	if before, after, within := strings.Cut(said, timePlace); within {
		return before + lead(nil, sc.when) + after
	}
	if sc.when == "" {
		return said
	}
	return sc.when + ", " + said
}

// among is the subject, narrowed to the rows of a kind: "les communes de moins
// de 100 habitants de la Meuse".
func (sc scene) among(s speaker) noun {
	if len(sc.kinds) == 0 || s.Annotation == nil {
		return sc.subject
	}
	many := s.pick(s.Annotation.Entity.Many)
	if many == "" {
		return sc.subject
	}
	return noun{s.text("the_many", "many", spaced(many, strings.Join(sc.kinds, " "), sc.holder.of(s.Lang)))}
}

// verb is what a subject does to its figure, in the tense of the year; "" where
// none is known.
func (s speaker) verb(sc scene) string {
	verb, _, _ := strings.Cut(s.wholeVerb(sc), " … ")
	return verb
}

// verbEnd is what of a verb stands at the end of the sentence: German "hat … ausgegeben".
func (s speaker) verbEnd(sc scene) string {
	_, end, _ := strings.Cut(s.wholeVerb(sc), " … ")
	return end
}

func (s speaker) wholeVerb(sc scene) string {
	if sc.past {
		if v := s.pick(sc.saying.Past); v != "" {
			return v
		}
	}
	return s.pick(sc.saying.Verb)
}

// measured is what a column's figures are of, with its article, and whether it
// is plural: "les dépenses", "le total de « montant »".
func (s speaker) measured(sc scene, column string) (name string, many bool) {
	if n := s.pick(sc.saying.Noun); n != "" {
		return n, noun{n}.plural() || s.Lang == lang.English && strings.HasSuffix(n, "s") && !strings.HasSuffix(n, "ss")
	}
	return s.text("total_of", "column", s.label(column)), false
}

// label is a column's name in a sentence: quoted where it is a header.
func (s speaker) label(column string) string {
	name := s.Names(s.Plan.Table, column)
	if name == column {
		if c := s.Table.Column(column); c != nil && c.Unit != "" { // it is said with the figure
			if at := strings.LastIndex(name, " ("); at > 0 && strings.HasSuffix(name, ")") {
				name = name[:at]
			}
		}
		return quoted(s.Escape(strings.ReplaceAll(name, "_", " ")), s.Lang)
	}
	return s.Escape(name)
}

// being is the verb between a measure and its figure: sums amount to something.
func (s speaker) being(column string) string {
	if s.unit(column) == "EUR" {
		return "amounts"
	}
	return "is_of"
}

// agree is the key of a verb in number and tense.
func agree(verb string, many, past bool) string {
	if many {
		verb += "_many"
	}
	if past {
		verb += "_past"
	}
	return verb
}

// summary says a mean, a median, an extreme.
func (s speaker) summary(m query.Measure, v float64) string {
	sc := s.scene(m.Column, s.Plan.Where, m.Where)
	per := ""
	if s.Annotation != nil && s.Annotation.Entity.Label != "" {
		per = s.text("per_row", "row", s.pick(s.Annotation.Entity.Name))
		if m.Agg == query.Min || m.Agg == query.Max {
			per = ""
		}
	}
	where := sc.where
	if len(sc.kinds) > 0 || s.Annotation != nil && len(sc.places) == 0 {
		where = ""
	}
	name := s.label(m.Column)
	if n := s.pick(sc.saying.Noun); n != "" {
		name = n
	}
	return s.dated(sc, s.text("summary_"+string(m.Agg), "column", of(name, s.Lang), "value", s.amount(v, s.Units[0]), "after", lead(nil, per, where, strings.Join(sc.kinds, " "), sc.after())))
}

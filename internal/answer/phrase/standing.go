package phrase

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// rank says which place one of the rows has among its likes: "Colmar est au 6ᵉ
// rang des communes du Grand Est par sa population"; "" where the count is no rank.
func (s speaker) rank(n float64) string {
	at := slices.IndexFunc(s.Plan.Where, func(f query.Filter) bool { return f.Than != nil })
	if at < 0 || s.Annotation == nil || n < 1 {
		return ""
	}
	f := s.Plan.Where[at]
	than := f.Than
	if f.Op != query.Ge || len(than.Measures) != 1 || than.Measures[0].Agg != query.Max || than.Measures[0].Column != f.Column {
		return ""
	}
	rest := slices.Delete(slices.Clone(s.Plan.Where), at, at+1)
	return s.ranked(s.scene(f.Column, than.Where), s.scene("", rest), s.pick(s.Annotation.Entity.Many), f.Column, n)
}

// ranked says a rank: of whom, among which, by what.
func (s speaker) ranked(who, among scene, many, column string, n float64) string {
	if len(who.subject) != 1 || many == "" || n != math.Trunc(n) {
		return ""
	}
	name := s.label(column)
	if said := s.pick(who.saying.Noun); said != "" {
		name = said
	}
	kind := noun{s.text("the_many", "many", spaced(append([]string{many}, among.kinds...)...))}
	whole := spaced(kind.of(s.Lang), among.holder.of(s.Lang))
	if held := among.holder.join(s.Lang); strings.Contains(" "+held+" ", " "+many+" ") { // "les régions françaises"
		whole = among.holder.of(s.Lang)
	}
	return s.dated(among, s.text(agree("ranks", who.subject.plural(), among.past), "who", who.subject.join(s.Lang), "n", int(n), "of", whole, "by", name))
}

// tallied says how many groups remain: those that gained or lost, or that have
// as much as one of them, which is its rank.
func (s speaker) tallied() string {
	p := s.Plan
	if len(s.Rows) != 1 || len(p.GroupBy) != 1 || len(p.Having) != 1 || p.GroupedAs(0) != "" {
		return ""
	}
	n, ok := lang.Number(s.Rows[0][len(s.Rows[0])-1])
	if !ok {
		return ""
	}
	if p.Having[0].Than != nil {
		return s.rankOfGroup(n)
	}
	return s.movedSo(n)
}

// rankOfGroup says the rank of a group whose total so many others have as much as.
func (s speaker) rankOfGroup(n float64) string {
	p, h := s.Plan, s.Plan.Having[0]
	if h.Op != query.Ge || len(p.Measures) != 1 || p.Measures[0].Agg != query.Sum {
		return ""
	}
	kind := s.kindOf(s.nameOf(p.GroupBy[0]), 2)
	return s.ranked(s.scene(p.Measures[0].Column, h.Than.Where), s.scene("", p.Where), kind, p.Measures[0].Column, n)
}

// movedSo says how many groups gained from one year to another, or lost.
func (s speaker) movedSo(n float64) string {
	p, d, h := s.Plan, s.Plan.Derived, s.Plan.Having[0]
	if d == nil || d.Op != query.Difference || h.Measure != len(p.Measures)+1 || len(p.Measures) != 2 || h.Value != 0 || h.Op != query.Gt && h.Op != query.Lt {
		return ""
	}
	of, over := p.Measures[d.Of-1], p.Measures[d.Over-1]
	first, last := s.yearOf(over), s.yearOf(of)
	sc := s.scene(of.Column, p.Where)
	verb := cmp.Or(s.pick(sc.saying.Rise), s.text("gains"))
	if h.Op == query.Lt {
		verb = cmp.Or(s.pick(sc.saying.Fall), s.text("loses"))
	}
	kind, unit := s.kindOf(s.nameOf(p.GroupBy[0]), n), s.unit(of.Column)
	if kind == "" || unit == "" || unit == "EUR" || first == "" || last <= first {
		return ""
	}
	verb, end, _ := strings.Cut(verb, " … ")
	where := ""
	if len(sc.places) > 0 {
		where = " " + sc.where
	}
	return s.text("many_moved", "count", strong(spaced(s.number(n, 0), kind)), "where", where, "verb", s.inNumber(verb, !single(n, s.Lang)), "things", unitName(2, unit, s.Lang), "between", s.text("between", "first", first, "last", last), "end", lead(nil, end))
}

// inNumber is a verb of the annotation, which is singular, for one or for many.
func (s speaker) inNumber(verb string, many bool) string {
	if !many {
		return verb
	}
	one, plural := s.text("verb_has"), s.text("verb_have")
	if rest, has := strings.CutPrefix(verb, one+" "); has {
		return plural + " " + rest
	}
	if verb == one {
		return plural
	}
	return verb
}

// kindOf is what so many values of a column are called: "départements"; "" where
// nobody says.
func (s speaker) kindOf(column string, n float64) string {
	if s.isLabel(column) || s.isKey(column) {
		return s.many(n)
	}
	level := s.note(column).Level
	if level == "" {
		return ""
	}
	count := 2
	if single(n, s.Lang) {
		count = 1
	}
	return s.text("kind_"+level, "n", count)
}

// beside says several figures of one subject: "la CC … compte 16 276 habitants et
// 16 communes".
func (s speaker) beside() string {
	p := s.Plan
	if len(s.Rows) != 1 || p.Grouped() || len(p.Measures) != 2 {
		return ""
	}
	var amounts noun
	var first scene
	verb := ""
	for i, m := range p.Measures {
		sc := s.scene(m.Column, p.Where)
		v, ok := lang.Number(s.Rows[0][i])
		said := s.verb(sc)
		if !ok || m.Agg != query.Sum || len(m.Where) > 0 || said == "" || i > 0 && said != verb || len(sc.subject) != 1 || len(sc.kinds) > 0 || s.verbEnd(sc) != "" {
			return ""
		}
		if i == 0 {
			first, verb = sc, said
		}
		amounts = append(amounts, s.amount(v, s.Units[i]))
	}
	return s.dated(first, s.text("clause", "subject", first.subject.join(s.Lang), "verb", verb, "amount", amounts.join(s.Lang), "after", lead(nil, first.after()), "end", ""))
}

// nameOf is the column of names that a column of codes stands for, else itself.
func (s speaker) nameOf(column string) string {
	if s.Annotation != nil && !s.isKey(column) {
		for _, n := range s.Annotation.Column {
			if n.Code != "" && strings.EqualFold(n.Code, column) {
				return n.Name
			}
		}
	}
	return column
}

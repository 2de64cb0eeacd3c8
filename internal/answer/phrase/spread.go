package phrase

import (
	"math"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// valued are the values of a filter as nouns.
func (s speaker) valued(f query.Filter) string {
	if s.note(f.Column).Level != "" || s.isLabel(f.Column) {
		names, _ := s.nouns(f)
		return names.join(s.Lang)
	}
	var all noun
	for _, v := range f.Values {
		text, _ := s.value(f.Column, v)
		all = append(all, text)
	}
	return all.join(s.Lang)
}

// columnShare says which part of one column's sum another's is: "les entrées gratuites
// représentent 67,5 % de la fréquentation du musée".
func (s speaker) columnShare(of, over query.Measure, v, w float64) string {
	if w == 0 || of.Agg != query.Sum || over.Agg != query.Sum || of.Column == over.Column || len(of.Where)+len(over.Where) > 0 {
		return ""
	}
	sc := s.scene(over.Column, s.Plan.Where)
	part, many := s.measured(s.scene(of.Column, s.Plan.Where), of.Column)
	whole, _ := s.measured(sc, over.Column)
	pct := 100 * v / w
	return s.dated(sc, s.text(agree("shares", many, false), "part", part, "share", strong(s.exact(pct, "%")), "whole", spaced(of_(whole, sc.among(s), s.Lang), sc.after()), "words", s.portion(pct), "of", s.size(v, s.Units[0]), "over", s.bare(w, s.Units[1])))
}

// rowsOf is which rows a part counts, where a bound tells them: "les communes de moins
// de 200 habitants"; "" where something else does.
func (s speaker) rowsOf(of query.Measure) string {
	if of.Agg != query.Count && of.Agg != query.Sum || s.Annotation == nil {
		return ""
	}
	sc := s.scene("", of.Where)
	if len(sc.kinds) == 0 || len(sc.rest)+len(sc.aside)+len(sc.places) > 0 || sc.when != "" {
		return ""
	}
	return spaced(s.text("the_many", "many", s.rowWord(2)), strings.Join(sc.kinds, " "))
}

// namedBeyond is how many names of those beyond a bound are read.
const namedBeyond = 8

// beyond says which groups are above a bound, or below it, each with its figure.
func (s speaker) beyond(column string, m query.Measure, at int) string {
	h := s.Plan.Having
	if len(h) != 1 || h[0].Than != nil || h[0].Measure != 1 || m.Agg != query.Sum || m.As != "" || s.Cut || len(s.Rows) > namedBeyond || s.Annotation == nil {
		return ""
	}
	key := map[query.Op]string{query.Gt: "beyond", query.Lt: "below"}[h[0].Op]
	if key == "" {
		return ""
	}
	var names noun
	for _, row := range s.Rows {
		v, ok := lang.Number(row[at])
		if !ok || row[0] == nil {
			return ""
		}
		names = append(names, strong(s.named(column, row[0]))+" ("+s.size(v, s.Units[at])+")")
	}
	where := slices.DeleteFunc(slices.Clone(s.Plan.Where), func(f query.Filter) bool { return strings.EqualFold(f.Column, column) })
	sc := s.scene(m.Column, where, m.Where)
	what, many := s.measured(sc, m.Column)
	if !many {
		return ""
	}
	return s.dated(sc, s.text(key, "what", spaced(what, sc.among(s).of(s.Lang), sc.after()), "column", s.label(column), "bound", s.size(h[0].Value, s.Units[at]), "n", len(s.Rows), "names", names.join(s.Lang)))
}

// steepestGrowth says which group grew or shrank most in percent between two years.
func (s speaker) steepestGrowth(column string) string {
	p, d := s.Plan, s.Plan.Derived
	of, over := p.Measures[d.Of-1], p.Measures[d.Over-1]
	first, last := s.yearOf(over), s.yearOf(of)
	row := s.Rows[0]
	v, ok1 := lang.Number(row[len(p.GroupBy)+d.Of-1])
	w, ok2 := lang.Number(row[len(p.GroupBy)+d.Over-1])
	if first == "" || last == "" || last <= first || len(p.OrderBy) == 0 || !ok1 || !ok2 || v == w || w <= 0 || (v > w) == s.ascending(len(row)-1) {
		return ""
	}
	key := "steepest_up"
	if v < w {
		key = "steepest_down"
	}
	sc := s.scene(of.Column, slices.DeleteFunc(slices.Clone(p.Where), func(f query.Filter) bool { return strings.EqualFold(f.Column, column) }))
	unit := s.Units[len(p.GroupBy)+d.Of-1]
	name, _ := s.measured(sc, of.Column)
	pct := math.Abs(100 * (v - w) / w)
	return s.text(key, "of", of_(name, sc.among(s), s.Lang), "aside", lead(nil, sc.after()), "between", s.text("between", "first", first, "last", last), "who", strong(s.named(column, row[0])), "value", strong(s.exact(pct, "%")), "path", s.text("from_to", "from", s.bare(w, unit), "to", s.bare(v, unit)))
}

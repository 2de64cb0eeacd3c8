package phrase

import (
	"cmp"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// followed is how many things are followed over the years in one sentence.
const followed = 4

// course is how the figure of one thing went over the years.
type course struct {
	name   any
	years  []string
	values []float64
}

// by is how far it went.
func (c course) by() float64 { return c.values[len(c.values)-1] - c.values[0] }

// courses are those of the things that a figure is told of year by year; column is the
// one that names them. False where they do not all begin and end alike.
func (s speaker) courses() (all []course, column string, ok bool) {
	at := 0
	if s.isYear(s.Plan.GroupBy[0]) {
		at = 1
	}
	index := map[any]int{}
	for _, row := range s.Rows {
		n, number := lang.Number(row[2])
		if !number || row[at] == nil {
			return nil, "", false
		}
		k, known := index[row[at]]
		if !known {
			k = len(all)
			index[row[at]], all = k, append(all, course{name: row[at]})
		}
		all[k].years, all[k].values = append(all[k].years, plainNumber(row[1-at])), append(all[k].values, n)
	}
	for _, c := range all {
		n := len(c.years)
		if n < 2 || !slices.IsSorted(c.years) || c.years[0] != all[0].years[0] || c.years[n-1] != all[0].years[len(all[0].years)-1] {
			return nil, "", false
		}
	}
	return all, s.Plan.GroupBy[at], len(all) > 1
}

// evolutions says how the figure of each of a few things went from the first year to
// the last: "Metz a gagné …; Nancy a perdu …"; of many, the two that moved most.
func (s speaker) evolutions() string {
	p := s.Plan
	if len(p.Measures) != 1 || p.Derived != nil || s.Cut || s.NoTrend || len(p.Having)+p.Limit > 0 || p.Measures[0].Agg != query.Sum || s.Annotation == nil {
		return ""
	}
	all, column, ok := s.courses()
	if !ok || s.note(column).Level == "" && !s.isLabel(column) {
		return ""
	}
	if len(all) > followed {
		up, down := slices.MaxFunc(all, byMove), slices.MinFunc(all, byMove)
		if up.by() <= 0 || down.by() >= 0 {
			return ""
		}
		return s.text("both_ends", "up", s.follows(column, up), "down", s.follows(column, down))
	}
	var said []string
	for _, c := range all {
		said = append(said, s.follows(column, c))
	}
	return strings.Join(said, s.text("and_then"))
}

func byMove(a, b course) int { return cmp.Compare(a.by(), b.by()) }

// follows says the course of one thing, the first year to the last.
func (s speaker) follows(column string, c course) string {
	m := s.Plan.Measures[0]
	where := slices.DeleteFunc(slices.Clone(s.Plan.Where), func(f query.Filter) bool {
		return strings.EqualFold(f.Column, column) || s.isYear(f.Column) || s.note(column).Level != "" && s.note(f.Column).Level != ""
	})
	sc := s.scene(m.Column, append(where, query.Filter{Column: column, Op: query.Eq, Values: []any{c.name}}), m.Where)
	n := len(c.years) - 1
	return s.changed(sc, move{column: m.Column, unit: s.Units[2], from: c.values[0], to: c.values[n], first: c.years[0], last: c.years[n]})
}

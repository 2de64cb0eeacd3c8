package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// condition says one more filter.
func (s speaker) condition(f query.Filter, n dataset.ColumnNote, sc *scene) {
	plain := f.Than == nil && f.As == "" && f.Other == ""
	if plain {
		if k := s.bound(f); k != "" {
			sc.kinds = append(sc.kinds, k)
			return
		}
	}
	if had := s.had(f); had != "" {
		sc.aside = append(sc.aside, had)
		return
	}
	if plain && f.Op == query.Eq {
		s.equals(f, n, sc)
		return
	}
	if plain && f.Op == query.Ne && s.Annotation != nil && len(f.Values) > 0 {
		sc.aside = append(sc.aside, s.text("except_these", "names", s.valued(f)))
		return
	}
	if year := s.wholeYear(f); year != "" && sc.when == "" {
		sc.when = s.text("in_year", "years", year)
		return
	}
	if day := s.days(f); day != "" {
		sc.aside = append(sc.aside, s.label(f.Column)+s.text("is")+day)
		return
	}
	sc.aside = append(sc.aside, query.ExplainFilter(s.Plan.Table, f, s.Names, s.Lang))
}

// bound says between what a figure has to lie; "" where the filter is of no figure.
func (s speaker) bound(f query.Filter) string {
	if s.Annotation == nil || !s.isFigure(f.Column) || len(f.Values) == 0 {
		return ""
	}
	return s.threshold(f.Op, f.Values, s.unit(f.Column))
}

// had says how many things of another table a row has: "avec musées", "au moins 3
// musées"; "" where the filter is of something else.
func (s speaker) had(f query.Filter) string {
	for _, j := range s.Plan.Joins {
		at := slices.Index(j.As, f.Column)
		if at < 0 || len(f.Values) != 1 || j.Of.Measures[at].Agg != query.Count && j.Of.Measures[at].Agg != query.CountDistinct {
			continue
		}
		n, ok := lang.Number(f.Values[0])
		many := f.Column
		switch {
		case !ok:
		case f.Op == query.Eq && n == 0:
			return s.text("without_any", "many", many)
		case f.Op == query.Ge && n == 1, f.Op == query.Gt && n == 0:
			return s.text("with_some", "many", many)
		case f.Op == query.Ge:
			return s.text("with_at_least", "many", many, "n", int(n))
		case f.Op == query.Gt:
			return s.text("with_more_than", "many", many, "n", int(n))
		}
	}
	return ""
}

// equals says a filter that keeps some values of a column.
func (s speaker) equals(f query.Filter, n dataset.ColumnNote, sc *scene) {
	var values noun
	aside := false
	for _, v := range f.Values {
		text, beside := s.value(f.Column, v)
		values, aside = append(values, text), aside || beside
	}
	switch said := s.pick(n.Said); {
	case aside:
		sc.aside = append(sc.aside, values.join(s.Lang))
	case said != "" && strings.Contains(said, "{of}"):
		sc.rest = append(sc.rest, strings.ReplaceAll(said, "{of}", values.of(s.Lang)))
	case said != "":
		sc.rest = append(sc.rest, strings.ReplaceAll(said, "{value}", values.join(s.Lang)))
	case s.Annotation == nil && s.speaks(f.Column, f.Values):
		sc.bare = append(sc.bare, values...)
		if len(sc.bare) > len(values) { // one "for" holds all
			sc.rest = sc.rest[:len(sc.rest)-1]
		}
		sc.rest = append(sc.rest, s.text("for", "value", sc.bare.join(s.Lang)))
	default:
		sc.aside = append(sc.aside, s.label(f.Column)+s.text("is")+values.join(s.Lang))
	}
}

// wholeYear is the year that a filter of days holds all of; "" for any other.
func (s speaker) wholeYear(f query.Filter) string {
	if f.Op != query.Between || f.As != "" && f.As != query.AsDate || f.Than != nil || len(f.Values) != 2 {
		return ""
	}
	first, last := fmt.Sprint(f.Values[0]), fmt.Sprint(f.Values[1])
	year, ok := strings.CutSuffix(first, "-01-01")
	if !ok || last != year+"-12-31" {
		return ""
	}
	return year
}

// days says a comparison of days: "après le 14/04/2019"; "" where it is none.
func (s speaker) days(f query.Filter) string {
	if f.As != "" && f.As != query.AsDate || f.Than != nil || len(f.Values) == 0 {
		return ""
	}
	var days []string
	for _, v := range f.Values {
		text, _ := v.(string)
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return ""
		}
		days = append(days, lang.LongDay(t, s.Lang))
	}
	switch f.Op {
	case query.Gt:
		return s.text("after_day", "day", days[0])
	case query.Ge:
		return s.text("from_day", "day", days[0])
	case query.Lt:
		return s.text("before_day", "day", days[0])
	case query.Le:
		return s.text("until_day", "day", days[0])
	case query.Between:
		if len(days) == 2 {
			return s.text("from_day_to", "first", days[0], "last", days[1])
		}
	}
	return ""
}

// threshold says a comparison as what rows are of: "de plus de 20 000 habitants".
func (s speaker) threshold(op query.Op, values []any, unit string) string {
	x, ok := lang.Number(values[0])
	if !ok || unit == "" {
		return ""
	}
	v := s.size(x, unit)
	switch op {
	case query.Gt:
		return s.text("of_more_than", "value", v)
	case query.Ge:
		return s.text("of_at_least", "value", v)
	case query.Lt:
		return s.text("of_less_than", "value", v)
	case query.Le:
		return s.text("of_at_most", "value", v)
	case query.Between:
		if y, ok := lang.Number(values[len(values)-1]); ok && len(values) == 2 {
			return s.text("of_between", "low", s.number(x, decimals(x)), "high", s.size(y, unit))
		}
	}
	return ""
}

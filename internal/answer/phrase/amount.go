package phrase

import (
	"math"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// From where on a figure is said rounded, its exact value beside it.
const (
	million  = 1e6
	billion  = 1e9
	manyUnit = 1e7 // of things other than money: 1 163 810 inhabitants are read as they are
)

// amount is a figure as people say it: its size in words, the exact value
// beside where that is another.
func (s speaker) amount(v float64, unit string) string {
	said, rounded := s.rounded(v, unit)
	if !rounded {
		return strong(said)
	}
	return strong(said) + " (" + s.exact(v, unit) + ")"
}

// size is a figure as people say it, beside another.
func (s speaker) size(v float64, unit string) string {
	said, _ := s.rounded(v, unit)
	return said
}

// bare is a size whose unit was just said: "108 942", but "616,6 M€".
func (s speaker) bare(v float64, unit string) string {
	switch unit {
	case "EUR", "€", "%":
		return s.size(v, unit)
	}
	return s.number(v, decimals(v))
}

// things is a unit after a word of quantity: "d'habitants", "inhabitants".
func (s speaker) things(unit string) string {
	name := unitName(2, unit, s.Lang)
	switch {
	case s.Lang != lang.French:
		return name
	case strings.HasPrefix(name, "h"): // that of common nouns is silent: habitants, heures, hectares
		return "d'" + name
	}
	return de(name)
}

func (s speaker) rounded(v float64, unit string) (said string, rounded bool) {
	size := math.Abs(v)
	money := unit == "EUR" || unit == "€"
	switch {
	case money && size >= billion:
		return texts.Say(s.Lang, "phrase.billions_of_euros", "number", s.number(v/billion, 2)), true
	case money && size >= million:
		return texts.Say(s.Lang, "phrase.millions_of_euros", "number", s.number(v/million, 1)), true
	case unit != "%" && unit != "" && !money && size >= manyUnit && size < billion:
		return texts.Say(s.Lang, "phrase.millions_of", "number", s.number(v/million, 1), "unit", s.things(unit)), true
	}
	return s.exact(v, unit), false
}

// number is a number with so many decimals at most.
func (s speaker) number(v float64, decimals int) string {
	for decimals > 0 && math.Abs(v-round(v, decimals-1)) < 1e-9*math.Max(1, math.Abs(v)) {
		decimals--
	}
	for d := decimals; d > 0; d-- { // 3,10 is 3,1
		if round(v, d) != round(v, d-1) {
			return lang.FormatNumber(v, d, s.Lang)
		}
	}
	return lang.FormatNumber(v, 0, s.Lang)
}

func round(v float64, decimals int) float64 {
	p := math.Pow10(decimals)
	return math.Round(v*p) / p
}

// exact is a figure in full, with its unit.
func (s speaker) exact(v float64, unit string) string {
	if own, ok := lang.Decimals(v); ok && s.published() {
		return s.withUnit(lang.FormatNumber(v, own, s.Lang), v, unit)
	}
	if n, ok := s.digits(v); ok {
		return s.withUnit(lang.FormatInt(n, s.Lang), v, unit)
	}
	switch unit {
	case "":
		return s.number(v, decimals(v))
	case "EUR", "€":
		d := decimals(v)
		if d > 2 {
			d = 2
		}
		return texts.Say(s.Lang, "phrase.euros", "number", s.number(v, d))
	case "%":
		if own, ok := lang.Decimals(v); ok && own == 2 && s.Plan != nil && s.Plan.Derived == nil {
			return s.withUnit(s.number(v, own), v, unit)
		}
		return s.percent(v)
	}
	return s.number(v, decimals(v)) + "\u00a0" + unitName(v, unit, s.Lang)
}

// withUnit is a number that is written, with its unit.
func (s speaker) withUnit(number string, v float64, unit string) string {
	switch unit {
	case "":
		return number
	case "EUR", "€":
		return texts.Say(s.Lang, "phrase.euros", "number", number)
	case "%":
		return texts.Say(s.Lang, "phrase.percent", "number", number)
	}
	return number + "\u00a0" + unitName(v, unit, s.Lang)
}

// published tells that figures stand in the data as they are: looked up, the
// largest, the middle one. They are said as they were published.
func (s speaker) published() bool {
	p := s.Plan
	if p == nil || len(p.Columns) > 0 {
		return p != nil
	}
	for _, m := range p.Measures {
		if m.Agg != query.Min && m.Agg != query.Max && m.Agg != query.Median {
			return false
		}
	}
	return len(p.Measures) > 0 && p.Derived == nil
}

// digits is a whole number past what a float64 holds, as the result has it.
func (s speaker) digits(v float64) (int64, bool) {
	if math.Abs(v) < 1<<53 {
		return 0, false
	}
	for _, row := range s.Rows {
		for _, cell := range row {
			if n, ok := cell.(int64); ok && float64(n) == v {
				return n, true
			}
		}
	}
	return 0, false
}

// decimals are those that say something: none of a large number, three figures of a
// small one; all there are, where they are few.
func decimals(v float64) int {
	if own, ok := lang.Decimals(v); ok && own <= 3 && math.Abs(v) < 10_000 {
		return own
	}
	switch a := math.Abs(v); {
	case a >= 10_000:
		return 0
	case a >= 100:
		return 1
	case a >= 1 || a == 0:
		return 2
	default:
		return 2 - int(math.Floor(math.Log10(a)))
	}
}

// percent is a share or a change, which was computed.
func (s speaker) percent(v float64) string {
	return s.withUnit(s.number(v, percentDecimals(v)), v, "%")
}

func percentDecimals(v float64) int {
	if a := math.Abs(v); a < 0.1 && a > 0 {
		return 1 - int(math.Floor(math.Log10(a))) // two figures
	}
	return 1
}

// change is how far in percent, with its sign: "+50,7 %".
func (s speaker) change(pct float64) string {
	sign := "+"
	if pct < 0 {
		sign = "\u2212"
	}
	return sign + s.percent(math.Abs(pct))
}

// unitName is the word for so many of a unit: "habitant", "habitants"; what
// nobody translated is as the data have it.
func unitName(v float64, unit string, l lang.Lang) string {
	n := int(math.Abs(v))
	if l != lang.French && v != math.Trunc(v) {
		n = 2
	}
	return texts.SayOr(l, "unit."+lang.Fold(unit), unit, "n", n)
}

// portion is a share in words where it is near a plain fraction, else "".
func (s speaker) portion(pct float64) string {
	const near = 1.0 // points
	for _, f := range []struct {
		of  float64
		key string
	}{{50, "half"}, {100. / 3, "a_third"}, {200. / 3, "two_thirds"}, {25, "a_quarter"}, {75, "three_quarters"}, {20, "a_fifth"}, {10, "a_tenth"}} {
		if math.Abs(pct-f.of) <= near {
			return ", " + texts.Say(s.Lang, "phrase."+f.key)
		}
	}
	return ""
}

package query

import (
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// frenchMonths are the names of months as engines, which read English ones alone,
// have to be given them.
var frenchMonths = [][2]string{{"janvier", "january"}, {"fevrier", "february"}, {"mars", "march"}, {"avril", "april"}, {"mai", "may"}, {"juin", "june"}, {"juillet", "july"}, {"aout", "august"}, {"septembre", "september"}, {"octobre", "october"}, {"novembre", "november"}, {"decembre", "december"}, {"1er", "1"}}

// inEnglish writes a text column whose cells hold French months with English ones.
func (w *writer) inEnglish(t *dataset.Table, column string) string {
	french := false
	for _, v := range t.Column(column).Values {
		for _, word := range strings.Fields(lang.Fold(v.Text)) {
			for _, m := range frenchMonths[:12] {
				french = french || word == m[0]
			}
		}
	}
	if !french {
		return w.d.column(t, column)
	}
	out := w.d.folded().of(w.d.column(t, column))
	for _, m := range frenchMonths {
		out = "replace(" + out + ", '" + m[0] + "', '" + m[1] + "')"
	}
	return out
}

// decimalComma is a number whose comma sets thousands apart in no language, or whose
// thousands a space sets apart.
var decimalComma = regexp.MustCompile(`(^|[^0-9,.])[0-9]{1,3}([ \x{a0}\x{202f}][0-9]{3})+([^0-9]|$)|(^|[^0-9,.])[0-9]+,([0-9]{1,2}|[0-9]{4,})([^0-9,.]|$)|(^|[^0-9])0,[0-9]`)

// frenchNumbers tells whether the numbers in a column's texts are written the French way.
func frenchNumbers(t *dataset.Table, column string) bool {
	return slices.ContainsFunc(t.Column(column).Values, func(v dataset.Value) bool { return decimalComma.MatchString(v.Text) })
}

// cell writes a column as its own type, or as what its cells are read as.
func (w *writer) cell(t *dataset.Table, column string, as As) string {
	name := w.d.column(t, column)
	switch {
	case as == AsDuration:
		return w.d.duration(name)
	case as == AsNumber:
		return w.d.number(name, frenchNumbers(t, column))
	case as == AsDate:
		return w.d.day(w.inEnglish(t, column))
	case as.Part() && t.Column(column).Type == dataset.Text:
		return w.d.part(as) + "(" + w.cell(t, column, AsDate) + ")"
	case as.Part():
		return w.d.part(as) + "(" + name + ")"
	}
	return name
}

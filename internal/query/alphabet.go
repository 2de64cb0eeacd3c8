package query

import (
	"slices"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// alphabetic writes what groups of a column are ordered by where nothing else orders
// them: names as a dictionary has them, "Épernay" beside "Esternay"; months and days
// of the week as the calendar has them; all else as it is.
func (w *writer) alphabetic(t *dataset.Table, column string, as As) string {
	text := w.cell(t, column, as)
	c := t.Column(column)
	if c == nil || as != "" || c.Type != dataset.Text || c.Role == dataset.Code {
		return text + " NULLS LAST"
	}
	if names := calendar(c); names != nil {
		return w.d.place(names, text) + " NULLS LAST"
	}
	return w.d.collated(text) + " NULLS LAST, " + text
}

// Months and days of the week, as they are written once accents are taken off.
var calendars = [][]string{
	{"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"},
	{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
	{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
	{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
}

// calendar is the list that holds every cell of a column; nil where none does.
func calendar(c *dataset.Column) []string {
	if !c.Complete() || len(c.Values) == 0 || len(c.Values) > 12 {
		return nil
	}
	for _, names := range calendars {
		if !slices.ContainsFunc(c.Values, func(v dataset.Value) bool { return !slices.Contains(names, lang.Fold(v.Text)) }) {
			return names
		}
	}
	return nil
}

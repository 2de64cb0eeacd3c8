package surface

import (
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// RowFacts says what a row of a table is, and how many say nothing new, a sentence
// each; none where that is not known.
func RowFacts(t *dataset.Table, l lang.Lang) []string {
	var out []string
	if len(t.Key) > 0 {
		out = append(out, texts.Say(l, "facts.key", "columns", strings.Join(t.Key, " + ")))
	}
	if t.Duplicates > 0 {
		out = append(out, texts.Say(l, "facts.duplicates", "n", t.Duplicates))
	}
	return out
}

// Facts says what the cells of a column name, what it may be added up over, what it
// repeats and which of its cells are totals, a clause each.
func Facts(c *dataset.Column, l lang.Lang) []string {
	var out []string
	if c.Kind != "" && (c.Type == dataset.Text || c.Type.Numeric()) && c.Role != dataset.Year { // days, years and truths are told by their type
		out = append(out, texts.Say(l, "facts.kind_"+string(c.Kind)))
	}
	switch c.Additivity {
	case dataset.Never:
		out = append(out, texts.Say(l, "facts.never"))
	case dataset.NotOverTime:
		out = append(out, texts.Say(l, "facts.not_over_time"))
	}
	if r := c.Ratio; r != nil {
		out = append(out, texts.Say(l, "facts.ratio", "scale", r.Scale, "of", r.Of, "over", r.Over))
	}
	if len(c.Within) > 0 && c.Sum != nil {
		out = append(out, texts.Say(l, "facts.within", "columns", strings.Join(c.Within, " + ")))
	}
	if len(c.Totals) > 0 {
		out = append(out, texts.Say(l, "facts.totals", "cells", strings.Join(c.Totals, ", ")))
	}
	if len(c.Levels) > 0 {
		out = append(out, texts.Say(l, "facts.levels", "cells", strings.Join(c.Levels, ", ")))
	}
	return out
}

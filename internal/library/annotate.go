package library

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// fits returns the annotation of a table: the one that names its dataset, else
// the one whose columns it has, most columns first; nil where there is none.
func fits(t *dataset.Table, notes []dataset.Annotation) *dataset.Annotation {
	has := map[string]bool{}
	for _, c := range t.Columns {
		has[strings.ToLower(c.Name)] = true
	}
	var best *dataset.Annotation
	for i := range notes {
		a := &notes[i]
		all := len(a.Columns) > 0 && !slices.ContainsFunc(a.Columns, func(c string) bool { return !has[strings.ToLower(c)] })
		if all && (best == nil || len(a.Columns) > len(best.Columns) || slices.Contains(a.Datasets, t.DatasetID) && !slices.Contains(best.Datasets, t.DatasetID)) {
			best = a
		}
	}
	return best
}

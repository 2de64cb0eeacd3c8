package table

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// maxUnit bounds a unit that a publisher declares, in bytes: longer ones are
// remarks.
const maxUnit = 24

// declare takes in what the publisher declares of columns: a column goes by its
// label where the file has its technical name, and has the unit that it does not
// tell itself.
func (l *layout) declare(fields []dataset.Field) {
	if len(fields) == 0 || l.headless {
		return
	}
	by := map[string]dataset.Field{}
	for _, f := range fields {
		by[f.Name] = f
		if key := lang.Fold(f.Label); key != "" {
			if _, taken := by[key]; !taken {
				by[key] = f
			}
		}
	}
	names := slices.Clone(l.names)
	l.declared = make([]string, len(names))
	for i, name := range names {
		f, ok := by[name]
		if !ok {
			f = by[lang.Fold(name)]
		}
		l.declared[i] = declaredUnit(f.Unit)
		if label := strings.Join(strings.Fields(f.Label), " "); ok && label != "" && !slices.Contains(names, label) {
			names[i] = label
		}
	}
	l.setNames(names)
}

// declaredUnit names a unit as headers' are named; one that no header has keeps
// its form. "" where it is too long to be one.
func declaredUnit(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if u, ok := unitOf(strings.Trim(s, "()[] ")); ok {
		return u
	}
	if len(s) > maxUnit {
		return ""
	}
	return s
}

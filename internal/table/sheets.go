package table

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// maxSheets bounds the sheets read as one table.
const maxSheets = 200

// alikeSheet is a sheet with where its table lies, and where its columns go.
type alikeSheet struct {
	sheet
	layout *layout
	order  arrangement
}

// alike lists, of the sheets not taken, those that have the columns of one of them,
// in the workbook's order, with the layout of all and where they stand: names are
// the same whatever their order and the year in them, which is the sheet's.
func alike(all []lookedAt, best int, taken []bool) (out []alikeSheet, l *layout, at []int) {
	model := all[best].layout
	if model == nil || model.headless || len(model.names) < 2 {
		return nil, nil, nil
	}
	named := bare(model, all[best].name)
	var more []string
	for i, s := range all {
		if taken[i] || s.layout == nil || s.layout.headless {
			continue
		}
		names := bare(s.layout, s.name)
		if slices.Equal(names, named) {
			out, at = append(out, alikeSheet{s.sheet, s.layout, nil}), append(at, i)
		} else if to, also, ok := arrange(named, names, more); ok && same(named, names, yearIn.MatchString(s.name)) {
			more = also
			out, at = append(out, alikeSheet{s.sheet, s.layout, to}), append(at, i)
		}
	}
	l = model.clone()
	l.names, l.header = append(named, more...), append(slices.Clone(named), more...)
	for len(l.units) < len(l.names) && len(l.units) > 0 {
		l.units = append(l.units, "")
	}
	return out, l, at
}

// bare are the names of a sheet's columns less its year.
func bare(l *layout, sheet string) []string {
	names := make([]string, len(l.names))
	for i, n := range l.names {
		names[i] = withoutYear(n, sheet)
	}
	return names
}

// same tells whether two sheets have the same columns; some may be missing on one
// of them where they are years of one thing.
func same(a, b []string, years bool) bool {
	in := map[string]bool{}
	for _, n := range a {
		in[lang.Fold(n)] = true
	}
	common := 0
	for _, n := range b {
		if in[lang.Fold(n)] {
			common++
		}
	}
	return common == len(a) && common == len(b) || years && (common == len(a) || common == len(b))
}

var yearIn = regexp.MustCompile(`\b(19|20)\d\d\b`)

// withoutYear is a column's name less its sheet's year: "Entrées 2020" on "2020".
func withoutYear(name, sheet string) string {
	year := yearIn.FindString(sheet)
	if year == "" || name == year {
		return name
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(name, year, "")), " ")
}

// together reads sheets of the same columns as one table, with what sets them apart
// as its last column: the year in their names, else the names.
func together(sheets []alikeSheet, model *layout) (opener, *layout) {
	l := model.clone()
	l.start, l.row = 0, nil
	width := len(l.names)
	marks, name := make([]string, len(sheets)), "annee"
	seen := map[string]bool{}
	for i, s := range sheets {
		years := yearIn.FindAllString(s.name, 2)
		if len(years) != 1 || seen[years[0]] || l.taken("annee") || l.taken("année") {
			name = "feuille"
			break
		}
		marks[i], seen[years[0]] = years[0], true
	}
	if name == "feuille" {
		for i, s := range sheets {
			marks[i] = s.name
		}
	}
	l.addName(name)
	l.header = append(l.header, l.names[width])
	return func(ctx context.Context) (records, error) {
		return &joined{ctx: ctx, sheets: sheets, marks: marks, width: width}, nil
	}, l
}

// joined reads the rows of data of several sheets, one after the other.
type joined struct {
	ctx    context.Context
	sheets []alikeSheet
	marks  []string
	width  int

	at   int     // sheet being read
	src  records // nil between sheets
	n    int     // records read of it
	line int     // of the last record given
	base int     // lines of the sheets before
}

// Close closes the sheet being read.
func (j *joined) Close() error {
	if j.src == nil {
		return nil
	}
	return j.src.Close()
}

// next returns the next row of data, its sheet's mark in the last column.
func (j *joined) next() (record, error) {
	for j.at < len(j.sheets) {
		s := j.sheets[j.at]
		if j.src == nil {
			var err error
			if j.src, err = s.open(j.ctx); err != nil {
				return record{}, err
			}
			j.n = 0
		}
		rec, err := j.src.next()
		if err == io.EOF {
			if err := j.Close(); err != nil {
				return record{}, err
			}
			j.src, j.base = nil, j.line
			j.at++
			continue
		}
		if err != nil {
			return record{}, err
		}
		if j.n++; j.n <= s.layout.start || rec.blank() || s.layout.repeats(rec) || s.layout.remarks(rec) {
			continue
		}
		rec.line += j.base
		j.line = rec.line
		rec.cells = j.marked(rec.cells)
		return rec, nil
	}
	return record{}, io.EOF
}

// marked is a row of the sheet being read in the order of all, with its mark.
func (j *joined) marked(row []string) []string {
	order := j.sheets[j.at].order
	cells := make([]string, j.width+1)
	if order == nil {
		copy(cells[:j.width], row)
	}
	for i, at := range order {
		if i < len(row) && at >= 0 && at < j.width {
			cells[at] = row[i]
		}
	}
	cells[j.width] = j.marks[j.at]
	return cells
}

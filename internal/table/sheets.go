package table

import (
	"context"
	"io"
	"regexp"
	"slices"
)

// maxSheets bounds the sheets read as one table.
const maxSheets = 200

// alikeSheet is a sheet with where its table lies.
type alikeSheet struct {
	sheet
	layout *layout
}

// alike lists the sheets that have the header of one of them, in the workbook's
// order, with that header's layout. A sheet that cannot be read is none of them.
func alike(ctx context.Context, sheets []sheet, best int) ([]alikeSheet, *layout) {
	layouts := make([]*layout, len(sheets))
	for i := range sheets[:min(len(sheets), maxSheets)] {
		rows, err := sample(ctx, sheets[i].open)
		if err != nil {
			continue
		}
		if l, err := findLayout(rows); err == nil && !l.headless && len(l.names) > 1 {
			layouts[i] = l
		}
	}
	model := layouts[best]
	if model == nil {
		return nil, nil
	}
	var out []alikeSheet
	for i, l := range layouts {
		if l != nil && slices.Equal(l.names, model.names) {
			out = append(out, alikeSheet{sheets[i], l})
		}
	}
	return out, model
}

var yearIn = regexp.MustCompile(`\b(19|20)\d\d\b`)

// together reads sheets of one header as one table, with what sets them apart
// as its last column: the year in their names, else the names.
func together(sheets []alikeSheet, model *layout) (opener, *layout) {
	l := *model
	l.start, l.row, l.units = 0, nil, slices.Clone(model.units)
	l.names, l.header = slices.Clone(model.names), slices.Clone(model.header)
	width := len(l.names)
	marks, name := make([]string, len(sheets)), "annee"
	seen := map[string]bool{}
	for i, s := range sheets {
		years := yearIn.FindAllString(s.name, 2)
		if len(years) != 1 || seen[years[0]] {
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
	for len(l.header) < width {
		l.header = append(l.header, "")
	}
	l.addName(name)
	l.header = append(l.header, l.names[width])
	return func(ctx context.Context) (records, error) {
		return &joined{ctx: ctx, sheets: sheets, marks: marks, width: width}, nil
	}, &l
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
		if j.n++; j.n <= s.layout.start || rec.blank() || s.layout.repeats(rec) {
			continue
		}
		rec.line += j.base
		j.line = rec.line
		cells := make([]string, j.width+1)
		copy(cells[:j.width], rec.cells)
		cells[j.width] = j.marks[j.at]
		rec.cells = cells
		return rec, nil
	}
	return record{}, io.EOF
}

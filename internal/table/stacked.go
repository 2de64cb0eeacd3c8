package table

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A table of a text file that holds several has so many lines at least, its names
// among them: fewer are said of the table below.
const stackedLines = 3

// textTables are the tables of a short text file, below or beside one another as
// on a sheet, the largest first; nil where it holds one. Those without a line above
// them are called by their first columns.
func textTables(ctx context.Context, open opener) ([]sheet, error) {
	rows, err := sampleOf(ctx, open, regionRows+1)
	if err != nil || len(rows) > regionRows {
		return nil, err
	}
	lines := make([]int, len(rows))
	for i := range rows { // a cell over two lines leaves no line blank
		lines[i], rows[i].line = rows[i].line, i
	}
	type part struct {
		sheet
		cells int
	}
	var parts []part
	seen := map[string]int{}
	for _, r := range regions(rows) {
		body := slices.DeleteFunc(cut(rows, r), func(rec record) bool { return filled(rec) < 2 })
		if len(body) < stackedLines {
			return nil, nil
		}
		if r.name == "" {
			r.name = strings.Join(firstNames(tableHead(body)), ", ")
		}
		if seen[r.name]++; seen[r.name] > 1 {
			r.name = fmt.Sprintf("%s (%d)", r.name, seen[r.name])
		}
		r.from, r.to = lines[r.from], lines[r.to]
		parts = append(parts, part{within(sheet{open: open}, r, len(parts)+1), len(body) * filled(body[0])})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return b.cells - a.cells })
	var out []sheet
	for _, p := range parts {
		out = append(out, p.sheet)
	}
	return out, nil
}

// firstNames are three names at most.
func firstNames(names []string) []string {
	var out []string
	for _, n := range names {
		if n != "" && len(out) < 3 {
			out = append(out, n)
		}
	}
	return out
}

// textParts lists the tables of a text file that holds several.
func (f *file) textParts(ctx context.Context) ([]Part, error) {
	text, err := f.readText(ctx)
	if err != nil || !text.whole {
		return nil, nil // whoever reads it will say why
	}
	tables, err := textTables(ctx, text.open)
	var parts []Part
	for _, t := range tables {
		parts = append(parts, Part{Name: t.name})
	}
	return parts, err
}

// oneOf opens the table of a text file that a part names, the first where none is
// named; the file itself where it holds one.
func (x *textFile) oneOf(ctx context.Context, part string) (opener, error) {
	if !x.whole {
		return x.open, nil
	}
	tables, err := textTables(ctx, x.open)
	if err != nil || len(tables) == 0 {
		return x.open, err
	}
	at := max(0, slices.IndexFunc(tables, func(s sheet) bool { return s.name == part }))
	return tables[at].open, nil
}

package table

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// bookTable is one table of a workbook: a sheet or its region, or several of the
// same columns.
type bookTable struct {
	name   string
	cells  int
	about  bool // a dictionary
	sheets []alikeSheet
	layout *layout // of all of them together; nil for one alone
}

// sheetTables lists the tables of a workbook's sheets that are shown, the one to
// read first before the others: a dictionary only where there is nothing else.
func (f *file) sheetTables(ctx context.Context) ([]bookTable, []Left, error) {
	sheets, err := f.sheets(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, left, err := looked(ctx, sheets)
	if err != nil {
		return nil, nil, err
	}
	var out []bookTable
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return all[b].cells - all[a].cells })
	taken := make([]bool, len(all))
	for _, i := range order {
		if taken[i] {
			continue
		}
		t := bookTable{name: all[i].name, cells: all[i].cells, about: all[i].about, sheets: []alikeSheet{{sheet: all[i].sheet, layout: all[i].layout}}}
		if like, l, at := alike(all, i, taken); len(like) > 1 {
			t.sheets, t.layout = like, l
			var names []string
			for n, j := range at {
				taken[j] = true
				names = append(names, like[n].name)
			}
			t.name = strings.Join(names, ", ")
		}
		taken[i] = true
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b bookTable) int { return truths(a.about) - truths(b.about) })
	for i, n := 1, 0; i < len(out); i++ { // there are tables: what is about them is none
		if n = i; out[i].about && !out[0].about {
			for _, t := range out[n:] {
				left = append(left, Left{t.name, &Error{Reason: NotTable, Detail: "dictionary"}})
			}
			out = out[:n]
			break
		}
	}
	unique(out)
	return out, left, nil
}

func truths(b bool) int {
	if b {
		return 1
	}
	return 0
}

// unique tells tables of one name apart.
func unique(tables []bookTable) {
	seen := map[string]int{}
	for i, t := range tables {
		if seen[t.name]++; seen[t.name] > 1 {
			tables[i].name = fmt.Sprintf("%s (%d)", t.name, seen[t.name])
		}
	}
}

// lookedAt is a sheet, or a region of one, with what its first rows tell.
type lookedAt struct {
	sheet
	layout *layout // nil where it is told by reading alone
	cells  int
	about  bool
}

// looked reads the first rows of each sheet, all rows of a short one.
func looked(ctx context.Context, sheets []sheet) ([]lookedAt, []Left, error) {
	var out []lookedAt
	var left []Left
	alone := len(sheets) == 1
	for i, s := range sheets {
		if i >= maxSheets {
			left = append(left, Left{s.name, &Error{Reason: TooLarge, Detail: "parts"}})
			continue
		}
		parts, err := s.split(ctx)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range parts {
			l, err := p.look(ctx, alone && len(parts) == 1)
			if err != nil {
				return nil, nil, err
			}
			if l.cells > 0 {
				out = append(out, l)
			} else {
				left = append(left, Left{p.name, &Error{Reason: NotTable, Detail: "prose"}})
			}
		}
	}
	return out, left, nil
}

// split is a sheet as the tables that stand on it.
func (s sheet) split(ctx context.Context) ([]sheet, error) {
	if s.shape == nil {
		return []sheet{s}, nil
	}
	sh, err := s.shape(ctx)
	if err != nil || sh.rows > regionRows {
		return []sheet{s}, err
	}
	rows, err := sampleOf(ctx, s.open, regionRows)
	if err != nil {
		return nil, err
	}
	found := regions(rows)
	if len(found) < 2 {
		return []sheet{s}, nil
	}
	var out []sheet
	for i, r := range found {
		out = append(out, within(s, r, i+1))
	}
	return out, nil
}

// look finds out what a sheet holds; cells is 0 where it is no table: a cover or
// a page of text. alone tells that there is no other to read.
func (s sheet) look(ctx context.Context, alone bool) (lookedAt, error) {
	l := lookedAt{sheet: s}
	rows, err := sample(ctx, s.open)
	if err != nil {
		return l, err
	}
	body := nonBlank(rows)
	if !alone && (len(body) < 2 || usualFill(body) < 2) {
		return l, nil
	}
	for _, r := range body {
		l.cells += filled(r)
	}
	if s.shape != nil && len(body) > 0 {
		sh, err := s.shape(ctx)
		if err != nil {
			return l, err
		}
		l.cells *= max(1, sh.rows/len(body))
	}
	if l.layout, err = findLayout(rows); err != nil {
		l.layout = nil
		return l, nil
	}
	l.about = isAbout(s.name, l.layout, rows)
	return l, nil
}

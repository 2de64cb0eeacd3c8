package table

import (
	"context"
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// arrangement says where each cell of a row goes in the table's columns; nil
// where it stays.
type arrangement []int

// arrange finds the places of names among those of a table, however they are
// ordered and written. Names it has not are added to more. ok is false where the
// names are not the table's: fewer than two of them, or than half, are.
func arrange(known, names, more []string) (to arrangement, _ []string, ok bool) {
	all := append(slices.Clip(known), more...)
	folded := make([]string, len(all))
	for i, n := range all {
		folded[i] = lang.Fold(n)
	}
	to = make(arrangement, len(names))
	taken := make([]bool, len(folded))
	found, given, same := 0, 0, true
	for i, n := range names {
		if to[i] = -1; n == "" {
			continue
		}
		given++
		if at := untaken(folded, taken, lang.Fold(n)); at >= 0 {
			to[i], taken[at] = at, true
			found++
		} else {
			if n := scanNumber(n); n.form != notNumber && !isYear(n) {
				return nil, more, false
			}
			to[i] = len(known) + len(more)
			more = append(more, strings.Clone(n))
		}
		same = same && to[i] == i
	}
	if found < 2 || found*2 < given || found*2 < len(known) {
		return nil, more, false
	}
	if same {
		to = nil
	}
	return to, more, true
}

// untaken is the first place of a name among those that are not taken, or -1.
func untaken(names []string, taken []bool, name string) int {
	for at, n := range names {
		if n == name && !taken[at] && name != "" {
			return at
		}
	}
	return -1
}

// of puts a row's cells where they belong, in a buffer that is written again.
func (a arrangement) of(cells, buf []string) []string {
	if a == nil {
		return cells
	}
	buf = buf[:0]
	for i, c := range cells {
		at := i
		if i < len(a) {
			at = a[i]
		}
		if at < 0 || c == "" {
			continue
		}
		for len(buf) <= at {
			buf = append(buf, "")
		}
		buf[at] = c
	}
	return buf
}

// again reads rows below a header that is met again: as it is, with its names in
// another order or case, or with some more.
func (l *layout) again(open opener) opener {
	if l.row == nil || !slices.Equal(l.row, l.header) || len(l.row) < 2 {
		return open
	}
	var known [256]bool // lengths of the names, near enough: few cells are so long
	first := map[byte]bool{}
	for _, n := range l.row {
		if f := lang.Fold(n); f != "" {
			first[f[0]] = true
		}
		for d := -4; d <= 8; d++ {
			if at := len(n) + d; at > 0 && at < len(known) {
				known[at] = true
			}
		}
	}
	return func(ctx context.Context) (records, error) {
		rows, err := open(ctx)
		if err != nil {
			return nil, err
		}
		return &headed{records: rows, layout: l, lengths: &known, first: first}, nil
	}
}

// headed are rows whose header may be met again.
type headed struct {
	records
	layout  *layout
	lengths *[256]bool
	first   map[byte]bool
	n       int
	order   arrangement
	more    []string // names of columns that the first header has not
	buf     []string
}

func (h *headed) next() (record, error) {
	rec, err := h.records.next()
	if err != nil {
		return rec, err
	}
	if h.n++; h.n <= h.layout.start {
		return rec, nil
	}
	if h.likely(rec.cells) {
		if to, more, ok := arrange(h.layout.row, rec.cells, h.more); ok && (len(more) == len(h.more) || !h.numbers(rec.cells)) {
			h.order, h.more = to, more
			rec.head = true
			return rec, nil
		}
	}
	if h.order != nil {
		h.buf = h.order.of(rec.cells, h.buf)
		rec.cells = h.buf
	}
	return rec, nil
}

// likely tells a row that is worth a look: its first cells may be names of the
// header. Nearly all rows are told by it.
func (h *headed) likely(cells []string) bool {
	seen := 0
	for _, c := range cells {
		if c == "" {
			continue
		}
		if len(c) >= len(h.lengths) || !h.lengths[len(c)] || c[0] < 0x80 && !h.first[c[0]|0x20] && !h.first[c[0]] {
			return false
		}
		if seen++; seen == 2 {
			return true
		}
	}
	return false
}

// plainRows are rows as their file gives them.
func plainRows(r records) records {
	if h, ok := r.(*headed); ok {
		return h.records
	}
	return r
}

func (h *headed) numbers(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return c != "" && scanNumber(c).form != notNumber })
}

// nameOf is the name of a column past the header: that of a header met later.
func (s *survey) nameOf(column int) string {
	if h, ok := s.src.(*headed); ok {
		if at := column - len(h.layout.row); at >= 0 && at < len(h.more) {
			return h.more[at]
		}
	}
	return ""
}

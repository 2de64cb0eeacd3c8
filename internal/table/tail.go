package table

import (
	"strings"
)

// tail holds back the last rows met.
type tail struct {
	ring [tailRows + 1]record
	at   int // of the first row in ring
	n    int // rows held
	held int // bytes of their cells
}

func (t *tail) push(r record) {
	slot := &t.ring[(t.at+t.n)%len(t.ring)]
	r.cells = append(slot.cells[:0], r.cells...)
	*slot = r
	t.n++
	t.held += r.size()
}

func (t *tail) full() bool { return t.n > tailRows || t.held > tailBytes && t.n > 1 }

// shift lets the first row go; it is good until the next push.
func (t *tail) shift() record {
	r := t.ring[t.at]
	t.at = (t.at + 1) % len(t.ring)
	t.n--
	t.held -= r.size()
	return r
}

func (t *tail) rows() []record {
	rows := make([]record, t.n)
	for i := range rows {
		rows[i] = t.ring[(t.at+i)%len(t.ring)]
	}
	return rows
}

// cutShort tells whether the last row, whose line does not end, breaks off where
// all before it go on: a download that was cut. A line of one cell may be a
// note below the table, unless it is a number.
func cutShort(tail []record, width int) bool {
	for _, r := range tail[:len(tail)-1] {
		if len(r.cells) != width {
			return false
		}
	}
	cells := tail[len(tail)-1].cells
	switch {
	case len(tail) < 2 || len(cells) >= width:
		return false
	case len(cells) == 1:
		return width > 1 && strings.Trim(cells[0], "0123456789") == "" && cells[0] != ""
	}
	return true
}

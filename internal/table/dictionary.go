package table

import (
	"hash/maphash"
	"strings"
)

// Bounds on the different cells of one column that are told apart, and on what
// those of all columns take, in bytes.
const (
	maxEntries    = 1 << 16
	maxDictionary = 24 << 20
)

// dictionary counts the different cells of a column, in the order they are met,
// as long as they are few: what is found out about a cell is then found out
// once, however often it stands in the column.
type dictionary struct {
	entries []entry
	slots   []uint64 // the upper half of a cell's hash, and its place in entries, from 1
	last    int      // place of the cell met last
	bytes   int
}

type entry struct {
	cell  string
	count int64
	value value   // what the column's reading makes of it
	of    *stream // that read it so
}

// seed makes hashes of this process; they never leave it.
var seed = maphash.MakeSeed()

func newDictionary() *dictionary { return &dictionary{slots: make([]uint64, 64)} }

// find is the place of a cell in entries, or -1.
func (d *dictionary) find(cell string) int {
	if at := d.guess(cell); at >= 0 {
		return at
	}
	at, _ := d.slot(cell)
	if at >= 0 {
		d.last = at
	}
	return at
}

// guess is the place of a cell that is the one met last, or the one that came
// after it the first time, or -1: rows are mostly sorted.
func (d *dictionary) guess(cell string) int {
	for at := d.last; at < len(d.entries) && at <= d.last+1; at++ {
		if d.entries[at].cell == cell {
			d.last = at
			return at
		}
	}
	return -1
}

// slot is the place of a cell in entries, or -1, and the slot it has or would have.
func (d *dictionary) slot(cell string) (at int, slot int) {
	tag := maphash.String(seed, cell) >> 32
	for i := int(tag) & (len(d.slots) - 1); ; i = (i + 1) & (len(d.slots) - 1) {
		s := d.slots[i]
		if s == 0 {
			return -1 - int(tag), i
		}
		if n := int(uint32(s)) - 1; s>>32 == tag && d.entries[n].cell == cell {
			return n, i
		}
	}
}

// add counts a cell, and returns the bytes it takes more; ok is false where
// there are too many to hold, and it is not counted.
func (d *dictionary) add(cell string) (grown int, ok bool) {
	if at := d.guess(cell); at >= 0 {
		d.entries[at].count++
		return 0, true
	}
	at, slot := d.slot(cell)
	if at >= 0 {
		d.entries[at].count++
		d.last = at
		return 0, true
	}
	if len(d.entries) == maxEntries {
		return 0, false
	}
	d.last = len(d.entries)
	d.slots[slot] = uint64(-1-at)<<32 | uint64(d.last+1)
	d.entries = append(d.entries, entry{cell: strings.Clone(cell), count: 1}) // cell is a part of its block, which must not live on
	if 2*len(d.entries) > len(d.slots) {
		d.grow()
	}
	grown = len(cell) + entryBytes
	d.bytes += grown
	return grown, true
}

// entryBytes is what an entry and its slots take, about.
const entryBytes = 80

func (d *dictionary) grow() {
	old := d.slots
	d.slots = make([]uint64, 2*len(old))
	for _, s := range old {
		if s == 0 {
			continue
		}
		i := int(s>>32) & (len(d.slots) - 1)
		for d.slots[i] != 0 {
			i = (i + 1) & (len(d.slots) - 1)
		}
		d.slots[i] = s
	}
}

// cells are those of one column: told apart as long as they are few.
type cells struct {
	few  *dictionary // nil once they are many
	many tally       // of what few does not hold
}

// add takes a cell, trimmed and not empty, out of the room left for
// dictionaries. It returns the dictionary that it gives up, which does not count
// the cell, once they are many.
func (c *cells) add(cell string, room *int) (spilled *dictionary) {
	if c.few != nil {
		grown, ok := c.few.add(cell)
		if *room -= grown; ok && *room >= 0 {
			return nil
		}
		spilled = c.few
		if ok {
			spilled.entries[spilled.last].count--
		}
		*room += spilled.bytes
		spilled.fold(&c.many)
		c.few = nil
	}
	c.many.add(cell, 1)
	return spilled
}

// fold adds all cells to a tally.
func (d *dictionary) fold(t *tally) {
	for i := range d.entries {
		if e := &d.entries[i]; e.count > 0 {
			t.add(e.cell, e.count)
		}
	}
}

// tally is what all the cells were found to be.
func (c *cells) tally() tally {
	t := c.many.clone()
	if c.few != nil {
		c.few.fold(&t)
	}
	return t
}

// hashes tells values apart by their hashes alone. Two of ten million values
// share one in a run of a hundred thousand.
//
// They are sorted into parts by their first bits as they come, and each part is
// looked through once it is full, while it fits the processor's cache.
type hashes struct {
	parts [256][]uint64
	table []uint64 // a part's different hashes, while it is looked through
}

// partHashes is how many hashes make a part full at first.
const partHashes = 512

// maxHashes bounds what the hashes of all columns of a table take, in bytes;
// more are left to SQL.
const maxHashes = 24 << 20

// add takes a hash, out of the room left for all columns; ok is false where there
// is none.
func (h *hashes) add(hash uint64, room *int) (ok bool) {
	part := &h.parts[hash>>56]
	if len(*part) < cap(*part) {
		*part = append(*part, hash)
		return true
	}
	return h.more(part, hash, room)
}

// more is add for a part that is full: what it holds twice is taken out, and it is
// made larger where that leaves little room.
func (h *hashes) more(part *[]uint64, hash uint64, room *int) bool {
	*part = h.distinct(*part)
	if 2*len(*part) >= cap(*part) {
		more := max(partHashes, cap(*part))
		if *room < 8*more {
			for i := range h.parts {
				*room += 8 * cap(h.parts[i])
				h.parts[i] = nil
			}
			return false
		}
		*room -= 8 * more
		grown := make([]uint64, len(*part), cap(*part)+more)
		copy(grown, *part)
		*part = grown
	}
	*part = append(*part, hash)
	return true
}

// distinct leaves each hash of a part once, where it was.
func (h *hashes) distinct(part []uint64) []uint64 {
	size := 1
	for size < 2*len(part) {
		size *= 2
	}
	if len(h.table) < size {
		h.table = make([]uint64, size)
	}
	table := h.table[:size]
	clear(table)
	kept, zero := part[:0], false
	for _, hash := range part {
		i := int(hash) & (size - 1)
		for table[i] != 0 && table[i] != hash {
			i = (i + 1) & (size - 1)
		}
		switch {
		case hash == 0 && !zero:
			zero = true
		case hash == 0 || table[i] == hash:
			continue
		}
		table[i] = hash
		kept = append(kept, hash)
	}
	return kept
}

// len is how many different hashes there are.
func (h *hashes) len() (n int64) {
	for i := range h.parts {
		h.parts[i] = h.distinct(h.parts[i])
		n += int64(len(h.parts[i]))
	}
	return n
}

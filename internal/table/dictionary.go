package table

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
	"strings"
	"unsafe"
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
	long    []string // the cells that are too long for their entries
	slots   []uint64 // the upper half of a cell's hash, and its place in entries, from 1
	last    int      // place of the cell met last
	met     string   // that cell, where it stands in what was read; "" where that is not known
	bytes   int
}

// entry is a cell, how often it was met, and what the column's reading makes of it.
// It holds no pointers and fits a line of the processor's cache: most of what
// reading takes is waiting for entries.
type entry struct {
	key   key
	count int64
	value value
	read  bool // value is known
}

// key is a cell of up to 15 bytes, with its length in the last byte; or the place of
// a longer one in long.
type key [2]uint64

const (
	keyBytes = 15
	longKey  = 0xff << 56
)

// keyOf is the key of a cell that is short.
func keyOf(s string) (k key) {
	n := len(s)
	b := unsafe.Slice(unsafe.StringData(s), n)
	switch {
	case n >= 8:
		k[0] = binary.LittleEndian.Uint64(b)
		k[1] = binary.LittleEndian.Uint64(b[n-8:]) >> (8 * (16 - n))
	case n >= 4:
		k[0] = uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<(8*(n-4))
	case n > 0:
		k[0] = uint64(b[0]) | uint64(b[n/2])<<(8*(n/2)) | uint64(b[n-1])<<(8*(n-1))
	}
	k[1] |= uint64(n) << 56
	return k
}

// seed makes hashes of this process; they never leave it.
var seed = maphash.MakeSeed()

// salts are seed for short cells.
var salts = [2]uint64{rand.Uint64() | 1, rand.Uint64() | 1}

// hash is the upper half of a short cell's hash.
func (k key) hash() uint64 {
	high, low := bits.Mul64(k[0]^salts[0], k[1]^salts[1])
	return mix(high^low^k[0]) >> 32
}

func newDictionary() *dictionary { return &dictionary{slots: make([]uint64, 64)} }

// cell is the cell of an entry.
func (d *dictionary) cell(e *entry) string {
	if e.key[1] >= longKey {
		return d.long[e.key[0]]
	}
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:], e.key[0])
	binary.LittleEndian.PutUint64(b[8:], e.key[1])
	return string(b[:b[keyBytes]])
}

// is tells whether an entry is that of a cell; k is its key if it is short.
func (d *dictionary) is(e *entry, cell string, k key) bool {
	if len(cell) <= keyBytes {
		return e.key == k
	}
	return e.key[1] >= longKey && d.long[e.key[0]] == cell
}

// find is the place of a cell in entries, or -1.
func (d *dictionary) find(cell string) int {
	if len(cell) == len(d.met) && unsafe.StringData(cell) == unsafe.StringData(d.met) { // it was just added; what was read is never written again
		return d.last
	}
	var k key
	if len(cell) <= keyBytes {
		k = keyOf(cell)
	}
	if at := d.guess(cell, k); at >= 0 {
		return at
	}
	at, _ := d.slot(cell, k)
	if at >= 0 {
		d.last, d.met = at, ""
	}
	return at
}

// guess is the place of a cell that is the one met last, or the one that came
// after it the first time, or -1: rows are mostly sorted.
func (d *dictionary) guess(cell string, k key) int {
	for at := d.last; at < len(d.entries) && at <= d.last+1; at++ {
		if d.is(&d.entries[at], cell, k) {
			d.last, d.met = at, ""
			return at
		}
	}
	return -1
}

// slot is the place of a cell in entries, or -1, and the slot it has or would have.
func (d *dictionary) slot(cell string, k key) (at int, slot int) {
	var tag uint64
	if len(cell) <= keyBytes {
		tag = k.hash()
	} else {
		tag = maphash.String(seed, cell) >> 32
	}
	for i := int(tag) & (len(d.slots) - 1); ; i = (i + 1) & (len(d.slots) - 1) {
		s := d.slots[i]
		if s == 0 {
			return -1 - int(tag), i
		}
		if n := int(uint32(s)) - 1; s>>32 == tag && d.is(&d.entries[n], cell, k) {
			return n, i
		}
	}
}

// add counts a cell, and returns the bytes it takes more; ok is false where
// there are too many to hold, and it is not counted.
func (d *dictionary) add(cell string) (grown int, ok bool) {
	var k key
	if len(cell) <= keyBytes {
		k = keyOf(cell)
	}
	at := d.guess(cell, k)
	if at < 0 {
		var slot int
		if at, slot = d.slot(cell, k); at < 0 {
			if len(d.entries) == maxEntries {
				return 0, false
			}
			grown = d.enter(cell, k, slot, uint64(-1-at))
			at = len(d.entries) - 1
		}
	}
	d.entries[at].count++
	d.last, d.met = at, cell
	return grown, true
}

// enter makes the entry of a cell that is new, and returns the bytes it takes.
func (d *dictionary) enter(cell string, k key, slot int, tag uint64) int {
	grown := entryBytes
	if len(cell) > keyBytes {
		k = key{uint64(len(d.long)), longKey}
		d.long = append(d.long, strings.Clone(cell)) // cell is a part of its block, which must not live on
		grown += len(cell) + 16
	}
	d.entries = append(d.entries, entry{key: k})
	d.slots[slot] = tag<<32 | uint64(len(d.entries))
	if 2*len(d.entries) > len(d.slots) {
		d.grow()
	}
	d.bytes += grown
	return grown
}

// entryBytes is what an entry and its slots take, about.
const entryBytes = 88

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
			t.add(d.cell(e), e.count)
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

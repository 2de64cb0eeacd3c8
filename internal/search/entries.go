package search

import (
	"encoding/binary"
	"iter"
)

// entries are those of a part in their serial form, from which one is read when
// it is asked for: a catalogue is many, and a question looks at some hundreds.
type entries struct {
	text string // end to end
	ends []byte // uint32 for each: where it ends in text
}

func (es *entries) len() int { return len(es.ends) / 4 }

func (es *entries) raw(i int) string {
	start := 0
	if i > 0 {
		start = u32(es.ends, i-1)
	}
	return es.text[start:u32(es.ends, i)]
}

// at reads one entry; its strings are parts of text.
func (es *entries) at(i int) *entry {
	e := &entry{}
	r := reader{s: es.raw(i)} // a file's checksum vouches for what is read
	for _, s := range e.strings() {
		*s = r.take(r.uvarint())
	}
	e.created, e.modified = r.varint(), r.varint()
	flags := r.uvarint()
	e.local, e.tabular = flags&2 != 0, flags&1 != 0
	if rich := r.take(1); rich != "" {
		e.rich = rich[0]
	}
	e.from, e.to = r.uint16(), r.uint16()
	return e
}

func (e *entry) strings() []*string {
	return []*string{&e.id, &e.name, &e.title, &e.publisher, &e.portal, &e.url, &e.frequency, &e.spatial, &e.places}
}

func (e *entry) append(b []byte) []byte {
	for _, s := range e.strings() {
		b = binary.AppendUvarint(b, uint64(len(*s)))
		b = append(b, *s...)
	}
	b = binary.AppendVarint(b, e.created)
	b = binary.AppendVarint(b, e.modified)
	b = binary.AppendUvarint(b, bit(e.local)<<1|bit(e.tabular))
	b = append(b, e.rich)
	b = binary.LittleEndian.AppendUint16(b, e.from)
	return binary.LittleEndian.AppendUint16(b, e.to)
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// entry is the dataset of a number; shelf and local say where it stands.
func (x *Index) entry(doc int) *entry {
	s := x.shelfOf(doc)
	return s.entries.at(doc - s.first)
}

// shelfOf is the shelf on which the dataset of a number stands.
func (x *Index) shelfOf(doc int) *shelf {
	for i := len(x.shelves) - 1; i > 0; i-- {
		if s := &x.shelves[i]; doc >= s.first {
			return s
		}
	}
	return &x.shelves[0]
}

// all are the numbers and entries of the datasets that the index holds.
func (x *Index) all() iter.Seq2[int, *entry] {
	return func(yield func(int, *entry) bool) {
		for s := range x.shelves {
			s := &x.shelves[s]
			for i := range s.entries.len() {
				if !s.gone.has(i) && !yield(s.first+i, s.entries.at(i)) {
					return
				}
			}
		}
	}
}

// mark is what tells whether a dataset is unchanged and which others are like it:
// read of all datasets at every update, hence apart from the entries, each in as
// many bytes.
type mark struct {
	hash   [16]byte // of all that the index reads of the dataset
	frame  uint64   // hash of what the titles of a series share, and of their publisher; 0: none
	series uint64   // hash of what near-identical sheets share: publisher and opening of the title
	sketch sketch
}

type marks []byte

const markSize = 16 + 8 + 8 + 2*sketchSize

func (m mark) append(b []byte) []byte {
	b = append(b, m.hash[:]...)
	b = binary.LittleEndian.AppendUint64(b, m.frame)
	b = binary.LittleEndian.AppendUint64(b, m.series)
	for _, k := range m.sketch {
		b = binary.LittleEndian.AppendUint16(b, k)
	}
	return b
}

func (ms marks) at(i int) (m mark) {
	b := ms[i*markSize:][:markSize]
	copy(m.hash[:], b)
	m.frame = binary.LittleEndian.Uint64(b[16:])
	m.series = binary.LittleEndian.Uint64(b[24:])
	for k := range m.sketch {
		m.sketch[k] = binary.LittleEndian.Uint16(b[32+2*k:])
	}
	return m
}

// reader takes values off a string; bad is set by the first that is not there.
type reader struct {
	s   string
	bad bool
}

func (r *reader) take(n uint64) string {
	if n > uint64(len(r.s)) {
		r.bad = true
		return ""
	}
	out := r.s[:n]
	r.s = r.s[n:]
	return out
}

func (r *reader) uvarint() uint64 {
	var v uint64
	for i := 0; i < len(r.s) && i < binary.MaxVarintLen64; i++ {
		c := r.s[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.s = r.s[i+1:]
			return v
		}
	}
	r.bad = true
	return 0
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (r *reader) uint16() uint16 {
	b := r.take(2)
	if r.bad {
		return 0
	}
	return uint16(b[0]) | uint16(b[1])<<8
}

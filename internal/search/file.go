package search

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
)

// The file of an index: a magic line, sections (a length and bytes each), and
// a CRC-32C of all that. It is read in one go; words are searched as they lie.
// Sections are the entries, five of words, then two for each embedder: its name
// and its vectors (their length, then float32 numbers).
const magic = "cigogne search index 4\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Errors of Open, to be told by errors.Is.
var (
	ErrFormat = errors.New("not a search index of this version, or damaged")
	ErrModel  = errors.New("search index made with another embedding model")
)

// Save writes the index to path, whole or not at all.
func (x *Index) Save(path string) error {
	out := []byte(magic)
	section := func(b []byte) {
		out = binary.LittleEndian.AppendUint64(out, uint64(len(b)))
		out = append(out, b...)
	}
	section(encodeEntries(x.entries))
	for _, b := range [][]byte{x.words.text, x.words.ends, x.words.post, x.words.posts, x.words.dfs} {
		section(b)
	}
	for _, m := range x.meanings {
		section([]byte(m.name))
		v := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+4*len(m.vectors.flat)), uint32(m.vectors.dims))
		for _, f := range m.vectors.flat {
			v = binary.LittleEndian.AppendUint32(v, math.Float32bits(f))
		}
		section(v)
	}
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))

	tmp, err := os.CreateTemp(filepath.Dir(path), ".index-*")
	if err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(out)
	if e := tmp.Sync(); err == nil {
		err = e
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	return nil
}

// Open reads an index that Save wrote. It fails with ErrFormat for a damaged
// file or one of another version, and with ErrModel where it holds no vectors
// of the last of Options.Embedders; either calls for Build. Embedders before the
// last that it holds no vectors of are done without, and the log says so.
func Open(ctx context.Context, path string, o Options) (*Index, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	x, err := decode(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("read search index %s: %w", path, err)
	}
	x.finish(o)
	for _, name := range x.adopt(o.Embedders) {
		if name == o.Embedders[len(o.Embedders)-1].Name() {
			return nil, fmt.Errorf("read search index %s: %w: %q, not %q", path, ErrModel, x.Models(), name)
		}
		x.log.WarnContext(ctx, "the search index holds no vectors of an embedding model: harvest again", "model", name)
	}
	return x, nil
}

func decode(ctx context.Context, b []byte) (*Index, error) {
	if len(b) < len(magic)+4 || string(b[:len(magic)]) != magic {
		return nil, ErrFormat
	}
	body, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if crc32.Checksum(body, castagnoli) != sum {
		return nil, ErrFormat
	}
	body = body[len(magic):]
	var sections [][]byte
	for len(body) > 0 {
		if len(body) < 8 {
			return nil, ErrFormat
		}
		n := binary.LittleEndian.Uint64(body)
		body = body[8:]
		if n > uint64(len(body)) {
			return nil, ErrFormat
		}
		sections, body = append(sections, body[:n:n]), body[n:]
	}
	const before = 6 // sections before those of embedders
	if len(sections) < before || len(sections)%2 != 0 {
		return nil, ErrFormat
	}
	x := &Index{}
	var err error
	if x.entries, err = decodeEntries(sections[0]); err != nil {
		return nil, err
	}
	x.words = &words{text: sections[1], ends: sections[2], post: sections[3], posts: sections[4], dfs: sections[5]}
	if !x.words.valid() {
		return nil, ErrFormat
	}
	for i := before; i < len(sections); i += 2 {
		v, err := decodeVectors(ctx, sections[i+1], len(x.entries))
		if err != nil {
			return nil, err
		}
		x.meanings = append(x.meanings, meaning{name: string(sections[i]), vectors: v})
	}
	return x, nil
}

func decodeVectors(ctx context.Context, b []byte, n int) (*vectors, error) {
	if len(b) < 4 {
		return nil, ErrFormat
	}
	dims, nums := int(binary.LittleEndian.Uint32(b)), b[4:]
	if len(nums) != 4*dims*n {
		return nil, ErrFormat
	}
	flat := make([]float32, len(nums)/4)
	for i := range flat {
		flat[i] = math.Float32frombits(binary.LittleEndian.Uint32(nums[4*i:]))
	}
	return newVectors(ctx, dims, flat)
}

// valid checks the offsets once, so that lookups need not.
func (w *words) valid() bool {
	n := len(w.ends)
	if n%4 != 0 || len(w.posts) != n || len(w.dfs) != n {
		return false
	}
	return ascending(w.ends, len(w.text)) && ascending(w.posts, len(w.post))
}

func ascending(ends []byte, limit int) bool {
	last := 0
	for i := range len(ends) / 4 {
		e := u32(ends, i)
		if e < last || e > limit {
			return false
		}
		last = e
	}
	return true
}

func encodeEntries(es []entry) []byte {
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(es)))
	for i := range es {
		e := &es[i]
		for _, s := range e.strings() {
			b = binary.AppendUvarint(b, uint64(len(*s)))
			b = append(b, *s...)
		}
		b = binary.AppendVarint(b, e.created)
		b = binary.AppendVarint(b, e.modified)
		b = binary.AppendUvarint(b, uint64(e.group)<<2|bit(e.local)<<1|bit(e.tabular))
		b = append(b, e.rich)
		b = append(b, e.hash[:]...)
		for _, k := range e.sketch {
			b = binary.LittleEndian.AppendUint16(b, k)
		}
		b = binary.LittleEndian.AppendUint16(b, e.from)
		b = binary.LittleEndian.AppendUint16(b, e.to)
	}
	return b
}

func (e *entry) strings() []*string {
	return []*string{&e.id, &e.name, &e.title, &e.publisher, &e.portal, &e.url, &e.frequency, &e.spatial, &e.places}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func decodeEntries(b []byte) ([]entry, error) {
	r := reader{s: string(b)} // one copy: every entry's strings are parts of it
	n := r.uvarint()
	if n > uint64(len(b)) {
		return nil, ErrFormat
	}
	es := make([]entry, n)
	for i := range es {
		e := &es[i]
		for _, s := range e.strings() {
			*s = r.take(r.uvarint())
		}
		e.created, e.modified = r.varint(), r.varint()
		g := r.uvarint()
		e.group, e.local, e.tabular = uint32(g>>2), g&2 != 0, g&1 != 0
		if rich := r.take(1); rich != "" {
			e.rich = rich[0]
		}
		copy(e.hash[:], r.take(uint64(len(e.hash))))
		for k := range e.sketch {
			e.sketch[k] = r.uint16()
		}
		e.from, e.to = r.uint16(), r.uint16()
	}
	if r.bad {
		return nil, ErrFormat
	}
	return es, nil
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

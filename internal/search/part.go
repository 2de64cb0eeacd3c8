package search

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"sort"
	"strings"
)

// part is a run of datasets that were indexed together. It never changes and is
// a file of its own: an update makes a part of what is new, and says of the
// others' datasets which are gone.
type part struct {
	file    file
	entries entries
	marks   marks
	keys    keys
	words   *words
}

// maxPart is how many datasets a part has at most.
const maxPart = 1 << 17

// shelf is a part as it stands in one index.
type shelf struct {
	*part
	vectors []*vectors // one for each of the index's meanings
	first   int        // the number that the first of its datasets has in the index
	gone    bitset     // its datasets that the index no longer holds
	dfs     []byte     // uint32 for each term: how many of those that it holds have it
}

// bitset is a set of small numbers; nil is empty.
type bitset []byte

func newBitset(n int) bitset    { return make(bitset, (n+7)/8) }
func (b bitset) add(i int)      { b[i/8] |= 1 << (i % 8) }
func (b bitset) has(i int) bool { return b != nil && b[i/8]&(1<<(i%8)) != 0 }

// held is how many datasets of the shelf the index holds.
func (s *shelf) held() (n int) {
	for i := range s.entries.len() {
		if !s.gone.has(i) {
			n++
		}
	}
	return n
}

// count fills dfs, what is gone left out.
func (s *shelf) count() {
	s.dfs = s.words.dfs
	if s.gone == nil {
		return
	}
	s.dfs = make([]byte, len(s.words.dfs))
	for t := range s.words.len() {
		n := 0
		s.words.each(t, func(doc int, _ float32) {
			if !s.gone.has(doc) {
				n++
			}
		})
		binary.LittleEndian.PutUint32(s.dfs[4*t:], uint32(n))
	}
}

// partBuilder gathers datasets of one part, in their order.
type partBuilder struct {
	n     int
	text  []byte // see entries
	ends  []byte
	marks marks
	keys  []key
	words wordsBuilder
}

// add adds a dataset; its words are added to words.
func (b *partBuilder) add(e *entry, m mark) {
	b.text = e.append(b.text)
	b.ends = binary.LittleEndian.AppendUint32(b.ends, uint32(len(b.text)))
	b.marks = m.append(b.marks)
	b.keys = append(b.keys, key{keyHash(e.id), uint32(b.n)})
	if e.name != e.id {
		b.keys = append(b.keys, key{keyHash(e.name), uint32(b.n)})
	}
	b.n++
}

func (b *partBuilder) part() *part {
	return &part{entries: entries{string(b.text), b.ends}, marks: b.marks, keys: keysOf(b.keys), words: b.words.build()}
}

// keys finds datasets by ID or name: for each a hash (uint64) and the dataset's
// number (uint32), by hash.
type keys []byte

const keySize = 12

type key struct {
	hash uint64
	doc  uint32
}

func keyHash(key string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(strings.ToLower(key)))
	return h.Sum64()
}

func keysOf(all []key) keys {
	slices.SortFunc(all, func(a, b key) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.doc, b.doc)) })
	out := make(keys, 0, keySize*len(all))
	for _, k := range all {
		out = binary.LittleEndian.AppendUint64(out, k.hash)
		out = binary.LittleEndian.AppendUint32(out, k.doc)
	}
	return out
}

// each calls f for the datasets whose ID or name has the hash.
func (k keys) each(hash uint64, f func(doc int)) {
	n := len(k) / keySize
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(k[keySize*i:]) }
	for i := sort.Search(n, func(i int) bool { return at(i) >= hash }); i < n && at(i) == hash; i++ {
		f(int(binary.LittleEndian.Uint32(k[keySize*i+8:])))
	}
}

// named is the number of the dataset of that ID or name, case aside; an ID wins
// over another's name.
func (x *Index) named(key string) (doc int, ok bool) {
	byID := false
	for _, s := range x.shelves {
		s.keys.each(keyHash(key), func(i int) {
			if i >= s.entries.len() || s.gone.has(i) || byID {
				return
			}
			e := s.entries.at(i)
			byID = strings.EqualFold(e.id, key)
			if byID || strings.EqualFold(e.name, key) {
				doc, ok = s.first+i, true
			}
		})
	}
	return doc, ok
}

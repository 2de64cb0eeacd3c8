package store

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"
	"sort"
)

// records names the two objects that keep a list of values: one JSON value a
// line, and an index from keys to lines. The zero value is an empty list.
type records struct {
	Lines string `json:"lines,omitempty"`
	Index string `json:"index,omitempty"`
	Count int    `json:"count"`          // of lines
	Keys  int    `json:"keys,omitempty"` // entries of the index
}

func (r records) objects() []string {
	if r.Lines == "" {
		return nil
	}
	return []string{r.Lines, r.Index}
}

// entry is one place of the index: 20 bytes, little endian, sorted by key and
// then by offset. Two keys may share a hash, so what is found is checked.
type entry struct {
	key    uint64 // FNV-1a of the key
	offset uint64
	length uint32
}

const entrySize = 8 + 8 + 4

func hashKey(key string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, key)
	return h.Sum64()
}

// writeRecords keeps a list of values. write adds each with the keys that find
// it; empty and repeated keys count once.
func (d *Draft) writeRecords(write func(add func(value any, keys ...string) error) error) (r records, err error) {
	f, err := os.CreateTemp(d.Temp(), "records-*")
	if err != nil {
		return r, err
	}
	defer os.Remove(f.Name())
	var (
		out    = bufio.NewWriterSize(f, 256<<10)
		index  []entry
		offset uint64
		line   bytes.Buffer
		enc    = json.NewEncoder(&line)
	)
	enc.SetEscapeHTML(false)
	err = write(func(value any, keys ...string) error {
		line.Reset()
		if err := enc.Encode(value); err != nil {
			return err
		}
		for i, key := range keys {
			if key != "" && !slices.Contains(keys[:i], key) {
				index = append(index, entry{hashKey(key), offset, uint32(line.Len())})
			}
		}
		offset += uint64(line.Len())
		r.Count++
		_, err := out.Write(line.Bytes())
		return err
	})
	if err = errors.Join(err, out.Flush(), f.Close()); err != nil {
		return r, err
	}
	lines, err := d.Adopt(f.Name())
	if err != nil {
		return r, err
	}
	r.Lines = lines.SHA256
	r.Keys = len(index)
	r.Index, err = d.writeIndex(index)
	return r, err
}

func (d *Draft) writeIndex(index []entry) (string, error) {
	slices.SortFunc(index, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.offset, b.offset))
	})
	b := make([]byte, 0, len(index)*entrySize)
	for _, e := range index {
		b = binary.LittleEndian.AppendUint64(b, e.key)
		b = binary.LittleEndian.AppendUint64(b, e.offset)
		b = binary.LittleEndian.AppendUint32(b, e.length)
	}
	o, err := d.Put(bytes.NewReader(b))
	return o.SHA256, err
}

// lastByte is where the last line ends that an index knows of.
func lastByte(index []byte) (end uint64) {
	for ; len(index) >= entrySize; index = index[entrySize:] {
		end = max(end, binary.LittleEndian.Uint64(index[8:])+uint64(binary.LittleEndian.Uint32(index[16:])))
	}
	return end
}

// find returns the values that the key finds, in the order they were written.
// has tells whether a value really has the key.
func find[T any](s *Store, r records, key string, has func(*T) bool) ([]T, error) {
	if r.Lines == "" || key == "" {
		return nil, nil
	}
	places, err := lookup(s.Object(r.Index), r.Keys, hashKey(key))
	if err != nil {
		return nil, s.damaged(s.Object(r.Index), err)
	}
	if len(places) == 0 {
		return nil, nil
	}
	path := s.Object(r.Lines)
	f, err := os.Open(path)
	if err != nil {
		return nil, s.damaged(path, err)
	}
	defer f.Close()
	var found []T
	for _, e := range places {
		var v T
		line := make([]byte, e.length)
		_, err := f.ReadAt(line, int64(e.offset))
		if err == nil {
			err = json.Unmarshal(line, &v)
		}
		if err != nil {
			return nil, s.damaged(path, err)
		}
		if has(&v) {
			found = append(found, v)
		}
	}
	return found, nil
}

// lookup searches an index file of n entries for the places of a key, reading
// only what the search touches.
func lookup(path string, n int, key uint64) ([]entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() != int64(n)*entrySize {
		return nil, fmt.Errorf("index of %d bytes where %d entries were written", info.Size(), n)
	}
	var failed error
	at := func(i int) entry {
		var b [entrySize]byte
		if _, err := f.ReadAt(b[:], int64(i)*entrySize); err != nil {
			failed = err
		}
		return entry{binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint32(b[16:])}
	}
	var places []entry
	for i := sort.Search(n, func(i int) bool { return at(i).key >= key }); i < n; i++ {
		e := at(i)
		if e.key != key {
			break
		}
		places = append(places, e)
	}
	return places, failed
}

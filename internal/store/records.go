package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sort"
)

// records names the two objects that keep a list of values: one JSON value a
// line, and an index from keys to lines. The zero value is an empty list.
type records struct {
	Lines string `json:"lines,omitempty"`
	Index string `json:"index,omitempty"`
	Count int    `json:"count"`
}

func (r records) objects() []string {
	if r.Lines == "" {
		return nil
	}
	return []string{r.Lines, r.Index}
}

// entry is one line of the index: 20 bytes, little endian, sorted by key and
// then by place. Two keys may share a hash, so what is found is checked.
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

// recordWriter writes a list of values into two temporary files.
type recordWriter struct {
	file    *os.File
	out     *bufio.Writer
	offset  uint64
	entries []entry
	count   int
}

func newRecordWriter(dir string) (*recordWriter, error) {
	f, err := os.CreateTemp(dir, "records-*")
	if err != nil {
		return nil, err
	}
	return &recordWriter{file: f, out: bufio.NewWriterSize(f, 256<<10)}, nil
}

// add appends a value that the keys find; empty and repeated keys count once.
func (w *recordWriter) add(value any, keys ...string) error {
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return err
	}
	if _, err := w.out.Write(line.Bytes()); err != nil {
		return err
	}
	for i, key := range keys {
		if key != "" && !slices.Contains(keys[:i], key) {
			w.entries = append(w.entries, entry{hashKey(key), w.offset, uint32(line.Len())})
		}
	}
	w.offset += uint64(line.Len())
	w.count++
	return nil
}

// finish makes the files objects.
func (w *recordWriter) finish(d *Draft) (records, error) {
	defer w.abort()
	if err := errors.Join(w.out.Flush(), w.file.Close()); err != nil {
		return records{}, err
	}
	lines, err := d.Adopt(w.file.Name())
	if err != nil {
		return records{}, err
	}
	slices.SortFunc(w.entries, func(a, b entry) int {
		if a.key != b.key {
			return compare(a.key, b.key)
		}
		return compare(a.offset, b.offset)
	})
	index := make([]byte, 0, len(w.entries)*entrySize)
	for _, e := range w.entries {
		index = binary.LittleEndian.AppendUint64(index, e.key)
		index = binary.LittleEndian.AppendUint64(index, e.offset)
		index = binary.LittleEndian.AppendUint32(index, e.length)
	}
	i, err := d.Put(bytes.NewReader(index))
	if err != nil {
		return records{}, err
	}
	return records{Lines: lines.SHA256, Index: i.SHA256, Count: w.count}, nil
}

// abort drops what is left of the temporary file.
func (w *recordWriter) abort() {
	w.file.Close()
	os.Remove(w.file.Name())
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// each reads every value of the list in turn. The error, if any, comes last.
func each[T any](s *Store, r records) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		if r.Lines == "" {
			return
		}
		f, err := os.Open(s.Object(r.Lines))
		if err != nil {
			yield(zero, s.damaged("open records", err))
			return
		}
		defer f.Close()
		in := bufio.NewReaderSize(f, 256<<10)
		n := 0
		for {
			line, err := readLine(in)
			if err == io.EOF {
				break
			}
			var v T
			if err == nil {
				err = json.Unmarshal(line, &v)
			}
			if err != nil {
				yield(zero, s.damaged(fmt.Sprintf("read record %d", n+1), err))
				return
			}
			n++
			if !yield(v, nil) {
				return
			}
		}
		if n != r.Count {
			yield(zero, s.damaged(fmt.Sprintf("%d records where %d were written", n, r.Count), nil))
		}
	}
}

// readLine returns the next line, valid until the next call.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if err != bufio.ErrBufferFull {
		return line, lineError(line, err)
	}
	whole := bytes.Clone(line)
	for err == bufio.ErrBufferFull {
		line, err = in.ReadSlice('\n')
		whole = append(whole, line...)
	}
	return whole, lineError(whole, err)
}

// lineError tells a file that ends inside a line from one that ends.
func lineError(line []byte, err error) error {
	if err == io.EOF && len(line) > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// find returns the values that the key finds, in the order they were written.
// has tells whether a value really has the key.
func find[T any](s *Store, r records, key string, has func(*T) bool) ([]T, error) {
	if r.Lines == "" || key == "" {
		return nil, nil
	}
	index, err := os.Open(s.Object(r.Index))
	if err != nil {
		return nil, s.damaged("open index", err)
	}
	defer index.Close()
	info, err := index.Stat()
	if err != nil {
		return nil, s.damaged("open index", err)
	}
	lines, err := os.Open(s.Object(r.Lines))
	if err != nil {
		return nil, s.damaged("open records", err)
	}
	defer lines.Close()

	var failed error
	at := func(i int) (e entry) {
		var b [entrySize]byte
		if _, err := index.ReadAt(b[:], int64(i)*entrySize); err != nil {
			failed = err
		}
		return entry{binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint32(b[16:])}
	}
	want, n := hashKey(key), int(info.Size()/entrySize)
	var found []T
	for i := sort.Search(n, func(i int) bool { return at(i).key >= want }); i < n; i++ {
		e := at(i)
		if failed != nil || e.key != want {
			break
		}
		line := make([]byte, e.length)
		var v T
		if _, err := lines.ReadAt(line, int64(e.offset)); err != nil {
			return nil, s.damaged("read record", err)
		}
		if err := json.Unmarshal(line, &v); err != nil {
			return nil, s.damaged("read record", err)
		}
		if has(&v) {
			found = append(found, v)
		}
	}
	if failed != nil {
		return nil, s.damaged("read "+filepath.Base(index.Name()), failed)
	}
	return found, nil
}

package search

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// An index is a folder: a list of parts, and for each part a file of its words
// and entries and one of vectors for each embedder. Those never change and are
// named by a hash of their content, so that the next index links them and writes
// what is new. Every file is a magic line, sections (a length and bytes each),
// and a CRC-32C of all that.
const (
	magic    = "cigogne search index 6\n"
	listName = "list"
)

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	isPart     = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// Errors of Open, to be told by errors.Is.
var (
	ErrFormat = errors.New("not a search index of this version, or damaged")
	ErrModel  = errors.New("search index made with another embedding model")
)

// list is the first section of the list of parts; after it come the groups
// (uint32 a dataset), then for each part what is gone of it and how many datasets
// have each of its terms, both empty where nothing is gone.
type list struct {
	Newest int64       `json:"newest"`
	Models []listModel `json:"models"`
	Parts  []listPart  `json:"parts"`
}

type listModel struct {
	Name string  `json:"name"`
	Base float32 `json:"base"`
}

type listPart struct {
	File    string   `json:"file"`
	Vectors []string `json:"vectors"` // in the order of models
}

// file is where a part lies on disk; zero while it is in memory only.
type file struct{ dir, name string }

// section is a part of a file: how many bytes, and what writes them.
type section struct {
	size int
	to   func(w io.Writer) error
}

func raw(b []byte) section {
	return section{len(b), func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}}
}

// put makes the same file in another folder, or writes it there, and tells its name.
func (f file) put(dir string, sections func() []section) (name string, err error) {
	if f.dir == dir {
		return f.name, nil
	}
	if f.name != "" {
		err := os.Link(filepath.Join(f.dir, f.name), filepath.Join(dir, f.name))
		if err == nil || errors.Is(err, os.ErrExist) {
			return f.name, nil
		} // no links here, or the index before is gone: written from memory
	}
	sum := sha256.New()
	err = write(dir, sections(), sum, func() string {
		name = hex.EncodeToString(sum.Sum(nil)[:16])
		return name
	})
	return name, err
}

// write makes a file whole or not at all. What is written goes to also, too;
// then the file gets its name.
func write(dir string, sections []section, also io.Writer, name func() string) error {
	tmp, err := os.CreateTemp(dir, ".index-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	out := bufio.NewWriterSize(tmp, 1<<20)
	err = encode(io.MultiWriter(out, also), sections)
	if err = errors.Join(err, out.Flush(), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, name()))
}

// encode writes a file's magic line, its sections and its checksum.
func encode(w io.Writer, sections []section) error {
	sum := crc32.New(castagnoli)
	out := io.MultiWriter(w, sum)
	if _, err := io.WriteString(out, magic); err != nil {
		return err
	}
	for _, s := range sections {
		if _, err := out.Write(binary.LittleEndian.AppendUint64(nil, uint64(s.size))); err != nil {
			return err
		}
		if err := s.to(out); err != nil {
			return err
		}
	}
	_, err := w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return err
}

// Save writes the index to a folder: what it took over from an index there or
// in another folder is linked. Until the list is written, last, the folder holds
// the index that it held before.
func (x *Index) Save(dir string) error {
	if err := x.save(dir); err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	return nil
}

func (x *Index) save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	l := list{Newest: x.newest}
	for _, m := range x.meanings {
		l.Models = append(l.Models, listModel{m.name, m.base})
	}
	groups := make([]byte, 0, 4*len(x.groups))
	for _, g := range x.groups {
		groups = binary.LittleEndian.AppendUint32(groups, g)
	}
	sections := []section{{}, raw(groups)}
	for i := range x.shelves {
		s := &x.shelves[i]
		name, err := s.file.put(dir, s.part.sections)
		if err != nil {
			return err
		}
		p := listPart{File: name}
		for _, v := range s.vectors {
			if name, err = v.file.put(dir, v.sections); err != nil {
				return err
			}
			p.Vectors = append(p.Vectors, name)
		}
		l.Parts = append(l.Parts, p)
		if s.gone == nil {
			sections = append(sections, raw(nil), raw(nil))
		} else {
			sections = append(sections, raw(s.gone), raw(s.dfs))
		}
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	sections[0] = raw(text)
	return write(dir, sections, io.Discard, func() string { return listName })
}

// Open reads an index that Save wrote. It fails with ErrFormat for a damaged
// file or one of another version, and with ErrModel where it holds no vectors
// of the last of Options.Embedders; either calls for Build. Embedders before the
// last that it holds no vectors of are done without, and the log says so.
func Open(ctx context.Context, dir string, o Options) (*Index, error) {
	x, err := open(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("read search index %s: %w", dir, err)
	}
	x.finish(o)
	for _, name := range x.adopt(o.Embedders) {
		if name == o.Embedders[len(o.Embedders)-1].Name() {
			return nil, fmt.Errorf("read search index %s: %w: %q, not %q", dir, ErrModel, x.Models(), name)
		}
		x.log.WarnContext(ctx, "the search index holds no vectors of an embedding model: harvest again", "model", name)
	}
	return x, nil
}

func open(ctx context.Context, dir string) (*Index, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, ErrFormat // of a version that wrote one file
	}
	sections, err := read(filepath.Join(dir, listName))
	if err != nil {
		return nil, err
	}
	var l list
	if len(sections) < 2 || json.Unmarshal(sections[0], &l) != nil || len(sections) != 2+2*len(l.Parts) || len(l.Parts) == 0 {
		return nil, ErrFormat
	}
	x := &Index{newest: l.Newest, shelves: make([]shelf, len(l.Parts))}
	for _, m := range l.Models {
		x.meanings = append(x.meanings, meaning{name: m.Name, base: m.Base})
	}
	failed := make([]error, len(l.Parts))
	inParallel(len(l.Parts), func(i int) {
		s := shelf{gone: sections[2+2*i], dfs: sections[3+2*i]}
		failed[i] = s.read(ctx, dir, l.Parts[i], len(l.Models))
		x.shelves[i] = s
	})
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	x.number()
	if len(sections[1]) != 4*x.size {
		return nil, ErrFormat
	}
	x.groups = make([]uint32, x.size)
	for i := range x.groups {
		x.groups[i] = uint32(u32(sections[1], i))
	}
	x.gather()
	return x, nil
}

// read fills a shelf from the files of its part.
func (s *shelf) read(ctx context.Context, dir string, l listPart, models int) error {
	if !isPart.MatchString(l.File) || len(l.Vectors) != models {
		return ErrFormat
	}
	sections, err := read(filepath.Join(dir, l.File))
	if err != nil {
		return err
	}
	if s.part, err = partOf(file{dir, l.File}, sections); err != nil {
		return err
	}
	n := s.entries.len()
	switch {
	case len(s.gone) == 0:
		s.gone, s.dfs = nil, s.words.dfs
	case len(s.gone) != (n+7)/8, len(s.dfs) != len(s.words.dfs):
		return ErrFormat
	}
	for _, name := range l.Vectors {
		if !isPart.MatchString(name) {
			return ErrFormat
		}
		v, err := readVectors(ctx, file{dir, name}, n)
		if err != nil {
			return err
		}
		s.vectors = append(s.vectors, v)
	}
	return nil
}

// read gives the sections of a file, each in memory of its own.
func read(path string) (sections [][]byte, err error) {
	err = readEach(path, func(size int, r io.Reader) error {
		b := make([]byte, size)
		_, err := io.ReadFull(r, b)
		sections = append(sections, b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return sections, nil
}

// readEach has the sections of a file read in turn, whole. What they say may be
// believed once it has returned without an error.
func readEach(path string, take func(size int, r io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	left := info.Size() - int64(len(magic)) - 4
	sum := crc32.New(castagnoli)
	buffered := bufio.NewReaderSize(f, 1<<20)
	in := io.TeeReader(buffered, sum)
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(in, head); err != nil || !bytes.Equal(head, []byte(magic)) {
		return ErrFormat
	}
	for left > 0 {
		var size [8]byte
		if _, err := io.ReadFull(in, size[:]); err != nil {
			return ErrFormat
		}
		n := binary.LittleEndian.Uint64(size[:])
		if left -= 8; left < 0 || n > uint64(left) {
			return ErrFormat
		}
		left -= int64(n)
		if take(int(n), io.LimitReader(in, int64(n))) != nil {
			return ErrFormat
		}
	}
	var want [4]byte
	if _, err := io.ReadFull(buffered, want[:]); err != nil || binary.LittleEndian.Uint32(want[:]) != sum.Sum32() {
		return ErrFormat
	}
	return nil
}

// sections are a part as its file has it.
func (p *part) sections() (out []section) {
	w, text := p.words, p.entries.text
	out = append(out, section{len(text), func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}})
	for _, b := range [][]byte{p.entries.ends, p.marks, p.keys, w.text, w.ends, w.post, w.posts, w.dfs} {
		out = append(out, raw(b))
	}
	return out
}

func partOf(f file, sections [][]byte) (*part, error) {
	if len(sections) != 9 {
		return nil, ErrFormat
	}
	p := &part{
		file: f, entries: entries{string(sections[0]), sections[1]}, marks: sections[2], keys: sections[3],
		words: &words{text: sections[4], ends: sections[5], post: sections[6], posts: sections[7], dfs: sections[8]},
	}
	n := p.entries.len()
	if len(p.entries.ends)%4 != 0 || !ascending(p.entries.ends, len(p.entries.text)) ||
		n == 0 || len(p.marks) != n*markSize || len(p.keys)%keySize != 0 || !p.words.valid() {
		return nil, ErrFormat
	}
	return p, nil
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

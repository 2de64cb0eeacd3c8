package embed

import (
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sort"
	"strings"
	"sync"

	"cigogne/internal/lang"
)

// tableBytes is the built-in table, made by distil/distil.py. It stays where
// the binary has it: nothing is read or copied before a word is looked up.
//
//go:embed table.bin
var tableBytes string

// TableSHA256 is the hash of the table that ships in the binary; a test holds
// the bytes against it.
const TableSHA256 = "470fe17ce7ebd37dc61f82e4fe494982d25e1bdb3821ce8dbfb23372fd2f6d03"

// Key is the form under which the table holds a word: folded, then stemmed.
func Key(word string) string { return lang.Stem(lang.Fold(word), lang.French) }

// Static embeds a text as the weighted mean of its words' vectors, from a
// table distilled from a sentence-embedding model: each stem of French and
// English public data with a vector of 8-bit numbers. It is safe for
// concurrent use.
type Static struct {
	name   string
	n      int
	dims   int
	ends   string // uint32 a stem: where it ends in stems
	stems  string // sorted, end to end
	scales string // float32 a stem: what one step of its 8-bit numbers is worth, its weight included
	rows   string // int8, dims a stem
}

const tableMagic = "cigogne static 1\n"

// Builtin is the table that ships in the binary.
var Builtin = sync.OnceValues(func() (*Static, error) {
	s, err := parseTable(tableBytes)
	if err != nil {
		return nil, fmt.Errorf("read built-in embedding: %w", err)
	}
	s.name = "cigogne-static-1-" + TableSHA256[:12]
	return s, nil
})

var errTable = errors.New("embedding table is damaged")

// parseTable reads the header: magic, then little-endian uint32 n, dims and
// the length of the stems, then the parts in the order of Static's fields.
func parseTable(b string) (*Static, error) {
	rest, ok := strings.CutPrefix(b, tableMagic)
	if !ok || len(rest) < 12 {
		return nil, errTable
	}
	n, dims, text := int(word32(rest, 0)), int(word32(rest, 1)), int(word32(rest, 2))
	rest = rest[12:]
	if n <= 0 || dims <= 0 || dims > 4096 || n > 1<<24 || len(rest) != 4*n+text+4*n+n*dims {
		return nil, errTable
	}
	s := &Static{n: n, dims: dims}
	s.ends, rest = rest[:4*n], rest[4*n:]
	s.stems, rest = rest[:text], rest[text:]
	s.scales, s.rows = rest[:4*n], rest[4*n:]
	last := uint32(0)
	for i := range n {
		e := word32(s.ends, i)
		if e < last || int(e) > text {
			return nil, errTable
		}
		last = e
	}
	return s, nil
}

func word32(s string, i int) uint32 {
	return binary.LittleEndian.Uint32([]byte(s[4*i : 4*i+4]))
}

// Name identifies the table by version and hash.
func (s *Static) Name() string { return s.name }

// Dims is the length of its vectors.
func (s *Static) Dims() int { return s.dims }

func (s *Static) stem(i int) string {
	start := uint32(0)
	if i > 0 {
		start = word32(s.ends, i-1)
	}
	return s.stems[start:word32(s.ends, i)]
}

func (s *Static) find(stem string) (int, bool) {
	i := sort.Search(s.n, func(i int) bool { return s.stem(i) >= stem })
	return i, i < s.n && s.stem(i) == stem
}

// Known tells whether the table has the word, or one of its stem.
func (s *Static) Known(word string) bool {
	_, ok := s.find(Key(word))
	return ok
}

// Word is the vector of a folded word, of length one; zero where it is not known.
func (s *Static) Word(folded string) []float32 {
	v := make([]float32, s.dims)
	if i, ok := s.find(lang.Stem(folded, lang.French)); ok {
		for j, x := range []byte(s.rows[i*s.dims : (i+1)*s.dims]) {
			v[j] = float32(int8(x))
		}
		unit(v)
	}
	return v
}

// rowsOf remembers the rows of words already looked up, -1 for unknown ones.
type rowsOf map[string]int

func (s *Static) row(word string, seen rowsOf) int {
	if i, ok := seen[word]; ok {
		return i
	}
	i, ok := s.find(lang.Stem(word, lang.French))
	if !ok {
		i = -1
	}
	if seen != nil {
		seen[word] = i
	}
	return i
}

// add adds the vectors of a text's words to sum; each word counts, times as
// often as it stands there.
func (s *Static) add(sum []float32, text string, seen rowsOf) {
	for _, w := range lang.Words(text) {
		i := s.row(w.Fold, seen)
		if i < 0 {
			continue
		}
		scale := math.Float32frombits(word32(s.scales, i))
		row := s.rows[i*s.dims : (i+1)*s.dims]
		for j := range sum {
			sum[j] += scale * float32(int8(row[j]))
		}
	}
}

// Query embeds a question. The vector is zero where no word of it is known.
func (s *Static) Query(_ context.Context, text string) ([]float32, error) {
	v := make([]float32, s.dims)
	s.add(v, text, nil)
	unit(v)
	return v, nil
}

// How much each part of a dataset's text counts, whatever its length.
const (
	titleShare   = 1
	textShare    = 0.5
	keywordShare = 0.25
)

// Passages embeds datasets' texts, on every processor.
func (s *Static) Passages(ctx context.Context, texts []Passage) ([][]float32, error) {
	out := make([][]float32, len(texts))
	flat := make([]float32, len(texts)*s.dims)
	for i := range out {
		out[i] = flat[i*s.dims : (i+1)*s.dims : (i+1)*s.dims]
	}
	var all sync.WaitGroup
	share := max(1, (len(texts)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for start := 0; start < len(texts); start += share {
		end := min(start+share, len(texts))
		all.Go(func() { s.passages(ctx, texts[start:end], out[start:end]) })
	}
	all.Wait()
	return out, ctx.Err()
}

// passages writes the vector of each text to its place in out, which is zero.
func (s *Static) passages(ctx context.Context, texts []Passage, out [][]float32) {
	part := make([]float32, s.dims)
	seen := rowsOf{}
	for i, p := range texts {
		if i%256 == 0 && ctx.Err() != nil {
			return
		}
		v := out[i]
		for _, f := range []struct {
			text  string
			share float32
		}{{p.Title, titleShare}, {p.Text, textShare}, {strings.Join(p.Keywords, " "), keywordShare}} {
			clear(part)
			s.add(part, f.text, seen)
			unit(part)
			for j := range v {
				v[j] += f.share * part[j]
			}
		}
		unit(v)
	}
}

// unit scales v to length one; a zero vector stays zero.
func unit(v []float32) {
	var s float64
	for _, x := range v {
		s += float64(x) * float64(x)
	}
	if s == 0 {
		return
	}
	f := float32(1 / math.Sqrt(s))
	for i := range v {
		v[i] *= f
	}
}

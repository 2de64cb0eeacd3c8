package httpx

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Shelf keeps answers on disk. What a server says has not changed (ETag,
// Last-Modified) is not sent again; and a run that was cut short, when it
// starts anew within resume, does not ask for what it had already. It belongs
// to one run at a time. What cannot be kept or read is asked for: a shelf never
// fails. A nil Shelf holds nothing.
type Shelf struct {
	dir     string
	since   time.Time // when the run that goes on here was begun
	before  time.Time // when this process took it up: what is older was had by another
	resumed bool
	most    int64 // bytes of an answer that is held, unpacked and with its head
}

const (
	// resume is how long what a run left behind may be gone on with: a catalogue
	// is one of a day, not a mixture of two.
	resume    = 6 * time.Hour
	begunName = "begun"
)

// NewShelf opens the shelf in a folder, which is made when something is kept.
func NewShelf(dir string) *Shelf {
	now := time.Now()
	s := &Shelf{dir: dir, since: now, before: now, most: maxHeld}
	begun := filepath.Join(dir, begunName)
	info, err := os.Stat(begun)
	s.resumed = err == nil && now.Sub(info.ModTime()) < resume
	if !s.resumed {
		if os.MkdirAll(dir, 0o755) != nil || os.WriteFile(begun, nil, 0o644) != nil {
			return s
		}
		info, err = os.Stat(begun)
	}
	if err == nil {
		s.since = info.ModTime() // by the clock that the answers' times are of
	}
	return s
}

// Resumed tells whether a run that was cut short goes on.
func (s *Shelf) Resumed() bool { return s != nil && s.resumed }

// Finish ends a run that has all: only what can be asked about again stays, of
// what this run has used.
func (s *Shelf) Finish() error {
	if s == nil {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+shelfExt))
	for _, name := range names {
		if h := s.read(name); h == nil || !h.validated() || h.used.Before(s.since) {
			err = errors.Join(err, os.Remove(name))
		}
	}
	err = errors.Join(err, os.Remove(filepath.Join(s.dir, begunName)))
	_ = os.Remove(s.dir) // where nothing stays
	return err
}

// Clear forgets everything: what was had is not to be trusted.
func (s *Shelf) Clear() error {
	if s == nil {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// held is an answer on the shelf.
type held struct {
	URL    string      `json:"url"`
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	used   time.Time
	body   []byte
}

// keptHeaders are those that somebody asks for.
var keptHeaders = []string{"Etag", "Last-Modified", "Location", "Content-Type"}

const shelfExt = ".answer"

func (h *held) validated() bool {
	return h.Header.Get("Etag") != "" || h.Header.Get("Last-Modified") != ""
}

func (h *held) answer() *Answer {
	return &Answer{URL: h.URL, Status: h.Status, Header: h.Header, Body: h.body}
}

func (s *Shelf) path(g Get) string {
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(g.URL), []byte(g.Accept), g.Body} {
		sum.Write(part)
		sum.Write([]byte{0})
	}
	return filepath.Join(s.dir, hex.EncodeToString(sum.Sum(nil)[:16])+shelfExt)
}

// find returns the answer to a request, nil where none is held. fresh tells that
// this run, or the one it goes on with, has had it.
func (s *Shelf) find(g Get) (h *held, fresh bool) {
	if s == nil {
		return nil, false
	}
	h = s.read(s.path(g))
	if h == nil {
		return nil, false
	}
	// Within one process an answer is asked for again where somebody wants it again.
	return h, s.resumed && !h.used.Before(s.since) && h.used.Before(s.before)
}

// read reads an answer; nil where it is not there, or not whole.
func (s *Shelf) read(path string) *held {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil
	}
	defer z.Close()
	// The decoder bounds its window and not what it gives: a kilobyte may unpack to
	// gigabytes.
	limited := &io.LimitedReader{R: z, N: s.most + 1}
	in := bufio.NewReader(limited)
	head, err := in.ReadBytes('\n')
	if err != nil {
		return nil
	}
	h := &held{used: info.ModTime()}
	if json.Unmarshal(head, h) != nil {
		return nil
	}
	if h.body, err = io.ReadAll(in); err != nil || limited.N <= 0 { // its checksum, too
		return nil
	}
	return h
}

// maxHeld is the longest answer that is held.
const maxHeld = 512 << 20

// maxWindow is more than the encoder's own at any size of answer.
const maxWindow = 16 << 20

// keep holds an answer.
func (s *Shelf) keep(g Get, a *Answer) {
	if s == nil {
		return
	}
	h := held{URL: a.URL, Status: a.Status, Header: http.Header{}}
	for _, k := range keptHeaders {
		if v := a.Header.Get(k); v != "" {
			h.Header.Set(k, v)
		}
	}
	head, err := json.Marshal(h)
	if err != nil {
		return
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return
	}
	defer z.Close()
	packed := z.EncodeAll(bytes.Join([][]byte{head, a.Body}, []byte("\n")), nil)
	part, err := os.CreateTemp(s.dir, "part-*")
	if err != nil {
		return
	}
	_, err = part.Write(packed)
	if errors.Join(err, part.Close()) != nil || os.Rename(part.Name(), s.path(g)) != nil {
		os.Remove(part.Name())
	}
}

// touch notes that an answer was used again.
func (s *Shelf) touch(g Get) {
	now := time.Now()
	_ = os.Chtimes(s.path(g), now, now)
}

package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cigogne/internal/lang"
)

// A store may stand over a bucket that several servers share. The bucket is the
// truth then, and the directory a copy of what is in force:
//
//	current                 "ID SHA-256\n" of the contents in force; the one thing that is ever written over
//	generations/ID-SHA-256  its contents: every file and object of a generation, by hash and size
//	objects/ab/cdef…        the bytes, under their hash
//	writer                  who writes, where no other lock is there (Lease)
//
// A writer sends the bytes, then the contents, then current, on condition that it
// is still what the writer began from.

// Shared is a bucket with what this process knows of it. It is safe for
// concurrent use, and for all stores of a process over one directory.
type Shared struct {
	bucket Bucket
	lock   Lock
	log    *slog.Logger

	sent atomic.Int64 // files

	mu     sync.Mutex
	head   head   // as last seen …
	tag    string // … under this tag; "" before
	fenced *bool  // whether the bucket keeps conditions; nil until a writer asked
}

// Share makes a bucket ready for stores to stand over it. Writers are kept apart
// by lock, by a Lease in the bucket where that is nil.
func Share(b Bucket, lock Lock, log *slog.Logger) *Shared {
	return &Shared{bucket: b, lock: lock, log: log}
}

// Over puts the store over a bucket; nil leaves it alone. It is called before
// anything else, and returns s.
func (s *Store) Over(shared *Shared) *Store {
	s.shared = shared
	return s
}

// head is what current says.
type head struct {
	id       string
	contents string // SHA-256 of the contents
}

func (h head) key() string { return "generations/" + h.id + "-" + h.contents }

func (h head) String() string { return h.id + " " + h.contents }

func readHead(text string) (head, error) {
	id, sum, _ := strings.Cut(strings.TrimSpace(text), " ")
	if !isID.MatchString(id) || !isHash.MatchString(sum) {
		return head{}, fmt.Errorf("it names no generation: %.20q", text)
	}
	return head{id, sum}, nil
}

// contents is everything that a generation is made of.
type contents struct {
	ID      string          `json:"id"`
	Files   map[string]blob `json:"files"` // those of its folder, by their names there
	Objects []blob          `json:"objects"`
}

// blob is bytes by their hash.
type blob struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

func (b blob) key() string { return objectKey(b.SHA256) }

func objectKey(sha256 string) string { return path.Join("objects", sha256[:2], sha256[2:]) }

const (
	currentKey  = "current"
	mostSmall   = 256 << 20        // bytes of contents: a million entries
	smallTime   = 15 * time.Second // for what is small
	slowestRate = 200 << 10        // bytes a second below which a transfer is given up
)

// away gives a failure of the bucket its reason.
func (s *Store) away(doing string, err error) error {
	var known interface{ Sentence(lang.Lang) string } // the lock may be another server's
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	return &Error{Reason: Away, Dir: s.shared.bucket.Address(), Err: fmt.Errorf("%s: %w", doing, err)}
}

// look reads what is in force in the bucket; the zero head where nothing is.
func (sh *Shared) look(ctx context.Context) (head, error) {
	ctx, cancel := context.WithTimeout(ctx, smallTime)
	defer cancel()
	sh.mu.Lock()
	defer sh.mu.Unlock()
	body, tag, err := sh.bucket.Get(ctx, currentKey, sh.tag)
	switch {
	case errors.Is(err, ErrSame):
		return sh.head, nil
	case missing(err):
		sh.head, sh.tag = head{}, ""
		return head{}, nil
	case err != nil:
		return head{}, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, 1<<10))
	if err != nil {
		return head{}, err
	}
	h, err := readHead(string(text))
	if err != nil {
		return head{}, err
	}
	sh.head, sh.tag = h, tag
	return h, nil
}

// contents reads the contents that a head names.
func (sh *Shared) contents(ctx context.Context, h head) (c contents, err error) {
	ctx, cancel := context.WithTimeout(ctx, smallTime+mostSmall/slowestRate/8*time.Second)
	defer cancel()
	body, _, err := sh.bucket.Get(ctx, h.key(), "")
	if err != nil {
		return c, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, mostSmall))
	if err != nil {
		return c, err
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != h.contents {
		return c, fmt.Errorf("contents of generation %s are not those of their hash", h.id)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, err
	}
	for name, b := range c.Files {
		if !filepath.IsLocal(filepath.FromSlash(name)) || !isHash.MatchString(b.SHA256) {
			return c, fmt.Errorf("contents of generation %s: no file %.80q", h.id, name)
		}
	}
	for _, b := range c.Objects {
		if !isHash.MatchString(b.SHA256) {
			return c, fmt.Errorf("contents of generation %s: no object %.80q", h.id, b.SHA256)
		}
	}
	return c, nil
}

// put writes something small.
func (sh *Shared) put(ctx context.Context, key string, text []byte, when When) (tag string, err error) {
	ctx, cancel := context.WithTimeout(ctx, smallTime+time.Duration(len(text)/slowestRate)*time.Second)
	defer cancel()
	return sh.bucket.Put(ctx, key, bytes.NewReader(text), int64(len(text)), when)
}

// send puts a file under its hash, where it is not there yet.
func (sh *Shared) send(ctx context.Context, path string, b blob) error {
	return sh.sendAs(ctx, path, b.key(), b.Size)
}

// sendAs puts a file of so many bytes under a key, where nothing is there yet.
func (sh *Shared) sendAs(ctx context.Context, path, key string, size int64) error {
	ctx, cancel := context.WithTimeout(ctx, smallTime+time.Duration(size/slowestRate)*time.Second)
	defer cancel()
	if there, err := sh.bucket.Has(ctx, key); there || err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err = sh.bucket.Put(ctx, key, f, size, When{}); err == nil {
		sh.sent.Add(1)
	}
	return err
}

// fetch writes an object of the bucket into a new file, and holds it against its hash.
func (sh *Shared) fetch(ctx context.Context, b blob, path string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, smallTime+time.Duration(b.Size/slowestRate)*time.Second)
	defer cancel()
	body, _, err := sh.bucket.Get(ctx, b.key(), "")
	if err != nil {
		return fmt.Errorf("object %.12s: %w", b.SHA256, err)
	}
	defer body.Close()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, h), body)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil && hex.EncodeToString(h.Sum(nil)) != b.SHA256 {
		err = fmt.Errorf("object %.12s is not the bytes of its name", b.SHA256)
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

// marker is the file that says which bucket a directory is a copy of.
const marker = "shared"

// marked is what it says: a bucket, and what was in force there.
func (s *Store) marked() (address, was string) {
	text, err := os.ReadFile(s.path(marker))
	if err != nil {
		return "", ""
	}
	address, was, _ = strings.Cut(strings.TrimSpace(string(text)), "\n")
	return address, was
}

func (s *Store) mark(h head) error {
	return s.replace(marker, []byte(s.shared.bucket.Address()+"\n"+h.String()+"\n"))
}

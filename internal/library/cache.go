package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// Cache keeps what large files given with a question were read as, so that the
// next process need not read them again.
//
// A folder an entry, named by the file's bytes and the program that read it:
// table.json, the profiles, and warehouse.duckdb. An entry is made beside the
// others and gets its name whole, by a rename: a process that is killed leaves
// nothing that is read, and of two that make the same one, the first is kept. A
// note a path says what its bytes were when it was looked at last, so that a file
// that nobody touched is not even hashed.
type Cache struct {
	Dir   string // its folder, made when first needed
	Bytes int64  // bound on what all entries take: 2 GiB
}

// Files smaller than this are read sooner than they are worth keeping.
const worthKeeping = 1 << 20

const (
	cacheBytes  = 2 << 30
	profileFile = "table.json"
	unfinished  = ".new-"     // begins the name of an entry that is being made
	abandoned   = time.Hour   // what is not finished by then never will be
	settled     = time.Second // a file changed later than this before it was read may have changed again within the clock's tick
)

// Open is OpenFile, but for a large file that was read before. What the cache
// cannot do stops nothing: the file is read.
func (c *Cache) Open(ctx context.Context, reader *table.Reader, path string, known Known, limits warehouse.Limits) (*File, error) {
	info, err := os.Stat(path)
	if c == nil || err != nil || info.Size() < worthKeeping || !info.Mode().IsRegular() {
		return OpenFile(ctx, reader, path, known, limits)
	}
	key, err := c.key(ctx, path, info)
	if err != nil {
		return OpenFile(ctx, reader, path, known, limits)
	}
	if f := c.held(ctx, key, path, known, limits); f != nil {
		return f, nil
	}
	f, err := c.make(ctx, reader, key, path, known, limits)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return OpenFile(ctx, reader, path, known, limits)
	}
	return f, nil
}

// seenFile is what a path was when it was hashed. Two files of one size and time
// are held to be one where the system has given the inode no other state since: it
// does when bytes are written, a file is put in place of another or its time set
// back. Where the system tells no such thing, size and time alone decide.
type seenFile struct {
	Size    int64     `json:"size"`
	Changed time.Time `json:"changed"`
	Inode   string    `json:"inode,omitempty"` // its number and when it got its state
	Looked  time.Time `json:"looked"`
	SHA256  string    `json:"sha256"`
}

// key names the entry of a file: by its bytes, and by the program, which may read
// them otherwise than the one before.
func (c *Cache) key(ctx context.Context, path string, info os.FileInfo) (string, error) {
	where := sha256.Sum256([]byte(path))
	note := filepath.Join(c.Dir, "paths", hex.EncodeToString(where[:16])+".json")
	var seen seenFile
	if b, err := os.ReadFile(note); err == nil && json.Unmarshal(b, &seen) == nil &&
		seen.Size == info.Size() && seen.Changed.Equal(info.ModTime()) && seen.Inode == inode(info) && seen.Looked.Sub(seen.Changed) > settled {
		return seen.SHA256[:min(len(seen.SHA256), 40)] + "-" + program(), nil
	}
	sum, err := hash(ctx, path)
	if err != nil {
		return "", err
	}
	seen = seenFile{Size: info.Size(), Changed: info.ModTime(), Inode: inode(info), Looked: time.Now(), SHA256: sum}
	if b, err := json.Marshal(seen); err == nil {
		_ = c.put(note, b) // where it cannot be written, the file is hashed again
	}
	return sum[:40] + "-" + program(), nil
}

// put writes a small file, whole or not at all.
func (c *Cache) put(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), unfinished)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

func hash(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	for {
		_, err := io.CopyN(h, f, 8<<20)
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return "", err
		}
	}
}

// program tells this build of the program from others.
func program() string {
	id := ""
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if strings.HasPrefix(s.Key, "vcs.") {
				id += s.Value
			}
		}
	}
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			id += fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		}
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:6])
}

var errDamaged = errors.New("damaged entry")

// held opens an entry; nil where there is none that is sound.
func (c *Cache) held(ctx context.Context, key, path string, known Known, limits warehouse.Limits) *File {
	dir := filepath.Join(c.Dir, key)
	b, err := os.ReadFile(filepath.Join(dir, profileFile))
	if err != nil {
		return nil
	}
	f := &File{kept: true}
	if f.tables, err = profiles(b); err == nil {
		f.db, err = warehouse.OpenFile(ctx, filepath.Join(dir, DatabaseFile), limits)
	}
	if err != nil {
		if ctx.Err() == nil {
			os.RemoveAll(dir) // damaged: it is made again
		}
		return nil
	}
	f.titled(path, known)
	now := time.Now()
	_ = os.Chtimes(dir, now, now) // used last; where it cannot be said, it may go sooner
	return f
}

// profiles reads the profiles of an entry, one at least.
func profiles(b []byte) (tables []*dataset.Table, err error) {
	if err := json.Unmarshal(b, &tables); err != nil {
		return nil, err
	}
	if len(tables) == 0 || slices.Contains(tables, nil) {
		return nil, errDamaged
	}
	return tables, nil
}

// make reads a file into a new entry and opens it; nil where there is no place for
// one. Errors are those of reading.
func (c *Cache) make(ctx context.Context, reader *table.Reader, key, path string, known Known, limits warehouse.Limits) (*File, error) {
	if os.MkdirAll(c.Dir, 0o700) != nil {
		return nil, nil
	}
	dir, err := os.MkdirTemp(c.Dir, unfinished)
	if err != nil {
		return nil, nil
	}
	defer os.RemoveAll(dir)
	tables, sources, err := given(ctx, reader, path, dir, known)
	if err != nil {
		return nil, err
	}
	if sum := tables[0].SHA256; !strings.HasPrefix(key, sum[:min(len(sum), 40)]) {
		return nil, nil // it was changed meanwhile
	}
	profile, err := json.Marshal(tables)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, profileFile), profile, 0o600)
	}
	if err == nil {
		err = warehouse.Build(ctx, filepath.Join(dir, DatabaseFile), sources)
	}
	if err != nil {
		return nil, ctx.Err() // no room for it, perhaps
	}
	for _, s := range sources {
		os.Remove(s.Parquet)
	}
	_ = os.Rename(dir, filepath.Join(c.Dir, key)) // one is there already where another process was sooner
	c.evict(key)
	return c.held(ctx, key, path, known, limits), nil
}

// evict removes what was never finished, and the entries used longest ago until
// the rest is within bounds; never the one just made. Who holds one open keeps it.
func (c *Cache) evict(but string) {
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		return
	}
	type kept struct {
		path string
		used time.Time
		size int64
	}
	var all []kept
	var total int64
	for _, e := range entries {
		info, err := e.Info()
		path := filepath.Join(c.Dir, e.Name())
		switch {
		case err != nil || e.Name() == "paths":
		case strings.HasPrefix(e.Name(), unfinished):
			if time.Since(info.ModTime()) > abandoned {
				os.RemoveAll(path)
			}
		default:
			k := kept{path, info.ModTime(), sizeOf(path)}
			if total += k.size; e.Name() != but {
				all = append(all, k)
			}
		}
	}
	slices.SortFunc(all, func(a, b kept) int { return a.used.Compare(b.used) })
	bound := c.Bytes
	if bound <= 0 {
		bound = cacheBytes
	}
	for _, k := range all {
		if total <= bound {
			break
		}
		if os.RemoveAll(k.path) == nil {
			total -= k.size
		}
	}
	c.forget()
}

// maxPaths bounds the notes of paths.
const maxPaths = 1000

// forget removes all notes of paths once they are too many.
func (c *Cache) forget() {
	notes, err := os.ReadDir(filepath.Join(c.Dir, "paths"))
	if err == nil && len(notes) > maxPaths {
		os.RemoveAll(filepath.Join(c.Dir, "paths"))
	}
}

func sizeOf(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}

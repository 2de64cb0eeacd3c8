package library_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"cigogne/internal/library"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// large writes a file that is worth keeping, whose amounts add up to a multiple of
// factor, and was changed a while ago.
func large(t testing.TB, path string, factor int) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("commune;montant\n")
	for i := range 60_000 {
		fmt.Fprintf(&b, "Commune n° %d;%d\n", i%500, factor*(i%10))
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Duration(factor) * time.Hour)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
}

func sum(t *testing.T, f *library.File) string {
	t.Helper()
	r, err := f.Query(t.Context(), nil, "SELECT sum(montant)::VARCHAR FROM given")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(r.Rows[0][0])
}

// asked opens a file through the cache and adds it up; with a nil reader it fails
// where the file has to be read.
func asked(t *testing.T, c *library.Cache, reader *table.Reader, path string) string {
	t.Helper()
	f, err := c.Open(t.Context(), reader, path, library.Known{}, warehouse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return sum(t, f)
}

func newReader(t testing.TB) *table.Reader {
	t.Helper()
	r, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestCacheReadsAFileOnce(t *testing.T) {
	dir, reader := t.TempDir(), newReader(t)
	c := &library.Cache{Dir: filepath.Join(dir, "tables")}
	src := filepath.Join(dir, "a.csv")
	large(t, src, 1)
	const want = "270000"
	if got := asked(t, c, reader, src); got != want {
		t.Fatalf("first: %s, want %s", got, want)
	}
	t.Run("again", func(t *testing.T) {
		if got := asked(t, c, nil, src); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("under another name", func(t *testing.T) {
		copied := filepath.Join(dir, "b.csv")
		large(t, copied, 1)
		f, err := c.Open(t.Context(), nil, copied, library.Known{}, warehouse.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		found, _, err := f.Candidates(t.Context(), "")
		if err != nil || len(found) != 1 || found[0].Table.Title != "b.csv" {
			t.Errorf("candidates %v, %v: want the title b.csv", found, err)
		}
	})
	t.Run("changed", func(t *testing.T) {
		large(t, src, 2)
		if got := asked(t, c, reader, src); got != "540000" {
			t.Errorf("%s, want 540000", got)
		}
		large(t, src, 1)
		if got := asked(t, c, nil, src); got != want {
			t.Errorf("changed back: %s, want %s", got, want)
		}
	})
	t.Run("changed a moment ago", func(t *testing.T) { // its time may not tell the next change
		fresh := filepath.Join(dir, "fresh.csv")
		large(t, fresh, 3)
		now := time.Now()
		if err := os.Chtimes(fresh, now, now); err != nil {
			t.Fatal(err)
		}
		asked(t, c, reader, fresh)
		large(t, fresh, 4)
		if err := os.Chtimes(fresh, now, now); err != nil {
			t.Fatal(err)
		}
		if got := asked(t, c, reader, fresh); got != "1080000" {
			t.Errorf("%s, want 1080000", got)
		}
	})
	t.Run("changed, but for its size and time", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("the time of the inode is read on Linux alone")
		}
		before, err := os.Stat(src)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(src)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(src, bytes.ReplaceAll(text, []byte(";1\n"), []byte(";3\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(src, before.ModTime(), before.ModTime()); err != nil {
			t.Fatal(err)
		}
		if got := asked(t, c, reader, src); got != "282000" {
			t.Errorf("%s, want 282000", got)
		}
		large(t, src, 1)
	})
	t.Run("damaged", func(t *testing.T) {
		for _, entry := range entries(t, c) {
			file := filepath.Join(c.Dir, entry, library.DatabaseFile)
			if err := os.Chmod(file, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(file, 100); err != nil {
				t.Fatal(err)
			}
		}
		if got := asked(t, c, reader, src); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// entries lists the folders of a cache.
func entries(t *testing.T, c *library.Cache) []string {
	t.Helper()
	all, err := os.ReadDir(c.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range all {
		if e.Name() != "paths" {
			out = append(out, e.Name())
		}
	}
	return out
}

func TestCacheIsBounded(t *testing.T) {
	dir, reader := t.TempDir(), newReader(t)
	c := &library.Cache{Dir: filepath.Join(dir, "tables"), Bytes: 1}
	killed := filepath.Join(c.Dir, ".new-killed")
	if err := os.MkdirAll(killed, 0o700); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(killed, old, old); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		src := filepath.Join(dir, fmt.Sprint(i, ".csv"))
		large(t, src, i+1)
		f, err := c.Open(t.Context(), reader, src, library.Known{}, warehouse.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { // still asked once the others took its place
			if got, want := sum(t, f), fmt.Sprint(270000*(i+1)); got != want {
				t.Errorf("file %d: %s, want %s", i, got, want)
			}
			f.Close()
		}()
	}
	if left := entries(t, c); len(left) != 1 {
		t.Errorf("entries %q, want the last alone", left)
	}
}

func TestCacheIsShared(t *testing.T) {
	dir, reader := t.TempDir(), newReader(t)
	c := &library.Cache{Dir: filepath.Join(dir, "tables")}
	src := filepath.Join(dir, "a.csv")
	large(t, src, 1)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			f, err := c.Open(t.Context(), reader, src, library.Known{}, warehouse.Limits{})
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			if got := sum(t, f); got != "270000" {
				t.Errorf("%s, want 270000", got)
			}
		})
	}
	all.Wait()
	if left := entries(t, c); len(left) != 1 || strings.HasPrefix(left[0], ".") {
		t.Errorf("entries %q, want one", left)
	}
}

// TestCacheNeedsNoDisk reads where nothing can be kept, and keeps nothing of what
// was given up.
func TestCacheNeedsNoDisk(t *testing.T) {
	dir, reader := t.TempDir(), newReader(t)
	file := filepath.Join(dir, "file")
	large(t, file, 1)
	c := &library.Cache{Dir: filepath.Join(file, "tables")}
	if got := asked(t, c, reader, file); got != "270000" {
		t.Errorf("%s, want 270000", got)
	}
	c = &library.Cache{Dir: filepath.Join(dir, "tables")}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Open(ctx, reader, file, library.Known{}, warehouse.Limits{}); err == nil {
		t.Error("a reading that was given up gives no error")
	}
	if left := entries(t, c); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

package store_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/store"
	"cigogne/tools/servers"
)

// over opens a directory over a bucket, as one server does.
func over(t testing.TB, dir string, b store.Bucket, lock store.Lock) *store.Store {
	t.Helper()
	return open(t, dir).Over(store.Share(b, lock, servers.Quiet))
}

// publish commits a generation with a portal, a table, its object and a file.
func publish(t testing.TB, s *store.Store, portal, text string, ids ...string) *store.Generation {
	t.Helper()
	d := begin(t, s)
	put(t, d, portal, ids...)
	o, err := d.Put(strings.NewReader("parquet " + text))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.PutTables([]dataset.Table{{ID: "t", DatasetID: ids[0], Parquet: o.SHA256, SHA256: strings.Repeat("ab", 32)}}); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(d.Path("search.index"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"search.index/a": "never changes", "warehouse.duckdb": text} {
		if err := os.WriteFile(d.Path(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return commit(t, d)
}

func pull(t testing.TB, s *store.Store) bool {
	t.Helper()
	moved, err := s.Pull(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return moved
}

// holds reads what a generation is made of.
func holds(t testing.TB, s *store.Store, want string, ids ...string) *store.Generation {
	t.Helper()
	g, err := s.Current()
	if err != nil || g == nil {
		t.Fatal("no generation: ", err)
	}
	if got := listed(t, g); !slices.Equal(got, ids) {
		t.Errorf("datasets %v, want %v", got, ids)
	}
	if text, err := os.ReadFile(g.Path("warehouse.duckdb")); string(text) != want || err != nil {
		t.Errorf("its file holds %q, %v", text, err)
	}
	if damage, err := g.Check(t.Context()); damage.Any() || err != nil {
		t.Errorf("%+v %v", damage, err)
	}
	return g
}

func listed(t testing.TB, g *store.Generation) []string { return ids(t, g) }

// Several servers over one bucket see what one of them writes, whole, and only
// what they miss comes over.
func TestServersShareABucket(t *testing.T) {
	servers.Each(t, func(t *testing.T, at servers.Objects) {
		b := &counting{Bucket: at.Open(t, "region")}
		first, second := over(t, t.TempDir(), b, nil), over(t, t.TempDir(), b, nil)
		if pull(t, second) {
			t.Error("something came out of an empty bucket")
		}
		publish(t, first, "https://a", "one", "1", "2")
		if !pull(t, second) || pull(t, second) {
			t.Error("it did not come, or came twice")
		}
		holds(t, second, "one", "1", "2")

		b.got.Store(0)
		publish(t, second, "https://a", "two", "1", "2", "3") // any server may write
		if n := b.got.Load(); n > 4 {
			t.Errorf("%d reads to write over what is there already", n)
		}
		b.got.Store(0)
		if !pull(t, first) {
			t.Error("nothing came back")
		}
		if n := b.got.Load(); n > 9 { // current, contents, manifest, file, Parquet, lists of datasets and tables with their indexes; no index of the portal's, nor a.search
			t.Errorf("%d reads, of which some were not missing", n)
		}
		holds(t, first, "two", "1", "2", "3")
		b.got.Store(0)
		if pull(t, first); b.got.Load() != 1 {
			t.Errorf("%d reads to see that nothing is new", b.got.Load())
		}

		t.Run("a copy holds the last two, the bucket as many as are asked for", func(t *testing.T) {
			for _, text := range []string{"three", "four", "five"} {
				publish(t, first, "https://a", text, "1")
			}
			if _, err := first.GC(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
			pull(t, second)
			holds(t, second, "five", "1")
			for _, s := range []*store.Store{first, second} {
				if n := len(glob(t, s.Dir(), "generations/*")); n > 2 {
					t.Errorf("%d generations are here", n)
				}
			}
			var lists, objects int
			for key := range b.List(t.Context(), "") {
				switch {
				case strings.HasPrefix(key, "generations/"):
					lists++
				case strings.HasPrefix(key, "objects/"):
					objects++
				}
			}
			if lists != 2 || objects > 20 {
				t.Errorf("%d generations and %d objects are in the bucket", lists, objects)
			}
			third := over(t, t.TempDir(), b, nil)
			pull(t, third)
			holds(t, third, "five", "1")
		})
	})
}

func glob(t testing.TB, dir, pattern string) []string {
	all, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// counting counts what is read.
type counting struct {
	store.Bucket
	got atomic.Int64
}

func (c *counting) Get(ctx context.Context, key, unless string) (io.ReadCloser, string, error) {
	c.got.Add(1)
	return c.Bucket.Get(ctx, key, unless)
}

// Two servers never write at once, and whoever dies leaves no lock for good.
func TestOneServerWrites(t *testing.T) {
	b := servers.Fake(t).Open(t, "")
	first, second := over(t, t.TempDir(), b, nil), over(t, t.TempDir(), b, nil)
	d := begin(t, first)
	if _, err := second.Begin(t.Context()); reason(err) != store.Busy {
		t.Fatalf("a second one writes: %v", err)
	}
	if err := d.Discard(); err != nil {
		t.Fatal(err)
	}
	publish(t, second, "https://a", "x", "1")
	publish(t, first, "https://b", "y", "2")
	holds(t, first, "y", "1", "2")
}

// Where a lock is lost and two write all the same, the second is told so when it
// would switch, and nothing of the first is lost.
func TestWriterIsOvertaken(t *testing.T) {
	b := servers.Fake(t).Open(t, "")
	first, second := over(t, t.TempDir(), b, broken{}), over(t, t.TempDir(), b, broken{})
	late := begin(t, first)
	put(t, late, "https://late", "9")
	publish(t, second, "https://a", "x", "1")
	if _, err := late.Commit(t.Context()); reason(err) != store.Busy {
		t.Fatalf("it says %v", err)
	}
	if !pull(t, first) {
		t.Error("nothing came")
	}
	holds(t, first, "x", "1")
	publish(t, first, "https://late", "z", "9") // again, over what is there now
	pull(t, second)
	holds(t, second, "z", "1", "9")
}

// broken is a lock that keeps nobody out.
type broken struct{}

func (broken) Take(context.Context) (func(), bool, error) { return func() {}, true, nil }

// A bucket that keeps no condition of a write is taken with a lock from elsewhere
// only.
func TestBucketWithoutConditions(t *testing.T) {
	b := lax{servers.Fake(t).Open(t, "")}
	s := over(t, t.TempDir(), b, nil)
	_, err := s.Begin(t.Context())
	if reason(err) != store.Unfenced {
		t.Fatal(err)
	}
	var e *store.Error
	if errors.As(err, &e); !strings.Contains(e.Sentence(lang.English), "[ledger] url") {
		t.Error(e.Sentence(lang.English))
	}
	locked := over(t, t.TempDir(), b, broken{})
	publish(t, locked, "https://a", "x", "1")
	publish(t, locked, "https://a", "y", "1")
	other := over(t, t.TempDir(), b, nil)
	pull(t, other)
	holds(t, other, "y", "1")
}

type lax struct{ store.Bucket }

func (l lax) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, _ store.When) (string, error) {
	return l.Bucket.Put(ctx, key, body, size, store.When{})
}

// Wherever the bucket fails, what was in force stays, here and there, and the next
// attempt brings all of it.
func TestBucketFails(t *testing.T) {
	whole := servers.Fake(t).Open(t, "")
	writer := over(t, t.TempDir(), whole, broken{})
	publish(t, writer, "https://a", "before", "1")
	for n := range 40 {
		f := &failing{Bucket: whole}
		s := over(t, writer.Dir(), f, broken{})
		reader := over(t, t.TempDir(), f, nil)
		pull(t, reader)
		f.left.Store(int64(n))
		f.on.Store(true)
		d, err := s.Begin(t.Context())
		if err == nil {
			put(t, d, "https://a", "1", "2")
			if err := os.WriteFile(d.Path("warehouse.duckdb"), []byte("after"), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err = d.Commit(t.Context())
		}
		done := err == nil
		if err != nil && reason(err) != store.Away {
			t.Fatalf("at request %d: %v", n, err)
		}
		if _, err := reader.Pull(t.Context()); err != nil && reason(err) != store.Away {
			t.Fatal(err)
		}
		g, err := reader.Current()
		if err != nil {
			t.Fatal(err)
		}
		if damage, err := g.Check(t.Context()); damage.Any() || err != nil {
			t.Fatalf("at request %d: %+v %v", n, damage, err)
		}
		f.on.Store(false)
		if done && n > 0 {
			pull(t, reader)
			holds(t, reader, "after", "1", "2")
			return
		}
		holds(t, s, "before", "1")
	}
	t.Error("it never came through")
}

// Killed, it stops who writes, with a word, and nobody who reads; once it is back,
// all goes on.
func TestBucketIsKilled(t *testing.T) {
	servers.Each(t, func(t *testing.T, at servers.Objects) {
		b := at.Open(t, "")
		writer, reader := over(t, t.TempDir(), b, nil), over(t, t.TempDir(), b, nil)
		publish(t, writer, "https://a", "before", "1")
		pull(t, reader)
		d := begin(t, writer)
		put(t, d, "https://a", "1", "2")
		at.Stop()
		if _, err := d.Commit(t.Context()); reason(err) != store.Away {
			t.Errorf("it says %v", err)
		}
		_, err := writer.Begin(t.Context())
		var e *store.Error
		if !errors.As(err, &e) || e.Reason != store.Away || !strings.Contains(e.Sentence(lang.French), "s3://lake") {
			t.Errorf("it says %v", err)
		}
		if _, err := reader.Pull(t.Context()); reason(err) != store.Away {
			t.Errorf("it says %v", err)
		}
		holds(t, reader, "before", "1")
		holds(t, writer, "before", "1")
		at.Again(t)
		// What was killed holds the lease until it is over; with it, nobody waits.
		again := over(t, writer.Dir(), b, broken{})
		publish(t, again, "https://a", "after", "1", "2")
		pull(t, reader)
		holds(t, reader, "after", "1", "2")
	})
}

// failing does so after some requests.
type failing struct {
	store.Bucket
	on   atomic.Bool
	left atomic.Int64
}

var errCut = errors.New("connection refused")

func (f *failing) fails() bool { return f.on.Load() && f.left.Add(-1) < 0 }

func (f *failing) Get(ctx context.Context, key, unless string) (io.ReadCloser, string, error) {
	if f.fails() {
		return nil, "", errCut
	}
	return f.Bucket.Get(ctx, key, unless)
}

func (f *failing) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, when store.When) (string, error) {
	if f.fails() {
		return "", errCut
	}
	return f.Bucket.Put(ctx, key, body, size, when)
}

func (f *failing) Has(ctx context.Context, key string) (bool, error) {
	if f.fails() {
		return false, errCut
	}
	return f.Bucket.Has(ctx, key)
}

// What came over the wire is held against its hash.
func TestBytesThatChangedAreNotTaken(t *testing.T) {
	b := servers.Fake(t).Open(t, "")
	writer := over(t, t.TempDir(), b, nil)
	publish(t, writer, "https://a", "right", "1")
	reader := over(t, t.TempDir(), b, nil)
	pull(t, reader)
	publish(t, writer, "https://a", "new", "1", "2")
	var rotten string
	for key := range b.List(t.Context(), "objects/") {
		if text := content(t, b, key); text == "parquet new" {
			rotten = key
			if _, err := b.Put(t.Context(), key, strings.NewReader("parquet bad"), 11, store.When{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := reader.Pull(t.Context()); reason(err) != store.Away {
		t.Errorf("it was taken: %v", err)
	}
	holds(t, reader, "right", "1")
	if err := b.Remove(t.Context(), rotten); err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Pull(t.Context()); err == nil {
		t.Error("nobody misses it")
	}
	holds(t, reader, "right", "1")
}

func content(t testing.TB, b store.Bucket, key string) string {
	t.Helper()
	body, _, err := b.Get(t.Context(), key, "")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A directory that has data of its own is neither hidden nor written over; over an
// empty bucket it is what the bucket gets.
func TestDirectoryOfItsOwn(t *testing.T) {
	b := servers.Fake(t).Open(t, "")
	dir := t.TempDir()
	publish(t, open(t, dir), "https://own", "own", "1")
	s := over(t, dir, b, nil)
	if pull(t, s) {
		t.Error("something came out of an empty bucket")
	}
	publish(t, s, "https://own", "shared", "1", "2")
	other := over(t, t.TempDir(), b, nil)
	pull(t, other)
	holds(t, other, "shared", "1", "2")

	foreign := t.TempDir()
	publish(t, open(t, foreign), "https://foreign", "foreign", "7")
	f := over(t, foreign, b, nil)
	if _, err := f.Pull(t.Context()); reason(err) != store.Foreign {
		t.Fatal(err)
	}
	if _, err := f.Begin(t.Context()); reason(err) != store.Foreign {
		t.Fatal(err)
	}
	holds(t, f, "foreign", "7")
}

// A file that a kept answer needs comes from the bucket when it is wanted.
func TestObjectsAreFetchedWhenWanted(t *testing.T) {
	b := servers.Fake(t).Open(t, "")
	first, second := over(t, t.TempDir(), b, nil), over(t, t.TempDir(), b, nil)
	o, err := first.Preserve([]byte("embedded"))
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Want(t.Context(), o.SHA256); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nobody sent it, and it says %v", err)
	}
	for range 2 {
		if err := first.Send(t.Context(), o.SHA256); err != nil {
			t.Fatal(err)
		}
		if err := second.Want(t.Context(), o.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(second.Object(o.SHA256)); string(text) != "embedded" || err != nil {
		t.Error(string(text), err)
	}
}

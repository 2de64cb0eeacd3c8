package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/store"
)

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Write)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func begin(t testing.TB, s *store.Store) *store.Draft {
	t.Helper()
	d, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Discard() })
	return d
}

func commit(t testing.TB, d *store.Draft) *store.Generation {
	t.Helper()
	g, err := d.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// put replaces the datasets of a portal by some with these ids.
func put(t testing.TB, d *store.Draft, portal string, ids ...string) {
	t.Helper()
	n, err := d.PutDatasets(store.Portal{URL: portal, Type: "ckan"}, func(put func(dataset.Dataset) error) error {
		for _, id := range ids {
			if err := put(dataset.Dataset{ID: id, Name: "nom-" + id, Title: "Titre <" + id + ">"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || n != len(ids) {
		t.Fatalf("put %d datasets: %d, %v", len(ids), n, err)
	}
}

func ids(t testing.TB, g *store.Generation) []string {
	t.Helper()
	var out []string
	for d, err := range g.Datasets() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d.ID)
	}
	return out
}

func reason(err error) store.Reason {
	var e *store.Error
	errors.As(err, &e)
	if e == nil {
		return ""
	}
	return e.Reason
}

func TestMissingDirectoryIsAnEmptyStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := store.Open(dir, store.Read)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := s.Current(); g != nil || err != nil {
		t.Errorf("current is %v, %v", g, err)
	}
	if _, err := s.Begin(t.Context()); err == nil {
		t.Error("a store open for reading began a draft")
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("opening for reading made the directory")
	}
}

func TestReadingChangesNothing(t *testing.T) {
	dir := t.TempDir()
	d := begin(t, open(t, dir))
	put(t, d, "https://a", "1")
	commit(t, d)
	before := tree(t, dir)
	s, err := store.Open(dir, store.Read)
	if err != nil {
		t.Fatal(err)
	}
	g, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	ids(t, g)
	if _, err := g.Dataset("1"); err != nil {
		t.Error(err)
	}
	if after := tree(t, dir); !slices.Equal(before, after) {
		t.Errorf("before %v\nafter  %v", before, after)
	}
}

// tree lists the files below dir with their sizes.
func tree(t testing.TB, dir string) (all []string) {
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		all = append(all, fmt.Sprint(strings.TrimPrefix(p, dir), info.Size(), info.ModTime()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPortalsAndTablesAreCarriedOver(t *testing.T) {
	s := open(t, t.TempDir())
	d := begin(t, s)
	put(t, d, "https://a", "a1", "a2")
	put(t, d, "https://b", "b1")
	if err := d.PutTables([]dataset.Table{{ID: "t1", DatasetID: "a1", Rows: 3}, {ID: "t2", DatasetID: "b1"}}); err != nil {
		t.Fatal(err)
	}
	first := commit(t, d)

	d = begin(t, s)
	put(t, d, "https://a", "a3")
	second := commit(t, d)
	if got := ids(t, second); !slices.Equal(got, []string{"a3", "b1"}) {
		t.Errorf("datasets %v", got)
	}
	if got := ids(t, first); !slices.Equal(got, []string{"a1", "a2", "b1"}) {
		t.Errorf("the generation before changed: %v", got)
	}
	if second.TableCount() != 2 || second.Count() != 2 || second.ID <= first.ID {
		t.Errorf("%v after %v", second, first)
	}
	for _, key := range []string{"t1", "a1"} {
		if got, err := second.Table(key); err != nil || len(got) != 1 || got[0].Rows != 3 {
			t.Errorf("table %s: %v, %v", key, got, err)
		}
	}

	d = begin(t, s)
	d.Drop("https://b")
	if got := ids(t, commit(t, d)); !slices.Equal(got, []string{"a3"}) {
		t.Errorf("after dropping b: %v", got)
	}
}

func TestFailedHarvestKeepsThePortal(t *testing.T) {
	s := open(t, t.TempDir())
	d := begin(t, s)
	put(t, d, "https://a", "a1", "a2")
	commit(t, d)

	d = begin(t, s)
	down := errors.New("portal down")
	_, err := d.PutDatasets(store.Portal{URL: "https://a"}, func(put func(dataset.Dataset) error) error {
		if err := put(dataset.Dataset{ID: "a9"}); err != nil {
			return err
		}
		return down
	})
	if err != down {
		t.Errorf("error %v", err)
	}
	put(t, d, "https://b", "b1")
	if got := ids(t, commit(t, d)); !slices.Equal(got, []string{"a1", "a2", "b1"}) {
		t.Errorf("datasets %v", got)
	}
}

func TestDatasetIsFoundByIDOrNameOnEachPortal(t *testing.T) {
	d := begin(t, open(t, t.TempDir()))
	put(t, d, "https://a", "x", "y")
	put(t, d, "https://b", "x", strings.Repeat("z", 5000))
	g := commit(t, d)
	for key, want := range map[string]int{"x": 2, "nom-y": 1, strings.Repeat("z", 5000): 1, "none": 0, "": 0} {
		got, err := g.Dataset(key)
		if err != nil || len(got) != want {
			t.Errorf("%.10s: %d found, %v; want %d", key, len(got), err, want)
		}
		for _, ds := range got {
			if ds.ID != key && ds.Name != key || ds.Title != "Titre <"+ds.ID+">" || ds.Portal == "" {
				t.Errorf("%.10s found %+v", key, ds)
			}
		}
	}
}

func TestFilesOfOtherRooms(t *testing.T) {
	s := open(t, t.TempDir())
	d := begin(t, s)
	if err := os.WriteFile(d.Path("warehouse.duckdb"), []byte("v1"), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(d.Path("index/deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.Path("index/deep/x"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.Path("../../escape"), s.Dir()) {
		t.Errorf("a name leaves the draft: %s", d.Path("../../escape"))
	}
	commit(t, d)

	d = begin(t, s)
	if err := errors.Join(d.Keep("warehouse.duckdb"), d.Keep("index")); err != nil {
		t.Fatal(err)
	}
	if err := d.Keep("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("keeping what is not there: %v", err)
	}
	g := commit(t, d)
	for name, want := range map[string]string{"warehouse.duckdb": "v1", "index/deep/x": "x"} {
		if got, err := os.ReadFile(g.Path(name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if !g.Has("index") || g.Has("none") {
		t.Error("Has is wrong")
	}
	if g = commit(t, begin(t, s)); g.Has("warehouse.duckdb") {
		t.Error("a file was taken over without being kept")
	}
}

func TestOneWriterAtATime(t *testing.T) {
	dir := t.TempDir()
	d := begin(t, open(t, dir))
	if _, err := open(t, dir).Begin(t.Context()); reason(err) != store.Busy {
		t.Errorf("second writer: %v", err)
	}
	d.Discard()
	d = begin(t, open(t, dir))
	if err := d.Discard(); err != nil {
		t.Error(err)
	}
	if _, err := d.Commit(t.Context()); err == nil {
		t.Error("a discarded draft was committed")
	}
	if _, err := d.Put(strings.NewReader("x")); err == nil {
		t.Error("a discarded draft took an object")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	d = begin(t, open(t, dir))
	cancel()
	if _, err := d.Commit(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("commit after cancel: %v", err)
	}
	begin(t, open(t, dir))
}

func TestDirectoriesThatCannotBeUsed(t *testing.T) {
	newer, file, garbage, lost := t.TempDir(), filepath.Join(t.TempDir(), "file"), t.TempDir(), t.TempDir()
	write(t, filepath.Join(newer, "format"), "99\n")
	write(t, file, "")
	write(t, filepath.Join(garbage, "format"), "nothing of ours")
	write(t, filepath.Join(lost, "format"), "1\n")
	write(t, filepath.Join(lost, "current"), "../../etc\n")

	for name, c := range map[string]struct {
		dir    string
		reason store.Reason
		says   []string
	}{
		"newer version": {newer, store.NewerVersion, []string{"99", "1", newer}},
		"a file":        {file, store.NotDirectory, []string{file}},
		"below a file":  {filepath.Join(file, "x"), store.NotDirectory, []string{file}},
		"garbage":       {garbage, store.Unnumbered, []string{garbage}},
		"lost":          {lost, store.Damaged, []string{lost}},
	} {
		for _, mode := range []store.Mode{store.Read, store.Write} {
			t.Run(fmt.Sprint(name, mode), func(t *testing.T) {
				s, err := store.Open(c.dir, mode)
				if err == nil {
					_, err = s.Current()
				}
				var e *store.Error
				if !errors.As(err, &e) || e.Reason != c.reason {
					t.Fatalf("error %v, want %s", err, c.reason)
				}
				for _, says := range c.says {
					for _, l := range []lang.Lang{lang.French, lang.English} {
						if !strings.Contains(e.Sentence(l), says) {
							t.Errorf("%q does not say %q", e.Sentence(l), says)
						}
					}
				}
			})
		}
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNotWritable(t *testing.T) {
	if os.Getuid() == 0 {
		if runtime.GOOS != "linux" {
			t.Skip("root may write anywhere")
		}
		_, err := store.Open("/sys/cigogne", store.Write) // where not even root may
		if reason(err) != store.NotWritable {
			t.Errorf("error %v", err)
		}
		return
	}
	parent := t.TempDir()
	if err := os.Chmod(parent, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(filepath.Join(parent, "data"), store.Write)
	if reason(err) != store.NotWritable {
		t.Errorf("making it: %v", err)
	}
	s, err := store.Open(parent, store.Write)
	if err == nil {
		_, err = s.Begin(t.Context())
	}
	if reason(err) != store.NotWritable {
		t.Errorf("beginning: %v", err)
	}
}

func TestLostPointerFallsBackOnTheNewestGeneration(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, id := range []string{"1", "2"} {
		d := begin(t, s)
		put(t, d, "https://a", id)
		commit(t, d)
	}
	for _, spoil := range []func(string) error{
		os.Remove,
		func(p string) error { return os.WriteFile(p, nil, 0o644) },
	} {
		if err := spoil(filepath.Join(dir, "current")); err != nil {
			t.Fatal(err)
		}
		g, err := s.Current()
		if err != nil || !slices.Equal(ids(t, g), []string{"2"}) {
			t.Fatalf("%v, %v", g, err)
		}
		d := begin(t, s)
		d.Discard()
	}
}

func TestDamageIsTold(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	d := begin(t, s)
	put(t, d, "https://a", "1", "2", "3")
	g := commit(t, d)
	objects, err := filepath.Glob(filepath.Join(dir, "objects", "??", "*"))
	if err != nil || len(objects) != 2 {
		t.Fatalf("objects %v, %v", objects, err)
	}
	for _, cut := range []int64{-1, -30, 0} {
		for _, o := range objects {
			whole, err := os.ReadFile(o)
			if err != nil {
				t.Fatal(err)
			}
			os.Chmod(o, 0o644)
			if size := int64(len(whole)) + cut; cut == 0 {
				os.Truncate(o, 0)
			} else {
				os.Truncate(o, size)
			}
			var failed error
			for _, err := range g.Datasets() {
				failed = errors.Join(failed, err)
			}
			for _, id := range []string{"1", "2", "3"} {
				_, err := g.Dataset(id)
				failed = errors.Join(failed, err)
			}
			if reason(failed) != store.Damaged {
				t.Errorf("%s cut by %d: %v", filepath.Base(o), cut, failed)
			}
			os.WriteFile(o, whole, 0o644)
		}
	}
}

// A manifest that is cut gives way to the generation before it, for readers and
// for the next writer; where there is none before, the directory is written anew.
func TestDamagedManifest(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	cut := func(g *store.Generation) {
		t.Helper()
		if err := os.Truncate(g.Path("generation.json"), 10); err != nil {
			t.Fatal(err)
		}
	}
	d := begin(t, s)
	put(t, d, "https://a", "1")
	first := commit(t, d)
	d = begin(t, s)
	put(t, d, "https://a", "1", "2")
	cut(commit(t, d))
	if g, err := s.Current(); err != nil || g.ID != first.ID {
		t.Fatalf("current is %v, %v, want %v", g, err, first)
	}
	cut(first)
	if _, err := s.Current(); reason(err) != store.Damaged {
		t.Fatalf("nothing is whole: %v", err)
	}
	d = begin(t, s)
	put(t, d, "https://a", "1", "2", "3")
	g := commit(t, d)
	if now, err := s.Current(); err != nil || now.ID != g.ID || now.Count() != 3 {
		t.Fatalf("written anew: %v, %v", now, err)
	}
}

func TestEveryReasonHasItsSentence(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range []store.Reason{store.NewerVersion, store.NotWritable, store.NotDirectory, store.Busy, store.Full, store.Unreadable, store.Damaged} {
		e := &store.Error{Reason: r, Dir: "/données", Found: 9, Known: 1}
		for _, l := range []lang.Lang{lang.French, lang.English} {
			s := e.Sentence(l)
			if seen[s] || !strings.Contains(s, "/données") || !strings.HasSuffix(s, ".") || strings.Contains(s, "%!") {
				t.Errorf("%s in %s: %q", r, l, s)
			}
			seen[s] = true
		}
		if !strings.Contains(e.Error(), string(r)) {
			t.Errorf("%s: %q", r, e.Error())
		}
	}
}

func TestDraftIsReadAsItStands(t *testing.T) {
	s := open(t, t.TempDir())
	d := begin(t, s)
	put(t, d, "https://a", "1")
	if err := d.PutTables([]dataset.Table{{ID: "t1"}}); err != nil {
		t.Fatal(err)
	}
	if d.Base() != nil || !slices.Equal(ids(t, d.Generation()), []string{"1"}) {
		t.Errorf("base %v, draft %v", d.Base(), d.Generation())
	}
	g := commit(t, d)
	d = begin(t, s)
	if d.Base().ID != g.ID || d.ID() <= g.ID {
		t.Errorf("draft %s on base %v, after %v", d.ID(), d.Base(), g)
	}
	for table, err := range d.Generation().Tables() {
		if err != nil || table.ID != "t1" {
			t.Errorf("%v, %v", table, err)
		}
	}
}

// Reading may stop before the end, at any place.
func TestReadingStopsEarly(t *testing.T) {
	d := begin(t, open(t, t.TempDir()))
	var all []string
	for i := range 2000 {
		all = append(all, fmt.Sprint(i))
	}
	put(t, d, "https://a", all...)
	put(t, d, "https://b", "b")
	g := commit(t, d)
	for _, stop := range []int{1, 255, 256, 257, 1999, 2000, 2001} {
		n := 0
		for ds, err := range g.Datasets() {
			if err != nil {
				t.Fatal(err)
			}
			if n < 2000 && ds.ID != all[n] {
				t.Fatalf("dataset %d is %s", n, ds.ID)
			}
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("%d read, %d wanted", n, stop)
		}
	}
}

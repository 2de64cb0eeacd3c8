package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/store"
)

func open(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// commit writes a generation with the datasets of one portal.
func commit(t *testing.T, s *store.Store, portal string, ids ...string) *store.Generation {
	t.Helper()
	d, err := s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var datasets []dataset.Dataset
	for _, id := range ids {
		datasets = append(datasets, dataset.Dataset{ID: id, Title: "Titre " + id})
	}
	if err := d.Datasets(store.Portal{URL: portal, Type: "ckan", Refreshed: time.Now()}, datasets); err != nil {
		t.Fatal(err)
	}
	g, err := d.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func ids(t *testing.T, g *store.Generation) []string {
	t.Helper()
	var out []string
	if err := g.Datasets(func(d dataset.Dataset) bool { out = append(out, d.ID); return true }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMissingDirectoryIsAnEmptyStoreAndStaysMissing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	g, err := open(t, dir).Current()
	if g != nil || err != nil {
		t.Fatalf("got %v, %v", g, err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("opening created the directory")
	}
}

func TestEachPortalKeepsItsDatasets(t *testing.T) {
	s := open(t, t.TempDir())
	commit(t, s, "https://a", "a1", "a2")
	commit(t, s, "https://b", "b1")
	g := commit(t, s, "https://a", "a3")
	if got := ids(t, g); !slices.Equal(got, []string{"b1", "a3"}) {
		t.Errorf("datasets %v", got)
	}
	if g.Count() != 2 || len(g.Portals()) != 2 {
		t.Errorf("count %d, portals %v", g.Count(), g.Portals())
	}
}

func TestOtherFilesAreCarriedOverUnlessDropped(t *testing.T) {
	s := open(t, t.TempDir())
	d, err := s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"warehouse.duckdb", "search.index"} {
		if err := os.WriteFile(d.Path(name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Commit(); err != nil {
		t.Fatal(err)
	}
	d, err = s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Drop("search.index"); err != nil {
		t.Fatal(err)
	}
	g, err := d.Commit()
	if err != nil {
		t.Fatal(err)
	}
	if !g.Has("warehouse.duckdb") || g.Has("search.index") || g.Has("search.index.dropped") {
		t.Errorf("warehouse %v, index %v", g.Has("warehouse.duckdb"), g.Has("search.index"))
	}
}

func TestDiscardedAndDeadDraftsLeaveTheCurrentGeneration(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	first := commit(t, s, "https://a", "a1")
	d, err := s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Datasets(store.Portal{URL: "https://a"}, nil); err != nil {
		t.Fatal(err)
	}
	d.Discard()
	// A process that died half-way leaves its folder behind.
	dead := filepath.Join(dir, "generations", "draft-20200101T000000-x")
	if err := os.Mkdir(dead, 0o755); err != nil {
		t.Fatal(err)
	}
	g, err := s.Current()
	if err != nil || g.ID() != first.ID() {
		t.Fatalf("current %v, %v", g, err)
	}
	commit(t, s, "https://b", "b1")
	if _, err := os.Stat(dead); !errors.Is(err, os.ErrNotExist) {
		t.Error("the dead draft was not swept")
	}
}

func TestOneWriterAtATime(t *testing.T) {
	s := open(t, t.TempDir())
	d, err := s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Begin()
	var e *store.Error
	if !errors.As(err, &e) || e.Code != store.Busy {
		t.Fatalf("second writer got %v", err)
	}
	d.Discard()
	d, err = s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	d.Discard()
}

func TestObjectsOfOldGenerationsAreSwept(t *testing.T) {
	s := open(t, t.TempDir())
	put := func(sha string) {
		d, err := s.Begin()
		if err != nil {
			t.Fatal(err)
		}
		tmp, err := d.TempDir()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(tmp, "x")
		if err := os.WriteFile(path, []byte(sha), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := d.Put(path, sha); err != nil {
			t.Fatal(err)
		}
		if err := d.Tables(slices.Values([]store.Holding{{Table: dataset.Table{ID: "t", Parquet: sha}}})); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	for _, sha := range []string{"aa1", "bb2", "cc3", "dd4"} {
		put(sha)
	}
	if _, err := os.Stat(s.Object("aa1")); !errors.Is(err, os.ErrNotExist) {
		t.Error("aa1 is named by no kept generation, but is still there")
	}
	for _, sha := range []string{"bb2", "cc3", "dd4"} {
		if _, err := os.Stat(s.Object(sha)); err != nil {
			t.Errorf("%s: %v", sha, err)
		}
	}
}

func TestFaultsAreTold(t *testing.T) {
	newer := t.TempDir()
	os.WriteFile(filepath.Join(newer, "format"), []byte("99\n"), 0o644)
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o644)
	damaged := t.TempDir()
	os.WriteFile(filepath.Join(damaged, "format"), []byte("1\n"), 0o644)
	os.WriteFile(filepath.Join(damaged, "current"), []byte("../../etc\n"), 0o644)

	for name, c := range map[string]struct {
		run  func() error
		code store.Code
		says string
	}{
		"newer":        {func() error { _, err := store.Open(newer); return err }, store.Newer, "99"},
		"a file":       {func() error { _, err := store.Open(file); return err }, store.NotDirectory, "--data"},
		"damaged":      {func() error { _, err := open(t, damaged).Current(); return err }, store.Damaged, "current"},
		"below a file": {func() error { _, err := store.Open(filepath.Join(file, "x")); return err }, store.Unreadable, "file/x"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.run()
			var e *store.Error
			if !errors.As(err, &e) || e.Code != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			for _, l := range []lang.Lang{lang.French, lang.English} {
				if !strings.Contains(e.Sentence(l), c.says) {
					t.Errorf("%s: %q says nothing of %q", l, e.Sentence(l), c.says)
				}
			}
		})
	}
}

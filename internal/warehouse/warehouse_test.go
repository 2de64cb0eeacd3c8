package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// parquet writes the rows of a SELECT as a Parquet file, and gives its path.
func parquet(tb testing.TB, name, query string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name+".parquet")
	db, err := sql.Open("duckdb", "")
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), fmt.Sprintf("copy (%s) to '%s' (format parquet)", query, literalPath(path))); err != nil {
		tb.Fatal(err)
	}
	return path
}

// accounts is a table of n rows with the usual kinds of columns; i is the row
// number in the file.
func accounts(n int) string {
	return fmt.Sprintf(`select i, 2016 + i %% 8 as exercice, lpad((i %% 96)::varchar, 2, '0') as departement,
		'Commune n° ' || i %% 500 as commune, (i * 7919 %% 1000003) / 100.0::double as montant,
		case when i %% 10 = 0 then null else (i * 31 %% 977) end as nb, date '2016-01-01' + (i %% 2900)::int as jour,
		i %% 3 = 0 as reel from range(%d) t(i)`, n)
}

const places = `select * from (values ('67482','Strasbourg',291313), ('57463','Metz',121695),
	('54395','Nancy',104403), ('51454','Reims',178478)) t(code, nom, population)`

func sources(tb testing.TB, rows int) []Source {
	tb.Helper()
	return []Source{
		{Name: "comptes", Parquet: parquet(tb, "comptes", accounts(rows))},
		{Name: "lieux", Parquet: parquet(tb, "lieux", places)},
	}
}

// openBoth gives the same tables opened both ways.
func openBoth(tb testing.TB, rows int, limits Limits) map[string]*DB {
	tb.Helper()
	from := sources(tb, rows)
	path := filepath.Join(tb.TempDir(), "generation.duckdb")
	if err := Build(tb.Context(), path, from); err != nil {
		tb.Fatal(err)
	}
	file, err := OpenFile(tb.Context(), path, limits)
	if err != nil {
		tb.Fatal(err)
	}
	tables, err := OpenTables(tb.Context(), from, limits)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := file.Close(); err != nil {
			tb.Error(err)
		}
		if err := tables.Close(); err != nil {
			tb.Error(err)
		}
	})
	return map[string]*DB{"file": file, "tables": tables}
}

func TestBuildKeepsOrder(t *testing.T) {
	const n = 300_000 // several row groups, so that threads could shuffle them
	for name, db := range openBoth(t, n, Limits{}) {
		t.Run(name, func(t *testing.T) {
			got, err := db.Query(t.Context(), `select count(*), count(*) filter (where rowid <> i), min(rowid), max(rowid) from comptes`)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got.Rows[0]) != fmt.Sprintf("[%d 0 0 %d]", n, n-1) {
				t.Errorf("count, displaced, first, last = %v", got.Rows[0])
			}
			got, err = db.Query(t.Context(), `select i from comptes where rowid > ? order by rowid limit 1`, 150_000)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got.Rows) != "[[150001]]" {
				t.Errorf("next row = %v", got.Rows)
			}
		})
	}
}

func TestBuild(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "generation.duckdb")
	good := sources(t, 10)
	for name, bad := range map[string][]Source{
		"missing file": {{Name: "x", Parquet: filepath.Join(dir, "none.parquet")}},
		"bad name":     {{Name: `x"; drop`, Parquet: good[0].Parquet}},
		"twice":        {good[0], good[0]},
	} {
		t.Run(name, func(t *testing.T) {
			if err := Build(t.Context(), path, bad); err == nil {
				t.Error("built")
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	if err := Build(t.Context(), path, good); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o444 {
		t.Errorf("mode = %v", info.Mode())
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("files = %v", left)
	}
	if err := Build(t.Context(), path, good); err != nil {
		t.Errorf("build again over the old file: %v", err)
	}
}

// Paths are taken letter for letter, or refused.
func TestPaths(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		dir string
		ok  bool
	}{
		{"espace é'quote", true}, {"étoile [a]*", true}, {"a#b", false}, {"50%", false}, {"q?x", false},
	} {
		t.Run(c.dir, func(t *testing.T) {
			sub := filepath.Join(dir, c.dir)
			if err := os.Mkdir(sub, 0o755); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(sub, "t[1].parquet")
			data, err := os.ReadFile(parquet(t, "t", "select 1 as a"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, data, 0o644); err != nil {
				t.Fatal(err)
			}
			db, err := OpenTables(t.Context(), []Source{{Name: "t", Parquet: file}}, Limits{})
			if err != nil {
				t.Fatalf("open tables: %v", err) // Parquet paths have no such limit
			}
			db.Close()
			path := filepath.Join(sub, "g.duckdb")
			err = Build(t.Context(), path, []Source{{Name: "t", Parquet: file}})
			if (err == nil) != c.ok {
				t.Fatalf("build: %v", err)
			}
			db, err = OpenFile(t.Context(), path, Limits{})
			if (err == nil) != c.ok {
				t.Fatalf("open file: %v", err)
			}
			if err == nil {
				db.Close()
			}
		})
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o444); err != nil {
			t.Fatal(err)
		}
		return path
	}
	from := sources(t, 1000)
	whole := filepath.Join(dir, "whole.duckdb")
	if err := Build(t.Context(), whole, from); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"missing": filepath.Join(dir, "none.duckdb"),
		"text":    write("text.duckdb", []byte(strings.Repeat("not a database\n", 1000))),
		"empty":   write("empty.duckdb", nil),
		"cut":     write("cut.duckdb", data[:5000]),
		"folder":  dir,
	} {
		if db, err := OpenFile(t.Context(), path, Limits{}); err == nil {
			t.Errorf("%s: opened", name)
			db.Close()
		}
		if db, err := OpenTables(t.Context(), []Source{{"t", path}}, Limits{}); err == nil {
			t.Errorf("%s: loaded", name)
			db.Close()
		}
	}
	_, err = OpenTables(t.Context(), []Source{{"big", parquet(t, "big", accounts(500_000))}}, Limits{MemoryMB: 20})
	if !errors.Is(err, ErrMemory) {
		t.Errorf("too large for memory: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenFile(ctx, whole, Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The same file opened twice in one process shares an engine that is already
// locked; both must work.
func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "g.duckdb")
	if err := Build(t.Context(), path, sources(t, 10)); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		db, err := OpenFile(t.Context(), path, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Query(t.Context(), "select count(*) from comptes"); err != nil {
			t.Error(err)
		}
	}
}

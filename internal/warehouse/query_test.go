package warehouse

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"cigogne/internal/dataset"
)

func TestQueryValues(t *testing.T) {
	db := openBoth(t, 10, Limits{})["file"]
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		sql  string
		want any
		kind dataset.Type
	}{
		{"null::integer", nil, dataset.Integer},
		{"true", true, dataset.Boolean},
		{"1::tinyint", int64(1), dataset.Integer},
		{"1::uinteger", int64(1), dataset.Integer},
		{"9223372036854775807", int64(9223372036854775807), dataset.Integer},
		{"18446744073709551615::ubigint", float64(18446744073709551615), dataset.Integer},
		{"sum(2::bigint)", int64(2), dataset.Integer}, // HUGEINT
		{"170141183460469231731687303715884105727::hugeint", 1.7014118346046923e38, dataset.Integer},
		{"1.25::decimal(9,2)", 1.25, dataset.Number},
		{"0.5::float", 0.5, dataset.Number},
		{"0.1::double", 0.1, dataset.Number},
		{"'nan'::double", nil, dataset.Number},
		{"'-infinity'::double", nil, dataset.Number},
		{"'infinity'::date", nil, dataset.Date},
		{"'-infinity'::timestamp", nil, dataset.DateTime},
		{"date '99999-01-01'", nil, dataset.Date},
		{"'été'", "été", dataset.Text},
		{"date '2024-02-29'", day, dataset.Date},
		{"timestamp '2024-02-29 10:11:12.5'", day.Add(10*time.Hour + 11*time.Minute + 12500*time.Millisecond), dataset.DateTime},
		{"timestamptz '2024-02-29 02:00:00+02'", day, dataset.DateTime},
		{"time '10:11:12'", "10:11:12", dataset.Text},
		{"[1,2]", "[1,2]", dataset.Text},
		{"{'a': 1}", `{"a":1}`, dataset.Text},
		{"'\\x41\\xFF'::blob", "41ff", dataset.Text},
		{"'6ccc44a0-5a29-4d0a-8f52-0c0b2c8d0f11'::uuid", "6ccc44a0-5a29-4d0a-8f52-0c0b2c8d0f11", dataset.Text},
		{"'a'::enum('a','b')", "a", dataset.Text},
		{"interval '14 months 3 days 2 hours'", "14 months 3 days 2h0m0s", dataset.Text},
		{"'101'::bit", "101", dataset.Text},
		{"map {'a': 1}", `{"a":1}`, dataset.Text},
	} {
		t.Run(c.sql, func(t *testing.T) {
			got, err := db.Query(t.Context(), "select "+c.sql+" as v")
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Rows, [][]any{{c.want}}) {
				t.Errorf("value = %#v, want %#v", got.Rows, c.want)
			}
			if want := []ResultColumn{{"v", c.kind}}; !reflect.DeepEqual(got.Columns, want) {
				t.Errorf("columns = %v, want %v", got.Columns, want)
			}
		})
	}
}

func TestQueryArguments(t *testing.T) {
	for name, db := range openBoth(t, 100, Limits{}) {
		t.Run(name, func(t *testing.T) {
			got, err := db.Query(t.Context(), `select i, commune, jour from comptes where departement = ? and jour >= ? and montant < ? and reel = ? -- the end`,
				"09", time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC), 1e9, true)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got.Rows) != "[[9 Commune n° 9 2016-01-10 00:00:00 +0000 UTC]]" {
				t.Errorf("rows = %v", got.Rows)
			}
			if got.Elapsed <= 0 || got.Truncated {
				t.Errorf("elapsed %v, truncated %t", got.Elapsed, got.Truncated)
			}
		})
	}
}

func TestQueryBindsLists(t *testing.T) {
	db := openBoth(t, 2000, Limits{})["file"]
	got, err := db.Query(t.Context(), "select count(*) from comptes where departement = any(?) and exercice = any(?)",
		[]string{"01", "02"}, []int64{2016, 2017})
	if err != nil || got.Rows[0][0] != int64(21) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestQueryRefusesArguments(t *testing.T) {
	db := openBoth(t, 10, Limits{})["file"]
	for _, args := range [][]any{{}, {1, 2}, {struct{}{}}} {
		if got, err := db.Query(t.Context(), "select ?", args...); err == nil {
			t.Errorf("%v: %v", args, got.Rows)
		}
	}
}

// Even SQL that breaks out of its parentheses is one statement or none.
func TestQueryOneStatement(t *testing.T) {
	for name, db := range openBoth(t, 10, Limits{}) {
		for _, sql := range []string{
			"select 1) limit 1; drop table comptes; from (select 1",
			"select 1) limit 1; create table x as select 1; from (select 1",
			"select 1); select 1 -- ",
			"select 1) limit 1; \x00",
		} {
			if _, err := db.Query(t.Context(), sql); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s: %q: %v", name, sql, err)
			}
		}
		got, err := db.Query(t.Context(), "select (select count(*) from comptes), count(*) from duckdb_tables()")
		if err != nil || fmt.Sprint(got.Rows) != "[[10 2]]" {
			t.Errorf("%s afterwards: %v, %v", name, got, err)
		}
	}
}

func TestClose(t *testing.T) {
	db, err := OpenTables(t.Context(), sources(t, 10), Limits{Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	running := make(chan error, 1)
	go func() {
		_, err := db.Query(t.Context(), "select sum(a.i * b.i) from range(1000000000) a(i), range(100000) b(i)")
		running <- err
	}()
	for len(db.slots) == 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if err := <-running; !errors.Is(err, ErrTimeout) {
		t.Errorf("running query: %v", err)
	}
	if _, err := db.Query(t.Context(), "select 1"); err == nil {
		t.Error("answers after Close")
	}
}

func TestQueryColumnNames(t *testing.T) {
	db := openBoth(t, 10, Limits{})["file"]
	got, err := db.Query(t.Context(), `select 1 as a, 2 as a, 'x' as "é "" b"`)
	want := []ResultColumn{{"a", dataset.Integer}, {"a_1", dataset.Integer}, {`é " b`, dataset.Text}}
	if err != nil || !reflect.DeepEqual(got.Columns, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestQueryLimits(t *testing.T) {
	for name, db := range openBoth(t, 1000, Limits{Rows: 100, Bytes: 4000}) {
		t.Run(name, func(t *testing.T) {
			for _, c := range []struct {
				sql       string
				rows      int
				truncated bool
			}{
				{"select i from comptes order by i desc limit 99", 99, false},
				{"select i from comptes order by i desc limit 100", 100, false},
				{"select i from comptes order by i desc limit 101", 100, true},
				{"select i from comptes order by i desc", 100, true},
				{"select i, repeat('x', 1000) from comptes order by i desc", 4, true},
				{"select i from comptes where false", 0, false},
			} {
				got, err := db.Query(t.Context(), c.sql)
				if err != nil {
					t.Fatalf("%s: %v", c.sql, err)
				}
				if len(got.Rows) != c.rows || got.Truncated != c.truncated {
					t.Errorf("%s: %d rows, truncated %t", c.sql, len(got.Rows), got.Truncated)
				}
				for k, row := range got.Rows {
					if row[0] != int64(999-k) {
						t.Errorf("%s: row %d = %v, order lost", c.sql, k, row[0])
						break
					}
				}
			}
		})
	}
}

func TestQueryErrors(t *testing.T) {
	db := openBoth(t, 1000, Limits{Timeout: 300 * time.Millisecond})["file"]
	for _, c := range []struct {
		sql  string
		want error
		text string
	}{
		{"select montnat from comptes", ErrInvalid, `"montnat" not found`},
		{"select 1 from nulle_part", ErrInvalid, "nulle_part does not exist"},
		{"selec 1", ErrInvalid, "syntax error"},
		{"select 1; select 2", ErrInvalid, "syntax error"},
		{"delete from comptes", ErrInvalid, "syntax error"},
		{"copy comptes to 'x.csv'", ErrInvalid, "syntax error"},
		{"set threads=1", ErrInvalid, "syntax error"},
		{"", ErrInvalid, "syntax error"},
		{"select commune::integer from comptes", ErrInvalid, "Could not convert"},
		{"select (i, commune) from comptes", ErrInvalid, "several values in parentheses"},
		{"select [(1, 2)]", ErrInvalid, "several values in parentheses"},
		{"select sum(a.i * b.i) from range(1000000000) a(i), range(100000) b(i)", ErrTimeout, ""},
		{"select list(i) from range(400000000) t(i) group by i % 1000003", ErrMemory, ""},
	} {
		t.Run(c.sql, func(t *testing.T) {
			if c.want == ErrMemory {
				db = openBoth(t, 10, Limits{MemoryMB: 64})["file"]
			}
			_, err := db.Query(t.Context(), c.sql)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Fatalf("error = %v", err)
			}
			if strings.Contains(err.Error(), "LINE") || strings.Contains(err.Error(), "SET ") {
				t.Errorf("error says too much: %v", err)
			}
		})
	}
}

func TestQueryCancel(t *testing.T) {
	db := openBoth(t, 10, Limits{Concurrent: 1})["file"]
	ctx, cancel := context.WithCancel(t.Context())
	running := make(chan error, 1)
	go func() {
		_, err := db.Query(ctx, "select sum(a.i * b.i) from range(1000000000) a(i), range(100000) b(i)")
		running <- err
	}()
	for len(db.slots) == 0 {
		time.Sleep(time.Millisecond)
	}
	// The only slot is taken: another question waits as long as it may.
	short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := db.Query(short, "select 1"); !errors.Is(err, ErrTimeout) {
		t.Errorf("waiting: %v", err)
	}
	cancel()
	if err := <-running; !errors.Is(err, context.Canceled) || errors.Is(err, ErrTimeout) {
		t.Errorf("cancelled: %v", err)
	}
	if got, err := db.Query(t.Context(), "select 1"); err != nil || len(got.Rows) != 1 {
		t.Errorf("after a cancelled query: %v", err)
	}
}

// What the engine cannot interrupt does not hold its caller.
func TestQueryAbandons(t *testing.T) {
	db := openBoth(t, 10, Limits{Timeout: 50 * time.Millisecond, Concurrent: 1})["file"]
	_, err := db.Query(t.Context(), "select length(md5(repeat('x', 20000000)) || md5(repeat('y', 20000000)))")
	if !errors.Is(err, ErrTimeout) {
		t.Errorf("error = %v", err)
	}
	// The slot comes back once the engine has stopped.
	for range 100 {
		if _, err = db.Query(t.Context(), "select 1"); err == nil {
			return
		}
	}
	t.Errorf("slot never came back: %v", err)
}

func TestQueryConcurrent(t *testing.T) {
	for name, db := range openBoth(t, 20_000, Limits{}) {
		t.Run(name, func(t *testing.T) {
			var wait sync.WaitGroup
			for k := range 16 {
				wait.Go(func() {
					got, err := db.Query(t.Context(), "select count(*), sum(i) from comptes where i % 16 = ?", k)
					if err != nil {
						t.Errorf("question %d: %v", k, err)
						return
					}
					n := int64(1250)
					if want := []any{n, n*int64(k) + 16*n*(n-1)/2}; !reflect.DeepEqual(got.Rows[0], want) {
						t.Errorf("question %d: %v, want %v", k, got.Rows[0], want)
					}
				})
			}
			wait.Wait()
		})
	}
}

// Nothing that a connection can be told survives it.
func TestQueryFreshConnection(t *testing.T) {
	db := openBoth(t, 10, Limits{})["tables"]
	if err := db.exec(t.Context(), "set variable x = 42; create temp table ghost as select 1"); err != nil {
		t.Fatal(err)
	}
	got, err := db.Query(t.Context(), "select getvariable('x')")
	if err != nil || got.Rows[0][0] != nil {
		t.Errorf("variable = %v, %v", got, err)
	}
	if _, err := db.Query(t.Context(), "select * from ghost"); !errors.Is(err, ErrInvalid) {
		t.Errorf("temporary table seen: %v", err)
	}
}

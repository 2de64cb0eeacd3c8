package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The test program is its own worker.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "confined" {
		if err := confine(); err != nil {
			fmt.Println(err)
		}
		fmt.Println("confined")
		os.WriteFile(os.Args[2], []byte("written"), 0o644) // ends the process, or fails
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "sqlworker" {
		if err := RunWorker(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func testWorker() *Worker { return NewWorker(2, os.Args[0], "sqlworker") }

// databases gives the same tables as a file and as Parquet.
func databases(tb testing.TB, rows int) map[string]Database {
	tb.Helper()
	from := sources(tb, rows)
	path := filepath.Join(tb.TempDir(), "generation.duckdb")
	if err := Build(tb.Context(), path, from); err != nil {
		tb.Fatal(err)
	}
	return map[string]Database{"file": {File: path}, "tables": {Tables: from}}
}

func TestWorkerAnswers(t *testing.T) {
	const query = `select i, i::hugeint * 100000000000000000000 as big, montant, commune, jour, jour::timestamp + interval 90 second as at,
		reel, nb, i / 0.0 as none, [i] as list, 'l''été " ' || chr(10) as t from comptes order by i limit 20`
	door := openDoor(t)
	for name, database := range databases(t, 100) {
		t.Run(name, func(t *testing.T) {
			checked, err := door.Check(t.Context(), query, doorTables)
			if err != nil {
				t.Fatal(err)
			}
			got, err := testWorker().Query(t.Context(), database, checked, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			db, err := database.Open(t.Context(), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			want, err := db.Query(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Rows, want.Rows) || !reflect.DeepEqual(got.Columns, want.Columns) {
				t.Errorf("by the worker %v\n%v\nhere %v\n%v", got.Columns, got.Rows, want.Columns, want.Rows)
			}
			if got.Elapsed <= 0 || got.Truncated {
				t.Errorf("elapsed %v, truncated %t", got.Elapsed, got.Truncated)
			}
		})
	}
}

func TestWorkerTruncates(t *testing.T) {
	got, err := testWorker().Query(t.Context(), databases(t, 100)["file"], Checked{text: "select i from comptes order by i"}, Limits{Rows: 7})
	if err != nil || len(got.Rows) != 7 || !got.Truncated {
		t.Errorf("%v, %v", got, err)
	}
}

// Queries that no database setting stops, had they passed the door.
func TestWorkerStops(t *testing.T) {
	database := databases(t, 1000)["file"]
	const short, ample = 300 * time.Millisecond, 20 * time.Second
	for _, c := range []struct {
		name, sql string
		timeout   time.Duration
		want      error
	}{
		{"list_sort", "select list_sort(range(50000000))[1]", ample, ErrMemory},
		{"md5 repeat", "select md5(repeat('x', 400000000))", ample, ErrMemory},
		{"repeat", "select length(repeat('ab', 500000000))", ample, ErrMemory},
		{"levenshtein", "select levenshtein(repeat('a', 60000), repeat('b', 60000))", short, ErrTimeout},
		{"doubling", doubling(30), ample, ErrMemory},
		{"list", "select len(list(a.i + b.i)) from comptes a, range(1000000) b(i)", ample, ErrMemory},
		{"cross", "select sum(a.i * b.i) from range(1000000000) a(i), range(100000) b(i)", short, ErrTimeout},
		{"giant cell", "select string_agg(commune) from comptes, range(20000)", ample, ErrMemory},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			got, err := testWorker().Query(t.Context(), database, Checked{text: c.sql}, Limits{Timeout: c.timeout})
			if !errors.Is(err, c.want) {
				t.Errorf("result %v, error %v", got, err)
			}
			// Not a measure of speed: left alone, these take from 8 seconds to for ever.
			if took := time.Since(start); c.timeout == short && took > 4*time.Second {
				t.Errorf("stopped after %v", took)
			}
			t.Logf("%v after %v", err, time.Since(start))
		})
	}
}

// doubling is a query, innocent to any list of functions, whose one cell has
// 10 × 2ⁿ letters.
func doubling(n int) string {
	text := "select commune as a from comptes limit 1"
	for range n {
		text = "select a || a as a from (" + text + ")"
	}
	return "select length(a) from (" + text + ")"
}

func TestWorkerErrors(t *testing.T) {
	good := databases(t, 10)["file"]
	for _, c := range []struct {
		name     string
		worker   *Worker
		database Database
		sql      string
		want     error
		text     string
	}{
		{"invalid", testWorker(), good, "select montnat from comptes", ErrInvalid, `"montnat" not found`},
		{"no file", testWorker(), Database{File: "/nowhere/g.duckdb"}, "select 1", nil, "open /nowhere/g.duckdb"},
		{"no parquet", testWorker(), Database{Tables: []Source{{"t", "/nowhere/t.parquet"}}}, "select 1", nil, "load t"},
		{"no program", NewWorker(1, "/nowhere/cigogne"), good, "select 1", nil, "start worker"},
		{"falls over", NewWorker(1, "/bin/sh", "-c", "echo oh no >&2; exit 3"), good, "select 1", nil, "exit status 3: oh no"},
		{"says nothing", NewWorker(1, "/bin/sh", "-c", "true"), good, "select 1", nil, "decode worker's reply"},
		{"says too much", NewWorker(1, "/bin/sh", "-c", "head -c 70000000 /dev/zero"), good, "select 1", ErrMemory, "bytes"},
		{"killed", NewWorker(1, "/bin/sh", "-c", "kill -9 $$"), good, "select 1", ErrMemory, ""},
		{"stray rows", NewWorker(1, "/bin/sh", "-c", `echo '{"columns":[{"name":"a"}],"rows":[[1,2]]}'`), good, "select 1", nil, "width"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.worker.Query(t.Context(), c.database, Checked{text: c.sql}, Limits{})
			if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("result %v, error %v", got, err)
			}
		})
	}
}

// A worker can write nothing and reads no environment, whatever its SQL.
func TestWorkerConfined(t *testing.T) {
	t.Setenv("CIGOGNE_SECRET", "hunter2")
	database := databases(t, 10)["file"]
	out := filepath.Join(t.TempDir(), "out.csv")
	for _, sql := range []string{
		"from read_text('/proc/self/environ')",
		"select 1) ; copy (select 1) to '" + out + "'; from (select 1",
		"select 1) ; copy (select 1) to '" + database.File + "' (use_tmp_file false); from (select 1",
	} {
		before := hash(t, database.File)
		got, err := testWorker().Query(t.Context(), database, Checked{text: sql}, Limits{})
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, %v", sql, got, err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: wrote a file", sql)
		}
		if hash(t, database.File) != before {
			t.Errorf("%s: changed the database", sql)
		}
	}
}

// Confinement holds without DuckDB's locks.
func TestConfine(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	said, _ := exec.CommandContext(t.Context(), os.Args[0], "confined", out).Output()
	if string(said) != "confined\n" {
		t.Errorf("said %q", said)
	}
	if data, _ := os.ReadFile(out); len(data) > 0 {
		t.Errorf("wrote %q", data)
	}
}

// All threads of a worker, the engine's too, give way to whoever answers
// questions.
func TestWorkerGivesWay(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("priorities are read from /proc")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	database, done := databases(t, 10)["file"], make(chan struct{})
	go func() {
		defer close(done)
		_, _ = testWorker().Query(ctx, database, Checked{text: "select count(*) from range(1000000000) a, range(100000) b"}, Limits{Timeout: time.Minute})
	}()
	// Once one thread gives way all do, those that the engine starts later too.
	for slow, looks := false, 0; looks < 20; {
		select {
		case <-done:
			t.Fatal("the query ended before its threads were seen")
		case <-time.After(20 * time.Millisecond):
		}
		all := threads(t, os.Getpid())
		if !slow {
			slow = slices.ContainsFunc(all, func(f []string) bool { return f[18] == "19" })
			continue
		}
		looks++
		for _, f := range all {
			if f[18] != "19" {
				t.Errorf("a thread of priority %s", f[18])
			}
		}
	}
	cancel()
	<-done
}

// threads gives the fields of /proc/PID/task/TID/stat of all threads of a
// process's children.
func threads(t *testing.T, parent int) (out [][]string) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/task/*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		fields := append([]string{"", ""}, strings.Fields(rest)...)
		if len(fields) > 18 && fields[3] == strconv.Itoa(parent) {
			out = append(out, fields)
		}
	}
	return out
}

func TestWorkerCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err := testWorker().Query(ctx, databases(t, 10)["file"], Checked{text: "select count(*) from range(1000000000) a, range(100000) b"}, Limits{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

func TestWorkerConcurrent(t *testing.T) {
	database := databases(t, 1000)["file"]
	worker := testWorker()
	var wait sync.WaitGroup
	for k := range 6 {
		wait.Go(func() {
			got, err := worker.Query(t.Context(), database, Checked{text: fmt.Sprintf("select count(*) + %d from comptes", k)}, Limits{})
			if err != nil || got.Rows[0][0] != int64(1000+k) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	wait.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	for range cap(worker.slots) {
		worker.slots <- struct{}{}
	}
	if _, err := worker.Query(ctx, database, Checked{text: "select 1"}, Limits{}); !errors.Is(err, ErrTimeout) {
		t.Errorf("with no slot: %v", err)
	}
}

package warehouse

import (
	"database/sql"
	"flag"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

var large = flag.Bool("large", false, "benchmark on 5 million rows too")

// forSizes runs a benchmark on tables of each size.
func forSizes(b *testing.B, run func(b *testing.B, rows int)) {
	for _, rows := range []int{30_000, 5_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			if rows > 100_000 && !*large {
				b.Skip("give -large to run it")
			}
			run(b, rows)
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	forSizes(b, func(b *testing.B, rows int) {
		from, dir := sources(b, rows), b.TempDir()
		for b.Loop() {
			if err := Build(b.Context(), filepath.Join(dir, "g.duckdb"), from); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	forSizes(b, func(b *testing.B, rows int) {
		for name, database := range databases(b, rows) {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					db, err := database.Open(b.Context(), Limits{MemoryMB: 1000})
					if err != nil {
						b.Fatal(err)
					}
					if err := db.Close(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// BenchmarkQuery asks the same of a DB and of database/sql on the same file,
// in turns, and reports the ratio of the two.
func BenchmarkQuery(b *testing.B) {
	questions := []struct {
		name, sql string
		args      []any
	}{
		{"count", "select count(*) from comptes", nil},
		{"filter", "select sum(montant) from comptes where departement = ? and exercice = ?", []any{"67", 2020}},
		{"group", "select departement, exercice, count(*), sum(montant) from comptes group by all order by 4 desc limit 20", nil},
		{"rows", "select * from comptes order by i limit 1000", nil},
	}
	forSizes(b, func(b *testing.B, rows int) {
		path := databases(b, rows)["file"].File
		for _, q := range questions {
			b.Run(q.name, func(b *testing.B) {
				db, err := OpenFile(b.Context(), path, Limits{})
				if err != nil {
					b.Fatal(err)
				}
				defer db.Close()
				direct, err := sql.Open("duckdb", path+"?"+mustAddress(b, path))
				if err != nil {
					b.Fatal(err)
				}
				defer direct.Close()
				var ours, theirs time.Duration
				for b.Loop() {
					start := time.Now()
					if _, err := db.Query(b.Context(), q.sql, q.args...); err != nil {
						b.Fatal(err)
					}
					ours += time.Since(start)
					start = time.Now()
					if err := drain(direct, q.sql, q.args); err != nil {
						b.Fatal(err)
					}
					theirs += time.Since(start)
				}
				b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/1e6, "ms/ours")
				b.ReportMetric(float64(theirs.Nanoseconds())/float64(b.N)/1e6, "ms/direct")
				b.ReportMetric(float64(ours)/float64(theirs), "ratio")
			})
		}
	})
}

// mustAddress gives the options that let a second opening of a file share the
// engine of the first.
func mustAddress(tb testing.TB, path string) string {
	tb.Helper()
	address, err := fileAddress(path, Limits{}.WithDefaults())
	if err != nil {
		tb.Fatal(err)
	}
	return address[len(path)+1:]
}

func drain(db *sql.DB, query string, args []any) error {
	rows, err := db.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(columns))
	targets := make([]any, len(columns))
	for i := range cells {
		targets[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
	}
	return rows.Err()
}

func BenchmarkDoor(b *testing.B) {
	door := openDoor(b)
	short := "select exercice, sum(montant) from comptes where departement = '67' group by 1 order by 1"
	long := short
	for len(long) < 10_000 {
		long += " -- more\n"
		if len(long) > 9000 {
			break
		}
		long = "select * from (" + short + ") union all " + long
	}
	for name, text := range map[string]string{"short": short, "long": long} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := door.Check(b.Context(), text, doorTables); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWorker(b *testing.B) {
	for name, database := range databases(b, 30_000) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := testWorker().Query(b.Context(), database, Checked{text: "select count(*) from comptes"}, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

#!/usr/bin/env bash
# DuckDB: who asks a query with one source waits for it at full speed.
#
# A careful person would guess that a query whose rows come one chunk after another
# costs what the chunks cost, whatever the setting `threads`. With duckdb-go v2.10506.0
# (DuckDB 1.5) the thread that asks and the workers race for its one task. Where a worker
# gets it, the thread that asks looks for another task again and again until the end:
# a second processor is busy for nothing. A reader of files then measures twice what it
# takes, in some runs and not in others. With threads=1 there is no worker to lose to.
#
# Here a table function sleeps 5 ms before each of 100 chunks, twenty times.
#
# Seen: threads=2: up to 0.55 s of processor in a query of 0.69 s; threads=1: 0.04 s
# Exits 0 while that is so, 1 where it changed. Needs Go and a C compiler.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"syscall"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// slow gives 100 chunks of one row, each after 5 ms of sleep.
type slow struct{ n int }

func (s *slow) ColumnInfos() []duckdb.ColumnInfo {
	t, _ := duckdb.NewTypeInfo(duckdb.TYPE_BIGINT)
	return []duckdb.ColumnInfo{{Name: "x", T: t}}
}
func (s *slow) Cardinality() *duckdb.CardinalityInfo { return nil }
func (s *slow) Init()                                {}
func (s *slow) FillChunk(chunk duckdb.DataChunk) error {
	if s.n == 100 {
		return chunk.SetSize(0)
	}
	s.n++
	time.Sleep(5 * time.Millisecond)
	if err := duckdb.SetChunkValue(chunk, 0, 0, int64(s.n)); err != nil {
		return err
	}
	return chunk.SetSize(1)
}

func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// most is the most processor time that one of twenty queries takes.
func most(threads int) (used, lasted float64) {
	db, err := sql.Open("duckdb", fmt.Sprintf("?threads=%d", threads))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		panic(err)
	}
	err = duckdb.RegisterTableUDF(conn, "slow", duckdb.ChunkTableFunction{BindArguments: func(map[string]any, ...any) (duckdb.ChunkTableSource, error) { return &slow{}, nil }})
	if err != nil {
		panic(err)
	}
	for range 20 {
		began, before := time.Now(), processor()
		var n int64
		if err := conn.QueryRowContext(context.Background(), "SELECT count(*) FROM slow()").Scan(&n); err != nil {
			panic(err)
		}
		if p := processor() - before; p > used {
			used, lasted = p, time.Since(began).Seconds()
		}
	}
	return used, lasted
}

func main() {
	two, lasted := most(2)
	one, _ := most(1)
	fmt.Printf("threads=2: up to %.2f s of processor in a query of %.2f s; threads=1: %.2f s\n", two, lasted, one)
	if two < 0.1 || two < 3*one {
		fmt.Println("The behaviour changed.")
		os.Exit(1)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get github.com/duckdb/duckdb-go/v2@v2.10506.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .

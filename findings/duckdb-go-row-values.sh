#!/usr/bin/env bash
# duckdb-go (github.com/duckdb/duckdb-go/v2) cannot read a row value.
#
# SQL's row value, (1, 2), is valid in DuckDB and has the type STRUCT with fields
# that have no names. Preparing and running such a query succeeds, and the column's
# type is told as STRUCT("" INTEGER, "" INTEGER); the first read of a row then fails,
# and so does a row value anywhere within a list or another structure. Where the
# fields are named, {'a': 1, 'b': 2}, the same query is read. A program that takes
# queries from others has to look at the column's type before it reads, or it will
# take a fault of the query for a fault of its data.
#
# Seen with v2.10506.0 and Go 1.26:
#   select (1, 2)             prepared; type STRUCT("" INTEGER, "" INTEGER); read: ... API error: empty name
#   select [(1, 2)]           prepared; type STRUCT("" INTEGER, "" INTEGER)[]; read: ... API error: empty name
#   select {'a': 1, 'b': 2}   prepared; type STRUCT("a" INTEGER, "b" INTEGER); read: map[a:1 b:2]
#
# Exits 0 while that is so, 1 where it changed. Needs Go and a C compiler.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

func main() {
	ctx := context.Background()
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		panic(err)
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		panic(err)
	}
	changed := false
	for query, readable := range map[string]bool{"select (1, 2)": false, "select [(1, 2)]": false, "select {'a': 1, 'b': 2}": true} {
		statement, err := conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
		if err != nil {
			panic(err)
		}
		rows, err := statement.(driver.StmtQueryContext).QueryContext(ctx, nil)
		if err != nil {
			panic(err)
		}
		kind := rows.(driver.RowsColumnTypeDatabaseTypeName).ColumnTypeDatabaseTypeName(0)
		cells := make([]driver.Value, 1)
		err = rows.Next(cells)
		fmt.Printf("%-25s prepared; type %s; read: %v %v\n", query, kind, cells[0], err)
		if readable != (err == nil) || !readable && !strings.Contains(err.Error(), "empty name") {
			changed = true
		}
	}
	if changed {
		fmt.Println("The behaviour changed.")
		os.Exit(1)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get github.com/duckdb/duckdb-go/v2@v2.10506.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .

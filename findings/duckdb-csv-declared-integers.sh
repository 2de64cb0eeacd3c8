#!/usr/bin/env bash
# DuckDB's CSV reader: a column declared BIGINT takes what is no integer, and
# rounds it, without a word and without a reject.
#
# A careful person who declares every column (columns = {...}), turns detection
# off and asks for store_rejects = true would guess that a cell that is not of its
# column's type is rejected, so that rejects alone need a second look. With duckdb
# 1.5.6 a cell is taken if a cast takes it: 12.5 becomes 13, 2.50 becomes 3, 1_000
# becomes 1000, 1e3 becomes 1000, 0x1F becomes 31, 007 becomes 7. In a column declared
# DOUBLE with decimal_separator = ',', 12_5 becomes 125 and 1e400 becomes inf. Only
# the cell with the other decimal sign is rejected.
#
# Seen: integers [13, 3, 1000, 1000, 31, 7] rejected ['1,5;x']
#       doubles [125.0, inf] rejected ['1.5;x']
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" -q --disable-pip-version-check install duckdb==1.5.6
printf 'a;b\n12.5;x\n2.50;x\n1_000;x\n1e3;x\n0x1F;x\n007;x\n1,5;x\n' > "$dir/i.csv"
printf 'a;b\n12_5;x\n1e400;x\n1.5;x\n' > "$dir/d.csv"
cd "$dir"
v/bin/python - <<'P'
import duckdb, sys

def read(file, kind, more):
    db = duckdb.connect()
    rows = db.execute(f"""SELECT a FROM read_csv('{file}', auto_detect=false, header=true, delim=';',
        columns={{'a': '{kind}', 'b': 'VARCHAR'}}, store_rejects=true{more})""").fetchall()
    return [r[0] for r in rows], [r[0] for r in db.execute("SELECT csv_line FROM reject_errors").fetchall()]

whole, refused = read("i.csv", "BIGINT", "")
parts, refused2 = read("d.csv", "DOUBLE", ", decimal_separator=','")
print("integers", whole, "rejected", refused)
print("doubles", parts, "rejected", refused2)
sys.exit(0 if whole == [13, 3, 1000, 1000, 31, 7] and refused == ["1,5;x"] and parts == [125.0, float("inf")] and refused2 == ["1.5;x"] else 1)
P

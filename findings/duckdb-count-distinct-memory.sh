#!/usr/bin/env bash
# DuckDB: what counting different values takes from the start, whatever the rows.
#
# A careful person who bounds DuckDB's memory would guess that a summary of 150 rows
# fits in a few megabytes. With duckdb 1.5.6 each count(DISTINCT …) of a query takes
# megabytes before its first row: 80 of them over 150 rows of small integers fail
# under memory_limit = '160MB', with temp_directory to spill to; 12 at a time pass.
#
# Seen: 80 at once: OutOfMemoryException; 12 at a time: 80 counted
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" -q --disable-pip-version-check install duckdb==1.5.6
cd "$dir"
v/bin/python - <<'P'
import duckdb, sys

db = duckdb.connect(config={"memory_limit": "160MB", "temp_directory": "spill", "threads": 2})
columns = [f"c{i}" for i in range(80)]
db.execute("CREATE TABLE t AS SELECT " + ", ".join(f"(i * {n}) % 97 AS {c}" for n, c in enumerate(columns)) + " FROM range(150) r(i)")

def count(some):
    return db.execute("SELECT " + ", ".join(f"count(DISTINCT {c})" for c in some) + " FROM t").fetchone()

try:
    count(columns)
    at_once = "passed"
except duckdb.OutOfMemoryException as e:
    at_once = type(e).__name__
counted = sum(len(count(columns[i:i + 12])) for i in range(0, 80, 12))
print("80 at once:", at_once + "; 12 at a time:", counted, "counted")
sys.exit(0 if at_once == "OutOfMemoryException" and counted == 80 else 1)
P

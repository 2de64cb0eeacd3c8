#!/usr/bin/env bash
# DuckDB's CSV sniffer: one stray quote in one cell turns quoting off for the
# whole file, in silence.
#
# A careful person would guess that a quote nothing closes gives an error, or
# eats rows up to the next quote. With duckdb 1.5.6, the first lines of this
# file (one of five cells has a stray quote) make the sniffer settle on
# quote='' : every row is there, and every properly quoted cell keeps its quotes
# as part of its text. A filter nom = 'Halle' then finds nothing.
#
# Seen: [(1, '"Halle"'), (2, '"Pont neuf'), (3, '"Quai"'), (4, '"Tour"'), (5, 'Port')]
#       rows where nom = 'Halle': 0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" -q --disable-pip-version-check install duckdb==1.5.6
printf 'lieu,nom,prix\n1,"Halle",4\n2,"Pont neuf,6\n3,"Quai",8\n4,"Tour",9\n5,Port,7\n' > "$dir/f.csv"
cd "$dir"
v/bin/python - <<'P'
import duckdb, sys
rows = duckdb.sql("SELECT lieu, nom FROM read_csv('f.csv')").fetchall()
found = duckdb.sql("SELECT count(*) FROM read_csv('f.csv') WHERE nom = 'Halle'").fetchone()[0]
print(rows); print("rows where nom = 'Halle':", found)
sys.exit(0 if len(rows) == 5 and rows[0][1] == '"Halle"' and found == 0 else 1)
P

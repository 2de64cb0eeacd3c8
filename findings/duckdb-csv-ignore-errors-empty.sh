#!/usr/bin/env bash
# DuckDB's read_csv with ignore_errors=true may leave out every row of a valid
# file and say nothing; without it, the same file becomes two columns.
#
# The file is one column of numbers with decimal commas, as French spreadsheets
# write it. One would guess one text column, or an error. With duckdb 1.5.6:
#
#   read_csv('f.csv')                     -> column0, column1: (12, 50), (3, 75); the header is gone
#   read_csv('f.csv', ignore_errors=true) -> montant: no row at all, no error, no warning
#
# So ignore_errors is no way to read "all that can be read": count what is
# rejected (store_rejects), and decide on the separator before.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" -q --disable-pip-version-check install duckdb==1.5.6
printf 'montant\n12,50\n3,75\n' > "$dir/f.csv"
cd "$dir"
v/bin/python - <<'P'
import duckdb, sys
plain = duckdb.sql("FROM read_csv('f.csv')")
loose = duckdb.sql("FROM read_csv('f.csv', ignore_errors=true)")
print(plain.columns, plain.fetchall()); print(loose.columns, loose.fetchall())
plain = duckdb.sql("FROM read_csv('f.csv')"); loose = duckdb.sql("FROM read_csv('f.csv', ignore_errors=true)")
sys.exit(0 if plain.fetchall() == [(12, 50), (3, 75)] and loose.columns == ['montant'] and loose.fetchall() == [] else 1)
P

#!/usr/bin/env bash
# DuckDB 1.4.3's json_serialize_sql writes 2.5 as 25.
#
# A number with a decimal point is a DECIMAL, and its "value" in the tree is the
# unscaled integer; the scale stands apart, in type_info. An exponent makes it a
# DOUBLE, whose value is itself. So the trees of "2.5" and of "25" hold the same
# "value", and "2.50" holds 250: a program that walks trees and reads "value"
# alone takes a threshold for another ten or a hundred times as large.
#
# Seen: 25 -> INTEGER 25; 2.5 -> DECIMAL 25 (scale 1); 2.50 -> DECIMAL 250 (scale 2);
#       2.5e0 -> DOUBLE 2.5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install duckdb==1.4.3
"$folder/v/bin/python" - <<'EOF'
import json, sys
import duckdb

def read(number):
    (text,) = duckdb.execute("select json_serialize_sql(?::varchar)::varchar", [f"select {number}"]).fetchone()
    v = json.loads(text)["statements"][0]["node"]["select_list"][0]["value"]
    return v["type"]["id"], v["value"], (v["type"]["type_info"] or {}).get("scale")

seen = [read(n) for n in ("25", "2.5", "2.50", "2.5e0")]
print(seen)
if seen != [("INTEGER", 25, None), ("DECIMAL", 25, 1), ("DECIMAL", 250, 2), ("DOUBLE", 2.5, None)]:
    sys.exit("changed")
EOF

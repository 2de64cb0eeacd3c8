#!/usr/bin/env bash
# @etalab/decoupage-administratif 6.0.0 (npm): a code alone does not find a commune
# in communes.json, and a commune that is gone may be in no row.
#
# communes.json lists delegated and associated communes beside those of today,
# and the delegated commune of a chef-lieu bears the very code of the commune it
# is part of, often under another name: 51457 is Cœur-de-la-Vallée (of today) and
# Reuil (delegated). An index by code that keeps the last row gives the part's
# name, and that row has no population. And Le Mont-Dieu (08300), merged in 2025,
# is not among the parts: nothing in the package says that Tannay-le-Mont-Dieu
# (08439) holds it.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm pack --silent @etalab/decoupage-administratif@6.0.0 >/dev/null
tar xzf etalab-decoupage-administratif-6.0.0.tgz
python3 - <<'P'
import json
rows = json.load(open("package/data/communes.json"))
same = [(r["type"], r["nom"], "population" in r) for r in rows if r["code"] == "51457"]
twice = len(rows) - len({r["code"] for r in rows})
print(same, twice, "rows share a code with another;", [r["nom"] for r in rows if r["code"] == "08300"], "of code 08300")
assert ("commune-actuelle", "Cœur-de-la-Vallée", True) in same and ("commune-deleguee", "Reuil", False) in same
assert twice > 500 and not [r for r in rows if r["code"] == "08300"]
P

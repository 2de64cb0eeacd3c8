#!/usr/bin/env bash
# @etalab/decoupage-administratif (npm, official divisions of France): which
# year's population communes.json carries.
#
# A package holds the territories of a year: 2.3.1 those of 2022, 3.1.1 those of
# 2023, and so on (its README has the list). One would take the "population" of
# its communes for the one in force in that year. Seen: Strasbourg's is that of
# the year AFTER in 1.1.1 (2021), 2.3.1 (2022), 4.1.0 (2024) and 5.3.0 (2025), and
# that of the year itself in 3.1.1 (2023) and 6.0.0 (2026). So 2022 and 2023 carry
# the same figure, as do 2025 and 2026, and series over the packages have steps
# that never happened. In the very same packages the members of epci.json bear
# "populationMunicipale" in force in the year itself, until 2025.
#
#   version  year  communes.json  epci.json members
#   1.1.1    2021  287228         284677
#   2.3.1    2022  290576         287228
#   3.1.1    2023  290576         290576
#   4.1.0    2024  291709         291313
#   5.3.0    2025  293771         291709
#   6.0.0    2026  293771         291709
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
seen=
for v in 1.1.1 2.3.1 3.1.1 4.1.0 5.3.0 6.0.0; do
  npm pack --silent "@etalab/decoupage-administratif@$v" >/dev/null
  mkdir "$v" && tar xzf "etalab-decoupage-administratif-$v.tgz" -C "$v"
  seen+=$(python3 - "$v" <<'P'
import json, sys
d = sys.argv[1] + "/package/data/"
c = [x["population"] for x in json.load(open(d + "communes.json")) if x["code"] == "67482" and x["type"] == "commune-actuelle"]
m = [m["populationMunicipale"] for e in json.load(open(d + "epci.json")) for m in e["membres"] if m["code"] == "67482"]
print(sys.argv[1], c[0], m[0])
P
)$'\n'
done
printf '%s' "$seen"
[ "$seen" = "1.1.1 287228 284677
2.3.1 290576 287228
3.1.1 290576 290576
4.1.0 291709 291313
5.3.0 293771 291709
6.0.0 293771 291709
" ]

#!/usr/bin/env bash
# @etalab/decoupage-administratif 6.0.0 (npm), the package of 2026: its
# intercommunalities are those of 2025.
#
# 6.0.0 is announced as the divisions of 2026, and its communes.json is new. Seen:
# its epci.json is byte for byte that of 5.0.1 and 5.3.0, the packages of 2025, so
# that memberships and populations of intercommunalities are a year old beside
# communes of the year.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
for v in 5.0.1 5.3.0 6.0.0; do
  npm pack --silent "@etalab/decoupage-administratif@$v" >/dev/null
  mkdir "$v" && tar xzf "etalab-decoupage-administratif-$v.tgz" -C "$v"
  sha256sum "$v/package/data/epci.json" "$v/package/data/communes.json"
done
cmp 5.0.1/package/data/epci.json 6.0.0/package/data/epci.json
cmp 5.3.0/package/data/epci.json 6.0.0/package/data/epci.json
! cmp -s 5.3.0/package/data/communes.json 6.0.0/package/data/communes.json

#!/usr/bin/env bash
# Harvests a portal that fails now and then, in each of its dialects, then kills
# harvests and fetches at random moments. After each kill, everything that a run
# had said it holds must be there, whole, and answer.
#
#   tools/kills/kills.sh SERVE.PY [KILLS]
#
# SERVE.PY is a portal that prints its address on a line and takes --faults.
set -euo pipefail
serve=${1:?the trial portal} kills=${2:-50}
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
bin=$tmp/cigogne
go build -o "$bin" ./cmd/cigogne
portal=
stop() { if [ -n "$portal" ]; then kill "$portal" 2>/dev/null || true; fi; rm -rf "$tmp"; }
trap stop EXIT
python3 "$serve" --faults 0.2 --seed 7 >"$tmp/address" & portal=$!
until [ -s "$tmp/address" ]; do sleep 0.2; done
base=$(cat "$tmp/address")
export CIGOGNE_DATA=$tmp/data LANG=en_GB.UTF-8
places=("$base" "$base/data4citizen" "$base/catalog.jsonld")

held() { "$bin" status --json | python3 -c 'import json,sys; s=json.load(sys.stdin); print(s["datasets"], s["tables"])'; }

for place in "${places[@]}"; do
  "$bin" harvest "$place" --allow-private --json 2>/dev/null |
    python3 -c 'import json,sys; r=json.load(sys.stdin); print(r["type"], r["datasets"], "datasets in", round(r["seconds"],1), "s", *r.get("remarks", []))'
done
"$bin" fetch --allow-private --json 2>/dev/null | python3 -c 'import json,sys; r=json.load(sys.stdin); print(r["tables"], "tables, failed:", len(r.get("failed", [])))'
read -r datasets tables < <(held)
echo "acknowledged: $datasets datasets, $tables tables"

killed=0 ended=0 lost=0 resumed=0
for ((i = 0; killed < kills; i++)); do
  what=(harvest "${places[RANDOM % 3]}")
  ((RANDOM % 4)) || what=(fetch)
  "$bin" "${what[@]}" --allow-private >"$tmp/out" 2>"$tmp/err" & run=$!
  sleep "$(python3 -c 'import random; print(round(random.uniform(0.05, 10), 2))')"
  if kill -9 "$run" 2>/dev/null; then killed=$((killed + 1)); else ended=$((ended + 1)); fi
  wait "$run" 2>/dev/null || true
  if grep -q 'goes on where' "$tmp/err"; then resumed=$((resumed + 1)); fi
  now=$(held) || now="unreadable"
  if [ "$now" != "$datasets $tables" ]; then lost=$((lost + 1)); echo "run $i (${what[*]}): $datasets $tables became $now"; fi
  if ! "$bin" ask "How many inhabitants in Metz?" >"$tmp/answer" 2>&1; then lost=$((lost + 1)); echo "run $i: no answer"; cat "$tmp/answer"; fi
done
"$bin" doctor --offline >"$tmp/doctor" 2>&1 || { echo "doctor finds damage:"; cat "$tmp/doctor"; }
"$bin" harvest "${places[0]}" --allow-private --json 2>/dev/null | python3 -c 'import json,sys; r=json.load(sys.stdin); print("afterwards:", r["type"], r["datasets"], "datasets")'
echo "$killed killed, $ended had ended, $resumed went on with what was left, $lost lost something"
[ "$lost" = 0 ]

#!/usr/bin/env bash
# Measures several servers over one PostgreSQL and one object store, behind HAProxy,
# under the same load: one, two, three, one of them killed in the middle; PostgreSQL
# killed and back, the object store killed and back; and one server with and without
# them, in turns, for what the indirection costs.
#
#   tools/scale/scale.sh QUESTIONS.jsonl [SECONDS]
#
# Wants PostgreSQL and HAProxy (Debian: apt-get install postgresql haproxy) and
# versitygw (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0). CIGOGNE
# names a program that is built already.
set -euo pipefail
questions=$(realpath "${1:?questions, one a line}") seconds=${2:-20} clients=${CLIENTS:-6}
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d /tmp/scale-XXXXXX)
chmod 755 "$tmp"
bin=${CIGOGNE:-$tmp/cigogne}
[ -x "$bin" ] || go build -o "$bin" ./cmd/cigogne
go build -o "$tmp/crowd" ./tools/crowd
pgbin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
vgw=${CIGOGNE_TEST_S3:-$(command -v versitygw)}
as=()
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups); mkdir "$tmp/pg"; chown 65534:65534 "$tmp/pg"; else mkdir "$tmp/pg"; fi
declare -A pid
stop() {
  for p in "${pid[@]}"; do kill -9 "$p" 2>/dev/null || true; done
  (cd / && "${as[@]}" "$pgbin/pg_ctl" -D "$tmp/pg/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$tmp"
}
trap stop EXIT

pg() { (cd / && "${as[@]}" "$pgbin/pg_ctl" -D "$tmp/pg/data" -w -l "$tmp/pg/log" -o "-p 55432 -c listen_addresses=127.0.0.1 -k $tmp/pg" "$@" >/dev/null); }
(cd / && "${as[@]}" "$pgbin/initdb" -D "$tmp/pg/data" -U postgres --auth=trust -E UTF8 >/dev/null)
pg start
mkdir -p "$tmp/s3/lake"
s3() { ROOT_ACCESS_KEY=testtest ROOT_SECRET_KEY=testtestsecret "$vgw" --port 127.0.0.1:55900 --quiet posix "$tmp/s3" >/dev/null 2>&1 & pid[s3]=$!; }
s3
export LANG=en_GB.UTF-8
alone=(env CIGOGNE_ENGINE=rules)
shared=(env CIGOGNE_ENGINE=rules CIGOGNE_LEDGER_URL="postgres://postgres@127.0.0.1:55432/postgres?sslmode=disable"
  CIGOGNE_STORE_URL=s3://lake/region CIGOGNE_STORE_ENDPOINT=http://127.0.0.1:55900 CIGOGNE_STORE_EVERY=2s
  AWS_ACCESS_KEY_ID=testtest AWS_SECRET_ACCESS_KEY=testtestsecret)

serve() { # NAME PORT COMMAND…
  local name=$1 port=$2; shift 2
  "$@" "$bin" serve --addr "127.0.0.1:$port" --rate 0 --data "$tmp/data-$name" >"$tmp/$name.log" 2>&1 & pid[$name]=$!
  for _ in $(seq 600); do curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && return; sleep 0.2; done
  cat "$tmp/$name.log"; exit 1
}
end() { kill -9 "${pid[$1]}" 2>/dev/null || true; wait "${pid[$1]}" 2>/dev/null || true; unset "pid[$1]"; }

cat >"$tmp/haproxy.cfg" <<CFG
defaults
  mode http
  timeout connect 2s
  timeout client 70s
  timeout server 70s
  timeout queue 30s
  retries 5
  option redispatch 1
  retry-on conn-failure empty-response response-timeout 503
  option http-buffer-request
frontend in
  bind 127.0.0.1:55800
  default_backend sites
backend sites
  balance roundrobin
  option httpchk GET /healthz
  server one 127.0.0.1:55801 check inter 500 fall 2 rise 1
  server two 127.0.0.1:55802 check inter 500 fall 2 rise 1
  server three 127.0.0.1:55803 check inter 500 fall 2 rise 1
CFG
haproxy -f "$tmp/haproxy.cfg" >/dev/null 2>&1 & pid[haproxy]=$!

crowd() { # NAME URL [SECONDS]
  "$tmp/crowd" -name "$1" -url "$2" -clients "$clients" -for "${3:-$seconds}s" -golds "$tmp/golds" <"$questions" || true
}

echo "$(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg); $clients clients, $seconds s each"
serve alone 55810 "${alone[@]}"
serve one 55801 "${shared[@]}"
crowd "(warm-up) alone" http://127.0.0.1:55810 5 >/dev/null
crowd "(warm-up) shared" http://127.0.0.1:55801 5 >/dev/null
for round in 1 2 3; do
  crowd "alone, round $round" http://127.0.0.1:55810
  crowd "shared, round $round" http://127.0.0.1:55801
done
end alone
crowd "one behind HAProxy" http://127.0.0.1:55800
serve two 55802 "${shared[@]}"
sleep 2
crowd "two" http://127.0.0.1:55800
serve three 55803 "${shared[@]}"
sleep 2
crowd "three" http://127.0.0.1:55800
(sleep $((seconds / 2)); kill -9 "${pid[two]}") &
crowd "three, one killed" http://127.0.0.1:55800
unset "pid[two]"
(sleep $((seconds / 3)); pg -m immediate stop; sleep $((seconds / 3)); pg start) &
crowd "PostgreSQL killed, back" http://127.0.0.1:55800
sleep 11
(sleep $((seconds / 3)); kill -9 "${pid[s3]}") &
crowd "object store killed" http://127.0.0.1:55800
s3
sleep 4
echo "what the logs say:"
grep -h -o 'msg="[^"]*"' "$tmp"/{one,three}.log | sort | uniq -c | sort -rn | head -12

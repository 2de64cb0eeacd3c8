#!/usr/bin/env bash
# Trino runs SQL written for DuckDB (or PostgreSQL's habits of it) and gives other
# figures without a word.
#
# A query that one engine refuses is found at once; these are taken by both and mean
# something else. In Trino a number with a point is a DECIMAL whose scale the division
# keeps, so that a percentage written 100.0 * a / b comes out with one digit, cut; two
# whole numbers divide to a whole number; a half is cast away from zero; NULL takes
# greatest and concat with it. And one is refused that is valid elsewhere: in ORDER BY
# an output's name hides the column of that name, also within an aggregate. 100e0 * a,
# CAST(a AS double) / b and names that no column bears mean the same in both.
#
# Seen with Trino 476 on Java 25 (DuckDB 1.5 beside it):
#   100.0 * 1 / 3               33.3        (33.333333333333336)
#   100e0 * 1 / 3               33.333333333333336
#   sum(x) / sum(y) of 7 and 2  3           (3.5)
#   CAST(2.5e0 AS integer)      3           (2)
#   greatest(1, NULL, 2)        null        (2)
#   concat('a', NULL)           null        (a)
#   SELECT g, sum(x) AS x … ORDER BY sum(x)   COLUMN_NOT_FOUND   (runs)
#
# Exits 0 while that is so, 1 where it changed. Needs Java 24 or later (JAVA_HOME, or
# Temurin below /usr/lib/jvm), python3, Maven and 2 GB of disk; TRINO_HOME is an
# unpacked io.trino:trino-server:476 that is there already.
set -euo pipefail
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -9 -- "-$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
java=${JAVA_HOME:-$(ls -d /usr/lib/jvm/temurin-2[4-9]-jdk-* 2>/dev/null | tail -1)}
home=${TRINO_HOME:-}
if [ -z "$home" ]; then
  mvn -q dependency:copy -Dartifact=io.trino:trino-server:476:tar.gz -DoutputDirectory="$work"
  tar xzf "$work"/trino-server-476.tar.gz -C "$work"
  home=$work/trino-server-476
fi
# The server with no connector at all: it starts in half the time.
mkdir -p "$work/home/plugin" "$work/etc"
for part in bin lib secrets-plugin; do cp -rl "$home/$part" "$work/home/" 2>/dev/null || cp -r "$home/$part" "$work/home/"; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf 'node.environment=finding\nnode.id=one\nnode.bind-ip=127.0.0.1\n' >"$work/etc/node.properties"
printf 'coordinator=true\nnode-scheduler.include-coordinator=true\nhttp-server.http.port=%s\nnode.internal-address=127.0.0.1\ndiscovery.uri=http://127.0.0.1:%s\n' "$port" "$port" >"$work/etc/config.properties"
printf -- '-server\n-Xmx1G\n-XX:TieredStopAtLevel=1\n' >"$work/etc/jvm.config"
set -m
JAVA_HOME=$java PATH=$java/bin:$PATH "$work/home/bin/launcher" run --etc-dir="$work/etc" --data-dir="$work/data" >"$work/log" 2>&1 &
pid=$!
set +m
python3 - "http://127.0.0.1:$port" <<'PY'
import json, sys, time, urllib.request

server = sys.argv[1]
for _ in range(600):
    try:
        info = json.load(urllib.request.urlopen(server + "/v1/info"))
        if not info["starting"]:
            break
    except OSError:
        pass
    time.sleep(1)
else:
    sys.exit("Trino does not start")
print("Trino", info["nodeVersion"]["version"])

def ask(sql):
    """The first cell, or the name of the error."""
    answer = json.load(urllib.request.urlopen(urllib.request.Request(server + "/v1/statement", sql.encode(), {"X-Trino-User": "finding"})))
    rows = []
    while True:
        if "error" in answer:
            return answer["error"]["errorName"]
        rows += answer.get("data", [])
        if "nextUri" not in answer:
            return rows[0][0]
        answer = json.load(urllib.request.urlopen(answer["nextUri"]))

changed = False
for sql, seen in [
    ("SELECT 100.0 * 1 / 3", "33.3"),
    ("SELECT 100e0 * 1 / 3", 33.333333333333336),
    ("SELECT sum(x) / sum(y) FROM (VALUES (3, 1), (4, 1)) t(x, y)", 3),
    ("SELECT CAST(2.5e0 AS integer)", 3),
    ("SELECT greatest(1, NULL, 2)", None),
    ("SELECT concat('a', NULL)", None),
    ("SELECT g, sum(x) AS x FROM (VALUES (1, 2), (2, 5)) t(g, x) GROUP BY g ORDER BY sum(x) DESC", "COLUMN_NOT_FOUND"),
    ("SELECT g, sum(x) AS total FROM (VALUES (1, 2), (2, 5)) t(g, x) GROUP BY g ORDER BY sum(x) DESC", 2),
]:
    got = ask(sql)
    print(f"{sql:90} {got}")
    changed = changed or got != seen
sys.exit(changed)
PY

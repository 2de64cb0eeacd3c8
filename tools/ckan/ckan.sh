#!/usr/bin/env bash
# Starts a CKAN of this machine with datasets in it, and prints its address:
#
#   tools/ckan/ckan.sh FOLDER [DATASETS]
#
# CKAN comes from PyPI, Solr from Maven Central, PostgreSQL and redis from Debian
# (apt-get install postgresql redis-server maven libpq-dev). Everything lies in
# FOLDER; it ends with this script. Run as root, PostgreSQL is user postgres.
set -euo pipefail
dir=${1:?a folder} count=${2:-200}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir" && cd "$dir" && dir=$PWD
pg=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as=() ; if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); fi
port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
note() { echo "$@" >&2; }

if [ ! -x venv/bin/ckan ]; then
  note "CKAN from PyPI"
  python3 -m venv venv
  venv/bin/pip -q install --disable-pip-version-check setuptools 'ckan[requirements]==2.12.0' >&2
fi
if [ ! -d lib ]; then
  note "Solr from Maven Central"
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$dir/lib" >&2
fi

solr=$(port) db=$(port) redis=$(port) web=$(port)
pids=()
stop() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done
  "${as[@]}" "$pg/pg_ctl" -s -m immediate -D "$dir/db" stop >/dev/null 2>&1 || true
}
trap stop EXIT

note "PostgreSQL, redis, Solr"
rm -rf db home && mkdir db home
if [ "$(id -u)" = 0 ]; then chown postgres db && chmod a+x "$dir"; fi
"${as[@]}" "$pg/initdb" -D "$dir/db" -U ckan -A trust -E UTF8 >/dev/null
"${as[@]}" "$pg/pg_ctl" -s -w -D "$dir/db" -l "$dir/db/log" -o "-p $db -h 127.0.0.1 -k $dir/db" start >&2
"${as[@]}" "$pg/createdb" -h 127.0.0.1 -p "$db" -U ckan ckan
redis-server --port "$redis" --bind 127.0.0.1 --save '' --dir "$dir" >redis.log & pids+=($!)

mkdir -p home/ckan/conf
cp "$here/solrconfig.xml" "$(venv/bin/python -c 'import ckan,os; print(os.path.dirname(ckan.__file__))')/config/solr/schema.xml" home/ckan/conf/
touch home/ckan/conf/{protwords,synonyms,stopwords}.txt
echo '<solr/>' >home/solr.xml
echo 'name=ckan' >home/ckan/core.properties
java -Xmx256m -Djava.security.manager=allow -cp "$dir/lib/*" "$here/Solr.java" "$dir/home" "$solr" >solr.log 2>&1 & pids+=($!)
until curl -sf "http://127.0.0.1:$solr/solr/ckan/select?q=*:*" >/dev/null; do
  kill -0 "${pids[1]}" || { tail -20 solr.log >&2; exit 1; }
  sleep 1
done

note "CKAN and its datasets"
rm -f ckan.ini
venv/bin/ckan generate config ckan.ini >/dev/null 2>&1
venv/bin/ckan config-tool ckan.ini \
  "sqlalchemy.url=postgresql://ckan@127.0.0.1:$db/ckan" "solr_url=http://127.0.0.1:$solr/solr/ckan" \
  "ckan.redis.url=redis://127.0.0.1:$redis/0" "ckan.site_url=http://127.0.0.1:$web" \
  "ckan.plugins=" "ckan.search.rows_max=30" >/dev/null 2>&1
venv/bin/ckan -c ckan.ini db init >ckan.log 2>&1
venv/bin/python "$here/load.py" ckan.ini "$count" >>ckan.log 2>&1
venv/bin/ckan -c ckan.ini run --host 127.0.0.1 --port "$web" --disable-reloader >>ckan.log 2>&1 & pids+=($!)
until curl -sf "http://127.0.0.1:$web/api/3/action/package_search?rows=0" >/dev/null; do
  kill -0 "${pids[2]}" || { tail -20 ckan.log >&2; exit 1; }
  sleep 1
done
echo "http://127.0.0.1:$web"
wait

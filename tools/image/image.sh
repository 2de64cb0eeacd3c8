#!/usr/bin/env bash
# Lays out the image as the Dockerfile does, without a container daemon, prints its
# bytes, and runs the program in it as an ordinary user: its disk read-only, /data a
# volume, nothing else of this machine there.
#
#   tools/image/image.sh [PROGRAM]       built with the Dockerfile's own flags where none is given
#
# Wants root (mounts of its own name space), openssl, python3 and curl.
set -euo pipefail
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
root=$tmp/root
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$tmp"' EXIT
mkdir -p "$root"/{etc/ssl/certs,usr/local/bin,data,proc,dev/shm}
if [ $# -gt 0 ]; then
  cp "$1" "$root/usr/local/bin/cigogne"
else
  eval "$(sed -n 's/^RUN \(go build .*\) -o .*/\1/p' Dockerfile) -o '$root/usr/local/bin/cigogne' ./cmd/cigogne"
fi
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo 'nonroot:x:65532:65532::/data:/' >"$root/etc/passwd"
printf 'image: %d bytes\n' "$(tar -C "$root" -c . | wc -c)"
if readelf -d "$root/usr/local/bin/cigogne" | grep NEEDED; then echo "it wants libraries that are not there"; exit 1; fi

# A portal behind TLS, whose authority is one of those that the image knows.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$tmp/key.pem" -out "$tmp/cert.pem" 2>/dev/null
cat "$tmp/cert.pem" >>"$root/etc/ssl/certs/ca-certificates.crt"
echo '127.0.0.1 localhost' >"$root/etc/hosts" # container engines write it
mkdir "$tmp/portal"
python3 - "$tmp" <<'PY' &
import http.server, json, os, ssl, sys
tmp = sys.argv[1]
os.chdir(tmp + "/portal")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(tmp + "/cert.pem", tmp + "/key.pem")
http.server.SimpleHTTPRequestHandler.log_message = lambda *_: None
server.socket = context.wrap_socket(server.socket, server_side=True)
base = f"https://localhost:{server.server_address[1]}"
open("bornes.csv", "w").write("commune,bornes\nBitche,4\nForbach,19\nSaverne,12\n")
json.dump({"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}, "@id": base, "@type": "dcat:Catalog",
           "dcat:dataset": [{"@id": base + "/bornes", "@type": "dcat:Dataset", "dct:title": "Bornes de recharge", "dct:identifier": "bornes",
             "dcat:distribution": [{"@id": base + "/bornes/csv", "@type": "dcat:Distribution", "dct:format": "CSV", "dcat:downloadURL": {"@id": base + "/bornes.csv"}}]}]},
          open("catalog.jsonld", "w"))
open(tmp + "/address", "w").write(base)
server.serve_forever()
PY
until [ -s "$tmp/address" ]; do sleep 0.1; done

# within runs the program in the image; the volume outlives each run.
mkdir "$tmp/volume" && chown 65532:65532 "$tmp/volume"
within() (
  exec unshare -m bash -c 'root=$1 volume=$2; shift 2
    mount --bind "$root" "$root" && mount --bind "$volume" "$root/data" &&
    mount -t proc proc "$root/proc" && mount -t tmpfs -o size=64m tmpfs "$root/dev/shm" && # as engines do
    mount -o remount,bind,ro "$root"
    exec chroot --userspec=65532:65532 "$root" /usr/local/bin/cigogne "$@"' - "$root" "$tmp/volume" "$@"
)
export CIGOGNE_DATA=/data LANG=en_GB.UTF-8 TZ=Europe/Paris HOME=/data
unset TMPDIR
expect() { tee "$tmp/said" | grep -q -- "$1" || { echo "$2: expected $1 in"; cat "$tmp/said" "$tmp/serve" 2>/dev/null; exit 1; }; echo "ok: $2"; }
within ask "How many inhabitants in Metz?" | expect "Metz" "a question, without /tmp"
within harvest "$(cat "$tmp/address")/catalog.jsonld" --allow-private >/dev/null
within fetch --allow-private >/dev/null
within status --json | expect '"tables": *1' "harvest and fetch behind TLS"
cp "$tmp/portal/bornes.csv" "$tmp/volume/"
within ask --table /data/bornes.csv "Combien de bornes à Forbach ?" | expect 19 "a question over a file"
within serve --addr 127.0.0.1:18099 --nightly 03:30 >"$tmp/serve" 2>&1 &
for _ in $(seq 100); do curl -sf http://127.0.0.1:18099/readyz >/dev/null && break; sleep 0.2; done
curl -sf http://127.0.0.1:18099/api/v1/ask -H 'Content-Type: application/json' -d '{"question":"How many inhabitants in Metz?"}' | expect '"figures"' "a question to the site"
curl -s http://127.0.0.1:18099/mcp -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
  -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_query","arguments":{"sql":"SELECT 6 * 7 AS n"}}}' >"$tmp/mcp"
expect 42 "a SELECT in its child process" <"$tmp/mcp"
within doctor --ready http://127.0.0.1:18099 >/dev/null && echo "ok: the health check"
